"""Criteria of getting about: walking, circling, turning, jumping."""

from math import pi

from tabrl.behaviours.compose.body import TWO, limbs
from tabrl.behaviours.compose.metric.sheet import Bounds, Sheet, counted, signed
from tabrl.behaviours.compose.timeline import CLIP_S, JUMP, Doing, travels

_OFF = 0.5  # s of a slot in which it sets off
_PIVOT = 0.08  # m between its middle and the point that it turns about
_FREE_TO_TURN = ("circle", "zigzag", "turn", "spin")


def travel(sheet: Sheet, d: Doing) -> None:
    """It gets on, the asked way, so far and so fast."""
    axis, other = ("left", "forward") if d.aside else ("forward", "left")
    exact = "speed_mps" in d.said or {"slow", "fast", "fastest"} & d.said
    low = (0.8 if exact else 0.5) * d.speed
    high = 1.25 * d.speed if exact and "fastest" not in d.said else None
    if d.action.direction == "sideways":
        signal = "left_speed | - left_speed"
        sheet.add("speed to a side", "m/s", "mean", signal, (low, high), slack=0.1, after=_OFF)
    else:
        bounds = signed(d.sign, low, high)
        name = "speed to the left" if d.aside else "forward speed"
        sheet.add(name, "m/s", "mean", f"{axis}_speed", bounds, slack=0.1, after=_OFF)
    if not sheet.slot.crossed(d):
        astray = max(0.5 * d.speed, 0.15)
        name = "speed ahead" if d.aside else "speed to the left"
        sheet.add(name, "m/s", "mean", f"{other}_speed", (-astray, astray), after=_OFF)
    if sheet.robot.structure.free_base and not d.action.part:
        sheet.add("share of the time upright", "", "fraction_above", "upright", (0.95, None),
                  slack=0.05, bound=0.8)  # fmt: skip
    if not sheet.slot.does(_FREE_TO_TURN):
        sheet.add("swing of the heading", "rad", "range", "yaw", (None, 1.0), after=_OFF)
        sheet.judges("straight")
    if d.distance:
        far = (0.75 * d.distance, 1.35 * d.distance)
        sheet.add("length of the way", "m", "change", "path", far, slack=0.1, until=_OFF)
    if d.action.count and d.action.do not in JUMP:
        _steps(sheet, d, d.action.count)
    sheet.judges("direction", "distance_m", "speed_mps", "slow", "fast", "fastest")


def _steps(sheet: Sheet, d: Doing, count: int) -> None:
    """So many steps of the foot that leads."""
    side = "right" if d.action.direction == "right" else "left"
    feet = [foot.name for foot in sheet.robot.structure.feet]
    lead = side if side in feet else f"F{side[0].upper()}"
    if lead in feet:
        height = 0.06 * sheet.height
        sheet.add(
            f"steps of the {side} foot", "", "cycles", f"foot_height:{lead}",
            counted(count), slack=0.0, height=height, until=_OFF,
        )  # fmt: skip
        sheet.judges("count", "side", "part")


def circle(sheet: Sheet, d: Doing) -> None:
    """It walks and turns to one side, all the time."""
    sheet.add("forward speed", "m/s", "mean", "forward_speed", (0.4 * d.speed, None), after=_OFF)
    if d.action.direction:
        bounds = signed(d.sign, 0.3 * abs(d.turn), None)
        name = "least_rate" if d.sign > 0 else "greatest_rate"
        sheet.add("turn rate throughout", "rad/s", name, "yaw", bounds, after=_OFF, seconds=2.0)
    if d.angle is not None:
        _turned(sheet, d, abs(d.angle))
    else:
        least = 0.55 * abs(d.turn) * d.seconds
        sheet.add("turned", "rad", "range", "yaw", (least, None))
    radius = d.speed / abs(d.turn)
    wide = (0.6, 1.6) if "distance_m" in d.said else (0.3, 3.0)
    sheet.add("radius", "m", "radius", None, (wide[0] * radius, wide[1] * radius), slack=0.15)
    sheet.judges("direction", "count", "angle_rad", "distance_m", "turn_rate", "speed_mps")


def rotate(sheet: Sheet, d: Doing) -> None:
    """It turns, the asked way and so far, where it stands."""
    if d.angle is not None:
        _turned(sheet, d, abs(d.angle))
    else:
        exact = "turn_rate" in d.said or {"slow", "fast", "fastest"} & d.said
        rate = abs(d.turn)
        bounds: Bounds = (0.75 * rate, 1.3 * rate) if exact else (0.5 * rate, None)
        if d.action.direction:
            sheet.add("turn rate", "rad/s", "rate", "yaw", signed(d.sign, *bounds), after=_OFF)
        else:
            sheet.add("turn rate", "rad/s", "rate", "yaw | - yaw", bounds, after=_OFF)
    if not sheet.slot.travels:
        stay(sheet, turning=abs(d.angle or d.turn * sheet.slot.length))
    sheet.judges(
        "direction", "angle_rad", "turn_rate", "count", "slow", "fast", "fastest", "in place"
    )


