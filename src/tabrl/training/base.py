"""Train a base policy: what `tabrl base train ROBOT` runs.

A base policy walks at the commanded velocity with the behaviour clock in its observation, so that
fine-tuning starts from a robot that stands and moves, and changes no shapes. Its reward is written
in the same language as any other.
"""

import argparse
import json
import os
import sys
import time
from dataclasses import dataclass
from inspect import signature
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import mujoco
import numpy as np
from brax.training.agents.ppo.networks import PPONetworks

from tabrl.envs.task import Task
from tabrl.errors import TabRLError
from tabrl.policies.checkpoint import load, save
from tabrl.policies.networks import Parameters, initialize, make_policy, with_action_noise
from tabrl.rendering.loop import loop
from tabrl.rendering.motions import Motion
from tabrl.robots.catalogue import Robot, robots
from tabrl.spec import Approach, Hyperparameters, Termination
from tabrl.training.ppo import Ppo, Scorer, run
from tabrl.training.rollout import PUSH_EVERY
from tabrl.training.session import compile_reward, trainer, use_compilation_cache

PUSH = 0.5
"""m/s by which the base is pushed where robustness is measured."""

HELD = 4.0
"""s for which a command is held, on average."""

LEARN = Hyperparameters(entropy_cost=0.01, init_noise_std=0.5, desired_kl=None)
POLISH = LEARN.model_copy(
    update={"entropy_cost": 0.003, "learning_rate": 3e-4, "init_noise_std": 0.35}
)

_WALK = """
def reward(s):
    ahead = s.lin_vel_b[0] - s.command[0]
    aside = s.lin_vel_b[1] - s.command[1]
    moving = jnp.where(norm_sq(s.command) > 0.01, 1.0, 0.0)
    c = s.foot_contact
    lead = jnp.sin(s.phase)
    beat = jnp.array(BEAT) * lead                       # above 0 a foot stands, below it swings
    # the joints of a robot that lifts the feet of beat 1, or the others: rad from home
    step = jnp.maximum(-lead, 0.0) * jnp.array(FIRST) + jnp.maximum(lead, 0.0) * jnp.array(SECOND)
    off = s.pose_error - moving * step
    return {
        "alive": 1.0,
        "velocity": jnp.exp(-(ahead ** 2 + aside ** 2) / 0.12),
        "towards": 1 / (1 + 3 * (ahead ** 2 + aside ** 2)),
        "turn": near(s.ang_vel_b[2], s.command[2], 0.35),
        "gait": near(off, 0.0, 0.25),
        "step": moving * jnp.mean(jnp.where(c > 0.5, beat > 0.0, beat < 0.0)),
        "level": norm_sq(jnp.stack([s.nose_up, s.left_up])),
        "height": near(s.height, s.home_height, 0.15 * s.home_height),
        "bounce": s.up_speed ** 2,
        "wobble": norm_sq(s.ang_vel_b[:2]),
        "still": (1 - moving) * jnp.sum(jnp.abs(s.pose_error)),
        "planted": (1 - moving) * jnp.sum(1 - c),
        "pose": norm_sq(off),
        "slip": jnp.sum(c * s.foot_speed ** 2),
        "smooth": s.action_rate,
        "power": s.power,
    }
"""
_WEIGHTS = {
    "alive": 0.5,
    "velocity": 1.5,
    "towards": 1.5,
    "turn": 1.0,
    "gait": 1.0,
    "step": 0.8,
    "level": -2.0,
    "height": 0.3,
    "bounce": -0.4,
    "wobble": -0.02,
    "still": -0.3,
    "planted": -1.0,
    "pose": -0.15,
    "slip": -0.1,
    "smooth": -0.01,
    "power": -0.0004,
}
CLOCK_SPREAD = 1.5
"""Each episode's clock, and with it the step, runs at 1.5 Hz times or over up to this."""


@dataclass(frozen=True)
class Walk:
    """How robots of a type walk.

    Attributes:
        beat: 1 or -1 for each foot; those that are alike stand together.
        lift: how high feet swing, as a share of the height at home.
    """

    beat: tuple[float, ...]
    lift: float
    termination: Termination


_STRIDE = Walk((1.0, -1.0), 0.12, Termination(min_upright=0.5, min_height=0.6))
WALKS = {
    "quadruped": Walk((1.0, -1.0, -1.0, 1.0), 0.28, Termination(min_upright=0.4, min_height=0.45)),
    "biped": _STRIDE,
    "humanoid": _STRIDE,
}


