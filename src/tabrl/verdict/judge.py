"""From a metric and a trajectory to a verdict: pass, needs review, fail."""

import math
from collections.abc import Mapping, Sequence

import mujoco
import numpy as np

from tabrl.robots.catalogue import Robot
from tabrl.spec import Criterion, Judgement, Metric, Move, Verdict
from tabrl.verdict.margin import share_met
from tabrl.verdict.measures import Series, falls, measure
from tabrl.verdict.path import FALLS, path_errors, path_metric
from tabrl.verdict.trajectory import RATE_HZ, Trajectory, series
from tabrl.verdict.vocabulary import OR
from tabrl.verdict.words import reason

_ORDER: tuple[Verdict, ...] = ("fail", "needs review", "pass")


def judge(metric: Metric, trajectory: Trajectory, robot: Robot, model: mujoco.MjModel) -> Judgement:
    """The metric's numbers for a trajectory and the verdict that follows.

    Raises:
        MetricError: the metric names what this robot does not have.
    """
    return judge_series(metric, series(trajectory, robot, model), robot.structure.base_height)


def judge_series(metric: Metric, values: Series, home_height: float) -> Judgement:
    """As `judge`, from series that are already there; `home_height` in m.

    A number that is not finite fails, and only the reasons name it.
    """
    return _judged(metric, {c.label: _measured(c, values, home_height) for c in metric.criteria})


def _measured(criterion: Criterion, values: Series, home_height: float) -> float:
    """A criterion's number; of several signals to choose from, the one that keeps it best."""
    numbers = [
        measure(criterion.measure, signal, criterion.args, values, home_height)
        for signal in (criterion.signal or "").split(OR)
    ]
    return max(numbers, key=lambda number: (_rank(criterion, number), share_met(criterion, number)))


def judge_path(moves: Sequence[Move], values: Series, home_height: float) -> Judgement:
    """Whether a base went where commands lead, by `path_metric`; arguments as of `judge_series`."""
    time = np.arange(len(values["yaw"])) / RATE_HZ
    fallen = {FALLS: falls(values, home_height)}
    return _judged(path_metric(moves), path_errors(moves, values, time) | fallen)


def _judged(metric: Metric, values: Mapping[str, float]) -> Judgement:
    """The judgement of what was measured, by the criteria's labels."""
    numbers, reasons, worst = {}, [], 2
    for criterion in metric.criteria:
        value = values[criterion.label]
        if math.isfinite(value):
            numbers[criterion.label] = round(value, 4)
        rank = _rank(criterion, value)
        worst = min(worst, rank)
        if rank < 2:
            reasons.append(reason(criterion, value))
    if metric.doubt:  # it may be another sentence's: its numbers tell, and decide nothing
        return Judgement(verdict="needs review", numbers=numbers, reasons=(metric.doubt, *reasons))
    return Judgement(verdict=_ORDER[worst], numbers=numbers, reasons=tuple(reasons))


def doubts(baselines: Mapping[str, Judgement]) -> tuple[str, ...]:
    """Why a metric may not pass anybody: the baselines that it passes, in words.

    Args:
        baselines: the metric's judgement of robots that were taught nothing, by what they are: a
            still one, one that moves at random, the base policy told to stand. The base is judged
            at zero command because what it does at a behaviour's own command, such as walking
            backwards, is the behaviour and no sign of a bad metric.
    """
    return tuple(
        f"The metric cannot tell: {who}, which was taught nothing, passes as well."
        for who, judgement in baselines.items()
        if judgement.verdict == "pass"
    )


def doubted(judgement: Judgement, doubts: tuple[str, ...]) -> Judgement:
    """A judgement with a pass lowered to "needs review" where there are doubts about its metric."""
    if not doubts or judgement.verdict != "pass":
        return judgement
    return noted(judgement, *doubts).model_copy(update={"verdict": "needs review"})


def noted(judgement: Judgement, *remarks: str) -> Judgement:
    """A judgement with more to say."""
    return judgement.model_copy(update={"reasons": (*judgement.reasons, *remarks)})


def _rank(criterion: Criterion, value: float) -> int:
    """2 inside the bounds, 1 inside the looser ones, else 0."""
    low, high, slack = criterion.at_least, criterion.at_most, criterion.slack
    if not math.isfinite(value):
        return 0
    if (low is None or value >= low) and (high is None or value <= high):
        return 2
    inside = (low is None or value >= low - slack * abs(low)) and (
        high is None or value <= high + slack * abs(high)
    )
    return 1 if inside else 0
