"""The words in which metrics are written: measures and series, for each robot. Without MuJoCo.

One table that feeds prompts and the check of a metric; `tabrl.verdict.measures` computes the
measures, `tabrl.verdict.trajectory` the series.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tabrl.robots.catalogue import Robot
from tabrl.spec import Criterion, Finding, Metric

WINDOW = ("from_s", "to_s")
"""Arguments that any measure takes besides: the seconds of the clip that it looks at alone."""
OR = " | "
"""Between signals: the one that keeps the bounds best counts, such as either of two feet."""
_SIGN = re.compile(r"(?:^| )([+-]) ")


def summands(signal: str) -> dict[str, int]:
    """The series that a signal is the sum of, each with its sign: `pitch - roll`, `- yaw`."""
    _, *rest = _SIGN.split(signal if signal.startswith("- ") else f"+ {signal}")
    signs = (1 if sign == "+" else -1 for sign in rest[::2])
    return dict(zip(rest[1::2], signs, strict=True))


@dataclass(frozen=True)
class Measure:
    """A number that is taken from a series, or from the whole trajectory.

    Attributes:
        args: named numbers that it takes besides those of `WINDOW`.
        reads: series that it reads by itself; it takes no signal then.
    """

    name: str
    meaning: str
    args: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()


@dataclass(frozen=True)
class Word:
    """A series at 50 Hz, by the name under which a criterion asks for it."""

    name: str
    unit: str
    meaning: str


MEASURES: tuple[Measure, ...] = (
    Measure("mean", "mean after the first second"),
    Measure("median", "median after the first second"),
    Measure("abs_mean", "mean of the absolute value after the first second"),
    Measure("std", "standard deviation after the first second"),
    Measure("min", "least value of the whole clip"),
    Measure("max", "greatest value of the whole clip"),
    Measure("range", "greatest less least value of the whole clip"),
    Measure("final", "mean of the last second"),
    Measure("change", "last less first value"),
    Measure("rate", "last less first value, a second"),
    Measure("least_rate", "least change a second over any stretch of so long", ("seconds",)),
    Measure("greatest_rate", "greatest change a second over any stretch of so long", ("seconds",)),
    Measure("fraction_above", "share of the time above a bound", ("bound",)),
    Measure("fraction_below", "share of the time below a bound", ("bound",)),
    Measure("longest_above", "longest time in s above a bound without a break", ("bound",)),
    Measure("longest_below", "longest time in s below a bound without a break", ("bound",)),
    Measure("amplitude", "half of the swing from peak to trough that lasts through the clip"),
    Measure("frequency", "dominant frequency, 0.2 to 12 Hz"),
    Measure("rhythm", "how alike the motion is from beat to beat: 1 repeats itself, chance is 0.3"),
    Measure("cycles", "full swings of at least a height over the whole clip", ("height",)),
    Measure("steadiness", "1 - standard deviation / |mean|: 1 is constant"),
    Measure("falls", "how often the base went down", reads=("height", "upright")),
    Measure(
        "alternation",
        "share of the time in which one diagonal pair of feet stands and the other does not",
        reads=("contact:FR", "contact:FL", "contact:RR", "contact:RL"),
    ),
    Measure("radius", "way in m for each radian of turn", reads=("path", "yaw")),
)

_BASE: tuple[Word, ...] = (
    Word("height", "m", "height of the base above the floor"),
    Word("roll", "rad", "roll of the base, positive leans to the right"),
    Word("pitch", "rad", "pitch of the base, positive is nose down"),
    Word("yaw", "rad", "yaw since the start, not wrapped, positive is left"),
    Word("upright", "1", "base z axis . vertical: 1 upright, 0 on its side, -1 upside down"),
    Word("nose_up", "1", "base x axis . vertical: 1 nose to the sky"),
    Word("left_up", "1", "base y axis . vertical: 1 left side up"),
    Word("forward_speed", "m/s", "horizontal velocity along where it faces"),
    Word("left_speed", "m/s", "horizontal velocity to its left"),
    Word("up_speed", "m/s", "vertical velocity"),
    Word("speed", "m/s", "horizontal speed in any direction"),
    Word("turn_rate", "rad/s", "angular velocity about the vertical, positive is left"),
    Word("roll_rate", "rad/s", "angular velocity about its own x axis"),
    Word("pitch_rate", "rad/s", "angular velocity about its own y axis"),
    Word("displacement_forward", "m", "way since the start, along where it faced then"),
    Word("displacement_left", "m", "way since the start, to the left of where it faced then"),
    Word("distance", "m", "distance from the start"),
    Word("path", "m", "length of the way walked so far, without the wobble of its steps"),
    Word("pitched", "rad", "pitch rate summed up: a flip forward is 6.28"),
    Word("rolled", "rad", "roll rate summed up: once over to the right is 6.28"),
)


def words_for(robot: Robot) -> tuple[Word, ...]:
    """The series of a robot's trajectory."""
    return tuple(_words(robot))


def measures_for(robot: Robot) -> tuple[Measure, ...]:
    """The measures for which a robot has the series."""
    known = {word.name for word in words_for(robot)}
    return tuple(measure for measure in MEASURES if known.issuperset(measure.reads))


