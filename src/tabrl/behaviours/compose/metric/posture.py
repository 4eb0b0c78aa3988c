"""Criteria of postures: what the trunk does, and how high it is."""

from tabrl.behaviours.compose.body import TWO, trunk
from tabrl.behaviours.compose.metric.motion import stay
from tabrl.behaviours.compose.metric.sheet import Sheet, counted
from tabrl.behaviours.compose.timeline import Doing

_THERE = 1.0  # s of a slot in which it gets there
_DEEP = 0.45  # rad of a bow on two legs: less is a stoop
_TILT = {"look": 0.15, "lean": 0.12, "bow": 0.2}  # rad
_TURNED = 0.15  # rad, of a look to a side
_NOSE = frozenset("up down forward backward".split())


def tilt(sheet: Sheet, d: Doing) -> None:
    """It looks or leans the asked way, and stays so."""
    bow = d.action.do == "bow" and sheet.robot.type in TWO
    size = 1.4 if "big" in d.said else 0.7 if "small" in d.said else 1.0
    bound = size * (_DEEP if bow else _TILT[d.action.do])
    way = d.action.direction
    if d.action.do == "bow" or way in _NOSE or (d.action.do == "lean" and not way):
        signal, name = trunk(sheet.robot, "pitch"), "nose down"
        if d.action.do != "bow" and way in ("up", "backward"):
            signal, name = _negative(signal), "nose up"
    elif d.action.do == "look":
        yaw, bound = trunk(sheet.robot, "yaw"), _TURNED
        signal, name = f"{yaw} | {_negative(yaw)}", "turn to a side"
        if way in ("left", "right"):
            signal, name = yaw if way == "left" else _negative(yaw), f"turn to the {way}"
        if sheet.turned:
            sheet.missing.append("which way it looks after a turn")
    else:
        left = way == "left"
        signal, name = ("- roll", "lean to the left") if left else ("roll", "lean to the right")
    if d.action.count:
        sheet.add(
            f"{d.action.do}s", "", "cycles", signal, counted(d.action.count), slack=0.0,
            height=1.2 * bound, until=0.5,
        )  # fmt: skip
        sheet.judges("count")
    held(sheet, d, name, "rad", signal, 1, bound)
    quiet(sheet, d)
    if len(sheet.slot.doings) == 1:
        planted(sheet, d)
    sheet.judges("direction", "big", "small", "part")


def _negative(signal: str) -> str:
    """A sum of series with the other sign."""
    return "- " + signal.replace(" + ", " - ")


def held(
    sheet: Sheet, d: Doing, name: str, unit: str, signal: str, sign: int, bound: float
) -> None:
    """A series stays above a bound (sign 1) or below it (-1) for most of the time."""
    after = min(_THERE, 0.4 * d.seconds)
    share = 0.25 if d.action.count or d.action.do == "bow" else 0.7
    measure = "fraction_above" if sign > 0 else "fraction_below"
    word = "over" if sign > 0 else "under"
    sheet.add(
        f"share of the time with {name} {word} {bound:.2g} {unit}", "",
        measure, signal, (share, None), after=after, bound=bound,
    )  # fmt: skip
    if "held" in d.said or sheet.slot.seconds:
        longest = "longest_above" if sign > 0 else "longest_below"
        least = 0.8 * sheet.slot.seconds if sheet.slot.seconds else 0.5 * d.seconds
        sheet.add(f"longest hold of it: {name}", "s", longest, signal, (least, None), bound=bound)
    sheet.judges("held")


def quiet(sheet: Sheet, d: Doing) -> None:
    """It stays where it is, and nothing else moves much, unless it does something else, too."""
    if sheet.slot.travels:
        return
    stay(sheet)
    if len(sheet.slot.doings) == 1 and not d.action.count:
        after = min(_THERE, 0.4 * d.seconds)
        sheet.add("speed of the joints", "rad/s", "median", "joint_speed", (None, 1.2), after=after)
        sheet.judges("calm")


def planted(sheet: Sheet, d: Doing, share: float = 0.7) -> None:
    """It stands on all its feet for most of the time."""
    feet = len(sheet.robot.structure.feet)
    if feet and sheet.robot.structure.free_base:
        sheet.add(
            "share of the time on all feet", "", "fraction_above", "feet_down", (share, None),
            after=min(_THERE, 0.4 * d.seconds), slack=0.1, bound=feet - 0.5,
        )  # fmt: skip


