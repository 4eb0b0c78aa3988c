"""Measures against series whose numbers are known by construction."""

import math

import numpy as np
import pytest

from tabrl.verdict import vocabulary
from tabrl.verdict.measures import MEASURES, MetricError, measure

TIME = np.arange(500) / 50.0
HOME = 0.3


def sine(amplitude: float, hz: float, phase: float = 0.3) -> np.ndarray:
    return amplitude * np.sin(2 * np.pi * hz * TIME + phase)


def noise(size: float, seed: int = 0) -> np.ndarray:
    return size * np.random.default_rng(seed).normal(size=len(TIME))


def wander(size: float, seed: int) -> np.ndarray:
    """Smooth motion without a beat: noise through a second of averaging."""
    x = np.convolve(noise(1.0, seed), np.ones(25) / 25, mode="same")
    return size * x / np.std(x)


def of(name: str, x: np.ndarray, **args: float) -> float:
    return measure(name, "x", args, {"x": x}, HOME)


def contacts(fr: np.ndarray, fl: np.ndarray, rr: np.ndarray, rl: np.ndarray) -> float:
    feet = dict(zip(("FR", "FL", "RR", "RL"), (fr, fl, rr, rl), strict=True))
    series = {f"contact:{name}": x.astype(float) for name, x in feet.items()}
    return measure("alternation", None, {}, series, HOME)


STEP = np.where(TIME < 5.0, 0.0, 1.0)
RAMP = 2.0 + 0.5 * TIME


@pytest.mark.parametrize(
    ("name", "x", "args", "expected"),
    [
        ("mean", RAMP, {}, 2.0 + 0.5 * (1.0 + 9.98) / 2),
        ("median", RAMP, {}, 2.0 + 0.5 * (1.0 + 9.98) / 2),
        ("abs_mean", -RAMP, {}, 2.0 + 0.5 * (1.0 + 9.98) / 2),
        ("std", sine(0.2, 1.0), {}, 0.2 / math.sqrt(2)),
        ("min", RAMP, {}, 2.0),
        ("max", RAMP, {}, 2.0 + 0.5 * 9.98),
        ("range", STEP, {}, 1.0),
        ("final", STEP, {}, 1.0),
        ("rate", RAMP, {}, 0.5),
        ("rate", -RAMP, {}, -0.5),
        ("change", RAMP, {}, 0.5 * 9.98),
        ("change", RAMP, {"from_s": 2.0, "to_s": 4.0}, 1.0),
        ("mean", STEP, {"from_s": 5.0}, 1.0),
        ("mean", STEP, {"to_s": 2.5}, 0.0),
        ("mean", STEP, {"from_s": 4.0, "to_s": 6.0}, 0.5),
        ("least_rate", np.abs(TIME - 5.0), {"seconds": 2.0}, -1.0),
        ("greatest_rate", np.abs(TIME - 5.0), {"seconds": 2.0}, 1.0),
        ("least_rate", RAMP, {"seconds": 60.0}, 0.5),
        ("longest_above", np.where((TIME > 2.0) & (TIME < 5.0), 1.0, 0.0), {"bound": 0.5}, 3.0),
        ("longest_above", sine(1.0, 0.5), {"bound": 0.0}, 1.0),
        ("longest_below", STEP, {"bound": 0.5}, 5.0),
        ("longest_below", STEP + 1.0, {"bound": 0.5}, 0.0),
        ("fraction_above", STEP, {"bound": 0.5}, 250 / 450),
        ("fraction_below", STEP, {"bound": 0.5}, 200 / 450),
        ("cycles", sine(0.2, 1.5), {"height": 0.3}, 14.5),
        ("cycles", sine(0.1, 1.5), {"height": 0.3}, 0),
        ("steadiness", np.full(500, 3.0), {}, 1.0),
        ("steadiness", sine(1.0, 1.0) + 10.0, {}, 1 - 0.1 / math.sqrt(2)),
    ],
)
def test_a_measure_gives_the_number_that_the_series_was_made_with(
    name: str, x: np.ndarray, args: dict, expected: float
) -> None:
    assert of(name, x, **args) == pytest.approx(expected, abs=0.01 * max(1, abs(expected)))


@pytest.mark.parametrize("hz", [0.5, 1.5, 3.0])
@pytest.mark.parametrize("drift", [0.0, 0.2])
@pytest.mark.parametrize("shake", [0.0, 0.02])
def test_a_beat_is_read_through_drift_and_noise(hz: float, drift: float, shake: float) -> None:
    x = sine(0.25, hz) + drift * TIME + noise(shake)
    assert of("amplitude", x) == pytest.approx(0.25, rel=0.2)
    assert of("frequency", x) == pytest.approx(hz, abs=0.05)
    assert of("rhythm", x) > 0.9


@pytest.mark.parametrize("name", ["amplitude", "frequency", "rhythm", "std", "range", "rate"])
def test_a_robot_that_stands_still_measures_as_zero(name: str) -> None:
    assert of(name, np.full(500, 0.27)) == pytest.approx(0.0, abs=1e-9)


