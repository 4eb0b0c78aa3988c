"""Tries a metric on robots that were taught nothing: one that they pass can tell nothing."""

import threading
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from tabrl.events import Appraised, Event, PhaseStarted
from tabrl.policies import checkpoint
from tabrl.spec import AppraiseSpec, Hyperparameters
from tabrl.training.memory import kept
from tabrl.training.rollout import Driver, Roller, roller
from tabrl.training.session import use_compilation_cache
from tabrl.verdict.judge import judge
from tabrl.verdict.trajectory import Trajectory

_SEED = 0


def appraise(spec: AppraiseSpec, *, stop: threading.Event) -> Iterator[Event]:
    """Roll each robot for as long as a clip, told to stand, and let the metric judge it."""
    yield PhaseStarted(job=spec.job, phase="checking")
    use_compilation_cache()
    rolls, drivers = _drivers(spec.robot, spec.base_policy)
    untaught = {}
    for who in drivers:
        if stop.is_set():
            return
        trajectory = _rolled(spec.robot, spec.base_policy, who)
        untaught[who] = judge(spec.metric, trajectory, rolls.task.robot, rolls.task.model)
    yield Appraised(job=spec.job, untaught=untaught)


def _drivers(robot: str, base_policy: str | None) -> tuple[Roller, dict[str, Driver]]:
    hidden = Hyperparameters().hidden
    drivers: dict[str, Driver] = {"a still robot": "still", "a random robot": "random"}
    if base_policy:
        base, _, card = checkpoint.load(Path(base_policy))
        hidden, drivers["the base robot"] = tuple(card["hidden"]), base
    return roller(robot, hidden), drivers


@kept
@lru_cache(maxsize=6)
def _rolled(robot: str, base_policy: str | None, who: str) -> Trajectory:
    """What one of them does: the same for every metric, so that a mended one is tried at once."""
    rolls, drivers = _drivers(robot, base_policy)
    stand = rolls.task.setting(None).told(0, 0, 0, 1)
    return rolls.roll(drivers[who], stand, _SEED).trajectory()
