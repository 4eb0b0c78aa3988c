"""How long to train: the steps that a preset promises, and what follows from a number of steps."""

from dataclasses import dataclass

from tabrl.errors import TabRLError
from tabrl.experiments.base import base_policy
from tabrl.robots.catalogue import Robot
from tabrl.spec import Hyperparameters, Preset

STEPS: dict[Preset, int] = {"quick": 163_840, "standard": 645_120, "quality": 1_290_240}
"""Environment steps of each approach from a base policy: the same on every machine, since a slower
one should take longer and not learn less (docs/results/training.md has what they teach)."""
FROM_SCRATCH = 2
"""A start at nothing takes so many times the steps."""
GOES_ON = 2
"""A preset goes on while its metric still rises, to at most so many times its steps."""

GOOD_ITERATIONS, FEWEST_ITERATIONS, FEWEST_ENVS = 32, 48, 64
"""Of three approaches to Go1's hip shake none passes after 40,960 steps of 64 simulations, two do
after 81,920 of 128."""


@dataclass(frozen=True)
class Plan:
    """How long each approach of an experiment trains.

    Attributes:
        steps: environment steps, in whole iterations.
        max_steps: steps that it goes on to at most; None where a number of steps was asked for.
        rates: the settings, with as many simulations as so many steps have use for.
    """

    steps: int
    max_steps: int | None
    rates: Hyperparameters


def plan(robot: Robot, rates: Hyperparameters, preset: Preset | None, steps: int | None) -> Plan:
    """What a preset promises, or a number of steps as it was asked for."""
    wanted = steps or 0 if preset is None else preset_steps(robot)[preset]
    whole = round_to_batch(wanted, rates)
    return Plan(whole, None if preset is None else GOES_ON * whole, planned(rates, whole))


def preset_steps(robot: Robot) -> dict[Preset, int]:
    """Environment steps of each approach by preset."""
    scratch = base_policy(robot) is None
    legs = robot.type in ("biped", "humanoid")
    # The first steps of two legs go into not falling.
    times = {"quick": FROM_SCRATCH if scratch or legs else 1}
    return {
        name: steps * times.get(name, FROM_SCRATCH if scratch else 1)
        for name, steps in STEPS.items()
    }


def planned(rates: Hyperparameters, steps: int) -> Hyperparameters:
    """The settings of a training of so many steps: fewer simulations where the usual ones would
    leave too few updates to learn from.
    """
    envs = rates.num_envs
    while envs // 2 >= FEWEST_ENVS and _iterations(steps, rates, envs) < GOOD_ITERATIONS:
        envs //= 2
    fits = envs % rates.num_minibatches == 0
    return rates.model_copy(update={"num_envs": envs}) if fits else rates


def fewest_steps(rates: Hyperparameters) -> int:
    """The shortest training that can change what a robot does."""
    return FEWEST_ITERATIONS * _batch(planned(rates, 0))


def refuse_too_short(steps: int, rates: Hyperparameters, steps_per_s: float | None = None) -> None:
    """`TabRLError` where a training of so many steps could learn nothing.

    Args:
        steps_per_s: of one of these trainings on this machine, where it is known.
    """
    fewest = fewest_steps(rates)
    if steps < fewest:
        time = f" (about {max(1, round(fewest / steps_per_s))} s)" if steps_per_s else ""
        raise TabRLError(
            f"{steps:,} steps are too short to learn.",
            f"Take at least {fewest:,} steps{time}, or a preset.",
        )


def round_to_batch(steps: int, rates: Hyperparameters) -> int:
    """Steps as a whole number of PPO iterations, at least one."""
    batch = _batch(planned(rates, steps))
    return max(1, round(steps / batch)) * batch


def _iterations(steps: int, rates: Hyperparameters, envs: int) -> float:
    return steps / (envs * rates.unroll_length)


def _batch(rates: Hyperparameters) -> int:
    return rates.num_envs * rates.unroll_length
