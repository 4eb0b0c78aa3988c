"""Criteria of limbs: lifted, pointing, kicking; and of what swings to and fro."""

from tabrl.behaviours.compose.body import ARMS, TWO, Limb, Limbs, limbs, trunk
from tabrl.behaviours.compose.metric.motion import stay
from tabrl.behaviours.compose.metric.posture import held
from tabrl.behaviours.compose.metric.sheet import Sheet, counted
from tabrl.behaviours.compose.timeline import BENDS, Doing
from tabrl.robots.catalogue import Robot

_HIPS = frozenset("hips waist tail back chest".split())
_LIMBS = frozenset("arm hand elbow wrist shoulder fingers leg knee".split()) | {
    "front leg",
    "rear leg",
}


def lift(sheet: Sheet, d: Doing) -> bool:
    """The named limb is up, and the others are not. False where the robot has no such limb."""
    found = limbs(sheet.robot, d.action)
    if found is None:
        return False
    bound = high(sheet, found.named[0], d)
    if d.action.count:
        _cycles(sheet, d, _each(found), 0.6 * bound if found.named[0].kind == "foot" else 0.15)
    for signal in _each(found):
        held(sheet, d, _called(signal, found), "m", signal, 1, bound)
    _others_down(sheet, d, found)
    sheet.judges("part", "side", "height", "count", "direction")
    return True


def high(sheet: Sheet, limb: Limb, d: Doing) -> float:
    """The height in m from which on a limb is lifted."""
    if limb.kind == "hand":
        names = [hand.name for hand in sheet.robot.structure.hands]
        raised = sheet.robot.structure.raised
        if not raised:
            return 0.4
        arm = raised[names.index(limb.name)]
        share = {"high": 0.75, "low": 0.3}.get(d.action.height or "", 0.6)
        return arm.rest + share * (arm.height - arm.rest)
    share = {"high": 0.4, "low": 0.12}.get(d.action.height or "", 0.22)
    return (0.4 if sheet.robot.type in TWO else 1.0) * share * sheet.height


def _each(found: Limbs) -> list[str]:
    """A signal of height for each limb that must be up; one of all where either may be."""
    signals = [limb.signal for limb in found.named]
    return signals if found.every else [" | ".join(signals)]


def _called(signal: str, found: Limbs) -> str:
    kind = found.named[0].kind
    return f"a {kind}" if " | " in signal else f"the {signal.partition(':')[2]} {kind}"


def _others_down(sheet: Sheet, d: Doing, found: Limbs) -> None:
    """Whichever else there is stays down, where a side or an end was said."""
    kind = found.named[0].kind
    moving = sheet.slot.travels
    if kind == "hand" and found.every and not _also_used(sheet, d):
        for limb in found.others:
            if not _forbidden(sheet, limb):  # that is asked for, and more strictly, by itself
                sheet.add(
                    f"share of the time with the {limb.name} hand down", "", "fraction_below",
                    limb.signal, (0.8, None), bound=high(sheet, limb, d),
                )  # fmt: skip
    if kind == "foot" and not moving:
        for limb in found.others if found.every else ():
            sheet.add(
                f"share of the time on the {limb.name} foot", "", "mean", f"contact:{limb.name}",
                (0.6, None), slack=0.3,
            )  # fmt: skip
    if not moving:
        stay(sheet)


def _forbidden(sheet: Sheet, limb: Limb) -> bool:
    """Whether the sentence says by itself that this limb is not to be lifted."""
    told = (each for each in sheet.slot.forbidden if each.action.do == "lift")
    found = (limbs(sheet.robot, each.action) for each in told)
    return any(limb in each.named for each in found if each)


def _also_used(sheet: Sheet, d: Doing) -> bool:
    """Whether another action of the slot needs the other hand."""
    return any(
        each is not d
        and (each.action.part in _LIMBS or each.action.do in ("wave", "clap"))
        and each.action.side != d.action.side
        for each in sheet.slot.doings
    )


def point(sheet: Sheet, d: Doing) -> bool:
    """A hand or a paw is out the asked way."""
    found = limbs(sheet.robot, d.action)
    way = d.action.direction or ("up" if d.action.do == "reach" else "forward")
    if found is None:
        return False
    sign = -1 if way in ("right", "backward", "down") else 1
    names = [limb.name for limb in found.named]
    if found.named[0].kind == "foot":
        signal = " | ".join(f"foot_forward:{name}" for name in names)
        held(sheet, d, "a paw ahead", "m", signal, 1, 0.85 * sheet.height)
        return lift(sheet, d)
    if sheet.robot.type in ARMS:
        axis, bound = _REACHES.get(way, _REACHES["forward"])
        bound *= 1.0 if sheet.robot.type == "arm" else 0.45
    elif way in ("up", "down"):
        axis, bound = "height", high(sheet, found.named[0], d)
    else:
        axis = "left" if way in ("left", "right") else "forward"
        bound = sign * 0.45 * sheet.height
    signal = " | ".join(f"hand_{axis}:{name}" for name in names)
    held(sheet, d, f"the hand {way}", "m", signal, sign, bound)
    if d.action.count:
        _cycles(sheet, d, [signal], 0.15)
    if sheet.robot.type not in ARMS:
        _others_down(sheet, d, found)
    sheet.judges("direction", "part", "side", "height", "count")
    return True


_REACHES = {
    "forward": ("x", 0.65),
    "backward": ("x", -0.2),
    "left": ("y", 0.35),
    "right": ("y", -0.35),
    "up": ("height", 0.8),
    "down": ("height", 0.25),
}
"""How far out the hand of an arm is, in m, by the axis."""


