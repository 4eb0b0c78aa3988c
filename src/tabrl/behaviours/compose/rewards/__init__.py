"""From a reading to rewards that teach it; the metric is written without sight of these."""

import ast
import re
from collections.abc import Callable, Mapping

from tabrl.behaviours.compose.body import FAMILY, composes
from tabrl.behaviours.compose.rewards import limbs, manner, motion, posture
from tabrl.behaviours.compose.rewards.pen import SEQUENCE_HZ, Pen
from tabrl.behaviours.compose.stock import stock_plan
from tabrl.behaviours.compose.timeline import (
    JUMP,
    SWING,
    TRAVEL,
    Doing,
    Slot,
    timeline,
    travels,
)
from tabrl.behaviours.compose.words import title
from tabrl.behaviours.library.base import Idea, Term
from tabrl.behaviours.library.terms import EFFORT, SMOOTH, UP, command
from tabrl.behaviours.reading import Reading
from tabrl.robots.catalogue import Robot
from tabrl.spec import Move, Termination

STYLES = (
    ("By the Book", "Pays each thing as it was asked for, by how near it comes."),
    ("With Feeling", "Pays speeds and the beat, and one thing only as far as another is kept."),
    ("To the Mark", "Chases marks that move on as the sentence says, place by place."),
)
# Who walks does not lean on its nose or its side in between.
_WALKING = Termination(min_upright=0.6, min_height=0.4)
_FLOOR: Mapping[str, Termination] = {
    "lie": Termination(min_upright=None, min_height=None),
    "roll": Termination(min_upright=None, min_height=None),
    "flip": Termination(min_upright=None, min_height=None),
    "sit": Termination(min_upright=None, min_height=0.4),
    "kneel": Termination(min_upright=None, min_height=0.3),
    "crouch": Termination(min_upright=0.3, min_height=0.25),
    "crawl": Termination(min_upright=0.3, min_height=0.25),
    "bow": Termination(min_upright=0.2, min_height=0.4),
    "look": Termination(min_upright=0.2, min_height=0.4),
}
"""When an episode ends early, by the verb; a verb that is not here falls as usual."""
_RHYTHMS = SWING | {"clap"}
_OF_THE_START = frozenset("here facing smooth effort up".split())
_STEPS_HZ = 2.0
_SWAYING = {"drunk": 0.7, "zombie": 0.7, "zigzag": 0.4}
_STILL = (0.0, 0.0, 0.0)

Writer = Callable[[Pen, Doing], bool | None]
_WRITERS: Mapping[str, Writer] = {
    "travel": motion.travel,
    "circle": motion.circle,
    "zigzag": motion.zigzag,
    "limp": motion.limp,
    "rotate": motion.rotate,
    "jump": motion.jump,
    "over": motion.over,
    "swing": limbs.swing,
    "lift": limbs.lift,
    "kick": limbs.kick,
    "clap": limbs.clap,
    "point": limbs.point,
    "tilt": posture.tilt,
    "sit": posture.sit,
    "lie": posture.lie,
    "crouch": posture.crouch,
    "stand": posture.stand,
}


def ideas_of(reading: Reading, robot: Robot) -> tuple[Idea, ...]:
    """Three ways to reward the whole of a reading."""
    slots = timeline(reading, robot).slots
    return tuple(_idea(reading, robot, slots, style) for style in range(len(STYLES)))


def _idea(reading: Reading, robot: Robot, slots: tuple[Slot, ...], style: int) -> Idea:
    pen = Pen(robot, style, slots, _clock(slots))
    for number, slot in enumerate(slots):
        pen.number, pen.controls = number, set()
        for doing in slot.forbidden:
            manner.forbid(pen, doing)
        for doing in slot.doings:
            _write(pen, doing)
        posture.hold_place(pen)
        pen.heading = _heading(pen.heading, slot)
    name, says = STYLES[style]
    script = tuple(_move(robot, slot) for slot in slots) if len(slots) > 1 else ()
    told = (0.0, 0.0, 0.0) if script else _command(robot, slots[0])
    standing = () if any(slot.does(("lie", "roll", "flip")) for slot in slots) else (UP,)
    terms = pen.terms()
    always = (*(standing if robot.structure.free_base else ()), SMOOTH, EFFORT)
    return Idea(
        name=name,
        description=f"{title(reading)}. {says}",
        terms=(),
        setup=pen.statements(),
        clock_hz=pen.clock_hz,
        command=told,
        script=script if any((m.forward, m.left, m.turn) != _STILL for m in script) else (),
        termination=_ending(slots),
        pose=tuple(pen.pose.items()),
    ).plus((*terms, *always))


