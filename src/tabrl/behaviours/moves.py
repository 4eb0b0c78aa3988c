"""A reading as timed velocity commands, where it is a matter of walking and turning alone.

A velocity must follow every argument of every action. What asks for more, such as a hip shake or a
march, gives nothing, and neither does what is unread or unsure.
"""

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from tabrl.behaviours.reading import Action, Part, Reading

Command = tuple[float, float, float, float]
Moves = list[Command]
"""Seconds, and the command for so long: forward m/s, left m/s, turn rad/s."""

CLIP_S = 10.0  # what has no end of its own goes on for so long
LEG_S = 2.0  # a walk among other things, where nothing says how far
MOST = 60  # repetitions: no clip holds more
STEP_M = 0.25
CORNER_M = 0.3  # radius of a turn: a walking policy turns as told while it walks
SPIN_M = 1 / 6  # radius of turns on the spot: without any, Go1 turns 0.87 of them and may fall
CIRCLE_M = 0.6  # radius of a circle among other things

_AHEAD = {None: (1, 0), "forward": (1, 0)}
_WALKS = {**_AHEAD, "backward": (-1, 0), "left": (0, 1), "right": (0, -1), "sideways": (0, 1)}
_TURNS = {None: 1, "left": 1, "counterclockwise": 1, "right": -1, "clockwise": -1}
_TEMPO = {"slow": 0.65, "calm": 0.65, "fast": 1.35, "fastest": math.inf}
_SIZE = {"small": 0.6, "big": 1.35}
_NEVER = frozenset("walk run turn spin circle jump hop leap flip roll fall stand".split())
"""What may be forbidden: a walking policy does nothing of it unless it is told."""


def moves_of(reading: Reading, ranges: Sequence[tuple[float, float]]) -> Moves | None:
    """The commands of a reading; None where it is not a matter of velocity alone.

    Args:
        ranges: lowest and highest command: forward m/s, left m/s, turn rad/s.
    """
    if not reading.sure or reading.unread or reading.refers_to:
        return None
    made = [_made(part, ranges, alone=len(reading.parts) == 1) for part in reading.parts]
    return [move for moves in made for move in moves] if made and all(made) else None


@dataclass(frozen=True)
class _Step:
    """An action, how long it goes on as said, and whether it is all that is done."""

    action: Action
    seconds: float | None
    ranges: Sequence[tuple[float, float]]
    alone: bool

    def mps(self, ahead: int = 1, left: int = 0) -> float:
        """How fast it goes that way, within what the policy follows."""
        (low, high), (right, most) = self.ranges[:2]
        usual = (0.4 if left else 0.8) * (1.5 if self.action.do == "run" else 1.0)
        most = min(-right, most) if left else high if ahead > 0 else -low
        return min(self.action.speed_mps or usual * self.scaled(_TEMPO), most)

    def rate(self, usual: float = 1.0) -> float:
        """How fast it turns, rad/s."""
        wanted = self.action.turn_rate or usual * self.scaled(_TEMPO)
        return min(wanted, *map(abs, self.ranges[2]))

    def scaled(self, table: dict[str, float]) -> float:
        """By what its manner multiplies a pace or a size."""
        return next((table[said] for said in self.action.manner if said in table), 1.0)

    @property
    def sign(self) -> int:
        """1 to turn left, -1 to turn right."""
        return _TURNS[self.action.direction]

    @property
    def usual_s(self) -> float:
        """How long it goes on where nothing says how far."""
        return self.seconds or (CLIP_S if self.alone else LEG_S)

    @property
    def rounds(self) -> float | None:
        """How many whole turns were asked for."""
        if self.action.angle_rad is None:
            return self.action.count
        return self.action.angle_rad * (self.action.count or 1) / (2 * math.pi)

    @property
    def times(self) -> int:
        """How often a figure is gone through."""
        return max(1, min(self.action.count or 1, MOST))


def _made(part: Part, ranges: Sequence[tuple[float, float]], *, alone: bool) -> Moves:
    """The moves of what is done at once; none where a velocity is not all that it takes."""
    done = [action for action in part.actions if not action.negated]
    banned = [action for action in part.actions if action.negated]
    kept = all(ban.do in _NEVER - {a.do for a in done} and ban.part is None for ban in banned)
    if not kept or not all(_followed(action, part.seconds) for action in done):
        return []
    steps = [_Step(action, part.seconds, ranges, alone) for action in done]
    if len(steps) == 1:
        return [move for move in _VERBS[done[0].do].made(steps[0]) if move[0] > 0]
    walks = [step for step in steps if step.action.do in ("walk", "run")]
    turns = [step for step in steps if step.action.do in ("turn", "spin")]
    return _arc(*walks, *turns) if len(walks) == len(turns) == 1 == len(steps) - 1 else []


def _followed(action: Action, seconds: float | None) -> bool:
    """Whether a velocity can follow all that is said of it."""
    verb = _VERBS.get(action.do)
    said = {name for name, value in action if value not in (None, (), False)}
    said |= {"seconds"} if seconds else set()
    return (
        verb is not None
        and action.direction in verb.ways
        and said - {"do", "direction", "manner"} <= set(verb.amounts.split())
        and set(action.manner) <= {*_TEMPO, *_SIZE, "straight", *verb.manners}
    )


