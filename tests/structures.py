"""One robot of each structure by default, every one of them with `make test-all`."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from tabrl.robots.catalogue import Robot, robots


def structure(robot: Robot) -> tuple[Any, ...]:
    """What makes a robot's environment another kind of thing to the code."""
    s = robot.structure
    return robot.type, s.free_base, s.takes_command, bool(s.objects)


def each_structure(
    chosen: Callable[[Robot], Any] = lambda robot: True, *, always: Iterable[str] = ()
) -> list[Any]:
    """Ids of the chosen robots, as parameters: the first of each structure and those named
    `always` are tested by default, the others are marked `nightly`.
    """
    seen = set()
    parameters = []
    for robot in filter(chosen, robots()):
        kind = structure(robot)
        known = kind in seen and robot.id not in always
        seen.add(kind)
        parameters.append(pytest.param(robot.id, marks=[pytest.mark.nightly] if known else []))
    return parameters


def halves() -> list[Any]:
    """All ids in two tuples: one of each structure, and the rest for `make test-all`."""
    usual = tuple(p.values[0] for p in each_structure() if not p.marks)
    rest = tuple(robot.id for robot in robots() if robot.id not in usual)
    return [
        pytest.param(usual, id="one of each structure"),
        pytest.param(rest, id="the others", marks=pytest.mark.nightly),
    ]


def nightly(*values: Any) -> Any:
    """Parameters that are tested with `make test-all` only."""
    return pytest.param(*values, marks=pytest.mark.nightly)