def lint_metric(metric: Metric, robot: Robot) -> list[Finding]:
    """What is wrong with a metric, criterion by criterion; empty when nothing is."""
    words = {word.name for word in words_for(robot)}
    measures = {measure.name: measure for measure in measures_for(robot)}
    findings = [f for c in metric.criteria for f in _criterion(c, measures, words)]
    labels = [criterion.label for criterion in metric.criteria]
    if len(set(labels)) != len(labels):
        findings.append(Finding(message="Two criteria have the same label.", hint="Rename one."))
    return findings


def _criterion(
    criterion: Criterion, measures: dict[str, Measure], words: set[str]
) -> Iterator[Finding]:
    where = f"Criterion {criterion.label!r}: "
    measure = measures.get(criterion.measure)
    if measure is None:
        yield _finding(f"{where}there is no measure {criterion.measure!r}", sorted(measures))
        return
    signal = criterion.signal
    read = [name for each in (signal or "").split(OR) for name in summands(each)]
    if not measure.reads and (strange := [name for name in read if name not in words]):
        what = signal and strange[0]
        yield _finding(f"{where}there is no series {what!r}", sorted(words))
    if set(criterion.args) - set(WINDOW) != set(measure.args):
        wanted = ", ".join(measure.args) or "nothing"
        yield Finding(
            message=f"{where}{measure.name} takes {wanted} as args.", hint="Mend its args."
        )
    numbers = (*criterion.args.values(), criterion.at_least, criterion.at_most)
    if not all(_finite(number) for number in numbers if number is not None):
        yield Finding(message=f"{where}a number is not finite.", hint="Write finite numbers.")
    elif not _ordered(criterion):
        yield Finding(
            message=f"{where}its window is empty.", hint="from_s is at least 0 and before to_s."
        )
    elif criterion.at_least is None and criterion.at_most is None:
        yield Finding(message=f"{where}it has no bound.", hint="Give at_least, at_most or both.")
    elif (
        criterion.at_least is not None
        and criterion.at_most is not None
        and criterion.at_least > criterion.at_most
    ):
        yield Finding(message=f"{where}at_least is above at_most.", hint="Exchange them.")


def _ordered(criterion: Criterion) -> bool:
    start, end = (
        float(criterion.args.get(arg, other))
        for arg, other in zip(WINDOW, (0, math.inf), strict=True)
    )
    return 0 <= start < end


def _finding(message: str, known: list[str]) -> Finding:
    return Finding(message=f"{message}.", hint=f"There are {', '.join(known)}.")


def _finite(number: float | str) -> bool:
    return isinstance(number, int | float) and math.isfinite(number)


def _words(robot: Robot) -> Iterator[Word]:
    s = robot.structure
    yield from _BASE
    for joint in s.joints:
        unit = "rad" if joint.kind == "hinge" else "m"
        yield Word(f"joint:{joint.name}", unit, "position of the joint")
    for name in s.groups:
        yield Word(f"group:{name}", "rad or m", f"mean position of the joints of {name}")
    if s.joints:
        yield Word("pose_error", "rad or m", "distance of the joints from the home pose (rms)")
        yield Word("joint_speed", "rad/s", "speed of the joints (rms)")
    if "hips" in s.groups:
        yield Word("sway", "rad", "roll or mean of the hip joints, whichever swings more")
    yield from _limbs(robot)
    for name in s.bodies:
        yield Word(f"body_up:{name}", "1", "z axis of the body . vertical")
    for name in s.objects:
        yield Word(f"object_x:{name}", "m", "position of the object, world x")
        yield Word(f"object_y:{name}", "m", "position of the object, world y")
        yield Word(f"object_height:{name}", "m", "height of the object")
        yield Word(f"object_way:{name}", "m", "horizontal way of the object from its start")
        yield Word(f"object_turned:{name}", "rad", "how far it is turned from its start, 0 to pi")


def _limbs(robot: Robot) -> Iterator[Word]:
    s = robot.structure
    for foot in s.feet:
        yield Word(f"foot_height:{foot.name}", "m", "clearance of the foot above the floor")
        yield Word(f"contact:{foot.name}", "1", "1 where the foot touches the floor")
        yield Word(f"foot_forward:{foot.name}", "m", "foot ahead of the base, where it faces now")
        yield Word(f"foot_left:{foot.name}", "m", "foot to the left of the base")
    if s.feet:
        yield Word("feet_down", "1", "number of feet on the floor")
        yield Word("flight", "1", "1 where no foot touches the floor")
    for hand in s.hands:
        yield Word(f"hand_x:{hand.name}", "m", "position of the hand, world x")
        yield Word(f"hand_y:{hand.name}", "m", "position of the hand, world y")
        yield Word(f"hand_height:{hand.name}", "m", "height of the hand")
        yield Word(f"hand_forward:{hand.name}", "m", "hand ahead of the base, where it faces now")
        yield Word(f"hand_left:{hand.name}", "m", "hand to the left of the base")
        for name in s.objects:
            yield Word(f"gap:{hand.name}:{name}", "m", "distance of the hand from the object")
    if len(s.hands) == 2:
        yield Word("hands_apart", "m", "distance of the hands from each other")
    if s.head:
        yield Word("head_height", "m", "height of the head above the floor")
