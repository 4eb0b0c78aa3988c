"""Learners: our PPO on a robot's stock reward against Brax's PPO with Playground's settings, after
the same number of environment steps.

python -m benchmarks.learners [--robot ID ...] [--steps N]

Brax's loop runs on the same native physics, through a callback: on MJX these trainings take hours
on a CPU. Both policies are then judged alike: by the mean return of their mean actions over whole
episodes.
"""

import argparse
import functools
import json
import sys
import time
from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
import numpy as np
from brax.envs.base import Env, State
from brax.training.agents.ppo import networks as ppo_networks
from brax.training.agents.ppo import train as brax_ppo
from mujoco_playground import registry

from benchmarks.machine import machine
from tabrl.envs.task import Task
from tabrl.policies.networks import initialize, make_policy
from tabrl.spec import Hyperparameters
from tabrl.training.ppo import run
from tabrl.training.score import Scorer
from tabrl.training.session import trainer, use_compilation_cache

ROBOTS = ("CheetahRun", "CartpoleSwingup", "WalkerWalk", "PandaPickCube")
STEPS = 983_040  # a whole number of iterations with Playground's settings
_EPISODES = 64

Act = Callable[[dict[str, jax.Array]], jax.Array]
"""Observations {name: (n, size)} to actions (n, action_size)."""


def ours(robot: str, steps: int, seed: int) -> Act:
    """Our learner with its own settings, from scratch."""
    hp = from_scratch(robot)
    ppo = trainer(robot, hp, 0, False, 0)
    fresh = initialize(ppo.networks, ppo.task.obs_shapes, jax.random.PRNGKey(seed))
    scorer, setting = Scorer(ppo.task, None, {}), ppo.task.setting(None)
    for _, learner in run(ppo, scorer, fresh, setting, num_steps=steps, seed=seed):
        last = learner
    policy = make_policy(ppo.networks, deterministic=True)
    return lambda obs: policy(last.parameters, obs, jax.random.PRNGKey(0))[0]


def from_scratch(robot: str) -> Hyperparameters:
    """Our settings with the robot's own length of an episode."""
    return Hyperparameters(episode_length=settings_of(robot)["episode_length"])


def playgrounds(robot: str, steps: int, seed: int) -> Act:
    """Brax's PPO with the settings that Playground gives for this robot."""
    # A callback that waits for an array which its own thread should compute never ends.
    jax.config.update("jax_cpu_enable_async_dispatch", False)
    settings = settings_of(robot)
    factory = functools.partial(
        ppo_networks.make_ppo_networks, **settings.pop("network_factory", {})
    )
    settings |= {"num_timesteps": steps, "num_evals": 1, "num_resets_per_eval": 0}
    make_policy, parameters, _ = brax_ppo.train(
        environment=OverCallback(robot, settings["num_envs"], settings["episode_length"], seed),
        wrap_env=False,
        run_evals=False,
        network_factory=factory,
        seed=seed,
        **settings,
    )
    policy = make_policy(parameters, deterministic=True)
    return lambda obs: policy(_own(obs), jax.random.PRNGKey(0))[0]


