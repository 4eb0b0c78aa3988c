"""Physics: environments on native MuJoCo against the same environments on MJX, on the same CPU.

python -m benchmarks.physics [ROBOT ...] [--all] [--mjx] [--stock-scene]
"""

import argparse
import functools
import json
import sys
from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import mjbatch
import numpy as np
from mujoco import mjx
from mujoco_playground._src import mjx_env

from benchmarks.machine import Contender, machine, rates
from tabrl.envs.load import load_env
from tabrl.envs.native import NativePhysics
from tabrl.envs.split import EnvState, Split
from tabrl.robots.catalogue import robots as catalogue

GO1 = "Go1JoystickFlatTerrain"
NUM_ENVS = 512  # the learner's
MJX_BATCHES = (128, 512)
ROUNDS = 4
STEPS = 40  # control steps in each turn on native physics
MJX_STEPS = 5
ACTION = 0.1  # actions are uniform in -0.1..0.1, about the home pose
_DRAWS = 8


class Native:
    """A split environment and its physics, stepped with small random actions."""

    def __init__(self, env: mjx_env.MjxEnv, num_envs: int, steps: int) -> None:
        self._num_envs, self._steps = num_envs, steps
        self.split = Split(env)
        self.physics = NativePhysics(env.mj_model, num_envs, self.split.reads)
        self._hold = jnp.zeros(4)  # the environment draws its own commands
        self.state = self._reset()
        self._actions = _actions(env.action_size, num_envs)
        self._pre = jax.jit(lambda state, action: self.split.pre(state, action, self._hold))
        self._turn = jax.jit(self._settle_and_act)
        self.inputs = self._pre(self.state, self._actions[0])

    def __call__(self) -> int:
        """Step all environments `steps` times."""
        for t in range(self._steps):
            action, following = (self._actions[(t + i) % _DRAWS] for i in (0, 1))
            outputs = self.physics.step(self.inputs, self.split.nstep)
            self.state, self.inputs = self._turn(self.state, action, outputs, following)
        jax.block_until_ready(self.inputs)
        return self._num_envs * self._steps

    def _settle_and_act(
        self, state: EnvState, action: jax.Array, outputs: dict, following: jax.Array
    ) -> tuple[EnvState, dict]:
        state, _ = self.split.post(state, action, self._hold, outputs)
        return state, self.split.pre(state, following, self._hold)

    def _reset(self) -> EnvState:
        keys = jax.random.split(jax.random.PRNGKey(0), self._num_envs)
        answers: list[dict] = []
        for index, phase in enumerate(self.split.phases):
            half = jax.jit(self.split.reset_half, static_argnums=0)
            outputs = self.physics.step(half(index, keys, self._hold, answers), phase.nstep)
            answers.append({name: np.array(value) for name, value in outputs.items()})
        return jax.jit(self.split.reset_end)(keys, self._hold, answers)

    def raw(self) -> "Raw":
        """The same simulations with the same controls and nothing around them."""
        controls = [self._pre(self.state, action)["ctrl"] for action in self._actions]
        return Raw(self.split.model, self.inputs, controls, self.split.nstep, self._steps)


class Raw:
    """`mjbatch` alone: from given states, with given controls, one batch of them after another."""

    def __init__(
        self, model: object, start: dict, controls: Sequence, nstep: int, steps: int
    ) -> None:
        num_envs = len(start["qpos"])
        physics = NativePhysics(model, num_envs, ())
        physics.step(start, 0)
        self._batch: mjbatch.Batch = physics.batch
        self._ctrl = self._batch.bind("ctrl", np.float32)
        self._controls = [np.asarray(ctrl).reshape(self._ctrl.shape) for ctrl in controls]
        self._nstep, self._steps = nstep, steps

    def __call__(self) -> int:
        for t in range(self._steps):
            self._ctrl[:] = self._controls[t % len(self._controls)]
            self._batch.step(nstep=self._nstep)
        return len(self._ctrl) * self._steps

    def qpos(self) -> np.ndarray:
        """Where the simulations are now: (num_envs, nq)."""
        return np.array(self._batch.bind("qpos", np.float32))


