"""When each part of a reading has its turn in a clip, and with which numbers: what rewards and
metric have in common, besides the reading.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tabrl.behaviours.compose.body import FIGURES, TWO
from tabrl.behaviours.reading import Action, Part, Reading
from tabrl.robots.catalogue import Robot

CLIP_S = 10.0
MOST = 12
"""Slots of a clip: a script holds no more."""
SHORTEST_S = 2.0
"""What has no end of its own gets at least so much of a clip, in s."""

TRAVEL = frozenset("walk run march crawl limp circle zigzag travel swim".split())
ROTATE = frozenset("turn spin".split())
JUMP = frozenset("jump hop leap".split())
SWING = frozenset("nod shake sway twist wave swing".split())
STILL = frozenset("stand freeze".split())
BENDS = frozenset("nod bow twist look lean shake".split())
"""What moves a trunk, or a head; whatever else is done is done with a straight one."""
_PACES = {"run": 1.3, "crawl": 0.3, "limp": 0.35, "circle": 0.5, "zigzag": 0.5, "march": 0.4}
_WALK, _TWO_RUN = 0.6, 1.0  # m/s
_SIDE, _BACK = 0.6, 0.75  # shares of it
_TURN, _TWO_TURN = 1.0, 0.8  # rad/s
_CIRCLE_S = 9.0  # once round
_STEPS_HZ = 1.3  # of one foot
_SLOW, _FAST = 0.55, 1.6
_REACH = 0.95  # of what a command can ask
_SETTLE_S = 0.5  # to set off and to halt
_HZ = {"twist": 0.8, "wave": 1.2, "swing": 0.8, "kick": 0.6} | dict.fromkeys(JUMP, 1.2)
_COUNTED_JUMPS_HZ = 0.8  # each with a rest before it, on an octave of a sequence's clock
_BRIEF = {"kick": 1.5, "bow": 2.5, "punch": 1.5, "flip": 3.0, "roll": 4.0}  # s
_CORNERS = {
    "square": (4, math.pi / 2),
    "triangle": (3, 2 * math.pi / 3),
}


@dataclass(frozen=True)
class Doing:
    """An action in its time, with its numbers.

    Attributes:
        start, end: s in the clip.
        speed: m/s along its way; `turn`: rad/s, positive is left.
        distance: m; `angle`: rad, positive is left; both None where it goes on.
        hz: how often a second it is repeated.
        lasting: it fills the clip.
    """

    action: Action
    start: float = 0.0
    end: float = CLIP_S
    speed: float = 0.0
    turn: float = 0.0
    distance: float | None = None
    angle: float | None = None
    hz: float = 0.0

    @property
    def seconds(self) -> float:
        return self.end - self.start

    @property
    def direction(self) -> str:
        """Where it goes to: forward unless it was said."""
        return self.action.direction or "forward"

    @property
    def sign(self) -> int:
        """1 forward and to the left, -1 backward and to the right."""
        return -1 if self.action.direction in ("backward", "right", "clockwise") else 1

    @property
    def aside(self) -> bool:
        """Whether it goes sideways."""
        sides = ("left", "right", "sideways")
        return self.action.direction in sides and self.action.do not in ("circle", "zigzag")

    @property
    def said(self) -> frozenset[str]:
        """The arguments that the reading gives, by field of `Action`; manners by their name."""
        given = {
            name
            for name, value in self.action
            if value not in (None, ()) and name not in ("do", "negated", "manner")
        }
        return frozenset(given | set(self.action.manner))


@dataclass(frozen=True)
class Slot:
    """The time of one part.

    Attributes:
        doings: what is done in it; `forbidden`: what must not happen.
        added: nobody asked for it: what was asked for is over, and it stands still.
    """

    start: float
    end: float
    doings: tuple[Doing, ...]
    forbidden: tuple[Doing, ...] = ()
    seconds: float | None = None  # as said
    added: bool = False

    @property
    def length(self) -> float:
        """s"""
        return self.end - self.start

    @property
    def whole(self) -> bool:
        """Whether it fills the clip."""
        return self.start == 0.0 and self.end == CLIP_S

    @property
    def travels(self) -> bool:
        """Whether anything that is done in it leads away from where it begins."""
        return any(travels(doing.action) for doing in self.doings)

    def crossed(self, doing: Doing) -> bool:
        """Whether it goes diagonally: something else leads across the way of this."""
        others = (each for each in self.doings if each is not doing and travels(each.action))
        return any(each.aside != doing.aside for each in others)

    def does(self, verbs: Iterable[str]) -> bool:
        """Whether any of these verbs is done in it."""
        return any(doing.action.do in verbs for doing in self.doings)


@dataclass(frozen=True)
class Timeline:
    """The slots of a clip, in order, and in words what of the reading it has no room for."""

    slots: tuple[Slot, ...]
    trouble: tuple[str, ...] = ()


def timeline(reading: Reading, robot: Robot) -> Timeline:
    """The parts of a reading share a clip in their order: said seconds and what a way, an angle or
    a count takes first, what has no end the rest.
    """
    every = [each for part in reading.parts for each in _figures(part)]
    parts = every[:MOST]
    drafts = [_draft(part, robot) for part in parts]
    needs = [_need(slot) for slot in drafts]
    trouble = _too_long(parts, needs, cut=len(every) > MOST)
    lengths, spare = _shared(needs)
    if spare and (len(drafts) == MOST or (len(drafts) == 1 and _counted(drafts[0]))):
        lengths, spare = [length * CLIP_S / sum(lengths) for length in lengths], 0.0
    if spare:
        rest = Slot(0, 0, (Doing(Action(do="stand")),), added=True)
        drafts, lengths = [*drafts, rest], [*lengths, spare]
    slots, now = [], 0.0
    for slot, length in zip(drafts, lengths, strict=True):
        end = min(round(now + length, 2), CLIP_S)
        slots.append(_placed(slot, now, end))
        now = end
    return Timeline(tuple(slots), trouble)


def _figures(part: Part) -> Iterator[Part]:
    """A figure as the walks and turns that it is made of."""
    figure = next((each for each in part.actions if each.do in FIGURES), None)
    if figure is None or figure.negated:
        yield part
        return
    others = tuple(each for each in part.actions if each is not figure)
    times = min(figure.count or 1, MOST)
    right = figure.direction in ("right", "clockwise")
    if figure.do == "figure eight":
        for way in (("right", "left") if right else ("left", "right")) * times:
            loop = Action(do="circle", direction=way, count=1, manner=figure.manner)
            yield Part(actions=(loop, *others))
        return
    corners, angle = _CORNERS[figure.do]
    turn = Action(do="turn", direction="right" if right else "left", angle_rad=angle)
    straight = Action(
        do="walk",
        distance_m=figure.distance_m or 0.5,
        speed_mps=figure.speed_mps,
        manner=figure.manner,
    )
    for _ in range(corners * times):
        yield Part(actions=(straight, *others))
        yield Part(actions=(turn, *others))


def _draft(part: Part, robot: Robot) -> Slot:
    done = tuple(_numbered(each, robot) for each in part.actions if not each.negated)
    forbidden = tuple(_numbered(each, robot) for each in part.actions if each.negated)
    ways = [each for each in done if each.speed and each.action.do in ("walk", "run")]
    if len({each.aside for each in ways}) == 2:  # a diagonal, as fast to the side as ahead
        pace = min(each.speed for each in ways)
        done = tuple(replace(each, speed=pace) if each in ways else each for each in done)
    return Slot(0, 0, done or (Doing(Action(do="stand")),), forbidden, part.seconds)


def _numbered(action: Action, robot: Robot) -> Doing:
    """An action with the numbers that it has at its usual pace, or at the one that was said."""
    two, tempo = robot.type in TWO, tempo_of(action)
    doing = Doing(action)
    if travels(action):
        pace = _TWO_RUN if two and action.do == "run" else _PACES.get(action.do, _WALK)
        if action.do == "circle":
            return _circle(action, robot, tempo)
        pace *= _SIDE if doing.aside else _BACK if action.direction == "backward" else 1.0
        axis = 1 if doing.aside else 0
        speed = action.speed_mps or _reachable(robot, axis, doing.sign * pace * tempo)
        return replace(doing, speed=speed, distance=action.distance_m, hz=_hz(action, tempo))
    if action.do in ROTATE:
        usual = (_TWO_TURN if two else _TURN) * tempo
        rate = action.turn_rate or _reachable(robot, 2, doing.sign * usual)
        angle = action.angle_rad
        if angle is None and action.count:
            angle = 2 * math.pi * action.count
        elif angle is not None and action.count:
            angle *= action.count
        signed = None if angle is None else doing.sign * angle
        return replace(doing, turn=doing.sign * rate, angle=signed)
    return replace(doing, hz=_hz(action, tempo))


def _hz(action: Action, tempo: float) -> float:
    """How often a second it is repeated, as said or as usual."""
    counted = action.do in JUMP and action.count
    usual = _COUNTED_JUMPS_HZ if counted else _HZ.get(action.do, 1.0)
    return action.tempo_hz or usual * tempo


def _circle(action: Action, robot: Robot, tempo: float) -> Doing:
    """A circle of the said radius; else one that a clip holds once."""
    doing = Doing(action)
    speed = action.speed_mps or _reachable(robot, 0, _PACES["circle"] * tempo)
    radius = action.distance_m or speed * _CIRCLE_S / tempo / (2 * math.pi)
    turn = action.turn_rate or _reachable(robot, 2, doing.sign * speed / radius)
    angle = action.angle_rad or (2 * math.pi * action.count if action.count else None)
    signed = None if angle is None else doing.sign * angle
    return replace(doing, speed=turn * radius, turn=doing.sign * turn, angle=signed)


def travels(action: Action) -> bool:
    """Whether it leads away from where it begins."""
    if action.do in TRAVEL:
        return "in place" not in action.manner
    onward = action.direction in ("forward", "backward", "left", "right", "sideways")
    on_and_on = action.do == "hop" and not action.count and not action.direction
    return action.do in JUMP and (onward or on_and_on or bool(action.distance_m))


def tempo_of(action: Action) -> float:
    """By what its manner multiplies a pace."""
    slow = {"slow", "tired", "sad", "old", "sneaky", "zombie", "calm"} & set(action.manner)
    fast = {"fast", "fastest", "energetic"} & set(action.manner)
    return _SLOW if slow else _FAST if fast else 1.0


def _reachable(robot: Robot, axis: int, wanted: float) -> float:
    """The size of a speed, within what the robot's command can ask."""
    ranges = robot.structure.command_ranges
    if not ranges:
        return abs(wanted)
    low, high = ranges[axis]
    return min(abs(wanted), _REACH * (high if wanted > 0 else -low))


