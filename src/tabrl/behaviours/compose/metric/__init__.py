"""From a reading to the metric that judges it; the rewards are written without sight of this."""

from collections.abc import Callable, Mapping

from tabrl.behaviours.compose.body import FAMILY, composes
from tabrl.behaviours.compose.metric import limbs, manner, motion, posture
from tabrl.behaviours.compose.metric.sheet import Sheet
from tabrl.behaviours.compose.stock import stock_plan
from tabrl.behaviours.compose.timeline import Doing, Slot, timeline
from tabrl.behaviours.compose.words import question, title
from tabrl.behaviours.reading import Reading
from tabrl.robots.catalogue import Robot
from tabrl.spec import Metric

_DOWN = frozenset("lie sit kneel fall roll flip".split())
"""Verbs from which on a low or tilted base is no fall."""
_SINKING = 0.5  # s before its time in which it may begin to go down
_FASTEST_JOINTS = 6.0  # rad/s; motors that get random targets shake a robot at about 10

Judges = Callable[[Sheet, Doing], bool | None]
_JUDGES: Mapping[str, Judges] = {
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


def metric_of(reading: Reading, robot: Robot) -> Metric:
    """A criterion for every argument of a reading; what has none puts the metric in doubt."""
    time = timeline(reading, robot)
    sheet = Sheet(robot, len(time.slots))
    for number, slot in enumerate(time.slots, 1):
        sheet.turn_to(slot, number)
        for doing in slot.doings:
            _judge(sheet, doing)
        for doing in slot.forbidden:
            if not manner.forbid(sheet, doing):
                sheet.missing.append(f"\u201cnot {doing.action.do}\u201d")
            sheet.close(doing)
    _falls(sheet, time.slots)
    _shaking(sheet, time.slots)
    return Metric(
        name=title(reading).lower()[:80],
        question=question(reading),
        criteria=tuple(sheet.criteria),
        doubt=doubt_of(reading, (*time.trouble, *_measured(sheet))),
    )


def _judge(sheet: Sheet, doing: Doing) -> None:
    judge = _JUDGES[FAMILY[doing.action.do]] if composes(sheet.robot, doing.action) else None
    if judge is None or judge(sheet, doing) is False:
        plan = stock_plan(doing.action, sheet.robot)
        if plan is None:
            sheet.missing.append(f"\u201c{doing.action.do}\u201d")
        else:
            sheet.copy(plan.metric.criteria)
            sheet.judges("slow", "fast", "tempo_hz")
    manner.manner(sheet, doing)
    sheet.close(doing)


def _falls(sheet: Sheet, slots: tuple[Slot, ...]) -> None:
    """No falls until it goes down on purpose."""
    until = next((slot.start for slot in slots if slot.does(_DOWN)), None)
    structure = sheet.robot.structure
    if not (structure.free_base and sheet.robot.falls) or until == 0.0:
        return
    window = {} if until is None else {"from_s": 0.0, "to_s": max(until - _SINKING, 0.1)}
    sheet.add("falls", "", "falls", None, (None, 0.0), anytime=True, **window)


def _shaking(sheet: Sheet, slots: tuple[Slot, ...]) -> None:
    """No robot that shakes at random does by chance what was asked for."""
    if any(slot.does(("run", "jump", "hop", "leap", "flip")) for slot in slots):
        return
    if any(criterion.signal == "joint_speed" for criterion in sheet.criteria):
        return
    sheet.add(
        "movement", "rad/s", "mean", "joint_speed", (None, _FASTEST_JOINTS), slack=0.2, anytime=True
    )


def _measured(sheet: Sheet) -> tuple[str, ...]:
    missing = tuple(dict.fromkeys(sheet.missing))
    if not missing:
        return ()
    return (f"I have no measure for {', '.join(missing[:5])}",)


def doubt_of(reading: Reading, trouble: tuple[str, ...] = ()) -> str:
    """Why a person has to look, in words: what was not read, or is not sure, or has no measure."""
    unread = ", ".join(f"\u201c{word}\u201d" for word in reading.unread[:5])
    said = [
        *([f"I did not read {unread}"] if unread else []),
        *([] if reading.sure else [reading.note.rstrip(".") or "I am not sure what was meant"]),
        *trouble,
    ]
    return f"Look for yourself: {'; '.join(said)}." if said else ""