def _clock(slots: tuple[Slot, ...]) -> float:
    """A sequence's clock turns once a clip; what fills a clip has the clock of its rhythm."""
    if len(slots) > 1:
        return SEQUENCE_HZ
    doings = slots[0].doings
    said = [d for d in doings if d.hz and (d.action.count or d.action.tempo_hz)]
    rates = {round(d.hz, 3) for d in said}
    if len(rates) > 1 or any(d.action.count and travels(d.action) for d in said):
        return SEQUENCE_HZ
    usual = [rate for d in doings if (rate := _rhythm(d))]
    return min(max(next(iter((*rates, *usual)), _STEPS_HZ), SEQUENCE_HZ), 6.0)


def _rhythm(d: Doing) -> float | None:
    """How often a second an action comes back by itself."""
    swaying = next(
        (hz for word, hz in _SWAYING.items() if word in d.said or word == d.action.do), 0
    )
    return swaying or (d.hz if d.action.do in _RHYTHMS | JUMP else None)


def _write(pen: Pen, doing: Doing) -> None:
    writer = _WRITERS[FAMILY[doing.action.do]] if composes(pen.robot, doing.action) else None
    if writer is None or writer(pen, doing) is False:
        _write_stock(pen, doing)
    manner.manner(pen, doing)


def _write_stock(pen: Pen, doing: Doing) -> None:
    """The library's own reward for it, in its slot and with its own beat."""
    plan = stock_plan(doing.action, pen.robot)
    if plan is None:
        return
    idea = plan.ideas[pen.style % len(plan.ideas)]
    beat = pen.beat(idea.clock_hz)

    names: dict[str, str] = {}

    def adapted(code: str) -> str:
        code = re.sub(r"\bs\.phase\b", beat if beat == "s.phase" else f"({beat})", code)
        code = re.sub(r"\bs\.time\b", pen.now, code)
        return re.sub(r"(?<![.\w\"])\w+", lambda word: names.get(word[0], word[0]), code)

    for statement in ast.parse("\n".join(idea.setup)).body:
        assert isinstance(statement, ast.Assign)
        name = ast.unparse(statement.targets[0])
        names[name] = pen.let(name, adapted(ast.unparse(statement.value)))
    pen.take(
        Term(each.name, each.weight, adapted(each.code), each.why)
        for each in idea.terms
        if each.name not in _OF_THE_START
    )
    pen.controls |= {"pitch", "roll", "yaw", "height", "feet"}


def _heading(before: float | None, slot: Slot) -> float | None:
    """Where it faces after a slot; None where it went on turning."""
    turning = [doing for doing in slot.doings if doing.turn]
    if before is None or any(doing.angle is None for doing in turning):
        return None
    return before + sum(doing.angle or 0.0 for doing in turning)


def _command(robot: Robot, slot: Slot) -> tuple[float, float, float]:
    """The velocity command of a slot, within what the robot can be told."""
    ahead = aside = turn = 0.0
    for doing in slot.doings:
        turn += doing.turn
        if doing.action.do == "circle":
            ahead += doing.speed
        elif doing.aside:
            aside += doing.sign * doing.speed
        else:
            ahead += doing.sign * doing.speed
    ranges = robot.structure.command_ranges
    wanted = (ahead, aside, turn)
    if ranges:
        wanted = tuple(
            min(max(x, low), high) for x, (low, high) in zip(wanted, ranges, strict=True)
        )  # type: ignore[assignment]
    return command(robot, *wanted)


def _move(robot: Robot, slot: Slot) -> Move:
    ahead, aside, turn = _command(robot, slot)
    return Move(seconds=round(slot.length, 3), forward=ahead, left=aside, turn=turn)


def _ending(slots: tuple[Slot, ...]) -> Termination:
    """The loosest bounds that any part needs."""
    doings = [doing.action.do for slot in slots for doing in slot.doings]
    ends = [_FLOOR.get(do, _WALKING if do in TRAVEL else Termination()) for do in doings]
    uprights = [end.min_upright for end in ends]
    heights = [end.min_height for end in ends]
    return Termination(
        min_upright=None if None in uprights else min(x for x in uprights if x is not None),
        min_height=None if None in heights else min(x for x in heights if x is not None),
    )