class Mjx:
    """The unsplit environment on MJX's JAX implementation, compiled when it is built."""

    def __init__(self, native: Native, num_envs: int, steps: int = MJX_STEPS) -> None:
        """The first `num_envs` of the native environments are stepped from where they are now."""
        env = native.split.env
        self._num_envs, self._steps = num_envs, steps
        self._actions = _actions(env.action_size, num_envs)
        start = jax.tree.map(lambda x: x[:num_envs], native.state)
        # A reset on MJX would compile for as long again as a step.
        self._state = jax.jit(jax.vmap(functools.partial(_whole, native.split)))(start)
        step = jax.jit(lambda state, action: _like(state, jax.vmap(env.step)(state, action)))
        self._step = step.lower(self._state, self._actions[0]).compile()

    def __call__(self) -> int:
        for action in self._actions[: self._steps]:
            self._state = self._step(self._state, action)
        jax.block_until_ready(self._state.reward)
        return self._num_envs * self._steps


def _whole(split: Split, state: EnvState) -> mjx_env.State:
    """One environment's state with all that MJX keeps."""
    data = mjx.make_data(split.model, impl="jax").replace(**state.data)
    return split._unpack(state).replace(data=data)


def _like(state: mjx_env.State, following: mjx_env.State) -> mjx_env.State:
    """`following` in the types of `state`, so that one compiled step takes both."""
    return jax.tree.map(lambda old, new: new.astype(old.dtype), state, following)


def measure(
    robot: str,
    *,
    mjx: bool,
    stock_scene: bool = False,
    num_envs: int = NUM_ENVS,
    mjx_batches: Sequence[int] = MJX_BATCHES,
    rounds: int = ROUNDS,
    steps: int = STEPS,
) -> dict:
    """Environment control steps a second of one robot, and native over MJX's best batch size."""
    env = load_env(robot, stock_scene=stock_scene)
    native = Native(env, num_envs, steps)
    contenders: dict[str, Contender] = {"native": native, "raw mjbatch": native.raw()}
    if mjx:
        contenders |= {f"MJX, batch {batch}": Mjx(native, batch) for batch in mjx_batches}
    found = rates(contenders, rounds)
    ours, theirs = found["native"], [r for name, r in found.items() if name.startswith("MJX")]
    return {
        "robot": robot,
        **{name: round(rate.wall, 1) for name, rate in found.items()},
        "ratio": round(ours.wall / max(r.wall for r in theirs), 1) if theirs else None,
        "cpu_ratio": round(ours.cpu / max(r.cpu for r in theirs), 1) if theirs else None,
    }


def main(
    robots: Sequence[str] = (GO1,), *, mjx: bool = False, stock_scene: bool = False, **sizes: Any
) -> dict:
    """The first robot's native rate over MJX's, and the geometric mean over all that ran on MJX.

    Args:
        robots: ids; the first one always runs on MJX, too.
        mjx: run every robot on MJX, which takes minutes to compile for some.
        stock_scene: Playground's own scenes, where often only the feet touch the floor.
        sizes: `num_envs`, `mjx_batches`, `rounds` and `steps` of `measure`.
    """
    rows = []
    for index, robot in enumerate(robots):
        rows.append(measure(robot, mjx=mjx or index == 0, stock_scene=stock_scene, **sizes))
        print(rows[-1], file=sys.stderr, flush=True)
        jax.clear_caches()  # or the compiled code of all robots would stay in memory
    ratios = [row["ratio"] for row in rows if row["ratio"]]
    first = rows[0]
    return {
        "what": f"{robots[0]}, environment control steps a second, native and MJX's best batch",
        "figure": first["native"],
        "baseline": max(rate for name, rate in first.items() if name.startswith("MJX")),
        "ratio": first["ratio"],
        "cpu_ratio": first["cpu_ratio"],
        "geometric_mean_ratio": round(float(np.exp(np.mean(np.log(ratios)))), 1),
        "robots": rows,
        "machine": machine(),
    }


def _actions(size: int, num_envs: int) -> list[jax.Array]:
    draws = np.random.default_rng(0).uniform(-ACTION, ACTION, (_DRAWS, num_envs, size))
    return [jnp.asarray(draw, jnp.float32) for draw in draws]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("robots", nargs="*", default=[GO1], metavar="ROBOT")
    parser.add_argument("--all", action="store_true", help="every robot of the catalogue")
    parser.add_argument("--mjx", action="store_true", help="MJX for all of them, not the first")
    parser.add_argument("--stock-scene", action="store_true", help="Playground's own scenes")
    args = parser.parse_args()
    chosen = [GO1, *(r.id for r in catalogue() if r.id != GO1)] if args.all else args.robots
    print(json.dumps(main(chosen, mjx=args.mjx, stock_scene=args.stock_scene), indent=1))
