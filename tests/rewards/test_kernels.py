"""Kernels against hand arithmetic."""

import math

import jax.numpy as jnp
import pytest

from tabrl.rewards import kernels
from tabrl.rewards.vocabulary import KERNELS


def test_every_kernel_of_the_vocabulary_exists():
    assert all(callable(getattr(kernels, kernel.name)) for kernel in KERNELS)


@pytest.mark.parametrize(
    ("x", "expected"), [(0.3, 1.0), (0.4, math.exp(-0.5)), (0.1, math.exp(-2.0))]
)
def test_near_is_a_bell_of_the_given_width(x: float, expected: float):
    assert float(kernels.near(x, 0.3, 0.1)) == pytest.approx(expected, rel=1e-5)


def test_near_is_the_mean_over_a_vector():
    pay = kernels.near(jnp.array([0.3, 0.4]), 0.3, 0.1)
    assert float(pay) == pytest.approx((1 + math.exp(-0.5)) / 2, rel=1e-5)


@pytest.mark.parametrize(("x", "expected"), [(2.0, 1.0), (1.0, 1.0), (0.75, 0.5), (0.4, 0.0)])
def test_at_least_falls_linearly_below_its_bound(x: float, expected: float):
    assert float(kernels.at_least(x, 1.0, 0.5)) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("x", "expected"), [(0.0, 1.0), (1.0, 1.0), (1.25, 0.5), (1.6, 0.0)])
def test_at_most_falls_linearly_above_its_bound(x: float, expected: float):
    assert float(kernels.at_most(x, 1.0, 0.5)) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("x", "expected"), [(0.5, 1.0), (0.0, 1.0), (-0.1, 0.5), (1.1, 0.5), (1.3, 0.0)]
)
def test_between_falls_linearly_on_both_sides(x: float, expected: float):
    assert float(kernels.between(x, 0.0, 1.0, 0.2)) == pytest.approx(expected, abs=1e-6)


def test_a_margin_of_zero_is_a_step_and_not_a_nan():
    assert float(kernels.at_least(1.0, 1.0, 0.0)) == 1.0
    assert float(kernels.at_least(0.9, 1.0, 0.0)) == 0.0
    assert float(kernels.near(0.0, 0.0, 0.0)) == 1.0


def test_oscillate_is_a_sine_of_the_phase():
    assert float(kernels.oscillate(math.pi / 6, 0.4)) == pytest.approx(0.2, rel=1e-5)
    assert float(kernels.oscillate(0.0, 0.4, shift=math.pi / 2)) == pytest.approx(0.4, rel=1e-5)
    assert float(kernels.oscillate(math.pi / 12, 1.0, harmonic=2)) == pytest.approx(0.5, rel=1e-5)


def test_square_wave_snaps_between_minus_one_and_one():
    assert float(kernels.square_wave(math.pi / 2)) == pytest.approx(math.tanh(6), rel=1e-6)
    assert float(kernels.square_wave(3 * math.pi / 2)) == pytest.approx(-math.tanh(6), rel=1e-6)


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.9, 1.0), (0.0, 1.0), (0.15, 0.5), (0.85, 0.5), (0.1625, 0.15625), (0.5, 0.0)],
)
def test_window_opens_for_its_share_of_the_turn_and_wraps_around(share: float, expected: float):
    pay = kernels.window(share * 2 * math.pi, 0.85, 0.3)
    assert float(pay) == pytest.approx(expected, abs=2e-5)


def test_norm_sq_is_the_sum_of_squares():
    assert float(kernels.norm_sq(jnp.array([1.0, 2.0, -2.0]))) == 9.0
