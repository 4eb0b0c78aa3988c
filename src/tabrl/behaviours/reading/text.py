"""A sentence as words: folded for look-up, and as they were written for what is said of them."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 2000
"""Characters of a sentence that are read."""

# Marks that people leave out or that only colour a letter: accents, Arabic vowels, Hindi's dot.
_DROPPED = re.compile(
    "[\u0300-\u036f\u064b-\u065f\u0670\u0640\u093c\u200b-\u200f\ufe0e\ufe0f\u20e3]"
)
# Arabic letters of two shapes, Hindi's two nasal dots, apostrophes.
_ALIKE = str.maketrans(
    "\u0649\u0629\u06a9\u06cc\u0901\u2019\u02bc`", "\u064a\u0647\u0643\u064a\u0902'''"
)
_NUMBER = r"\d+(?:[.,]\d+)*(?:[/\u2044]\d+)?"
_MARKS = r"\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u0640\u0900-\u0903\u093a-\u094f"
_LETTER = rf"(?:[^\W\d_]|[{_MARKS}\u200c\u200d])"
_HAN = r"[\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff]"
_WORD = re.compile(
    rf"(?P<number>{_NUMBER})|(?P<han>{_HAN})|(?P<word>{_LETTER}+(?:['/]{_LETTER}+)*)"
    r"|(?P<arrow>->|=>)|(?P<mark>\S)"
)
_HYPHEN = re.compile(r"(?<=\w)[-\u2010\u2011](?=[^\W\d])")


@dataclass(frozen=True, slots=True)
class Word:
    """One word, number, mark, or one character of a script without spaces.

    `said` is what was written, `text` the folded form that tables know, `glued` whether no blank
    stands before it.
    """

    said: str
    text: str
    kind: str  # "word", "han", "number", "mark"
    glued: bool = False


@lru_cache(maxsize=8192)
def fold(word: str) -> str:
    """A word in the form that tables are searched by: no case, no accents."""
    if word.isascii():
        return word.lower().replace("`", "'")
    parted = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", word).casefold())
    return unicodedata.normalize("NFC", _DROPPED.sub("", parted)).translate(_ALIKE)


@lru_cache(maxsize=256)
def split(sentence: str, elision: bool = False) -> tuple[Word, ...]:
    """The words and marks of a text; `elision` parts "l'avant" in two."""
    text = unicodedata.normalize("NFKC", sentence[:LONGEST]).translate(_ALIKE)
    words: list[Word] = []
    end = -1
    for match in _WORD.finditer(_HYPHEN.sub(" ", text)):
        kind, said = match.lastgroup or "mark", match[0]
        glued = match.start() == end
        end = match.end()
        if kind == "word":
            words += _parted(said, elision, glued)
        elif kind == "number":
            words.append(Word(said, _decimal(said), kind, glued))
        elif folded := fold(said):
            words.append(Word(said, folded, "mark" if kind == "arrow" else kind, glued))
    return tuple(words)


def _parted(said: str, elision: bool, glued: bool) -> list[Word]:
    if elision and "'" in said:
        head, _, tail = said.partition("'")
        return [Word(f"{head}'", fold(head), "word", glued), *_parted(tail, elision, True)]
    return [Word(said, fold(said).replace("'", ""), "word", glued)]


def _decimal(digits: str) -> str:
    """A number with a point, whatever marks its decimals; very many digits are a joke."""
    top, bar, bottom = digits.replace("\u2044", "/").partition("/")
    if bar:
        return f"{min(float(_decimal(top)) / (float(_decimal(bottom)) or 1.0), 1e9):.6f}"
    whole = re.sub(r",(?=\d{3}(?:\D|$))", "", digits).replace(",", ".")
    head, _, tail = whole.partition(".")
    plain = "".join(str(unicodedata.digit(digit, 0)) for digit in head)
    decimals = "".join(str(unicodedata.digit(digit, 0)) for digit in tail.replace(".", ""))
    return f"{plain[:9]}.{decimals[:6]}" if decimals else plain[:9]
