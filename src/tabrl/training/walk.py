"""How a robot learns to walk: a reward in the same language as any other, on commands
that are resampled often.
"""

from dataclasses import dataclass, field
from inspect import signature
from typing import Any

import jax
import jax.numpy as jnp

from tabrl.envs.task import Task
from tabrl.errors import TabRLError
from tabrl.robots.catalogue import Robot, robots
from tabrl.spec import Approach, Hyperparameters, Termination

_WALK = """
def reward(s):
    ahead = s.lin_vel_b[0] - s.command[0]
    aside = s.lin_vel_b[1] - s.command[1]
    moving = jnp.where(norm_sq(s.command) > 0.01, 1.0, 0.0)
    c = s.foot_contact
    first, second = FIRST, SECOND
    # 1 where the feet of one step are down together, and those of the other up
    step = (1 - jnp.std(c[first])) * (1 - jnp.std(c[second])) * jnp.abs(
        jnp.mean(c[first]) - jnp.mean(c[second]))
    lifted = jnp.clip(s.foot_height / (LIFT * s.home_height), 0.0, 1.0)
    # 1 where the feet of one step are up when the clock says so
    beat = (jnp.mean(lifted[second]) - jnp.mean(lifted[first])) * jnp.sin(s.phase)
    return {
        "alive": 1.0,
        "velocity": jnp.exp(-(ahead ** 2 + aside ** 2) / 0.12),
        "towards": 1 / (1 + 3 * (ahead ** 2 + aside ** 2)),
        "turn": near(s.ang_vel_b[2], s.command[2], 0.35),
        "step": moving * step,
        "beat": moving * beat,
        "swing": moving * jnp.mean((1 - c) * lifted),
        "hang": jnp.sum(jnp.clip(s.foot_air_time - 0.4, 0.0, 1.0)),
        "level": norm_sq(jnp.stack([s.nose_up, s.left_up])),
        "height": near(s.height, s.home_height, 0.15 * s.home_height),
        "bounce": s.up_speed ** 2,
        "wobble": norm_sq(s.ang_vel_b[:2]),
        "still": (1 - moving) * jnp.sum(jnp.abs(s.pose_error)),
        "planted": (1 - moving) * jnp.sum(1 - c),
        "pose": norm_sq(s.pose_error),
        "hips": norm_sq(s.offsets("hips")),
        TRUNK
        "slip": jnp.sum(c * s.foot_speed ** 2),
        "smooth": s.action_rate,
        "power": s.power,
    }
"""
_TRUNK = """        "trunk": norm_sq(s.offsets("waist")),
"""
"""Or G1 leans on the end stop of its waist, 0.5 rad ahead, and can neither nod nor bow."""
_WEIGHTS = {
    "alive": 0.5,
    "velocity": 1.5,
    "towards": 1.5,
    "turn": 1.0,
    "step": 0.6,
    "beat": 0.0,
    "swing": 0.8,
    "hang": -1.0,
    "level": -2.0,
    "height": 0.3,
    "bounce": -0.4,
    "wobble": -0.02,
    "still": -0.6,
    "planted": -1.0,
    "pose": -0.15,
    "hips": -0.6,
    "trunk": -5.0,
    "slip": -0.1,
    "smooth": -0.01,
    "power": -0.0004,
}


@dataclass(frozen=True)
class Walk:
    """How robots of a type walk.

    Attributes:
        first, second: the feet that step together.
        lift: how high they swing, as a share of the height at home.
        noise: rad by which joint targets are varied at first.
        learn: how it is trained; its action noise is `noise`.
        weights: where this type differs.
        eager: what differs at first, so that it dares to lift its feet.
        from_home: share of episodes that begin at home, at rest, while it is eager: some
            environments begin them so that nobody could keep the robot on two feet.
    """

    first: list[int]
    second: list[int]
    lift: float
    noise: float
    termination: Termination
    learn: Hyperparameters
    weights: dict[str, float] = field(default_factory=dict)
    eager: dict[str, float] = field(default_factory=dict)
    from_home: float = 0.0


_LEARN = Hyperparameters(coarse_physics=True, learning_rate=5e-4)
_TROT = Walk(
    [0, 3],
    [1, 2],
    0.28,
    0.25,
    Termination(min_upright=0.4, min_height=0.45),
    _LEARN,
)
_STRIDE = Walk(
    [0],
    [1],
    0.14,
    0.12,
    Termination(min_upright=0.5, min_height=0.6),
    _LEARN.model_copy(update={"entropy_cost": 0.004}),
    {
        "alive": 1.0,
        "height": 0.5,
        "wobble": -0.05,
        "still": -0.15,
        "hips": -0.2,
        "step": 0.4,
        "beat": 1.5,
        "swing": 0.4,
        "velocity": 2.5,
        "turn": 1.5,
    },
    {"step": 1.0, "beat": 3.0, "velocity": 1.5, "turn": 1.0},
    0.5,
)
WALKS = {"quadruped": _TROT, "biped": _STRIDE, "humanoid": _STRIDE}
HELD = 4.0
"""s for which a command is held, on average."""


def recipe(robot: Robot) -> Approach:
    """How a robot learns to walk.

    Raises:
        TabRLError: it has no velocity command, or no legs to walk on.
    """
    if robot.type not in WALKS or not robot.structure.takes_command:
        able = [r.id for r in robots() if r.type in WALKS and r.structure.takes_command]
        raise TabRLError(
            f"{robot.id} follows no velocity command, which a base policy is trained on.",
            f"It trains from scratch. These can have one: {', '.join(able)}.",
        )
    walk = WALKS[robot.type]
    source = _WALK.replace("FIRST", f"jnp.array({walk.first})")
    source = source.replace("SECOND", f"jnp.array({walk.second})").replace("LIFT", str(walk.lift))
    weights, waist = _WEIGHTS | walk.weights, "waist" in robot.structure.groups
    source = source.replace("        TRUNK\n", _TRUNK if waist else "")
    if not waist:
        del weights["trunk"]
    return Approach(
        name="Base",
        description="Walks at the commanded velocity, stands still without one.",
        source=source,
        weights=weights,
        termination=walk.termination,
    )


def change_often(task: Task) -> None:
    """Let commands change in the middle of an episode and a third of them be zero: else the robot
    hardly learns to set off, to halt and to stand.
    """
    environment = task.environment
    kind = type(environment)
    takes_last = "x_k" in signature(kind.sample_command).parameters

    class Resampled(kind):  # type: ignore[misc, valid-type]
        def sample_command(self, rng: jax.Array, *last: jax.Array) -> jax.Array:
            draw, stop = jax.random.split(rng)
            command = kind.sample_command(self, draw, *last)
            return jnp.where(jax.random.bernoulli(stop, 1 / 3), jnp.zeros_like(command), command)

        def _get_obs(self, data: Any, info: dict[str, Any], *args: Any) -> Any:
            draw, change = jax.random.split(jax.random.fold_in(info["rng"], 1))
            last = info["command"]
            command = self.sample_command(draw, *([last] if takes_last else []))
            changes = jax.random.bernoulli(change, self.dt / HELD)
            info["command"] = jnp.where(changes, command, last)
            return kind._get_obs(self, data, info, *args)

    environment.__class__ = Resampled
