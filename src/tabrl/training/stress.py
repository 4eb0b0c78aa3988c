"""Where a policy stops working: more or less friction, mass and pushes than it was trained with."""

import threading
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np

from tabrl.envs.native import NativePhysics
from tabrl.envs.randomize import scaled
from tabrl.envs.task import Setting
from tabrl.errors import TabRLError
from tabrl.events import Event, PhaseStarted, Stressed
from tabrl.policies import checkpoint
from tabrl.policies.networks import Parameters
from tabrl.spec import Criterion, Metric, Perturbation, Robustness, StressSpec
from tabrl.training.memory import kept
from tabrl.training.rollout import Rollouts
from tabrl.training.session import use_compilation_cache
from tabrl.verdict.judge import judge

LEVELS: dict[Perturbation, tuple[float, ...]] = {
    "friction": (0.25, 0.5, 0.75, 1.0, 1.5),
    "mass": (0.7, 0.85, 1.0, 1.15, 1.3),
    "push": (0.0, 0.25, 0.5, 1.0, 1.5),
}
"""Times the model's friction and mass; m/s of a push, every two seconds, in a random direction."""
TRIES = 5  # simulations of each level, from start states of their own
UPRIGHT = Metric(
    name="Stays up",
    question="Does it stay on its feet?",
    criteria=(Criterion(label="falls", measure="falls", at_most=0),),
)
"""Judges a policy that has no metric."""


def stress(spec: StressSpec, *, stop: threading.Event) -> Iterator[Event]:
    """Test a saved policy, by the metric that was saved with it or else by its falls."""
    yield PhaseStarted(job=spec.job, phase="checking")
    use_compilation_cache()
    parameters, _, card = checkpoint.load(Path(spec.policy))
    rollouts = perturbed(card["robot"], tuple(card["hidden"]))
    checkpoint.refuse_misfit(card, rollouts.task.obs_shapes, rollouts.task.action_size)
    setting = rollouts.task.setting(checkpoint.approach_of(card))
    metric = checkpoint.metric_of(card)
    robustness = measure_robustness(rollouts, parameters, setting, metric, spec.seed, stop)
    yield Stressed(job=spec.job, robustness=robustness)


@kept
@lru_cache(maxsize=2)
def perturbed(robot_id: str, hidden: tuple[int, ...]) -> Rollouts:
    """The process's rollouts of a robot with all levels in one batch."""
    rollouts = Rollouts(robot_id, hidden, num_envs=len(LEVELS) * _WIDTH, threads=0)
    model = rollouts.task.model
    mass = np.repeat(_factors("mass")[:, None], model.nbody, axis=1)
    assert isinstance(rollouts.task.physics, NativePhysics)
    rollouts.task.physics.vary(scaled(model, friction=_factors("friction"), mass=mass))
    return rollouts


def measure_robustness(
    rollouts: Rollouts,
    parameters: Parameters,
    setting: Setting,
    metric: Metric | None,
    seed: int,
    stop: threading.Event,
) -> tuple[Robustness, ...]:
    """How many of `TRIES` ten-second rollouts pass at each level; nothing where it was stopped.

    Args:
        rollouts: of `perturbed`.
        metric: None counts those that never fall.

    Raises:
        TabRLError: no metric, and no floating base that could fall.
    """
    robot = rollouts.task.robot
    floats = robot.structure.free_base
    if metric is None and not floats:
        raise TabRLError(
            f"{robot.id} cannot fall, and the policy has no metric to judge it by.",
            "Test a policy that `tabrl teach` has trained.",
        )
    way = np.random.default_rng(seed).uniform(0, 2 * np.pi, len(LEVELS) * _WIDTH)
    push = _factors("push", 0.0)[:, None] * np.stack([np.cos(way), np.sin(way)], axis=1)
    rollout = rollouts.run(parameters, setting, seed, stop=stop, push=push)
    if stop.is_set():
        return ()
    passes = [
        judge(metric or UPRIGHT, rollout.trajectory(i), robot, rollouts.task.model).verdict
        == "pass"
        for i in range(rollouts.task.num_envs)
    ]
    counts = np.reshape(passes, (len(LEVELS), -1, TRIES)).sum(axis=2)
    return tuple(
        Robustness(what=what, levels=levels, passes=tuple(map(int, row)), tries=TRIES)
        for (what, levels), row in zip(LEVELS.items(), counts, strict=True)
        if what != "push" or floats
    )


_WIDTH = TRIES * len(LEVELS["friction"])  # simulations of one perturbation; all have as many levels


def _factors(what: Perturbation, plain: float = 1.0) -> np.ndarray:
    """(num_envs,): the levels of one perturbation, and `plain` in the simulations of the others."""
    rows = [
        np.repeat(levels, TRIES) if name == what else np.full(_WIDTH, plain)
        for name, levels in LEVELS.items()
    ]
    return np.concatenate(rows)