def _need(slot: Slot) -> float | None:
    """The s that a part takes; None where it goes on for as long as there is time."""
    if slot.seconds:
        return slot.seconds
    needs = [need for doing in slot.doings if (need := _takes(doing)) is not None]
    if needs:
        return max(needs)
    brief = [_BRIEF.get(doing.action.do) for doing in slot.doings]
    return max((each for each in brief if each), default=None) if all(brief) else None


def _takes(doing: Doing) -> float | None:
    action = doing.action
    if doing.distance and action.do != "circle":
        return doing.distance / doing.speed + _SETTLE_S
    if doing.angle is not None:
        return abs(doing.angle / doing.turn) + _SETTLE_S
    if action.count and action.do in TRAVEL:
        return action.count / _STEPS_HZ + _SETTLE_S
    if action.count and doing.hz:
        return action.count / doing.hz + (_SETTLE_S if action.do in SWING else 0.0)
    return None


def _too_long(parts: list[Part], needs: list[float | None], *, cut: bool) -> tuple[str, ...]:
    said = sum(part.seconds or 0.0 for part in parts)
    if said > CLIP_S:
        return (f"a clip ends after {CLIP_S:g} s, and {said:g} s were asked for",)
    fixed = sum(need for need in needs if need)
    room = CLIP_S - SHORTEST_S * needs.count(None)
    return ("all of it is more than a clip of 10 s can hold",) if cut or fixed > 2 * room else ()


