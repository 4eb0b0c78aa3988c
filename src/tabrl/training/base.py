"""Train a base policy: what `tabrl base train ROBOT` runs.

A base policy walks at the commanded velocity with the behaviour clock in its observation, so that
fine-tuning starts from a robot that stands and moves, and changes no shapes.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from threading import Event
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from brax.training.agents.ppo.networks import PPONetworks

from tabrl.envs.task import Task
from tabrl.errors import TabRLError
from tabrl.policies.checkpoint import load, save
from tabrl.policies.networks import Parameters, initialize, make_policy, with_action_noise
from tabrl.robots.catalogue import Robot
from tabrl.robots.catalogue import robot as find_robot
from tabrl.spec import Hyperparameters, Move, RenderSpec
from tabrl.training.imitation import action_scale, imitate
from tabrl.training.job import render
from tabrl.training.ppo import Ppo, run
from tabrl.training.rollout import PUSH_EVERY
from tabrl.training.score import Scorer
from tabrl.training.session import compile_reward, trainer, use_compilation_cache
from tabrl.training.walk import WALKS, change_often, recipe

PUSH = 0.5
"""m/s by which the base is pushed where robustness is measured."""

WARMUP = 20
"""Iterations in which the critic learns what a policy is worth that can do something already."""


class _Stage(NamedTuple):
    """A part of a training.

    Attributes:
        share: of all its steps.
        weights: of the reward, where they differ from those of the walk.
        from_home: share of episodes that begin at home, at rest.
        polish: with less noise and smaller updates.
    """

    share: float
    weights: Mapping[str, float] = {}
    from_home: float = 0.0
    polish: bool = False


POLISH = {"learning_rate": 0.6, "entropy_cost": 0.3}
"""Times what a robot learnt to walk with."""
POLISH_NOISE = 0.7

TOUR = (
    (3.0, "forward", 0.6),
    (2.0, "turn", 0.6),
    (1.5, "left", 0.6),
    (2.0, "forward", -0.6),
)
"""What a policy's clip shows before the robot stands: seconds, way and share of the largest command
that way; negative is backwards.
"""


def train(robot: str, steps: int, out: Path, *, seed: int = 0, start: Path | None = None) -> dict:
    """Train on random commands, and save the policy with its measured quality and a clip.

    Args:
        start: a policy to go on from; None begins with a copy of light steps.
    """
    began = time.time()
    learns = find_robot(robot)
    approach, walk = recipe(learns), WALKS[learns.type]
    first = _learner(robot, walk.learn)
    setting = first.task.setting(approach)
    # Who walks on has left its start behind; what a behaviour needs of it, it learns to heed.
    sees = {"octaves": jnp.float32(1.0), "way_back": jnp.float32(0.0)}
    setting = setting.told(0, 0, 0, 0).replace(clock_spread=jnp.float32(np.log(2.0)), **sees)
    reward, weights = compile_reward(first.task, approach)
    scale = action_scale(first.task)
    noise = walk.noise / scale
    before: dict[str, Any] = {}
    if start:
        parameters, _, before = load(start)
        stages = [_Stage(0.6), _Stage(0.4, polish=True)]
    else:
        parameters = initialize(first.networks, first.task.obs_shapes, jax.random.PRNGKey(seed))
        parameters = imitate(first.task, first.networks, parameters, setting, scale)
        stages = [_Stage(0.4, walk.eager, walk.from_home), _Stage(0.4), _Stage(0.2, polish=True)]
    parameters = with_action_noise(parameters, noise)
    polish = {name: share * getattr(walk.learn, name) for name, share in POLISH.items()}
    done = 0
    for stage in stages:
        hp = walk.learn.model_copy(update=polish if stage.polish else {})
        ppo = _learner(robot, hp)
        if stage.polish:
            parameters = with_action_noise(parameters, POLISH_NOISE * noise)
        shown = 0.0
        for report, learner in run(
            ppo,
            Scorer(ppo.task, reward, {**weights, **stage.weights}),
            parameters,
            setting,
            num_steps=int(stage.share * steps),
            seed=seed,
            critic_warmup=WARMUP,
            first_step=done,
            noise=noise,
            from_home=stage.from_home,
        ):
            if time.time() - shown > 10:
                shown = time.time()
                terms = " ".join(f"{name} {value:.2f}" for name, value in report.terms.items())
                print(
                    f"{report.step} steps, reward {report.reward:.3f}, "
                    f"length {report.episode_length:.0f}, KL {report.losses['kl_mean']:.3f}, "
                    f"noise {report.losses['policy_dist_mean_std']:.2f} | {terms}",
                    flush=True,
                )
                so_far = {"steps": report.step, "seed": seed}
                _save(out, robot, ppo, hp, learner.parameters, so_far)
        parameters, done = learner.parameters, report.step
    task = Task(robot, hp.num_envs)  # with Playground's own physics
    change_often(task)
    quality = measure(task, parameters, ppo.networks)
    pushed = measure(task, parameters, ppo.networks, push=PUSH)
    quality["falls_per_minute_pushed"] = pushed["falls_per_minute"]
    card = {
        "steps": done + before.get("steps", 0),
        "seed": seed,
        "seconds": round(time.time() - began) + before.get("seconds", 0),
        "machine": f"{os.cpu_count()} CPU cores",
        "settings": _settings(walk.learn, walk.noise),
        "polish": polish | {"action_noise_rad": POLISH_NOISE * walk.noise},
        "quality": quality,
    }
    _save(out, robot, ppo, hp, parameters, card)
    film(out, learns)
    return card


def film(folder: Path, robot: Robot) -> None:
    """Leave `clip.mp4` beside a policy: it follows `TOUR`, then stands."""
    moves = tour(robot.structure.command_ranges)
    spec = RenderSpec(job="base", policy=str(folder), out=str(folder), moves=moves)
    for _ in render(spec, stop=Event()):
        pass
    for name in ("trajectory.npz", "poster.jpg"):
        (folder / name).unlink()


def tour(ranges: Sequence[tuple[float, float]]) -> tuple[Move, ...]:
    """`TOUR` within the lowest and highest commands forward, left (m/s) and turn (rad/s)."""
    limits = dict(zip(("forward", "left", "turn"), ranges, strict=True))

    def speed(way: str, share: float) -> float:
        low, high = limits[way]
        return abs(share) * (low if share < 0 else high)

    return tuple(Move(seconds=s, **{way: speed(way, share)}) for s, way, share in TOUR)


def _settings(hp: Hyperparameters, noise: float) -> dict[str, Any]:
    """What a card tells of a training; the network's sizes stand beside."""
    used = hp.model_dump(mode="json", exclude_none=True, exclude={"hidden", "init_noise_std"})
    return used | {"action_noise_rad": noise}


@lru_cache(maxsize=2)
def _learner(robot: str, hp: Hyperparameters) -> Ppo:
    """Of a task whose commands change often; made once, since that changes the task."""
    ppo = trainer(robot, hp, 0, False, 0)
    change_often(ppo.task)
    return ppo


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
    # An environment's own end may be a joint at its limit: no fall.
    setting = task.setting(None).replace(
        clock_spread=jnp.float32(0.0), min_upright=jnp.float32(0.4), stock=jnp.float32(0.0)
    )
    state = starts = task.reset(key, setting)
    act = jax.jit(
        lambda s, k: (lambda a: (a, task.act(s, a, setting)))(policy(parameters, s.obs, k)[0])
    )
    settle = jax.jit(lambda s, a, o, k: task.settle(s, a, o, setting, starts, k, 10**6))
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
    parser.add_argument("--start", type=Path, help="go on from this policy")
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
