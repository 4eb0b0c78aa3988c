"""What a judgement says to people: the one place of its words. Without MuJoCo."""

import math
import re
from collections.abc import Mapping

from tabrl.spec import Criterion, Metric, Verdict

SAYS: dict[str, str] = {"pass": "Does it", "needs review": "Look for yourself", "fail": "Not yet"}
"""The verdicts as people read them; the data keep `pass`, `needs review` and `fail`."""

BEST_FIRST: dict[Verdict | None, int] = {"pass": 0, "needs review": 1, "fail": 2, None: 3}
"""Where each verdict comes when the best is shown first."""

_LABEL = re.compile(r"(?P<name>[^()]*?)\s*(?:\((?P<aside>.*)\))?\s*")
_UNIT = re.compile(r"(rad/s|m/s|rad|m|Hz|s|kg|N|W|J|%|degrees?)(?![\w/])")
_COUNTED = re.compile(r".*(\w\w+s|a second|in \d+ s)")  # `jumps in 10 s`, `bounds a second`
_BETTER = 0.03  # of the larger value: less is no news

Values = Mapping[str, float | None]


def says(word: str) -> str:
    """A verdict as people read it; any other word, such as a status, as it is."""
    return SAYS.get(word, word)


def reason(criterion: Criterion, value: float) -> str:
    """Why a number misses its bounds: `Too little hip swing: 0.002 of 0.15 rad`."""
    name, unit = _named(criterion)
    if not math.isfinite(value):
        return f"{_capital(name)} cannot be measured: it is {value:g}"
    low, high = criterion.at_least, criterion.at_most
    over = high is not None and value > high
    if criterion.measure == "falls" and over:
        often = "once" if value == 1 else f"{value:g} times"
        return f"Fell {often}" + (f", at most {high:g} is fine" if high else "")
    bound = high if over else low
    assert bound is not None  # one of both was missed
    what = _missed(criterion.measure, name, over)
    return f"{what}: {_against(value, bound, over)} {unit}".strip()


def reached(metric: Metric | None, numbers: Values) -> list[str]:
    """What keeps its bounds, by name: `hip swing`, `no falls`."""
    criteria = metric.criteria if metric else ()
    return [_plain(c) for c in criteria if _miss(c, numbers.get(c.label)) == 0]


def gains(metric: Metric | None, before: Values, now: Values) -> list[str]:
    """What came nearer to its goal, or went further beyond: `hip swing 0.21 → 0.26 rad`."""
    found = []
    for criterion in metric.criteria if metric else ():
        old, new = before.get(criterion.label), now.get(criterion.label)
        if old is not None and new is not None and _improved(criterion, old, new):
            name, unit = _named(criterion)
            first, second = _apart(old, new)
            found.append(f"{name} {first} → {second} {unit}".strip())
    return found


def _missed(measure: str, name: str, over: bool) -> str:
    """What is wrong, as one would say it of this kind of number."""
    much, many, far = ("much", "many", "Too far") if over else ("little", "few", "Not far enough")
    if name.startswith("share of "):
        return f"Too {much} of {name.removeprefix('share of ')}"
    if name.startswith("way "):
        return f"{far} {name.removeprefix('way ')}"
    if name.startswith("turned"):
        return f"Turned too {much}{name.removeprefix('turned')}"
    if measure in ("cycles", "frequency") and _COUNTED.fullmatch(name):
        return f"Too {many} {name}"
    if measure == "amplitude":
        return f"Too {much} {re.sub(r'amplitude$', 'swing', name)}"
    return f"{_capital(name)} too {'high' if over else 'low'}"


def _against(value: float, bound: float, over: bool) -> str:
    """`0.002 of 0.15` where both are amounts, else `-1.75, at least -1.5`."""
    first, second = _apart(value, bound)
    if over:
        return f"{first}, at most {second}"
    return f"{first} of {second}" if value >= 0 and bound > 0 else f"{first}, at least {second}"


def _apart(value: float, other: float) -> tuple[str, str]:
    """Two numbers with so many digits that they differ where they do."""
    for digits in (3, 4, 5, 6):
        pair = f"{value:.{digits}g}", f"{other:.{digits}g}"
        if pair[0] != pair[1]:
            break
    return pair


def _named(criterion: Criterion) -> tuple[str, str]:
    """A label without its unit, and the unit: `hip swing (rad)`."""
    found = _LABEL.fullmatch(criterion.label)
    name, aside = (found["name"], found["aside"] or "") if found else (criterion.label, "")
    first = aside.partition(",")[0].strip()
    if not _UNIT.match(first):
        return name or criterion.label, f"({aside})" if aside else ""
    return name or criterion.label, "" if first == "Hz" and name.endswith("a second") else first


def _plain(criterion: Criterion) -> str:
    name = _named(criterion)[0]
    return f"no {name}" if criterion.measure == "falls" and not criterion.at_most else name


def _improved(criterion: Criterion, old: float, new: float) -> bool:
    if abs(new - old) <= _BETTER * max(abs(old), abs(new)):
        return False
    before, after = _miss(criterion, old), _miss(criterion, new)
    if before != after or criterion.measure == "falls":
        return after < before
    if criterion.at_least is None or criterion.at_most is None:
        return new > old if criterion.at_most is None else new < old
    return False


def _miss(criterion: Criterion, value: float | None) -> float:
    """How far a number is outside its bounds; endless where it is not known."""
    if value is None or not math.isfinite(value):
        return math.inf
    low, high = criterion.at_least, criterion.at_most
    return max(0.0, low - value if low is not None else 0, value - high if high is not None else 0)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