class OverCallback(Env):
    """A batch of a robot's own task for Brax's loop; what has ended begins again by itself."""

    def __init__(self, robot: str, num_envs: int, episode_length: int, seed: int) -> None:
        self._task, self._length = Task(robot, num_envs), episode_length
        self._setting = self._task.setting(None)
        self._bank = self._task.reset(jax.random.PRNGKey(seed), self._setting)
        still = np.zeros((num_envs, self._task.action_size), np.float32)
        outputs = self._simulate(self._task.act(self._bank, still, self._setting))
        self._shapes = {k: jax.ShapeDtypeStruct(v.shape, v.dtype) for k, v in outputs.items()}

    def reset(self, rng: jax.Array) -> State:
        none = jnp.zeros(len(rng))
        info = {"truncation": none, "episode_done": none, "episode_metrics": {}, "key": rng[0]}
        return State(self._bank, _own(self._bank.obs), none, none, {}, info)

    def step(self, state: State, action: jax.Array) -> State:
        task, key = self._task, jax.random.split(state.info["key"], 1)[0]
        inputs = dict(task.act(state.pipeline_state, action, self._setting))
        outputs = jax.pure_callback(self._simulate, self._shapes, inputs)
        following, step = task.settle(
            state.pipeline_state, action, outputs, self._setting, self._bank, key, self._length
        )
        ended = jnp.maximum(step.done, step.truncated)
        return state.replace(
            pipeline_state=following,
            obs=_own(following.obs),
            reward=step.stock_reward,
            done=ended,
            info=state.info | {"truncation": step.truncated, "episode_done": ended, "key": key},
        )

    def _simulate(self, inputs: dict) -> dict[str, np.ndarray]:
        own = {name: np.asarray(value) for name, value in inputs.items()}
        outputs = self._task.physics.step(own, self._task.split.nstep)
        return {name: np.array(value) for name, value in outputs.items()}

    @property
    def observation_size(self) -> int:
        return self._bank.obs["state"].shape[-1] - 2

    @property
    def action_size(self) -> int:
        return self._task.action_size

    @property
    def backend(self) -> str:
        return "mjbatch"


def _own(obs: dict[str, jax.Array]) -> jax.Array:
    """The environment's own observation: ours without the two numbers of the clock."""
    return obs["state"][:, :-2]


def settings_of(robot: str) -> dict:
    """Playground's PPO settings for a robot."""
    from mujoco_playground.config import (
        dm_control_suite_params,
        locomotion_params,
        manipulation_params,
    )

    suites = (
        (registry.dm_control_suite, dm_control_suite_params),
        (registry.locomotion, locomotion_params),
        (registry.manipulation, manipulation_params),
    )
    params = next(params for suite, params in suites if robot in suite.ALL_ENVS)
    return params.brax_ppo_config(robot).to_dict()


def mean_return(robot: str, act: Act, seed: int) -> float:
    """Mean sum of the stock reward over whole episodes that start at random."""
    task = Task(robot, _EPISODES)
    setting, length = task.setting(None), settings_of(robot)["episode_length"]
    state = starts = task.reset(jax.random.PRNGKey(seed), setting)

    @jax.jit
    def begin(state):
        action = act(state.obs)
        return action, task.act(state, action, setting)

    settle = jax.jit(
        lambda s, a, o: task.settle(s, a, o, setting, starts, jax.random.PRNGKey(0), 10**9)
    )
    total, going = np.zeros(_EPISODES), np.ones(_EPISODES)
    for _ in range(length):
        action, inputs = begin(state)
        state, step = settle(state, action, task.physics.step(inputs, task.split.nstep))
        total += going * np.asarray(step.stock_reward)
        going *= 1.0 - np.asarray(step.done)
    return float(total.mean())


def main(robots: Sequence[str] = ROBOTS, *, steps: int = STEPS, seed: int = 0) -> dict:
    """The least ratio of our return to the one that Playground's settings reach."""
    use_compilation_cache()
    rows = {}
    for robot in robots:
        rows[robot] = row = {"steps": steps}
        for name, train in (("figure", ours), ("baseline", playgrounds)):
            began = time.perf_counter()
            act = train(robot, steps, seed)
            row[f"{name}_s"] = round(time.perf_counter() - began)
            row[name] = round(mean_return(robot, act, seed + 1), 2)
        row["ratio"] = round(row["figure"] / max(row["baseline"], 1e-6), 3)
        print(robot, row, file=sys.stderr, flush=True)
    least = min(rows, key=lambda robot: rows[robot]["ratio"])
    return {
        "what": f"mean return of our learner over that of Playground's settings; least: {least}",
        "figure": rows[least]["figure"],
        "baseline": rows[least]["baseline"],
        "ratio": rows[least]["ratio"],
        "robots": rows,
        "machine": machine(),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--robot", nargs="+", default=list(ROBOTS), metavar="ID")
    parser.add_argument("--steps", type=int, default=STEPS, help="of each training")
    args = parser.parse_args()
    print(json.dumps(main(args.robot, steps=args.steps), indent=1))
