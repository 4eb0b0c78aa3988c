"""Domain randomisation: simulations that differ, so that a policy minds none of the differences.

MuJoCo Playground's own randomiser of an environment, where it has one; else ours, in the ranges
that Playground's have.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax
import mujoco
import numpy as np

from tabrl.robots.catalogue import Robot

Fields = dict[str, np.ndarray]
"""(num_envs, ...) values of fields of a MuJoCo model."""

FRICTION = (0.6, 1.7)  # times the model's: Playground draws 0.4 to 1.0 about floors of 0.6
MASS = (0.9, 1.1)  # times the model's, each body of its own
BASE_MASS = (0.8, 1.2)  # times, on top of it: Playground adds up to 1 kg to a Go1's 5.2 kg
STRENGTH = (0.8, 1.2)  # times the force of each actuator: Playground's stiffness of LEAP's joints
LATE = 0.5  # share of the simulations whose actions come one control step late
PUSH = 1.0  # m/s at most, on a floating base in a random direction
PUSH_EVERY = 7.5  # s on average: Playground pushes humanoids every 5 to 10 s

_LINEAR = tuple(map(int, (mujoco.mjtGain.mjGAIN_FIXED, mujoco.mjtGain.mjGAIN_AFFINE)))


@dataclass(frozen=True)
class Differences:
    """What differs between the simulations of a task.

    Attributes:
        fields: of the MuJoCo model.
        late: (num_envs,) bool, whose actions come one control step late.
        push: m/s at most, every `PUSH_EVERY` s on average.
    """

    fields: Fields
    late: np.ndarray
    push: float = 0.0


def no_differences(num_envs: int) -> Differences:
    """Simulations that are all alike."""
    return Differences({}, np.zeros(num_envs, bool))


def draw(env: Any, robot: Robot, num_envs: int, seed: int) -> Differences:
    """The same differences for the same seed."""
    from mujoco_playground import registry

    randomizer: Callable | None = registry.get_domain_randomizer(robot.id)
    if randomizer is None:
        return _our_own(env.mj_model, robot, num_envs, np.random.default_rng(seed))
    fields = _playgrounds(randomizer, env, num_envs, seed)
    return Differences(fields, np.zeros(num_envs, bool))


def scaled(
    model: mujoco.MjModel,
    *,
    friction: np.ndarray | None = None,
    mass: np.ndarray | None = None,
    strength: np.ndarray | None = None,
) -> Fields:
    """Fields of a model with its friction, masses and actuator forces multiplied.

    Args:
        friction: (num_envs,), for sliding on all that can touch.
        mass: (num_envs, nbody), and of inertia.
        strength: (num_envs, nu); muscles stay as they are.
    """
    fields: Fields = {}
    if friction is not None:
        fields["geom_friction"] = _columns(model.geom_friction, slice(0, 1), friction[:, None])
        fields["pair_friction"] = _columns(model.pair_friction, slice(0, 2), friction[:, None])
    if mass is not None:
        fields["body_mass"] = model.body_mass * mass
        fields["body_inertia"] = model.body_inertia * mass[..., None]
    if strength is not None:
        force = np.where(np.isin(model.actuator_gaintype, _LINEAR), strength, 1.0)
        fields["actuator_gainprm"] = model.actuator_gainprm * force[..., None]
        fields["actuator_biasprm"] = model.actuator_biasprm * force[..., None]
    return {name: values for name, values in fields.items() if values.size}


def _columns(field: np.ndarray, columns: slice, factors: np.ndarray) -> np.ndarray:
    """(num_envs, n, m) copies of a field (n, m), some columns times factors (num_envs, 1)."""
    values = np.tile(field, (len(factors), 1, 1))
    values[..., columns] *= factors[..., None]
    return values


def _our_own(
    model: mujoco.MjModel, robot: Robot, num_envs: int, rng: np.random.Generator
) -> Differences:
    mass = rng.uniform(*MASS, (num_envs, model.nbody))
    floats = robot.structure.free_base
    if floats:
        base = model.body(robot.structure.base_body).id
        mass[:, base] *= rng.uniform(*BASE_MASS, num_envs)
    fields = scaled(
        model,
        friction=rng.uniform(*FRICTION, num_envs),
        mass=mass,
        strength=rng.uniform(*STRENGTH, (num_envs, model.nu)),
    )
    late = rng.uniform(size=num_envs) < LATE
    return Differences(fields, late, PUSH if floats else 0.0)


def _playgrounds(randomizer: Callable, env: Any, num_envs: int, seed: int) -> Fields:
    # Some randomisers look names up in an environment that they build with its class's defaults.
    for default in type(env).__init__.__defaults__ or ():
        if hasattr(default, "impl"):
            default.impl = env.mjx_model.impl.value
    model, axes = randomizer(env.mjx_model, jax.random.split(jax.random.PRNGKey(seed), num_envs))
    return {
        name: np.asarray(values)
        for name, values in vars(model).items()
        # An axis of 0 may also be a count that is 0: those are no arrays.
        if isinstance(values, jax.Array) and isinstance(getattr(axes, name), int)
    }
