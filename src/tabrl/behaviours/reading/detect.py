"""Which language a sentence is written in: by its script, and by which table knows most of it."""

import re
import unicodedata
from functools import cache

from tabrl.behaviours.reading.lexicon import codes, lexicon
from tabrl.behaviours.reading.tables import load
from tabrl.behaviours.reading.text import Word, split
from tabrl.behaviours.reading.tokens import coverage

UNKNOWN = "und"
_PLAINLY = 0.8


def language(sentence: str) -> str:
    """The ISO 639-1 code of a sentence's language, also of some that cannot be read; or `und`."""
    scripts = load_others()["scripts"]
    found = _script(sentence)
    candidates = [code for code in scripts.get(found, "").split() if code in codes()]
    others = [code for code in scripts.get(found, "").split() if code not in codes()]
    if len(candidates) == 1 and not others:
        return candidates[0]
    if not candidates:
        return others[0] if others else UNKNOWN
    first = candidates[0]
    known = _score(sentence, first)
    if known > _PLAINLY * _length(sentence):  # the other tables need not even be loaded
        return first
    # Where languages share a word, the first of them is more likely.
    scores = {code: _score(sentence, code) for code in candidates} | {first: 1.1 * known}
    foreign = {code: _hits(sentence, code) for code in others}
    best = max(candidates, key=lambda code: scores[code])
    stranger = max(others, key=lambda code: foreign[code], default="")
    if stranger and foreign[stranger] > scores[best]:
        return stranger
    return best if scores[best] or len(candidates) == 1 else UNKNOWN


def pictures(sentence: str) -> str:
    """The words for a sentence of pictures alone; empty where it has letters, or no known ones."""
    if any(char.isalnum() for char in sentence):
        return ""
    table = load("pictures.toml")["words"]
    return " ".join(table[char] for char in sentence if char in table)


def name(code: str) -> str:
    """A language's English name."""
    if code in codes():
        return lexicon(code).name
    return str(load_others()["names"].get(code, "an unknown language"))


@cache
def load_others() -> dict[str, dict[str, str]]:
    """Scripts, and common words of languages that cannot be read."""
    return load("others.toml")


def _script(sentence: str) -> str:
    """The script of most letters; kana make Han Japanese."""
    counts: dict[str, int] = {}
    for char in sentence[:400]:
        if char.isalpha():
            script = unicodedata.name(char, "OTHER").split()[0].split("-")[0]
            counts[script] = counts.get(script, 0) + 1
    for kana in ("HIRAGANA", "KATAKANA"):
        if kana in counts:
            return "HIRAGANA"
    return max(counts, key=lambda script: counts[script], default="")


def _score(sentence: str, code: str) -> float:
    words = lexicon(code)
    return coverage(split(sentence, words.elision), words)


def _length(sentence: str) -> float:
    return sum(len(word.text) + 1 for word in split(sentence) if word.kind in ("word", "han"))


@cache
def _common(code: str) -> frozenset[str]:
    return frozenset(load_others()["words"].get(code, "").split())


def _hits(sentence: str, code: str) -> float:
    """Characters of words, or of single letters, that only this language has."""
    letters = load_others()["letters"].get(code, "")
    total = 3.0 * sum(sentence.lower().count(letter) for letter in letters)
    for word in _plain(sentence):
        total += (len(word.said) + 1) * (word.said.lower() in _common(code))
    return total


def _plain(sentence: str) -> tuple[Word, ...]:
    return tuple(word for word in split(sentence) if re.match(r"\w", word.said))