def kick(sheet: Sheet, d: Doing) -> bool:
    """A foot swings up and out, and comes down again."""
    found = limbs(sheet.robot, d.action)
    if found is None:
        return False
    share = 0.12 if sheet.robot.type in TWO else 0.3
    count = d.action.count or 1
    often = counted(count) if d.action.count else (0.5, None)
    for prefix, name, size in (("foot_height", "up", share), ("foot_forward", "out", 1.3 * share)):
        signal = " | ".join(f"{prefix}:{limb.name}" for limb in found.named)
        sheet.add(
            f"kicks {name}", "", "cycles", signal, often, slack=0.0, until=0.5,
            height=size * sheet.height,
        )  # fmt: skip
    stay(sheet)
    sheet.judges("part", "side", "count", "direction")
    return True


def clap(sheet: Sheet, d: Doing) -> bool:
    """The hands come together, again and again."""
    if len(sheet.robot.structure.hands) != 2:
        return False
    often = counted(d.action.count) if d.action.count else (0.3 * d.hz * d.seconds, None)
    sheet.add("claps", "", "cycles", "hands_apart", often, slack=0.0, height=0.08, until=0.5)
    sheet.add("hands apart at the least", "m", "min", "hands_apart", (None, 0.2))
    sheet.judges("count")
    return True


def swing(sheet: Sheet, d: Doing) -> bool:
    """It goes to and fro, on a beat or so often."""
    found = swung(sheet.robot, d)
    if found is None:
        return False
    signals, unit, size = found
    name = f"swing of the {d.action.part}" if d.action.part else d.action.do
    size *= 2.6 if "big" in d.said else 0.5 if "small" in d.said else 1.0
    signal = " | ".join(signals)
    if d.action.count:
        sheet.add(
            f"{name}s" if name == d.action.do else f"{name}, how often", "", "cycles", signal,
            counted(d.action.count, swing=True), slack=0.0, height=1.3 * size, until=0.5,
        )  # fmt: skip
    else:
        most = 2.8 * size if "small" in d.said else None
        sheet.add(name, unit, "amplitude", signal, (size, most))
        sheet.add(f"share of the {name} on the beat", "", "rhythm", signal, (0.6, None), slack=0.1)
        if {"tempo_hz", "slow", "fast", "fastest"} & d.said:
            beat = (0.8 * d.hz, 1.25 * d.hz)
            sheet.add(f"{name}s a second", "Hz", "frequency", signal, beat, slack=0.1)
    if d.action.do == "wave":
        _up(sheet, d)
    if not sheet.slot.travels:
        stay(sheet)
    sheet.judges("count", "tempo_hz", "slow", "fast", "fastest", "big", "small", "part", "side")
    sheet.judges("direction") if d.action.direction in _ALONG.get(d.action.do, ()) else None
    return True


_ALONG = {
    "nod": ("up", "down"),
    "sway": ("left", "right", "sideways", "forward"),
    "twist": ("left", "right"),
}


def swung(robot: Robot, d: Doing) -> tuple[list[str], str, float] | None:
    """The series that swing, their unit, and the least amplitude of one that does."""
    do, part = d.action.do, d.action.part
    if do == "wave" or part in _LIMBS:
        found = limbs(robot, d.action)
        return _limb_swung(robot, found) if found else None
    if robot.type in ARMS:
        hand = robot.structure.hands[-1].name
        return ([f"hand_height:{hand}" if do == "nod" else f"hand_y:{hand}"], "m", 0.05)
    if not robot.structure.free_base:
        return None
    pitch, yaw = trunk(robot, "pitch"), trunk(robot, "yaw")
    if do == "nod":
        return [pitch], "rad", 0.09
    if do == "sway" and d.action.direction == "forward":
        return ["pitch"], "rad", 0.08
    if do == "sway" or part in _HIPS:
        hips = "hips" in robot.structure.groups
        return ["sway" if hips else "roll"], "rad", 0.08
    if do == "twist" or part in ("head", "neck"):
        return [yaw], "rad", 0.11
    return ["roll", yaw], "rad", 0.1


def _limb_swung(robot: Robot, found: Limbs) -> tuple[list[str], str, float]:
    if found.named[0].kind == "foot" and robot.type == "quadruped":
        return [f"group:{limb.name}" for limb in found.named], "rad", 0.06
    axes = ("x", "y", "height") if robot.type in ARMS else ("left", "forward", "height")
    kind = found.named[0].kind
    return [f"{kind}_{axis}:{limb.name}" for limb in found.named for axis in axes], "m", 0.05


def _up(sheet: Sheet, d: Doing) -> None:
    """What waves is up."""
    found = limbs(sheet.robot, d.action)
    if found and sheet.robot.type not in ARMS:
        bound = (
            0.7 * high(sheet, found.named[0], d)
            if found.named[0].kind == "foot"
            else (high(sheet, found.named[0], d))
        )
        signal = " | ".join(limb.signal for limb in found.named)
        sheet.add("height of what waves", "m", "median", signal, (bound, None), after=1.0, slack=0)
        if sheet.robot.type in TWO and not sheet.slot.does(BENDS):
            sheet.add("stoop", "rad", "median", trunk(sheet.robot, "pitch"), (-0.3, 0.3), after=1.5)
        _others_down(sheet, d, found)


def _cycles(sheet: Sheet, d: Doing, signals: list[str], height: float) -> None:
    assert d.action.count
    for signal in signals:
        sheet.add(
            f"times the {d.action.part or 'limb'} goes up", "", "cycles", signal,
            counted(d.action.count), slack=0.0, height=height, until=0.5,
        )  # fmt: skip