def sit(sheet: Sheet, d: Doing) -> None:
    """Its rear is down; on two legs, its whole body."""
    h, after = sheet.height, min(_THERE, 0.4 * d.seconds)
    if sheet.robot.type in TWO:
        sheet.add("height", "m", "median", "height", (None, 0.7 * h), after=after, slack=0.05)
        sheet.add("tilt (upright is 1)", "", "median", "upright", (0.6, None), after=after)
    else:
        name = "pitch, negative is chest up"
        sheet.add(name, "rad", "median", "pitch", (None, -0.35), after=after, slack=0.15)
        sheet.add("height", "m", "median", "height", (None, 0.95 * h), after=after, slack=0.05)
    quiet(sheet, d)


def lie(sheet: Sheet, d: Doing) -> None:
    """It is down on the floor, and stays there."""
    h, after = sheet.height, min(_THERE, 0.4 * d.seconds)
    bound = 0.6 * h
    sheet.add(
        "share of the time down", "", "fraction_below", "height", (0.6, None), after=after,
        bound=bound,
    )  # fmt: skip
    sheet.add("height at the end", "m", "final", "height", (0.0, 0.55 * h), slack=0.1)
    if sheet.robot.type not in TWO:
        aside = d.action.direction
        if aside in ("left", "right", "sideways"):
            signal = {"left": "- left_up", "right": "left_up"}.get(aside, "left_up | - left_up")
            name = "side" if aside == "sideways" else f"{aside} side"
            sheet.add(f"tilt to its {name} (1 is flat on it)", "", "median", signal, (0.7, None),
                      after=after)  # fmt: skip
            sheet.judges("direction")
        else:
            on_back = d.action.part == "back"
            up = (None, -0.7) if on_back else (0.7, None)
            sheet.add("tilt (upright is 1)", "", "median", "upright", up, after=after)
            sheet.judges("part") if on_back else None
    quiet(sheet, d)
    sheet.judges("height")


def crouch(sheet: Sheet, d: Doing) -> None:
    """It is low on its feet."""
    h, after = sheet.height, min(_THERE, 0.4 * d.seconds)
    low = (0.87 if sheet.robot.type in TWO else 0.78) * h
    sheet.add("height", "m", "median", "height", (None, low), after=after, slack=0.05)
    sheet.add("lowest", "m", "min", "height", (0.3 * h, None), after=after)
    sheet.add("tilt (upright is 1)", "", "mean", "upright", (0.8, None))
    if d.action.count:
        sheet.add(
            "times down and up", "", "cycles", "height", counted(d.action.count), slack=0.0,
            height=0.12 * h, until=0.5,
        )  # fmt: skip
        sheet.judges("count")
    quiet(sheet, d)
    sheet.judges("height", "held")


def stand(sheet: Sheet, d: Doing) -> bool:
    """It stands still on all its feet."""
    if d.action.part:  # on some of them
        return False
    h, after = sheet.height, min(_THERE, 0.4 * d.seconds)
    if sheet.robot.structure.free_base:
        high = d.action.height == "high" or d.action.do == "rise"
        least = 1.1 if high and sheet.robot.type not in TWO else 0.8
        sheet.add("height", "m", "median", "height", (least * h, None), after=after, slack=0.04)
        sheet.add("turned", "rad", "change", "yaw", (-0.5, 0.5), after=after)
        sheet.add("way walked", "m", "change", "path", (None, 0.35), after=after)
        if not {"part", "side"} & d.said:
            planted(sheet, d, 0.95)
    if d.action.do == "rise" and sheet.slot.start == 0.0 and sheet.robot.falls:
        sheet.missing.append("\u201crise\u201d: it begins on its feet")
    alone = all(doing.action.do in ("stand", "freeze", "rise") for doing in sheet.slot.doings)
    if alone:
        sheet.add("speed of the joints", "rad/s", "median", "joint_speed", (None, 1.0), after=after)
    sheet.judges("height", "held", "calm", "in place")
    return True