def _walk(step: _Step) -> Moves:
    ahead, left = _WALKS[step.action.direction]
    speed, metres = step.mps(ahead, left), step.action.distance_m
    if metres is None and step.action.count is not None:
        metres = STEP_M * step.action.count
    seconds = step.usual_s if metres is None else metres / speed
    return [(seconds, ahead * speed, left * speed, 0.0)]


def _stand(step: _Step) -> Moves:
    return [(step.seconds or LEG_S, 0.0, 0.0, 0.0)]


def _freeze(step: _Step) -> Moves:
    return [] if step.alone else _stand(step)  # "strike a pose" is more than to stand


def _turn(step: _Step) -> Moves:
    spins, rounds = step.action.do == "spin", step.rounds
    if step.seconds or (spins and step.alone and rounds is None):
        return [_spun(step, step.usual_s)]
    if rounds is None:
        rounds = 0.25 if step.action.direction in ("left", "right") and not spins else 1
    if spins or "in place" in step.action.manner or rounds >= 1:
        return [_spun(step, 2 * math.pi * rounds / step.rate(1.2))]
    return [_bend(step, 2 * math.pi * rounds * step.sign)]


def _spun(step: _Step, seconds: float) -> Command:
    rate = step.rate(1.2)
    return (seconds, SPIN_M * rate, 0.0, step.sign * rate)


def _bend(step: _Step, angle: float) -> Command:
    """A turn by an angle (rad) while walking a little."""
    rate = step.rate()
    return (abs(angle) / rate, CORNER_M * rate, 0.0, math.copysign(rate, angle))


def _arc(walk: _Step, turn: _Step) -> Moves:
    """Walking and turning at once."""
    rate, speed, rounds = turn.action.turn_rate or 0.5 * turn.rate(), walk.mps(), turn.rounds
    if walk.action.direction not in _AHEAD:
        return []
    seconds = walk.usual_s if rounds is None else 2 * math.pi * rounds / rate
    if walk.action.distance_m is not None:
        seconds = walk.action.distance_m / speed
    return [(seconds, speed, 0.0, turn.sign * rate)]


def _circle(step: _Step) -> Moves:
    """A circle of the said radius; alone, one that a clip holds once."""
    speed, rounds = step.mps(), step.rounds
    once = step.alone and rounds is None and not step.seconds
    usual = speed * CLIP_S / (2 * math.pi) if once else CIRCLE_M
    radius = max(step.action.distance_m or usual * step.scaled(_SIZE), 0.05)
    rate = min(step.rate(), speed / radius)
    seconds = step.seconds or 2 * math.pi * (1 if rounds is None else rounds) / rate
    return [(seconds, rate * radius, 0.0, step.sign * rate)]


def _eight(step: _Step) -> Moves:
    rate, forward = step.rate(1.2), 0.5 * step.scaled(_SIZE) * step.rate(1.2)
    loops = [(2 * math.pi / rate, forward, 0.0, way * step.sign * rate) for way in (1, -1)]
    return loops * step.times


def _polygon(corners: int, usual_m: float) -> Callable[[_Step], Moves]:
    """Sides and corners; a side of `usual_m` where nothing is said, corners included."""
    angle = 2 * math.pi / corners
    rounding = 2 * CORNER_M * math.tan(angle / 2)  # what the corners take of each side

    def sides(step: _Step) -> Moves:
        side = (step.action.distance_m or usual_m * step.scaled(_SIZE)) - rounding
        straight = (max(side, 0.2) / step.mps(), step.mps(), 0.0, 0.0)
        return [straight, _bend(step, step.sign * angle)] * (corners * step.times)

    return sides


def _zigzag(step: _Step) -> Moves:
    metres = step.action.distance_m or 0.8 * step.scaled(_SIZE)
    leg = (metres / step.mps(), step.mps(), 0.0, 0.0)
    half, left, right = (_bend(step, math.pi / way) for way in (4, 2, -2))
    return [half, leg, right, leg, *[left, leg, right, leg] * step.times]


@dataclass(frozen=True)
class _Verb:
    """Its moves, which ways they may lead, and what of the rest they follow."""

    made: Callable[[_Step], Moves]
    ways: Collection[str | None]
    amounts: str = ""
    manners: tuple[str, ...] = ()


_VERBS = {
    "walk": _Verb(_walk, _WALKS, "distance_m speed_mps count seconds"),
    "run": _Verb(_walk, _WALKS, "distance_m speed_mps count seconds"),
    "turn": _Verb(_turn, _TURNS, "angle_rad turn_rate count seconds", ("in place",)),
    "spin": _Verb(_turn, _TURNS, "angle_rad turn_rate count seconds", ("in place",)),
    "stand": _Verb(_stand, (None,), "seconds", ("in place",)),
    "freeze": _Verb(_freeze, (None,), "seconds", ("in place",)),
    "circle": _Verb(_circle, _TURNS, "distance_m speed_mps turn_rate angle_rad count seconds"),
    "square": _Verb(_polygon(4, 1.3), _TURNS, "distance_m speed_mps count"),
    "triangle": _Verb(_polygon(3, 1.6), _TURNS, "distance_m speed_mps count"),
    "figure eight": _Verb(_eight, _TURNS, "count"),
    "zigzag": _Verb(_zigzag, _AHEAD, "distance_m speed_mps count"),
}