def _shared(needs: list[float | None]) -> tuple[list[float], float]:
    """The length of each part, s, and what is left of the clip when all are over."""
    open_ended = needs.count(None)
    fixed = sum(need for need in needs if need is not None)
    least = min(SHORTEST_S, CLIP_S / max(1, len(needs)))
    room = CLIP_S - least * open_ended
    squeeze = min(1.0, room / fixed) if fixed else 1.0
    each = (CLIP_S - squeeze * fixed) / open_ended if open_ended else 0.0
    lengths = [each if need is None else squeeze * need for need in needs]
    spare = CLIP_S - sum(lengths)
    if spare < SHORTEST_S / 2:  # too short to stand still in
        return [length * CLIP_S / sum(lengths) for length in lengths], 0.0
    return lengths, spare


def _counted(slot: Slot) -> bool:
    """Whether it is a count alone that ends a part: it then takes its time."""
    return slot.seconds is None and not any(
        doing.distance
        or doing.angle is not None
        or doing.action.tempo_hz
        or (doing.action.do in TRAVEL and doing.action.count)
        for doing in slot.doings
    )


def _placed(slot: Slot, start: float, end: float) -> Slot:
    doings = tuple(_timed(doing, start, end) for doing in slot.doings)
    forbidden = tuple(replace(doing, start=start, end=end) for doing in slot.forbidden)
    return replace(slot, start=start, end=end, doings=doings, forbidden=forbidden)


def _timed(doing: Doing, start: float, end: float) -> Doing:
    """An action in its time: it goes as fast as its way, its angle or its count then asks."""
    seconds = max(0.5, end - start - _SETTLE_S)
    action = doing.action
    doing = replace(doing, start=start, end=end)
    if doing.angle is not None:
        turn = doing.angle / seconds
        doing = replace(doing, turn=turn, speed=doing.speed * turn / doing.turn)
    elif doing.distance and not action.speed_mps:
        doing = replace(doing, speed=doing.distance / seconds)
    if action.count and not action.tempo_hz and action.do not in TRAVEL | ROTATE:
        doing = replace(doing, hz=action.count / (end - start))
    return doing
