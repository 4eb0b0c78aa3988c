"""Verdicts from series made by hand."""

import math

import numpy as np
import pytest

from tabrl.spec import Criterion, Judgement, Metric
from tabrl.verdict.judge import doubted, doubts, judge_series
from tabrl.verdict.margin import score, spare
from tabrl.verdict.measures import MetricError


def criterion(**bounds: float) -> Criterion:
    return Criterion(label="level", measure="mean", signal="x", **bounds)


def judged(value: float, *criteria: Criterion) -> Judgement:
    metric = Metric(name="m", question="?", criteria=criteria)
    return judge_series(metric, {"x": np.full(500, value)}, 0.3)


@pytest.mark.parametrize(
    ("bounds", "value", "verdict"),
    [
        ({"at_least": 1.0}, 1.0, "pass"),
        ({"at_least": 1.0}, 0.8, "needs review"),
        ({"at_least": 1.0}, 0.69, "fail"),
        ({"at_least": 1.0, "slack": 0.0}, 0.99, "fail"),
        ({"at_most": 1.0}, 1.0, "pass"),
        ({"at_most": 1.0}, 1.29, "needs review"),
        ({"at_most": 1.0}, 1.31, "fail"),
        ({"at_most": 0.0}, 0.01, "fail"),
        ({"at_least": -1.0}, -1.2, "needs review"),
        ({"at_most": -1.0}, -0.5, "fail"),
        ({"at_least": 1.0, "at_most": 2.0}, 1.5, "pass"),
        ({"at_least": 1.0, "at_most": 2.0}, 2.5, "needs review"),
        ({"at_least": 1.0, "at_most": 2.0}, 0.5, "fail"),
    ],
)
def test_a_criterion_passes_in_its_bounds_and_asks_for_an_eye_in_its_slack(
    bounds: dict, value: float, verdict: str
) -> None:
    judgement = judged(value, criterion(**bounds))
    assert judgement.verdict == verdict
    assert judgement.numbers == {"level": value}
    assert bool(judgement.reasons) == (verdict != "pass")


@pytest.mark.parametrize(
    ("bounds", "value", "share"),
    [
        ({"at_least": 1.0}, 1.0, 0.0),
        ({"at_least": 1.0}, 1.125, 0.5),
        ({"at_least": 1.0}, 9.0, 1.0),
        ({"at_least": 1.0}, 0.9, 0.0),
        ({"at_most": -1.0}, -1.125, 0.5),
        ({"at_most": 0.0}, 0.0, 1.0),  # nothing to spare is asked for
        ({"at_least": 1.0, "at_most": 2.0}, 1.5, 1.0),
        ({"at_least": 1.0, "at_most": 2.0}, 1.9, 0.4),
        ({"at_least": 1.0}, math.nan, 0.0),
    ],
)
def test_what_is_to_spare_is_how_far_inside_its_bounds_a_number_is(bounds, value, share) -> None:
    one = criterion(**bounds)
    metric = Metric(name="m", question="?", criteria=(one,))
    assert spare(metric, judged(value, one)) == pytest.approx(share)


def test_of_either_signal_the_better_one_counts() -> None:
    either = Criterion(label="foot", measure="mean", signal="left | right", at_least=1.0)
    metric = Metric(name="m", question="?", criteria=(either,))
    for left, right, verdict in ((0.0, 1.2, "pass"), (0.8, 0.0, "needs review"), (0, 0, "fail")):
        values = {"left": np.full(500, left), "right": np.full(500, right)}
        assert judge_series(metric, values, 0.3).verdict == verdict


def test_the_worst_criterion_decides_and_every_miss_is_named() -> None:
    low = criterion(at_least=1.0)
    high = criterion(at_most=0.1).model_copy(update={"label": "quiet"})
    judgement = judged(0.9, low, high)
    assert judgement.verdict == "fail"
    assert judgement.reasons == (
        "Level too low: 0.9 of 1",
        "Quiet too high: 0.9, at most 0.1",
    )


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("bounds", [{"at_least": 0.0}, {"at_most": 0.0}])
def test_what_is_not_finite_never_passes(bad: float, bounds: dict) -> None:
    judgement = judged(bad, criterion(**bounds, slack=10.0))
    assert judgement.verdict == "fail"
    assert "nan" in judgement.reasons[0]
    assert Judgement.model_validate_json(judgement.model_dump_json()) == judgement


def test_a_fall_that_cannot_be_counted_does_not_pass() -> None:
    falls = Criterion(label="falls", measure="falls", at_most=0)
    metric = Metric(name="m", question="?", criteria=(falls,))
    series = {"height": np.full(500, math.nan), "upright": np.full(500, math.nan)}
    assert judge_series(metric, series, 0.3).verdict == "fail"


def test_a_metric_of_what_the_robot_lacks_is_refused() -> None:
    with pytest.raises(MetricError):
        judged(1.0, criterion(at_least=0.0).model_copy(update={"signal": "tail"}))


def test_scores_follow_verdicts_first_and_then_nearness() -> None:
    wanted = criterion(at_least=1.0)
    metric = Metric(name="m", question="?", criteria=(wanted,))
    scores = [score(metric, judged(value, wanted)) for value in (math.nan, -9, 0.2, 0.6, 0.8, 1, 9)]
    assert scores == sorted(scores)
    assert scores[0] == scores[1] == 0.0
    assert len({round(s, 6) for s in scores[1:6]}) == 5
    assert scores[-1] == scores[-2] == 3.0


def test_of_two_failures_the_one_that_meets_more_scores_higher() -> None:
    low, high = criterion(at_least=1.0), criterion(at_least=100.0)
    metric = Metric(name="m", question="?", criteria=(low, high))
    assert score(metric, judged(2.0, low, high)) > score(metric, judged(0.1, low, high))


PASS = Judgement(verdict="pass", numbers={"level": 1.0})
FAIL = Judgement(verdict="fail", numbers={"level": 0.0}, reasons=("level is 0",))


def test_a_metric_that_the_baselines_fail_may_judge() -> None:
    unsure = PASS.model_copy(update={"verdict": "needs review"})
    assert doubts({"a still robot": FAIL, "the base robot": unsure}) == ()
    assert doubted(PASS, ()) == PASS


def test_a_metric_that_a_baseline_passes_gives_at_best_needs_review() -> None:
    found = doubts({"a still robot": PASS, "a random robot": FAIL, "the base robot": PASS})
    judgement = doubted(PASS, found)
    assert judgement.verdict == "needs review"
    assert judgement.numbers == PASS.numbers
    assert "a still robot" in judgement.reasons[0]
    assert "the base robot" in judgement.reasons[1]


def test_doubts_leave_a_failure_as_it_is() -> None:
    assert doubted(FAIL, ("doubt",)) == FAIL
