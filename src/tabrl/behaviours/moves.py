"""Reads a sentence as timed velocity commands, where it is a matter of walking and turning alone.

A sentence is a chain of clauses: "walk a square, then turn twice". Every word of every clause must
be known here. What asks for more than a velocity, such as a hip shake or a moon walk, gives
nothing, and neither does what is only half understood.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from tabrl.behaviours import modifiers
from tabrl.behaviours.modifiers import NUMBERS

Moves = list[tuple[float, float, float, float]]
"""Seconds, and the command for so long: forward m/s, left m/s, turn rad/s."""

CLIP_S = 10.0  # what has no end of its own goes on for so long
LEG_S = 2.0  # a walk among other things, where nothing says how far
MOST = 60  # repetitions: no clip holds more
_LONGEST = 1500  # moves: likewise
STEP_M = 0.25
CORNER_M = 0.3  # radius of a turn: a walking policy turns as told while it walks
SPIN_M = 1 / 6  # radius of turns on the spot: without any, Go1 turns 0.87 of them and may fall

_PHRASES = (
    (r"\b(?:a?round and a?round|over and over(?: again)?)\b", "onandon"),
    (r"\b(?:back and forth|to and fro|(?:for|back)wards? and (?:for|back)wards?)\b", "toandfro"),
    (r"\b(?:left and right|right and left|(?:from )?side to side)\b", "leftandright"),
    (r"\bfigures? (?:of )?(?:an )?(?:eights?|8s?)\b", "figureeight"),
    (r"\bzig[ -]?zag(?:s|ging)?\b", "zigzag"),
    (r"\bu[ -]turn\b", "turn around"),
    (r"\b(?:counter|anti)[ -]?clockwise\b", "anticlockwise"),
    (r"\b(?:on the spot|in place)\b", "inplace"),
    (r"\b(?:straight (?:ahead|on)|(?:in )?a straight line|straight)\b", "forward"),
    (r"\ball the way\b", "full"),
    (r"\b(?:at the same time|while)\b", "while"),
    (r"\b(?:m|met(?:er|re)s?) ?(?:/|per|a) ?s(?:ec(?:ond)?)?\b", "mps"),
    (r"\blet's\b", " "),
    (r"°", " degrees "),
)
_THEN = re.compile(
    r"[,;.!?:\n]|\b(?:and|then|next|finally|afterwards?|after (?:that|this|which)|followed by)\b"
)
_TOKEN = re.compile(r"\d+(?:\.\d+)?|[a-z]+|[^\s\-]")


def _table(**lines: str) -> dict[str, str]:
    return {word: kind for kind, words in lines.items() for word in words.split()}


_VERBS = _table(
    go="walk go move run jog sprint trot stroll stride step sidestep strafe drive head travel come "
    "walking going moving running trotting stepping retreat advance",
    turn="turn turns turning rotate rotates rotating pivot",
    spin="spin spins spinning whirl whirling twirl twirling pirouette pirouettes",
    stop="stop stand wait pause halt rest stay freeze",
    repeat="repeat again do",
)
_FIGURES = _table(
    square="square squares",
    triangle="triangle triangles",
    circle="circle circles circling loop loops lap laps",
    eight="figureeight",
    zigzag="zigzag slalom",
    there_and_back="toandfro",
    side_to_side="leftandright",
)
_WAYS = _table(
    forward="forward forwards ahead advance",
    backward="backward backwards reverse retreat",
    back="back",
    left="left leftward leftwards sideways sidestep strafe",
    right="right rightward rightwards",
    clockwise="clockwise",
    anticlockwise="anticlockwise",
    around="around round",
)
_UNITS = {
    word: unit
    for unit, words in {
        ("m", 1.0): "m meter meters metre metres",
        ("m", 0.01): "cm centimeter centimeters centimetre centimetres",
        ("m", STEP_M): "step steps pace paces",
        ("s", 1.0): "s sec secs second seconds",
        ("rad", math.pi / 180): "degree degrees deg",
        ("rad", 1.0): "rad radian radians",
        ("m/s", 1.0): "mps",
    }.items()
    for word in words.split()
}
_PACE = frozenset(
    "slow slowly leisurely calmly fast quick quickly rapid rapidly swift swiftly speedy".split()
)
_SIZE = frozenset("small little tiny big large wide huge".split())
_MARKS = frozenset("inplace onandon while full radius times".split())
_FILLERS = frozenset(
    "a an the to in for of by at with please now just first you robot can could i want let "
    "make take keep it that this everything all more direction about still complete whole".split()
)


def read_moves(sentence: str, ranges: Sequence[tuple[float, float]]) -> Moves | None:
    """The commands of a sentence; None where it is not a matter of velocity alone.

    Args:
        ranges: lowest and highest command: forward m/s, left m/s, turn rad/s.
    """
    clauses = [_read(text) for text in _clauses(modifiers.read(sentence).meant)]
    told: Moves = []
    before: _Clause | None = None
    last: Moves = []
    for clause in clauses:
        if clause is None:
            return None
        if clause.repeats:
            told = (told * _times(clause.count or 2))[:_LONGEST]
            continue
        clause = clause.after(before)
        made = _made(clause, last, _Pace.of(clause, ranges), alone=len(clauses) == 1)
        if not made:
            return None
        told += made
        before = clause
        if any(any(command) for _, *command in made):
            last = made
    return told or None


@dataclass
class _Clause:
    """What a clause says.

    Attributes:
        amounts: metres, seconds and radians by their unit.
        marks: words that colour it: on the spot, all the way, again and again.
    """

    verbs: set[str] = field(default_factory=set)
    figures: list[str] = field(default_factory=list)
    ways: set[str] = field(default_factory=set)
    amounts: dict[str, float] = field(default_factory=dict)
    count: float | None = None
    marks: set[str] = field(default_factory=set)
    manner: modifiers.Modifiers = field(default_factory=modifiers.Modifiers)

    @property
    def repeats(self) -> bool:
        """Whether it asks for what was said before once more."""
        return self.verbs == {"repeat"} and not (self.figures or self.ways or self.amounts)

    def after(self, before: "_Clause | None") -> "_Clause":
        """With what it leaves out: "go left 2 m, then right"; "three steps back"."""
        if self.verbs or self.figures:
            return self
        if {"m", "rad"} & self.amounts.keys():
            return replace(self, verbs={"go" if "m" in self.amounts else "turn"})
        if before is None:
            return self
        inherited = {} if "back" in self.ways else before.amounts
        return replace(self, verbs=before.verbs, amounts=self.amounts or inherited)

    @property
    def sign(self) -> int:
        """1 to turn left, -1 to turn right."""
        return -1 if self.ways & {"right", "clockwise"} else 1


def _clauses(text: str) -> list[str]:
    for phrase, word in _PHRASES:
        text = re.sub(phrase, f" {word} ", text)
    parts: list[str] = []
    manner = ""
    for part in _THEN.split(re.sub(r"(\d)\.(\d)", r"\1_\2", text)):
        if set(_TOKEN.findall(part)) - _PACE - _FILLERS:
            parts.append(f"{manner} {part}")
            manner = ""
        elif parts:  # "walk backwards, slowly"
            parts[-1] += f" {part}"
        else:  # "please, ..."
            manner += f" {part}"
    return parts


def _read(text: str) -> _Clause | None:
    """What a clause says; None where one of its words is unknown."""
    clause = _Clause(manner=modifiers.read(text))
    tokens = _TOKEN.findall(text.replace("_", "."))
    number: float | None = None
    for i, token in enumerate(tokens):
        following = tokens[i + 1] if i + 1 < len(tokens) else ""
        if token in _UNITS and number is not None:
            unit, factor = _UNITS[token]
            clause.amounts[unit] = clause.amounts.get(unit, 0.0) + number * factor
            number = None
        elif token in ("a", "an"):
            number = 1.0 if number is None and following in _UNITS else number
        elif token[0].isdigit() or token in NUMBERS or token == "quarter":
            clause.count = _product(clause.count, number)
            number = 0.25 if token == "quarter" else _number(token)
        else:
            clause.count, number = _product(clause.count, number), None
            if not _note(clause, token):
                return None
    clause.count = _product(clause.count, number)
    return clause


def _number(word: str) -> float:
    """A numeral; very many digits are a joke, so they are cut."""
    return NUMBERS[word] if word in NUMBERS else float(word[:9])


def _product(count: float | None, number: float | None) -> float | None:
    return count if number is None else number * (1.0 if count is None else count)


def _note(clause: _Clause, word: str) -> bool:
    """Take a word in; False where it is not known."""
    known = False
    if word in _VERBS:
        clause.verbs.add(_VERBS[word])
        known = True
    if word in _WAYS:
        clause.ways.add(_WAYS[word])
        known = True
    if word in _FIGURES:
        clause.figures.append(_FIGURES[word])
        known = True
    if word in _MARKS or word in ("turns", "circles", "run", "sprint", "running"):
        clause.marks.add(word)
        known = True
    return known or word in _PACE | _SIZE | _FILLERS


@dataclass(frozen=True)
class _Pace:
    """Speeds of a clause, within what the robot's policy follows: m/s, rad/s."""

    ahead: float
    astern: float
    aside: float
    turn: float
    spin: float
    size: float

    @classmethod
    def of(cls, clause: _Clause, ranges: Sequence[tuple[float, float]]) -> "_Pace":
        hurry = 1.5 if clause.marks & {"run", "sprint", "running"} else 1.0
        tempo = clause.manner.tempo * hurry
        (low, high), (right, left), (minus, plus) = ranges
        turn = min(-minus, plus)
        speed = max(clause.amounts.pop("m/s", 0.0), 0.0)
        return cls(
            ahead=min(speed or 0.8 * tempo, high),
            astern=min(speed or 0.8 * tempo, -low),
            aside=min(speed or 0.4 * tempo, -right, left),
            turn=min(1.0 * tempo, turn),
            spin=min(1.2 * tempo, turn),
            size=clause.manner.size,
        )


