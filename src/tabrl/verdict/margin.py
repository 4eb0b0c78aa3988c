"""How near a judgement is to a pass, and how far inside: to choose the best of several by."""

import math

from tabrl.spec import Criterion, Judgement, Metric
from tabrl.verdict.words import BEST_FIRST

SPARE = 0.25


def score(metric: Metric, judgement: Judgement) -> float:
    """How near a judgement is to a pass, to choose the best of several: higher is better.

    The verdict counts first, then the mean share of each criterion that is met.
    """
    shares = [share_met(c, judgement.numbers.get(c.label)) for c in metric.criteria]
    return 2 - BEST_FIRST[judgement.verdict] + sum(shares) / len(shares)


def spare(metric: Metric, judgement: Judgement) -> float:
    """How far inside its bounds what passes is, 0 to 1.

    The mean over the criteria, each of which counts fully where it keeps from its bounds by `SPARE`
    of their size, or of the room between two.
    """
    found = [_spare(c, judgement.numbers.get(c.label)) for c in metric.criteria]
    return sum(found) / len(found)


def worth(metric: Metric, judgement: Judgement) -> float:
    """One number of both, 0 to 4: what is nearer to a pass is worth more, and what passes with more
    to spare.
    """
    return score(metric, judgement) + spare(metric, judgement)


def _spare(criterion: Criterion, value: float | None) -> float:
    if value is None or not math.isfinite(value):
        return 0.0
    low, high = criterion.at_least, criterion.at_most
    room = high - low if low is not None and high is not None else abs(low or high or 0.0)
    inside = min(
        value - low if low is not None else math.inf,
        high - value if high is not None else math.inf,
    )
    if inside < 0:
        return 0.0
    return min(1.0, inside / (SPARE * room)) if room else 1.0


def share_met(criterion: Criterion, value: float | None) -> float:
    """1 inside the bounds, falling to 0 a bound's size outside."""
    if value is None:
        return 0.0
    miss = 0.0
    if criterion.at_least is not None:
        miss = max(miss, (criterion.at_least - value) / max(abs(criterion.at_least), 1e-3))
    if criterion.at_most is not None:
        miss = max(miss, (value - criterion.at_most) / max(abs(criterion.at_most), 1e-3))
    return 1.0 - min(1.0, miss)
