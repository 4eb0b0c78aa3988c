"""From words to tokens: phrases of the lexicon, numbers with their units, marks, and the rest."""

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tabrl.behaviours.reading.lexicon import Lexicon, Match
from tabrl.behaviours.reading.text import Word
from tabrl.behaviours.reading.typos import corrected

_MARKS = {
    **dict.fromkeys(",、،", "comma"),
    **dict.fromkeys(".;!?:。؛؟।…\n", "stop"),
    **dict.fromkeys(["->", "=>", "→"], "then"),
    **dict.fromkeys("&+", "and"),
}
_DASHES = frozenset("\u2013\u2014")
UNITS: dict[str, tuple[str, float]] = {
    "m": ("distance_m", 1.0),
    "cm": ("distance_m", 0.01),
    "mm": ("distance_m", 0.001),
    "km": ("distance_m", 1000.0),
    "ft": ("distance_m", 0.3048),
    "inch": ("distance_m", 0.0254),
    "yard": ("distance_m", 0.9144),
    "deg": ("angle_rad", math.pi / 180),
    "rad": ("angle_rad", 1.0),
    "turn": ("angle_rad", 2 * math.pi),
    "s": ("seconds", 1.0),
    "min": ("seconds", 60.0),
    "m/s": ("speed_mps", 1.0),
    "cm/s": ("speed_mps", 0.01),
    "km/h": ("speed_mps", 1 / 3.6),
    "mph": ("speed_mps", 0.44704),
    "ft/s": ("speed_mps", 0.3048),
    "deg/s": ("turn_rate", math.pi / 180),
    "rad/s": ("turn_rate", 1.0),
    "rpm": ("turn_rate", math.pi / 30),
    "hz": ("tempo_hz", 1.0),
    "bpm": ("tempo_hz", 1 / 60),
    "step": ("steps", 1.0),
    "%": ("share", 0.01),
}
"""Units by the name that tables give them: the field that they fill, and their size in it."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the sentence.

    `kind` is a section of the language's table, or `amounts` (a field of an action, with its
    `amount`), `marks`, `unread`; `value` its key there; `ending` what its ending says.
    """

    kind: str
    value: str
    words: tuple[Word, ...]
    ending: str = ""
    amount: float = 0.0
    corrected: bool = False

    @property
    def said(self) -> str:
        """What was written."""
        return "".join(("" if w.glued else " ") + w.said for w in self.words).strip()


def tokens(words: Sequence[Word], lexicon: Lexicon, forgiving: bool = True) -> list[Token]:
    """The tokens of a sentence; a forgiving look also takes words with typing errors."""
    return _measured(_found(words, lexicon, forgiving), lexicon)


def coverage(words: Sequence[Word], lexicon: Lexicon) -> float:
    """How much of a sentence a language knows, in characters."""
    known, at = 0.0, 0
    while at < len(words):
        match = lexicon.find(words, at) if words[at].kind != "number" else None
        if match:
            taken = words[at : at + match.length]
            share = 0.8 if match.prefix else 1.0
            known += share * sum(len(word.text) + 1 for word in taken if word.kind != "mark")
        at += match.length if match else 1
    return known


def _found(words: Sequence[Word], lexicon: Lexicon, forgiving: bool) -> list[Token]:
    found: list[Token] = []
    at = 0
    while at < len(words):
        word = words[at]
        match, fixed = lexicon.find(words, at), False
        if match is None and forgiving and word.kind == "word":
            match, fixed = _despite_errors(words, at, lexicon), True
        if match is None:
            found.append(_plain(word))
            at += 1
            continue
        taken = tuple(words[at : at + match.length])
        if match.prefix:
            found.append(Token("links", match.prefix, ()))
        sense = match.sense
        found.append(Token(sense.kind, sense.value, taken, match.ending, corrected=fixed))
        if match.ending == "it":
            found.append(Token("others", "it", ()))
        if match.ending in ("and", "then", "while", "not", "without", "before", "after"):
            found.append(Token("links", match.ending, ()))
        at += match.length
    return _joined(found)


def _despite_errors(words: Sequence[Word], at: int, lexicon: Lexicon) -> Match | None:
    """A match after typing errors were mended, in this word and those after it."""
    mended = list(words)
    for place in range(at, min(at + 4, len(words))):
        if place > at and (words[place].kind != "word" or lexicon.knows(words[place].text)):
            continue
        text = corrected(words[place].text, lexicon)
        if text is None:
            if place == at:
                return None
            break
        mended[place] = replace(words[place], text=text)
    return lexicon.find(mended, at)


def _plain(word: Word) -> Token:
    if word.kind == "number":
        return Token("numbers", word.text, (word,))
    if word.kind == "mark":
        kind = "comma" if word.text in _DASHES else _MARKS.get(word.text, "")
        if kind in ("then", "and"):
            return Token("links", kind, (word,))
        if not kind and unicodedata.category(word.text[0]) == "So":  # a picture says something
            return Token("unread", word.text, (word,))
        return Token("marks", kind, (word,))
    return Token("unread", word.text, (word,))