def _made(clause: _Clause, last: Moves, pace: _Pace, *, alone: bool) -> Moves:
    """The moves of a clause; none where it does not say enough."""
    endless = alone and not clause.amounts and clause.count is None
    if clause.verbs == {"repeat"} and not clause.figures:
        return []
    if clause.figures:
        if len(set(clause.figures)) > 1 or clause.verbs & {"stop", "spin"}:
            return []
        return _FIGURE[clause.figures[0]](clause, pace, endless)
    if clause.verbs & {"turn", "spin"}:
        if clause.verbs & {"go"}:
            return _arc(clause, pace, endless)
        return _turn(clause, pace, endless)
    if "inplace" in clause.marks:  # marching is no velocity
        return []
    if "stop" in clause.verbs:
        return [(clause.amounts.get("s", LEG_S), 0.0, 0.0, 0.0)] if not clause.ways else []
    if "go" in clause.verbs:
        return _walk(clause, last, pace, endless)
    return []


def _walk(clause: _Clause, last: Moves, pace: _Pace, endless: bool) -> Moves:
    if "around" in clause.ways:
        return _circle(clause, pace, endless)
    if "back" in clause.ways and last and not clause.amounts:
        return [(s, 0 - forward, 0 - left, 0 - turn) for s, forward, left, turn in reversed(last)]
    ways = clause.ways | ({"backward"} if "back" in clause.ways else set())
    if ways & {"clockwise", "anticlockwise"} or "rad" in clause.amounts:
        return []
    aside = pace.aside * (1 if "left" in ways and "right" not in ways else -1)
    left = aside if ways & {"left", "right"} else 0.0
    forward = -pace.astern if "backward" in ways else pace.ahead
    forward *= 0.5 if left else 1.0
    if left and not ways & {"forward", "backward"}:
        forward = 0.0
    speed = math.hypot(forward, left)
    usual = CLIP_S if endless else LEG_S
    seconds = (
        clause.amounts["m"] / speed if "m" in clause.amounts else clause.amounts.get("s", usual)
    )
    return [(seconds, forward, left, 0.0)] * _times(clause.count)


