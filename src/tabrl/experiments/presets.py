"""How long to train: wall time of an experiment's training phase, and the steps that fit in it."""

from tabrl.spec import Hyperparameters, Preset

FINE_TUNING_S: dict[Preset, float] = {"quick": 30, "standard": 120, "quality": 240}
FROM_SCRATCH_S: dict[Preset, float] = {"quick": 240, "standard": 600, "quality": 1200}


def training_seconds(preset: Preset, *, from_scratch: bool) -> float:
    """Wall time for all approaches of an experiment together, s."""
    return (FROM_SCRATCH_S if from_scratch else FINE_TUNING_S)[preset]


def steps_each(
    seconds: float, steps_per_s: float, approaches: int, settings: Hyperparameters
) -> int:
    """Environment steps for each of several approaches that share the machine for `seconds`."""
    return round_to_batch(int(seconds * steps_per_s / approaches), settings)


def round_to_batch(steps: int, settings: Hyperparameters) -> int:
    """Steps as a whole number of PPO iterations, at least one."""
    batch = settings.num_envs * settings.unroll_length
    return max(1, round(steps / batch)) * batch
