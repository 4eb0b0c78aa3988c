"""Criteria of how it is done, and of what must not happen."""

from collections.abc import Callable, Mapping

from tabrl.behaviours.compose.body import TWO, limbs, trunk, walks
from tabrl.behaviours.compose.metric.limbs import high, swung
from tabrl.behaviours.compose.metric.sheet import Sheet
from tabrl.behaviours.compose.timeline import JUMP, STILL, SWING, TRAVEL, Doing, travels

_LOW = frozenset("sneaky quiet tired sad old scared".split())
_SWAYS = frozenset("drunk zombie".split())


def manner(sheet: Sheet, d: Doing) -> None:
    """What an action's manner asks of the trunk and the feet while it gets on."""
    h, said = sheet.height, d.said
    if not walks(sheet.robot):
        return
    if d.action.do == "crawl":
        sheet.add("height", "m", "median", "height", (None, 0.8 * h), slack=0.05, after=1.0)
    if not (travels(d.action) or d.action.do in ("turn", "spin", "march")):
        return
    low = _LOW & said or d.action.height == "low"
    if low:
        share = 0.93 if sheet.robot.type in TWO else 0.86
        sheet.add("height", "m", "median", "height", (None, share * h), slack=0.05, after=1.0)
        sheet.judges(*_LOW, "height")
    if "proud" in said or d.action.height == "high":
        sheet.add("height", "m", "median", "height", (1.04 * h, None), slack=0.03, after=1.0)
        sheet.judges("proud", "height")
    if _SWAYS & said:
        sheet.add("swing of the trunk", "rad", "range", "roll", (0.2, None), after=1.0)
        sheet.judges(*_SWAYS)
        if "zombie" in said:
            for hand in sheet.robot.structure.hands if sheet.robot.type in TWO else ():
                sheet.add(
                    f"the {hand.name} hand ahead", "m", "median", f"hand_forward:{hand.name}",
                    (0.38 * h, None), after=1.0,
                )  # fmt: skip
    if "hot ground" in said:
        for foot in sheet.robot.structure.feet:
            sheet.add(
                f"longest stand on the {foot.name} foot", "s", "longest_above",
                f"contact:{foot.name}", (None, 0.45), after=1.0, bound=0.5,
            )  # fmt: skip
        sheet.judges("hot ground")
    if "in place" in said:
        sheet.judges("in place")


def forbid(sheet: Sheet, d: Doing) -> bool:
    """Write what must not happen; False where it cannot be judged."""
    rule = _RULES.get(d.action.do) if walks(sheet.robot) else None
    done = rule(sheet, d) if rule else False
    sheet.judges(*d.said)
    return done


def _no_turn(sheet: Sheet, d: Doing) -> bool:
    sheet.add("swing of the heading, which must not turn", "rad", "range", "yaw", (None, 0.6))
    return True


def _no_way(sheet: Sheet, d: Doing) -> bool:
    if d.action.part in ("head", "neck"):
        for axis in ("pitch", "yaw"):
            signal = trunk(sheet.robot, axis)
            sheet.add(f"{axis} of the head, which must not move", "rad", "std", signal, (None, 0.1))
        return True
    if d.action.part:
        return _no_swing(sheet, d)
    if d.action.direction in ("left", "right", "sideways"):
        sheet.add(
            "speed to a side, where it must not go", "m/s", "abs_mean", "left_speed", (None, 0.15)
        )
        return True
    if d.action.direction in ("forward", "backward"):
        sign = "" if d.action.direction == "forward" else "- "
        sheet.add(
            f"speed {d.action.direction}, where it must not go", "m/s", "mean",
            f"{sign}forward_speed", (None, 0.1),
        )  # fmt: skip
        return True
    sheet.add("way walked, where it must stay", "m", "change", "path", (None, 0.5))
    return True


def _no_jump(sheet: Sheet, d: Doing) -> bool:
    sheet.add("share of the time in the air, on the floor", "", "mean", "flight", (None, 0.02))
    return True


def _no_lift(sheet: Sheet, d: Doing) -> bool:
    found = limbs(sheet.robot, d.action)
    if found is None:
        return False
    for limb in found.named:
        bound = 0.03 if limb.kind == "foot" else high(sheet, limb, d)
        sheet.add(
            f"share of the time with the {limb.name} {limb.kind} down, as it must be", "",
            "fraction_below", limb.signal, (0.9, None), bound=bound, slack=0.1,
        )  # fmt: skip
    return True


def _no_swing(sheet: Sheet, d: Doing) -> bool:
    found = swung(sheet.robot, d)
    if found is None:
        return False
    signals, unit, size = found
    for signal in signals:
        name = f"{d.action.do} of {signal}, which must not be"
        sheet.add(name, unit, "amplitude", signal, (None, 0.6 * size))
    return True


def _no_tilt(sheet: Sheet, d: Doing) -> bool:
    for signal in (trunk(sheet.robot, "pitch"), "roll"):
        sheet.add(f"{signal}, which must be level", "rad", "abs_mean", signal, (None, 0.12))
    return True


def _no_sinking(sheet: Sheet, d: Doing) -> bool:
    least = 0.8 * sheet.height
    sheet.add("lowest, where it must not go down", "m", "min", "height", (least, None), slack=0.1)
    return True


def _no_stop(sheet: Sheet, d: Doing) -> bool:
    """It must never stand still."""
    moving = sheet.slot.travels
    if moving:
        sheet.add(
            "slowest stretch of the way", "m/s", "least_rate", "path", (0.1, None), seconds=1.0
        )
    else:
        sheet.add(
            "longest time without moving", "s", "longest_below", "joint_speed", (None, 1.0),
            bound=0.3, after=1.0,
        )  # fmt: skip
    return True


def _no_fall(sheet: Sheet, d: Doing) -> bool:
    return True  # every reading asks for that


Rule = Callable[[Sheet, Doing], bool]
_RULES: Mapping[str, Rule] = (
    dict.fromkeys(("turn", "spin", "circle"), _no_turn)
    | dict.fromkeys(TRAVEL - {"circle"}, _no_way)
    | {"move": _no_way}
    | dict.fromkeys(JUMP, _no_jump)
    | dict.fromkeys(("lift", "kick", "point", "reach"), _no_lift)
    | dict.fromkeys(SWING - {"wave"}, _no_swing)
    | {"wave": _no_lift}
    | dict.fromkeys(("look", "lean", "bow"), _no_tilt)
    | dict.fromkeys(("sit", "lie", "crouch", "kneel", "lower"), _no_sinking)
    | dict.fromkeys(STILL, _no_stop)
    | {"fall": _no_fall}
)