def _turn(clause: _Clause, pace: _Pace, endless: bool) -> Moves:
    spins = "spin" in clause.verbs or "onandon" in clause.marks
    if "m" in clause.amounts:
        return []
    if "s" in clause.amounts or (spins and endless):
        return [_spin(clause.amounts.get("s", CLIP_S), clause.sign, pace)]
    angle = _angle(clause, spins)
    if spins or "inplace" in clause.marks or angle >= 2 * math.pi:
        return [_spin(angle / pace.spin, clause.sign, pace)]
    return [_bend(clause.sign * angle, pace)]


def _spin(seconds: float, sign: int, pace: _Pace) -> tuple[float, float, float, float]:
    return (seconds, SPIN_M * pace.spin, 0.0, sign * pace.spin)


def _angle(clause: _Clause, spins: bool) -> float:
    """How far it turns, rad."""
    count = 1.0 if clause.count is None else min(clause.count, 3600.0)
    if "rad" in clause.amounts:
        return clause.amounts["rad"] * count
    if count >= 20 and not clause.marks & {"times", "turns"}:  # "turn 90"
        return math.radians(count)
    if spins or clause.marks & {"turns", "full"} or 0 < count < 1:
        return 2 * math.pi * count
    if clause.ways & {"around", "back"}:
        return math.pi * count
    return (math.pi / 2 if clause.ways & {"left", "right"} else 2 * math.pi) * count


