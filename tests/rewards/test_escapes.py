"""The allow-list refuses every way out that is known, by name and before anything is executed."""

import time

import escapes
import pytest

from tabrl.rewards.lint import lint
from tabrl.robots.catalogue import Robot

TRIES = escapes.sources()


def test_the_tries_are_many_and_each_is_another() -> None:
    assert len(TRIES) >= 60
    assert len(set(TRIES.values())) == len(TRIES)


@pytest.mark.parametrize("source", TRIES.values(), ids=TRIES)
def test_a_way_out_is_refused_with_a_message(source: str, go1: Robot) -> None:
    began = time.monotonic()
    findings = lint(source, go1)
    assert time.monotonic() - began < 10
    assert any(finding.severity == "error" for finding in findings)
    assert all(finding.message and len(finding.message) < 500 for finding in findings)


@pytest.mark.parametrize("name", ["jnp.sin(s.height)", "near(s.roll, 0.0, 0.1)", "abs(-1.0)"])
def test_what_the_tries_are_made_of_is_fine_by_itself(name: str, go1: Robot) -> None:
    assert lint(f"def reward(s):\n    return {{'a': {name}}}\n", go1) == []
