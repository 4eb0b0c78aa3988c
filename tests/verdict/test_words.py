"""What a judgement says, told of the criteria that are really written."""

import math

import pytest

from tabrl.experiments.engine.library import shelf
from tabrl.spec import Criterion, Metric
from tabrl.verdict.vocabulary import MEASURES
from tabrl.verdict.words import gains, reached, reason, says


def criterion(label: str, measure: str, **bounds: float) -> Criterion:
    return Criterion(label=label, measure=measure, signal="x", **bounds)


@pytest.mark.parametrize(
    ("label", "measure", "bounds", "value", "words"),
    [
        ("yaw amplitude (rad)", "amplitude", {"at_least": 0.15}, 0.002,
         "Too little yaw swing: 0.002 of 0.15 rad"),
        ("hip swing (rad)", "amplitude", {"at_most": 0.15}, 0.3,
         "Too much hip swing: 0.3, at most 0.15 rad"),
        ("bounds a second (Hz)", "frequency", {"at_most": 2.5}, 3.92,
         "Too many bounds a second: 3.92, at most 2.5"),
        ("tempo (Hz)", "frequency", {"at_least": 1.0}, 0.5, "Tempo too low: 0.5 of 1 Hz"),
        ("jumps in 10 s", "cycles", {"at_least": 5.0}, 0.5, "Too few jumps in 10 s: 0.5 of 5"),
        ("share of the time in step", "alternation", {"at_least": 0.4}, 0.371,
         "Too little of the time in step: 0.371 of 0.4"),
        ("way ahead (m)", "final", {"at_least": 1.0}, 0.4, "Not far enough ahead: 0.4 of 1 m"),
        ("way from the start (m)", "max", {"at_most": 1.51}, 1.59,
         "Too far from the start: 1.59, at most 1.51 m"),
        ("turned in 10 s (rad)", "range", {"at_least": 12.0}, 3.0,
         "Turned too little in 10 s: 3 of 12 rad"),
        ("height (m)", "median", {"at_least": 0.292}, 0.249, "Height too low: 0.249 of 0.292 m"),
        ("front feet (m above the floor)", "median", {"at_least": 0.111}, 0.1,
         "Front feet too low: 0.1 of 0.111 m above the floor"),
        ("forward speed (m/s)", "mean", {"at_most": -0.2}, 0.1,
         "Forward speed too high: 0.1, at most -0.2 m/s"),
        ("upright at the end (1 is up)", "final", {"at_least": 0.9}, 0.16,
         "Upright at the end too low: 0.16 of 0.9 (1 is up)"),
        ("joint speed (rad/s)", "mean", {"at_least": 0.8, "at_most": 8.0}, 8.28,
         "Joint speed too high: 8.28, at most 8 rad/s"),
        ("way (m)", "final", {"at_least": 1.0}, 0.99998, "Way too low: 0.99998 of 1 m"),
        ("falls", "falls", {"at_most": 0.0}, 1.0, "Fell once"),
        ("falls", "falls", {"at_most": 1.0}, 3.0, "Fell 3 times, at most 1 is fine"),
        ("hip swing (rad)", "amplitude", {"at_least": 0.15}, math.nan,
         "Hip swing cannot be measured: it is nan"),
    ],
)  # fmt: skip
def test_a_miss_is_told_in_plain_words(label, measure, bounds, value, words) -> None:
    assert reason(criterion(label, measure, **bounds), value) == words


@pytest.mark.parametrize("measure", [measure.name for measure in MEASURES])
@pytest.mark.parametrize("value", [-5.0, 5.0])
def test_every_measure_has_words_with_the_number_and_no_jargon(measure: str, value: float) -> None:
    told = reason(criterion("bow", measure, at_least=-1.0, at_most=1.0), value)
    assert told[0].isupper()
    assert "wanted" not in told
    assert told.startswith("Fell") or "bow" in told.lower()
    assert "5" in told


def test_what_the_library_says_of_its_clips_is_what_the_judge_says() -> None:
    told = {reason for e in shelf().values() for a in e.approaches for reason in a.reasons}
    found = {
        reason(c, value)
        for e in shelf().values()
        for a in e.approaches
        for c in (a.metric.criteria if a.metric else ())
        if (value := a.numbers.trained.get(c.label)) is not None
        and not (c.at_least or -math.inf) <= value <= (math.inf if c.at_most is None else c.at_most)
    }
    assert told
    assert told <= found


METRIC = Metric(
    name="hip shake",
    question="?",
    criteria=(
        criterion("hip swing (rad)", "amplitude", at_least=0.15),
        criterion("swings a second (Hz)", "frequency", at_least=0.75, at_most=3.3),
        criterion("falls", "falls", at_most=0.0),
    ),
)


def test_what_is_reached_is_named() -> None:
    assert reached(METRIC, {"hip swing (rad)": 0.1, "swings a second (Hz)": 1.0, "falls": 0}) == [
        "swings a second",
        "no falls",
    ]
    assert reached(METRIC, {"hip swing (rad)": None}) == []
    assert reached(None, {"hip swing (rad)": 1.0}) == []


def test_what_became_better_is_told_with_both_numbers() -> None:
    before = {"hip swing (rad)": 0.21, "swings a second (Hz)": 4.0, "falls": 1.0}
    now = {"hip swing (rad)": 0.26, "swings a second (Hz)": 3.0, "falls": 0.0}
    assert gains(METRIC, before, now) == [
        "hip swing 0.21 → 0.26 rad",
        "swings a second 4 → 3",
        "falls 1 → 0",
    ]


def test_what_became_worse_or_hardly_changed_is_no_gain() -> None:
    before = {"hip swing (rad)": 0.26, "swings a second (Hz)": 1.0, "falls": 0.0}
    assert gains(METRIC, before, before | {"hip swing (rad)": 0.263}) == []
    assert gains(METRIC, before, before | {"hip swing (rad)": 0.1, "falls": 2.0}) == []
    assert gains(METRIC, before, before | {"swings a second (Hz)": 2.0}) == []
    assert gains(None, before, before) == []


def test_verdicts_have_words_and_a_status_keeps_its_own() -> None:
    assert [says(word) for word in ("pass", "needs review", "fail", "cancelled")] == [
        "Does it", "Look for yourself", "Not yet", "cancelled",
    ]  # fmt: skip