def _joined(found: list[Token]) -> list[Token]:
    """Neighbouring unread characters of a script without blanks are one word."""
    joined: list[Token] = []
    for token in found:
        last = joined[-1] if joined else None
        if (
            last
            and last.kind == token.kind == "unread"
            and token.words[0].glued
            and {last.words[-1].kind, token.words[0].kind} == {"han"}
        ):
            joined[-1] = replace(last, words=last.words + token.words)
        else:
            joined.append(token)
    return joined


def _measured(found: list[Token], lexicon: Lexicon) -> list[Token]:
    """Numbers with what they count: units, times, rates; what is left of them stays a number."""
    found = [_dual(token) for token in found]
    out: list[Token] = []
    at = 0
    while at < len(found):
        size = 0
        if found[at].kind in ("numbers", "counts") or found[at].value in ("article", "every"):
            amount, size = _amount(found, at)
        if size:
            turn = found[at + size : at + size + 1]
            if amount.value == "number" and turn and _is_noun(turn[0], out):
                words = amount.words + turn[0].words
                amount = Token("amounts", "angle_rad", words, amount=2 * math.pi * amount.amount)
                size += 1
            out.append(amount)
            at += size
        elif found[at].value == "article":
            out.append(replace(found[at], kind="fillers"))
            at += 1
        elif found[at].kind == "units" and found[at].value == "step":
            kind = "verbs" if lexicon.step_walks else "fillers"
            out.append(replace(found[at], kind=kind, value="walk"))
            at += 1
        else:
            out.append(found[at])
            at += 1
    return out


def _dual(token: Token) -> Token:
    """ "Two metres" in a word, as Arabic has it."""
    number, blank, unit = token.value.partition(" ")
    if token.kind != "units" or not blank:
        return token
    field, factor = UNITS[unit]
    return replace(token, kind="amounts", value=field, amount=float(number) * factor)


def _is_noun(token: Token, before: list[Token]) -> bool:
    """Whether "turn" is a thing that another verb does: "turn a quarter turn"."""
    clause = before[::-1]
    ends = (i for i, t in enumerate(clause) if t.kind == "links" or (t.kind == "marks" and t.value))
    clause = clause[: next(ends, len(clause))]
    return token.value in ("turn", "spin") and any(t.kind in ("verbs", "weak") for t in clause)


def _amount(found: list[Token], at: int) -> tuple[Token, int]:
    """The amount that begins at a token, and how many tokens it takes; 0 where none does."""
    following = found[at + 1].kind if at + 1 < len(found) else ""
    if found[at].value == "article" and following in ("numbers", "counts"):
        return found[at], 0
    every = found[at].value == "every"
    value, size, times = _number(found, at + every)
    size += every
    after = found[at + size] if at + size < len(found) else None
    words = tuple(word for token in found[at : at + size] for word in token.words)
    if every:
        rate = 1 / (value or 1.0)
        ok = after is not None and after.kind == "units" and after.value in ("s", "min")
        if not ok or after is None:
            return found[at], 0
        hertz = rate / UNITS[after.value][1]
        return Token("amounts", "tempo_hz", words + after.words, amount=hertz), size + 1
    if after is not None and after.kind == "others" and after.value == "times":
        times, size, words = True, size + 1, words + after.words
        after = found[at + size] if at + size < len(found) else None
    if times:
        return _times(found, at, size, words, value)
    if after is not None and after.kind == "others" and after.value == "ratio":
        return Token("amounts", "ratio", words + after.words, amount=value), size + 1
    if after is not None and after.kind == "units":
        field, factor = UNITS[after.value]
        return Token("amounts", field, words + after.words, amount=value * factor), size + 1
    if found[at].value == "article":
        return found[at], 0
    return Token("amounts", "number", words, amount=value), size


def _times(
    found: list[Token], at: int, size: int, words: tuple[Word, ...], value: float
) -> tuple[Token, int]:
    """ "Twice": a count, a rate ("twice a second"), or a ratio ("twice as fast")."""
    after = found[at + size : at + size + 2]
    if after and after[0].kind == "others" and after[0].value == "ratio":
        return Token("amounts", "ratio", words + after[0].words, amount=value), size + 1
    per = len(after) == 2 and after[0].value in ("article", "per", "every")
    if per and after[1].kind == "units" and UNITS[after[1].value][0] == "seconds":
        hertz = value / UNITS[after[1].value][1]
        said = words + after[0].words + after[1].words
        return Token("amounts", "tempo_hz", said, amount=hertz), size + 2
    return Token("amounts", "count", words, amount=value), size


def _number(found: list[Token], at: int) -> tuple[float, int, bool]:
    """A number of one or more words, how many tokens it takes, and whether it says "times"."""
    total = current = 0.0
    size = 0
    for token in found[at:]:
        if token.kind == "counts":
            return (float(token.value) if not size else total + current), size + 1, True
        article = token.kind == "others" and token.value == "article"
        if token.kind != "numbers" and not (article and (not size or current == 0.5)):
            break
        if article:
            current = current or 1.0
            size += 1
            continue
        value = float(token.value)
        if value in (10.0, 100.0, 1000.0) and 0 < current < value and size:
            current *= value
        else:
            current += value
        size += 1
    return total + current, size, False