def _turned(sheet: Sheet, d: Doing, angle: float) -> None:
    """Turned by an angle: the wrong way, half of it and double of it do not pass."""
    bounds = (0.8 * angle, 1.25 * angle)
    if d.action.direction:
        sheet.add(
            "turned to the left", "rad", "change", "yaw", signed(d.sign, *bounds),
            slack=0.1, until=0.8,
        )  # fmt: skip
    else:
        either = "yaw | - yaw"
        sheet.add("turned", "rad", "change", either, bounds, slack=0.1, until=0.8)


def stay(sheet: Sheet, turning: float = 0.0) -> None:
    """It stays about where it is; who turns by an angle (rad) may turn about a point beside it."""
    if sheet.robot.structure.free_base:
        two = sheet.robot.type in TWO
        if sheet.left:
            room = 0.35 + 0.05 * sheet.slot.length + (0.3 if two else 0.0) + _PIVOT * turning
            sheet.add("way walked", "m", "change", "path", (None, room))
        else:  # two feet step in place to keep a body up: that leads nowhere
            room = 0.3 + (0.6 if two else 0.5) * sheet.height + _PIVOT * turning
            sheet.add("way from the start", "m", "max", "distance", (None, room))
        if not turning:
            face(sheet)


def face(sheet: Sheet) -> None:
    """It faces at the end where it faced before, unless turning is a part of what it does."""
    doings = sheet.slot.doings
    aside = any(d.action.do == "look" and d.action.direction not in ("up", "down") for d in doings)
    if aside or sheet.slot.does(_FREE_TO_TURN):
        return
    swings = sheet.slot.does(("shake", "twist", "swing", "wave")) or sheet.robot.type in TWO
    room = 1.0 if swings else 0.6
    sheet.add("turned", "rad", "change", "yaw", (-room, room))


def jump(sheet: Sheet, d: Doing) -> None:
    """All feet leave the floor, so often."""
    size = {"low": 0.7, "high": 1.5}.get(d.action.height or "", 1.0)
    size *= 1.4 if "big" in d.said else 0.7 if "small" in d.said else 1.0
    rise = 0.15 * size * sheet.height
    if d.action.count:
        sheet.add(
            "jumps", "", "cycles", "height", counted(d.action.count), slack=0.0,
            height=rise, until=_OFF,
        )  # fmt: skip
        if sheet.slot.end < CLIP_S:  # whatever comes then, with a rise or a fall of its own
            sheet.add(
                "jumps to the end of the clip", "", "cycles", "height",
                (None, d.action.count + 1.0), slack=0.0, height=rise, until=CLIP_S,
            )  # fmt: skip
        least = 0.06 * d.action.count / d.seconds
        sheet.add("share of the time in the air", "", "mean", "flight", (least, None))
    else:
        often = 0.35 * d.seconds if "tempo_hz" not in d.said else 0.7 * d.hz * d.seconds
        most = None if "tempo_hz" not in d.said else 1.4 * d.hz * d.seconds
        sheet.add("jumps", "", "cycles", "height", (often, most), height=rise)
        sheet.add("share of the time in the air", "", "mean", "flight", (0.08, None))
    if travels(d.action):
        travel(sheet, d)
    elif d.action.do != "leap":
        stay(sheet)
    sheet.judges("count", "height", "tempo_hz", "big", "small", "in place")
    if d.action.direction == "up":
        sheet.judges("direction")


def zigzag(sheet: Sheet, d: Doing) -> None:
    """It gets on and turns to one side and to the other."""
    travel(sheet, d)
    sheet.add("swing of the heading", "rad", "amplitude", "yaw", (0.25, None))
    sheet.add("heading at the end", "rad", "change", "yaw", (-1.5, 1.5))


def limp(sheet: Sheet, d: Doing) -> None:
    """It walks, and one leg carries less than the others."""
    travel(sheet, d)
    found = limbs(sheet.robot, d.action)
    if found:
        spared = " | ".join(f"contact:{limb.name}" for limb in found.named)
        sheet.add("share of the time on the spared leg", "", "mean", spared, (None, 0.4))
        sheet.judges("part", "side")


def over(sheet: Sheet, d: Doing) -> None:
    """A flip or a roll: once over."""
    signal = "pitched" if d.action.do == "flip" else "rolled"
    times = d.action.count or 1
    full = (0.8 * 2 * pi * times, 1.3 * 2 * pi * times)
    if d.action.direction:
        sheet.add("turned over", "rad", "change", signal, signed(_over(d), *full), slack=0.1)
    else:
        sheet.add("turned over", "rad", "change", f"{signal} | - {signal}", full, slack=0.1)
    sheet.judges("direction", "count")


def _over(d: Doing) -> int:
    """The sign of a pitch forward, and of a roll to the right."""
    return -1 if d.action.direction in ("backward", "left") else 1
