"""How a behaviour is wanted: tempo, direction, size, style and more, read from a sentence."""

import re
from dataclasses import dataclass, field

TEMPO = {
    0.5: "slow-motion slowmo glacial",
    0.65: "slow slowly leisurely slower lazy lazily calm calmly relaxed sleepy unhurried",
    1.35: "fast quick quickly rapid rapidly speedy swift energetic energetically lively hurry "
    "faster quicker",
    1.7: "frantic frantically furious furiously crazy hyper lightning turbo breakneck superfast",
}
SIZE = {
    0.6: "gently gentle slightly subtle subtly softly little tiny small bit delicate delicately "
    "gentler smaller narrower",
    1.35: "big large wide wildly wild hard strongly strong high highest deep deeply far "
    "bigger larger wider wilder harder stronger higher deeper farther further",
    1.6: "huge massive enormous enormously extreme extremely gigantic maximum",
}
STYLE = {
    "stiff": "stiff stiffly mechanical mechanically rigid jerky robotic robotically",
    "smooth": "smooth smoother smoothly fluid graceful gracefully silky elegant elegantly flowing",
    "bouncy": "bouncy bouncing springy bounce",
    "floaty": "floaty floating weightless moon low-gravity astronaut lunar",
    "cheerful": "happy happily cheerful cheerfully joyful joyfully excited excitedly merry playful",
    "sneaky": "sneaky sneakily stealthy stealthily quiet quietly silently tiptoe burglar ninja",
    "tired": "tired exhausted weary sleepy sad sadly elderly worn",
    "proud": "proud proudly soldier regal majestic confident confidently noble strut",
}
DIRECTION = {
    "forward": "forward forwards ahead onward straight",
    "backward": "backward backwards back backflip backflips reverse",
    "left": "left leftward leftwards",
    "right": "right rightward rightwards",
    "clockwise": "clockwise",
    "anticlockwise": "counterclockwise anticlockwise counter-clockwise anti-clockwise",
}
NUMBERS = {
    word: float(value)
    for value, words in {
        0: "zero",
        0.5: "half",
        1: "one once a an another",
        2: "two twice",
        3: "three thrice",
        4: "four",
        5: "five",
        6: "six",
        7: "seven",
        8: "eight",
        9: "nine",
        10: "ten",
    }.items()
    for word in words.split()
}

MANNERS = frozenset(
    word
    for table in (TEMPO, SIZE, STYLE, DIRECTION)
    for words in table.values()
    for word in words.replace("-", " ").split()
)
"""Words that say how, not what."""
AMOUNTS = frozenset(word for word, value in NUMBERS.items() if value > 1) | frozenset(
    "times seconds second s hz hertz bpm beats minute".split()
)
"""Words that count."""

_NUMBER = r"\b(\d+(?:\.\d+)?|" + "|".join(NUMBERS) + r")"
_RATE = (
    (re.compile(_NUMBER + r"\s*(?:hz|hertz)\b"), lambda n: n),
    (re.compile(_NUMBER + r"\s*(?:bpm|beats (?:a|per) minute)\b"), lambda n: n / 60),
    (
        re.compile(_NUMBER + r"\s*(?:x|times|beats|steps)?\s*(?:per|a|every|each) second\b"),
        lambda n: n,
    ),
    (re.compile(r"every\s+" + _NUMBER + r"(?: an?)?\s+seconds?\b"), lambda n: 1 / n if n else 0),
    (re.compile(r"every second\b"), lambda n: n),
)
_COUNT = re.compile(_NUMBER + r"\s+(?:times|jumps?|hops?|turns?|spins?|steps?|nods?|rolls?)\b")
_SECONDS = re.compile(r"for\s+(?:about\s+)?" + _NUMBER + r"\s*(?:s|secs?|seconds?)\b")
_NEGATION = re.compile(
    r"\b(?:without(?: ever)?|don'?t|do not|never|not|no|avoid|instead of)\s+(?!stop|move)"
    r"([^,.;!?]*?)"
    r"(?=$|[,.;!?]|\bbut\b|\bjust\b|\band then\b|\bthen\b)"
)


