"""Judges baselines, robots that were taught nothing: a metric that they pass tells nothing."""

import threading
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from tabrl.events import BaselinesJudged, Event, PhaseStarted
from tabrl.policies import checkpoint
from tabrl.spec import BaselineSpec, Hyperparameters
from tabrl.training.memory import kept
from tabrl.training.rollout import Driver, Rollouts, rollouts_of
from tabrl.training.session import use_compilation_cache
from tabrl.verdict.judge import judge
from tabrl.verdict.trajectory import Trajectory

_SEED = 0


def baseline(spec: BaselineSpec, *, stop: threading.Event) -> Iterator[Event]:
    """Run each baseline for as long as a clip, told to stand, and let the metric judge it."""
    yield PhaseStarted(job=spec.job, phase="checking")
    use_compilation_cache()
    rollouts, drivers = _drivers(spec.robot, spec.base_policy)
    baselines = {}
    for who in drivers:
        if stop.is_set():
            return
        trajectory = _trajectory(spec.robot, spec.base_policy, who)
        baselines[who] = judge(spec.metric, trajectory, rollouts.task.robot, rollouts.task.model)
    yield BaselinesJudged(job=spec.job, baselines=baselines)


def _drivers(robot: str, base_policy: str | None) -> tuple[Rollouts, dict[str, Driver]]:
    hidden = Hyperparameters().hidden
    drivers: dict[str, Driver] = {"a still robot": "still", "a random robot": "random"}
    if base_policy:
        base, _, card = checkpoint.load(Path(base_policy))
        hidden, drivers["the base robot"] = tuple(card["hidden"]), base
    return rollouts_of(robot, hidden), drivers


@kept
@lru_cache(maxsize=6)
def _trajectory(robot: str, base_policy: str | None, who: str) -> Trajectory:
    """What one of them does: the same for every metric, so that a mended one is tried at once."""
    rollouts, drivers = _drivers(robot, base_policy)
    stand = rollouts.task.setting(None).told(0, 0, 0, 1)
    return rollouts.run(drivers[who], stand, _SEED).trajectory()
