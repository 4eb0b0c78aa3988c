"""How long to train: wall time of an experiment's training phase, and the steps that fit in it."""

from tabrl.experiments.record import Experiment
from tabrl.robots.catalogue import Robot
from tabrl.robots.catalogue import robot as find_robot
from tabrl.spec import Hyperparameters, Preset

FINE_TUNING_S: dict[Preset, float] = {"quick": 30, "standard": 120, "quality": 240}
# Two legs take more steps to learn a behaviour, and more time for each; so does a start at nothing.
LONGER_S: dict[Preset, float] = {"quick": 60, "standard": 240, "quality": 480}


def training_seconds(robot: Robot, *, from_scratch: bool) -> dict[Preset, float]:
    """Wall time of each preset for all approaches of an experiment together, s."""
    longer = from_scratch or robot.type in ("biped", "humanoid")
    return LONGER_S if longer else FINE_TUNING_S


def budget(experiment: Experiment, preset: Preset) -> float:
    """Wall time that a preset gives all trainings of an experiment together, s."""
    from_scratch = experiment.base_policy is None
    return training_seconds(find_robot(experiment.robot), from_scratch=from_scratch)[preset]


def steps_each(
    seconds: float, steps_per_s: float, approaches: int, settings: Hyperparameters
) -> int:
    """Environment steps for each of several approaches that share the machine for `seconds`."""
    return round_to_batch(int(seconds * steps_per_s / approaches), settings)


def round_to_batch(steps: int, settings: Hyperparameters) -> int:
    """Steps as a whole number of PPO iterations, at least one."""
    batch = settings.num_envs * settings.unroll_length
    return max(1, round(steps / batch)) * batch
