"""The words of one language, `languages/<code>.toml`, found in a sentence by longest match.

An entry is a phrase; a word of it that ends in `*` is a stem and may have one of the language's
endings. In a script without spaces each character counts as a word.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

from tabrl.behaviours.reading.tables import load
from tabrl.behaviours.reading.text import Word, fold, split

_LISTS = (
    "verbs weak parts ends sides ways heights manners similes relatives numbers counts units links "
    "others fillers"
).split()
_PLAIN = re.compile(r"([A-Za-z]+)(\*?)")


@dataclass(frozen=True, slots=True)
class Sense:
    """What a phrase stands for: the section of the table it is from, and its key there."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found: its sense, how many words it has, what its ending and its prefix say."""

    sense: Sense
    length: int
    ending: str = ""
    prefix: str = ""
    exact: bool = True


@dataclass(frozen=True, slots=True)
class _Entry:
    words: tuple[str, ...]
    stems: tuple[bool, ...]
    sense: Sense


class Lexicon:
    """One language: its phrases and its few rules.

    Attributes:
        side_after: "mano derecha": the side follows the part.
        verb_final: what belongs to a verb stands before it, and negation behind it.
        elision: "l'avant" is two words.
        step_walks: "step" is a verb where no number stands before it.
        shortest_typo: letters of the shortest word that is looked at for typing errors.
        known: common words that no typing error may turn into others.
    """

    def __init__(self, code: str) -> None:
        table = load(f"languages/{code}.toml")
        self.code = code
        self.name: str = table["name"]
        self.side_after: bool = table.get("side_after", False)
        self.verb_final: bool = table.get("verb_final", False)
        self.elision: bool = table.get("elision", False)
        self.step_walks: bool = table.get("step_walks", False)
        self.shortest_typo: int = table.get("shortest_typo", 5)
        self._double: bool = table.get("double", False)
        self._endings = _by_word(table.get("endings", {}))
        self._prefixes = _by_word(table.get("prefixes", {}))
        self._exact: dict[str, list[_Entry]] = defaultdict(list)
        self._stems: dict[str, list[_Entry]] = defaultdict(list)
        for kind in _LISTS:
            for key, phrases in table.get(kind, {}).items():
                for phrase in filter(str.strip, phrases.split(",")):
                    self._add(phrase.strip(), Sense(kind, key))
        self.known = frozenset(map(fold, table.get("known", "").split()))

    def find(self, words: Sequence[Word], start: int) -> Match | None:
        """The longest phrase that begins at a word, if there is one."""
        found = self._find(words, start, words[start].text)
        if found is None and words[start].kind == "word":
            for text, prefix in self._bare(words[start].text):
                if match := self._find(words, start, text):
                    return Match(match.sense, match.length, match.ending, prefix, match.exact)
        return found

    def knows(self, word: str) -> bool:
        """Whether a folded word is part of a phrase, or common otherwise."""
        return word in self.known or any(True for _ in self._candidates(word))

    def near(self, word: str) -> list[tuple[str, str]]:
        """Words of the table that may share an ending with this one: (base, theirs)."""
        pairs = [(word, other) for other in self._vocabulary[word[:1], False]]
        for ending in self._endings:
            if ending and word.endswith(ending) and len(word) - len(ending) >= 3:
                base = word[: -len(ending)]
                pairs += [(base, other) for other in self._vocabulary[word[:1], True]]
        return pairs

    def _add(self, phrase: str, sense: Sense) -> None:
        words: list[str] = []
        stems: list[bool] = []
        if plain := _PLAIN.fullmatch(phrase):  # most are, and looking closer takes most of the time
            words, stems = [plain[1].lower()], [bool(plain[2])]
        for part in () if plain else split(phrase, self.elision):
            if part.text == "*" and words:
                stems[-1] = True
            else:
                words.append(part.text)
                stems.append(False)
        entry = _Entry(tuple(words), tuple(stems), sense)
        (self._stems if stems[0] else self._exact)[words[0]].append(entry)

    def _find(self, words: Sequence[Word], start: int, text: str) -> Match | None:
        best: Match | None = None
        rank = (0, False, 0)
        for entry, rest, stem in self._candidates(text):
            match = self._matched(entry, words, start, rest)
            if match and (match.length, match.exact, stem) > rank:
                best, rank = match, (match.length, match.exact, stem)
        return best

    def _candidates(self, text: str) -> Iterator[tuple[_Entry, str, int]]:
        """Entries whose first word this is: the entry, the ending it has, the stem's length."""
        for entry in self._exact.get(text, ()):
            yield entry, "", len(text)
        for cut in range(len(text), 0, -1):
            if text[:cut] in self._stems and (rest := self._rest(text[:cut], text)) is not None:
                for entry in self._stems[text[:cut]]:
                    yield entry, rest, cut

    def _rest(self, stem: str, text: str) -> str | None:
        """The ending of a word after a stem; None where it is none of the language's."""
        rest = text[len(stem) :]
        if not rest or rest in self._endings:
            return rest
        if self._double and rest[0] == stem[-1] and rest[1:] in self._endings:
            return rest[1:]
        return None

    def _matched(self, entry: _Entry, words: Sequence[Word], start: int, rest: str) -> Match | None:
        exact = not rest
        size = len(entry.words)
        if start + size > len(words):
            return None
        for offset in range(1, size):
            word, wanted = words[start + offset], entry.words[offset]
            if word.text == wanted:
                rest = ""
            elif entry.stems[offset] and word.text.startswith(wanted) and word.kind == "word":
                found = self._rest(wanted, word.text)
                if found is None:
                    return None
                rest, exact = found, False
            else:
                return None
        ending = self._endings.get(rest, "")
        if entry.stems[-1] and words[start].kind == "han":
            more, ending = self._trailing(words, start + size)
            size += more
        return Match(entry.sense, size, ending, "", exact)

    def _trailing(self, words: Sequence[Word], start: int) -> tuple[int, str]:
        """Characters of the longest ending that follows a stem, and what it says."""
        for size in range(min(6, len(words) - start), 0, -1):
            if any(word.kind != "han" for word in words[start : start + size]):
                continue
            text = "".join(word.text for word in words[start : start + size])
            if text in self._endings:
                return size, self._endings[text]
        return 0, ""

    def _bare(self, text: str) -> Iterator[tuple[str, str]]:
        for prefix, says in self._prefixes.items():
            if text.startswith(prefix) and len(text) > len(prefix) + 1:
                yield text[len(prefix) :], says

    @cached_property
    def _vocabulary(self) -> dict[tuple[str, bool], list[str]]:
        """Words to compare a misspelt one with, by first letter and whether they are stems."""
        found: dict[tuple[str, bool], dict[str, None]] = defaultdict(dict)
        for table in (self._exact, self._stems):
            for entries in table.values():
                for entry in entries:
                    for word, stem in zip(entry.words, entry.stems, strict=True):
                        found[word[:1], False][word] = None
                        if stem:
                            found[word[:1], True][word] = None
        return defaultdict(list, {key: list(words) for key, words in found.items()})


def _by_word(table: dict[str, str]) -> dict[str, str]:
    """What each ending or prefix says, longest first."""
    pairs = {fold(word): says for says, words in table.items() for word in words.split()}
    named = {word: "" if says == "plain" else says for word, says in pairs.items()}
    return dict(sorted(named.items(), key=lambda pair: -len(pair[0])))


@cache
def lexicon(code: str) -> Lexicon:
    """The words of a language."""
    return Lexicon(code)


@cache
def codes() -> tuple[str, ...]:
    """The languages that can be read, by ISO 639-1 code."""
    folder = files(__package__) / "languages"
    found = (entry.name for entry in folder.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in found if name.endswith(".toml")))