def _bend(angle: float, pace: _Pace) -> tuple[float, float, float, float]:
    """A turn by an angle (rad) while walking a little."""
    turn = math.copysign(pace.turn, angle)
    return (abs(angle) / pace.turn, CORNER_M * pace.turn, 0.0, turn)


def _arc(clause: _Clause, pace: _Pace, endless: bool) -> Moves:
    """Walking and turning at once."""
    if clause.ways & {"backward", "back"} or "rad" in clause.amounts:
        return []
    turn = clause.sign * 0.5 * pace.turn
    usual = CLIP_S if endless else LEG_S
    seconds = clause.amounts.get("m", 0.0) / pace.ahead or clause.amounts.get("s", usual)
    return [(seconds, pace.ahead, 0.0, turn)] * _times(clause.count)


def _circle(clause: _Clause, pace: _Pace, endless: bool) -> Moves:
    given = clause.amounts.get("m")
    radius = 0.6 * pace.size if given is None else given * (1 if "radius" in clause.marks else 0.5)
    turn = min(pace.turn, pace.ahead / max(radius, 0.05))
    plural = "circles" in clause.marks
    usual = CLIP_S if endless and plural else 2 * math.pi / turn * (2 if plural else 1)
    seconds = usual if clause.count is None else 2 * math.pi / turn * clause.count
    seconds = clause.amounts.get("s", seconds)
    return [(seconds, turn * radius, 0.0, clause.sign * turn)]


def _eight(clause: _Clause, pace: _Pace, endless: bool) -> Moves:
    turn, forward = pace.spin, 0.5 * pace.size * pace.spin
    half = 2 * math.pi / turn
    loops = [(half, forward, 0.0, clause.sign * turn), (half, forward, 0.0, -clause.sign * turn)]
    return loops * _times(clause.count)


def _polygon(corners: int, usual_m: float) -> Callable[[_Clause, _Pace, bool], Moves]:
    """Sides and corners; a side of `usual_m` where nothing is said, corners included."""
    angle = 2 * math.pi / corners
    rounding = 2 * CORNER_M * math.tan(angle / 2)  # what the corners take of each side

    def sides(clause: _Clause, pace: _Pace, endless: bool) -> Moves:
        if "s" in clause.amounts or "rad" in clause.amounts:
            return []
        side = clause.amounts.get("m", usual_m * pace.size)
        straight = (max(side - rounding, 0.2) / pace.ahead, pace.ahead, 0.0, 0.0)
        return [straight, _bend(clause.sign * angle, pace)] * (corners * _times(clause.count))

    return sides


def _zigzag(clause: _Clause, pace: _Pace, endless: bool) -> Moves:
    leg = (clause.amounts.get("m", 0.8 * pace.size) / pace.ahead, pace.ahead, 0.0, 0.0)
    right, left = _bend(-math.pi / 2, pace), _bend(math.pi / 2, pace)
    there = [_bend(math.pi / 4, pace), leg, right, leg]
    return there + [left, leg, right, leg] * _times(clause.count)


def _to_and_fro(ahead: bool) -> Callable[[_Clause, _Pace, bool], Moves]:
    def both(clause: _Clause, pace: _Pace, endless: bool) -> Moves:
        speed = pace.ahead if ahead else pace.aside
        back = pace.astern if ahead else pace.aside
        metres = clause.amounts.get("m", speed * 2.5)
        first = (metres / speed, speed, 0.0, 0.0) if ahead else (metres / speed, 0.0, speed, 0.0)
        second = (metres / back, -back, 0.0, 0.0) if ahead else (metres / back, 0.0, -back, 0.0)
        return [first, second] * _times(2 if clause.count is None else clause.count)

    return both


def _times(count: float | None) -> int:
    return 1 if count is None else max(1, min(round(count), MOST))


_FIGURE: dict[str, Callable[[_Clause, _Pace, bool], Moves]] = {
    "square": _polygon(4, 1.3),
    "triangle": _polygon(3, 1.6),
    "circle": _circle,
    "eight": _eight,
    "zigzag": _zigzag,
    "there_and_back": _to_and_fro(ahead=True),
    "side_to_side": _to_and_fro(ahead=False),
}