def recipe(robot: Robot, model: mujoco.MjModel) -> Approach:
    """How a robot learns to walk: with the steps of one that is posed, not simulated, to imitate.

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
    poses = loop(robot, model, Motion(lift=walk.lift, steps=1, feet="planted"))
    joints = [joint.qpos_adr for joint in robot.structure.joints]
    home = np.array(robot.structure.home_qpos)
    first, second = ((poses[round(t * len(poses))] - home)[joints] for t in (0.25, 0.75))
    values = {"BEAT": walk.beat, "FIRST": first.round(3), "SECOND": second.round(3)}
    source = _WALK
    for name, value in values.items():
        source = source.replace(name, str(list(map(float, value))))
    return Approach(
        name="Base",
        description="Steps to the clock at the commanded velocity, stands still without one.",
        source=source,
        weights=_WEIGHTS,
        termination=walk.termination,
    )


def train(robot: str, steps: int, out: Path, *, seed: int = 0, start: Path | None = None) -> dict:
    """Train on random commands, and save the policy with its measured quality.

    Args:
        start: a policy to polish, with less noise and smaller updates; None trains from scratch.
    """
    began = time.time()
    hp = POLISH if start else LEARN
    ppo = trainer(robot, hp, 0, False, 0)
    approach = recipe(ppo.task.robot, ppo.task.model)
    _change_often(ppo.task)
    setting = ppo.task.setting(approach)
    setting = setting.replace(command=jnp.zeros(4), clock_spread=jnp.float32(np.log(CLOCK_SPREAD)))
    reward, weights = compile_reward(ppo.task, approach)
    parameters = initialize(ppo.networks, ppo.task.obs_shapes, jax.random.PRNGKey(seed))
    before: dict = {}
    if start:
        parameters, _, before = load(start)
        parameters = with_action_noise(parameters, hp.init_noise_std)
    shown = 0.0
    for report, learner in run(
        ppo, Scorer(ppo.task, reward, weights), parameters, setting, num_steps=steps, seed=seed
    ):
        if time.time() - shown > 10:
            shown = time.time()
            terms = " ".join(f"{name} {value:.2f}" for name, value in report.terms.items())
            print(
                f"{report.step} steps, reward {report.reward:.3f}, "
                f"length {report.episode_length:.0f} | {terms}",
                flush=True,
            )
            _save(out, robot, ppo, hp, learner.parameters, {"steps": report.step, "seed": seed})
    quality = measure(ppo.task, learner.parameters, ppo.networks)
    pushed = measure(ppo.task, learner.parameters, ppo.networks, push=PUSH)
    quality["falls_per_minute_pushed"] = pushed["falls_per_minute"]
    card = {
        "steps": report.step + before.get("steps", 0),
        "seed": seed,
        "seconds": round(time.time() - began) + before.get("seconds", 0),
        "machine": f"{os.cpu_count()} CPU cores",
        "quality": quality,
    }
    _save(out, robot, ppo, hp, learner.parameters, card)
    return card


def _change_often(task: Task) -> None:
    """Let commands change in the middle of an episode and a third of them be zero: else the robot
    hardly learns to set off, to halt and to stand.
    """
    environment = task.environment
    kind = type(environment)
    takes_last = "x_k" in signature(kind.sample_command).parameters

    class Restless(kind):  # type: ignore[misc, valid-type]
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

    environment.__class__ = Restless


def measure(
    task: Task,
    parameters: Parameters,
    networks: PPONetworks,
    seconds: float = 10.0,
    push: float = 0.0,
) -> dict[str, float]:
    """Tracking errors and falls of the deterministic policy over random commands.

    Args:
        push: m/s that the base is pushed by, in a random direction, every two seconds.
    """
    policy = make_policy(networks, deterministic=True)
    key = jax.random.PRNGKey(1)
    setting = task.setting(None).replace(
        clock_spread=jnp.float32(0.0), min_upright=jnp.float32(0.4)
    )
    state = bank = task.reset(key, setting)
    act = jax.jit(
        lambda s, k: (lambda a: (a, task.act(s, a, setting)))(policy(parameters, s.obs, k)[0])
    )
    settle = jax.jit(lambda s, a, o, k: task.settle(s, a, o, setting, bank, k, 10**6))
    errors, falls = [], 0
    steps, every = (int(s / task.robot.structure.control_dt) for s in (seconds, PUSH_EVERY))
    for index, step_key in enumerate(jax.random.split(key, steps)):
        if push and index % every == every - 1:
            towards = 2 * np.pi * jax.random.uniform(step_key, (task.num_envs,))
            both = jnp.stack([jnp.cos(towards), jnp.sin(towards)], axis=1)
            state = state.replace(push=push * both)
        action, inputs = act(state, step_key)
        state, step = settle(state, action, task.physics.step(inputs, task.split.nstep), step_key)
        signals = task.signals.unpack(step.signals)
        velocity, command = signals["lin_vel_b"][:, :2], signals["command"]
        errors.append(
            (
                float(jnp.mean(jnp.linalg.norm(velocity - command[:, :2], axis=1))),
                float(jnp.mean(jnp.abs(signals["ang_vel_b"][:, 2] - command[:, 2]))),
            )
        )
        falls += int(np.asarray(step.done).sum())
    linear, turning = np.mean(errors[len(errors) // 10 :], axis=0)
    minutes = task.num_envs * seconds / 60
    return {
        "velocity_error": round(float(linear), 4),
        "turn_error": round(float(turning), 4),
        "falls_per_minute": round(falls / minutes, 4),
    }


def _save(
    out: Path, robot: str, ppo: Ppo, hp: Hyperparameters, parameters: Parameters, card: dict
) -> None:
    shapes = {name: list(shape) for name, shape in ppo.task.obs_shapes.items()}
    save(
        out,
        parameters,
        {
            "robot": robot,
            "obs_shapes": shapes,
            "action_size": ppo.task.action_size,
            "hidden": list(hp.hidden),
            **card,
        },
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("robot")
    parser.add_argument("--steps", type=float, default=8e6)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--start", type=Path, help="polish this policy instead of a fresh one")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    use_compilation_cache()
    try:
        card = train(args.robot, int(args.steps), args.out, seed=args.seed, start=args.start)
    except TabRLError as error:
        sys.exit(f"{error.message} {error.hint}")
    print(json.dumps(card["quality"], indent=1))


if __name__ == "__main__":
    main()