@dataclass(frozen=True)
class Modifiers:
    """What a sentence says about the manner of a behaviour; all of it is optional.

    Attributes:
        tempo: multiplies the usual rate; 1 where nothing was said.
        hz: a rate that was asked for in numbers, in Hz.
        size: multiplies the usual amplitude, height or speed.
        directions: of `forward backward left right clockwise anticlockwise`.
        styles: keys of `STYLE`.
        count, seconds: how often and how long, where said.
        avoid: clauses that were negated ("without falling").
        meant: the sentence without them, in lower case.
    """

    tempo: float = 1.0
    hz: float | None = None
    size: float = 1.0
    directions: frozenset[str] = frozenset()
    styles: frozenset[str] = frozenset()
    count: int | None = None
    seconds: float | None = None
    avoid: tuple[str, ...] = ()
    meant: str = field(default="", compare=False)

    def rate(self, usual: float, low: float = 0.2, high: float = 4.0) -> float:
        """Clock rate in Hz: the one asked for, else the usual one at this tempo, within bounds."""
        return min(max(self.hz or usual * self.tempo, low), high)

    def speed(self, usual: float, high: float) -> float:
        """A speed or turn rate: faster and wilder raise it, up to `high`; at least a third."""
        return min(max(usual * self.tempo * self.size, usual / 3), high)

    def scaled(self, usual: float, high: float) -> float:
        """An amplitude at the asked size, up to `high` in magnitude."""
        value = usual * self.size
        return min(value, high) if usual > 0 else max(value, high)

    @property
    def turn(self) -> int:
        """1 to turn left (anticlockwise from above), -1 to turn right."""
        return -1 if self.directions & {"clockwise", "right"} else 1

    @property
    def side(self) -> int:
        """1 for left, -1 for right."""
        return -1 if "right" in self.directions else 1

    @property
    def words(self) -> str:
        """The manner in words, for a note: 'fast, big, cheerful'."""
        said = [
            "slow" if self.tempo < 1 else "fast" if self.tempo > 1 else "",
            "small" if self.size < 1 else "big" if self.size > 1 else "",
            *sorted(self.styles),
        ]
        return ", ".join(word for word in said if word)


def read(sentence: str) -> Modifiers:
    """Read the manner of a behaviour from any text; unknown words change nothing."""
    text = sentence.lower().replace("\u2019", "'")
    avoid = tuple(clause.strip() for clause in _NEGATION.findall(text) if clause.strip())
    meant = _NEGATION.sub(" ", text)
    words = set(re.findall(r"[a-z][a-z'-]*", meant))
    directions = _matching(DIRECTION, words)
    if {"left", "right"} <= directions:  # to and fro, so neither
        directions -= {"left", "right"}
    count, seconds = _first(_COUNT, meant), _first(_SECONDS, meant)
    return Modifiers(
        tempo=_strongest(TEMPO, words),
        hz=_hz(meant),
        size=1.5
        if re.search(r"as (high|big|far|wide|much|hard) as", meant)
        else _strongest(SIZE, words),
        directions=directions,
        styles=_matching(STYLE, words),
        count=int(count) if count else None,
        seconds=seconds,
        avoid=avoid,
        meant=meant.strip(),
    )


def _hz(text: str) -> float | None:
    for pattern, to_hz in _RATE:
        match = pattern.search(text)
        if match:
            value = to_hz(_number(match.group(1)) if match.groups() else 1.0)
            return value if 0.1 <= value <= 6.0 else None
    return None


def _first(pattern: re.Pattern[str], text: str) -> float | None:
    match = pattern.search(text)
    return _number(match.group(1)) if match else None


def _number(word: str) -> float:
    """A numeral; very many digits are a joke, so they are cut rather than overflowing."""
    return float(NUMBERS[word]) if word in NUMBERS else float(word[:9])


def _strongest(table: dict[float, str], words: set[str]) -> float:
    said = [factor for factor, names in table.items() if words & set(names.split())]
    return max(said, key=lambda factor: abs(factor - 1), default=1.0)


def _matching(table: dict[str, str], words: set[str]) -> frozenset[str]:
    return frozenset(name for name, names in table.items() if words & set(names.split()))