def test_a_slow_drift_is_no_swing() -> None:
    assert of("amplitude", 0.3 * TIME) < 0.01
    assert of("amplitude", STEP) < 0.01


def test_a_swing_that_does_not_last_is_no_amplitude() -> None:
    assert of("amplitude", np.where(TIME < 4.0, sine(0.3, 1.5), 0.0)) < 0.05


def test_motion_without_a_beat_has_little_rhythm() -> None:
    values = [of("rhythm", wander(0.3, seed)) for seed in range(20)]
    assert np.median(values) < 0.5
    assert max(values) < 0.8


def test_noise_lowers_rhythm_by_its_share_of_the_power() -> None:
    signal, shake = sine(0.3, 1.5), noise(0.3 / math.sqrt(2))
    assert of("rhythm", signal + shake) == pytest.approx(0.5, abs=0.12)


def test_snaps_on_a_beat_have_rhythm_whatever_their_shape() -> None:
    pulses = (np.mod(TIME, 0.5) < 0.1).astype(float)
    assert of("rhythm", pulses) > 0.9


@pytest.mark.parametrize("short", [1, 20, 60])
def test_a_clip_that_was_cut_short_is_measured_and_has_no_rhythm(short: int) -> None:
    x = sine(0.3, 0.3)[:short]
    for name in ("amplitude", "frequency", "mean", "final"):
        assert math.isfinite(of(name, x))
    assert of("rhythm", x) < 0.99


def test_a_window_that_the_clip_does_not_reach_keeps_no_bounds() -> None:
    assert math.isnan(of("mean", RAMP[:100], from_s=5.0))


def test_a_window_counts_from_its_first_second() -> None:
    early = np.where(TIME < 0.5, 1.0, 0.0)
    assert of("mean", early) == 0.0
    assert of("mean", early, from_s=0.0) > 0.04


def test_series_can_be_added_and_subtracted() -> None:
    values = {"a": RAMP, "b": STEP}
    assert measure("max", "a - b", {}, values, HOME) == pytest.approx(RAMP[-1] - 1.0)
    assert measure("min", "b + a", {}, values, HOME) == pytest.approx(2.0)
    assert measure("max", "- a", {}, values, HOME) == pytest.approx(-2.0)


def test_the_radius_of_a_circle_is_its_way_for_each_radian() -> None:
    assert measure("radius", None, {}, {"path": 0.6 * TIME, "yaw": -0.5 * TIME}, HOME) == (
        pytest.approx(1.2)
    )
    assert measure("radius", None, {}, {"path": TIME, "yaw": 0 * TIME}, HOME) > 1e3


def test_falls_are_counted_as_episodes() -> None:
    height = np.full(500, HOME)
    height[100:150] = height[300:303] = 0.1
    upright = np.ones(500)
    upright[120:200] = 0.0
    series = {"height": height, "upright": upright}
    assert measure("falls", None, {}, series, HOME) == 2
    assert measure("falls", None, {}, series | {"height": np.full(500, HOME)}, HOME) == 1
    assert measure("falls", None, {}, {k: np.ones(500) for k in series}, HOME) == 0


def test_a_robot_that_lies_from_the_start_has_fallen_once() -> None:
    series = {"height": np.zeros(500), "upright": np.ones(500)}
    assert measure("falls", None, {}, series, HOME) == 1


def test_diagonal_pairs_that_take_turns_alternate() -> None:
    first = np.sin(2 * np.pi * 1.5 * TIME) > 0
    assert contacts(first, ~first, ~first, first) == 1.0
    assert contacts(first, first, ~first, ~first) == 0.0
    assert contacts(first | True, first | True, first | True, first | True) == 0.0


@pytest.mark.parametrize("bad", [math.nan, math.inf])
@pytest.mark.parametrize("name", sorted(MEASURES - {"alternation", "falls", "radius"}))
def test_a_number_that_is_not_finite_measures_as_nan(name: str, bad: float) -> None:
    x = sine(0.2, 1.0)
    x[250] = bad
    (measured,) = (each for each in vocabulary.MEASURES if each.name == name)
    assert math.isnan(of(name, x, **dict.fromkeys(measured.args, 1.0)))


def test_falls_of_a_robot_that_left_the_numbers_are_nan() -> None:
    series = {"height": np.full(500, math.nan), "upright": np.ones(500)}
    assert math.isnan(measure("falls", None, {}, series, HOME))


def test_an_unknown_measure_is_refused_with_those_there_are() -> None:
    with pytest.raises(MetricError, match="no measure 'wiggliness'") as refused:
        of("wiggliness", RAMP)
    assert "amplitude" in refused.value.hint


@pytest.mark.parametrize("signal", ["rol", None])
def test_an_unknown_series_is_refused_with_those_there_are(signal: str | None) -> None:
    with pytest.raises(MetricError, match="no series") as refused:
        measure("mean", signal, {}, {"roll": RAMP, "pitch": RAMP}, HOME)
    assert "pitch, roll" in refused.value.hint


def test_a_robot_without_four_feet_cannot_trot() -> None:
    with pytest.raises(MetricError, match="no series 'contact:FR'"):
        measure("alternation", None, {}, {"contact:left": STEP}, HOME)
