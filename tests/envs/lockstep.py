"""One environment stepped twice: split over native physics, and whole, given the same physics.

Beside both a plain float64 `mj_step` loop gets the inputs that native physics gets.
"""

import contextlib
import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import jax
import jax.numpy as jnp
import mujoco
import numpy as np
from mujoco import mjx
from mujoco_playground._src import mjx_env

from tabrl.envs.load import load_env
from tabrl.envs.native import NativePhysics
from tabrl.envs.split import INPUTS, OUTPUTS, Outcome, Split

ENVS, STEPS = 2, 12
HELD = ((0.3, -0.2, 0.4, 1.0), (-0.1, 0.2, 0.7, 1.0))
"""Velocity commands to hold."""

# Compiling takes most of the time, running next to none.
quick_jit = functools.partial(
    jax.jit,
    compiler_options={
        "xla_backend_optimization_level": 0,
        "xla_llvm_disable_expensive_passes": True,
    },
)


@dataclass
class Report:
    """What differed, in words: nothing where all is well."""

    physics: list[str] = field(default_factory=list)
    halves: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    shows_command: bool = False  # a held one, in the first observation
    rounded: int = 0  # numbers of qpos, qvel and act that came back changed from a step


class Plain:
    """One simulation in float64 that takes an input over only where its float32 differs."""

    def __init__(self, model: mujoco.MjModel) -> None:
        self.model, self.data = model, mujoco.MjData(model)
        self.rounded = 0

    def step(self, inputs: Mapping[str, np.ndarray], nstep: int) -> dict[str, np.ndarray]:
        changed = {name: self._take(name, value) for name, value in inputs.items()}
        self.rounded = sum(changed[name] for name in ("qpos", "qvel", "act"))
        if nstep:
            mujoco.mj_step(self.model, self.data, nstep)
        else:
            mujoco.mj_forward(self.model, self.data)
        return {name: np.float32(getattr(self.data, name)) for name in OUTPUTS}

    def _take(self, name: str, value: np.ndarray) -> int:
        mine = np.array(getattr(self.data, name))
        given = value.reshape(mine.shape)
        changed = mine.astype(np.float32) != given
        setattr(self.data, name, np.where(changed, given, mine))
        return int(changed.sum())


class Lockstep:
    """`split` and `native` against `whole` and `plain`, for `ENVS` environments of one robot."""

    def __init__(self, robot_id: str) -> None:
        self.env = load_env(robot_id)
        self.split = Split(self.env)
        model = self.env.mj_model
        self.native = NativePhysics(model, ENVS, OUTPUTS, threads=1)
        self.plain = [Plain(model) for _ in range(ENVS)]
        self.keys = jax.random.split(jax.random.PRNGKey(3), ENVS)
        self.report = Report()
        self._end, self._post = quick_jit(self.split.reset_end), quick_jit(self.split.post)
        self._pre = quick_jit(self.split.pre)

    def run(self) -> Report:
        state, whole = self._reset()
        step = quick_jit(self._whole_step)
        draws = np.random.default_rng(0)
        for t in range(STEPS):
            action = draws.uniform(-1, 1, (ENVS, self.env.action_size)).astype(np.float32)
            inputs = self._pre(state, action, jnp.zeros(4))
            answer = self._physics(inputs, self.split.nstep)
            self.report.rounded += sum(p.rounded for p in self.plain) if t else 0
            before, read = state, {name: answer[name] for name in self.split.reads}
            state, outcome = self._post(state, action, jnp.zeros(4), read)
            for i in range(ENVS):
                whole[i], asked = step(whole[i], action[i], _row(answer, i))
                self._compare(f"inputs {t}", _row(inputs, i), asked[0])
                self._compare(f"step {t}", *_seen(_row(state, i), _row(outcome, i), whole[i]))
        if "command" in state.info:
            self._hold(before, action, read)
        return self.report

    def _reset(self) -> tuple[Any, list[mjx_env.State]]:
        """Both environments after a reset."""
        answers: list[dict[str, np.ndarray]] = []
        gave = []
        half = quick_jit(self.split.reset_half, static_argnums=0)
        for index, phase in enumerate(self.split.phases):
            gave.append(half(index, self.keys, jnp.zeros(4), answers))
            answers.append(self._physics(gave[-1], phase.nstep))
        self._answers = answers
        state = self._end(self.keys, jnp.zeros(4), answers)
        reset = quick_jit(self._whole_reset)
        whole = []
        for i, key in enumerate(self.keys):
            end, asked = reset(key, _row(answers, i))
            self._compare("reset's inputs", _row(gave, i), asked)
            nothing = Outcome(end.reward, end.done, end.metrics)
            self._compare("reset", *_seen(_row(state, i), nothing, end))
            whole.append(end)
        return state, whole

    def _physics(self, inputs: Mapping[str, jax.Array], nstep: int) -> dict[str, np.ndarray]:
        inputs = {name: np.array(value) for name, value in inputs.items()}
        outputs = {name: np.array(v) for name, v in self.native.step(inputs, nstep).items()}
        for i, plain in enumerate(self.plain):
            for name, value in plain.step(_row(inputs, i), nstep).items():
                if not np.array_equal(value.ravel(), outputs[name][i].ravel()):
                    self.report.physics.append(f"{name} of environment {i}")
        return outputs

    def _hold(self, state: Any, action: np.ndarray, answer: dict) -> None:
        """Hold two commands, at a reset and where the environment would draw its next one."""
        overdue = {"step": 10**6, "steps_until_next_cmd": 0}
        due = {k: jnp.full_like(state.info[k], v) for k, v in overdue.items() if k in state.info}
        shown = []
        for command in map(jnp.array, HELD):
            end = begun = self._end(self.keys, command, self._answers)
            for _ in range(STEPS):  # Go1 keeps some commands where it draws
                if not np.array_equal(end.info["command"], [command[:3]] * ENVS):
                    self.report.commands.append("the environment drew its own")
                late = end.replace(data=state.data, info=end.info | due)
                end, _ = self._post(late, action, command, answer)
            shown.append(jnp.concatenate(jax.tree.leaves(begun.obs), axis=-1))
        self.report.shows_command = bool(np.all(np.any(shown[0] != shown[1], axis=-1)))

    def _whole_reset(self, key: jax.Array, answers: list[dict]) -> tuple[mjx_env.State, list]:
        with _answered(answers) as asked:
            return self.env.reset(key), asked

    def _whole_step(
        self, state: mjx_env.State, action: jax.Array, answer: dict
    ) -> tuple[mjx_env.State, list]:
        with _answered([answer]) as asked:
            return self.env.step(state, action), asked

    def _compare(self, when: str, ours: Any, theirs: Any) -> None:
        if jax.tree.structure(ours) != jax.tree.structure(theirs):
            self.report.halves.append(f"{when}: other fields")
            return
        for (path, a), b in zip(
            jax.tree_util.tree_leaves_with_path(ours), jax.tree.leaves(theirs), strict=True
        ):
            if not np.allclose(a, b, rtol=1e-6, atol=1e-6):
                self.report.halves.append(f"{when}: {jax.tree_util.keystr(path)}")


@functools.cache
def lockstep(robot_id: str) -> Report:
    """The report of one robot, run once."""
    report = Lockstep(robot_id).run()
    jax.clear_caches()
    return report


@contextlib.contextmanager
def _answered(answers: list[dict]) -> Iterator[list[dict]]:
    """Let the physics give these answers; yields what it was asked."""
    remaining, asked = iter(answers), []

    def step(model: Any, data: mjx.Data, ctrl: Any, nstep: int = 1) -> mjx.Data:
        data = data if ctrl is None else data.replace(ctrl=ctrl)
        asked.append({name: getattr(data, name) for name in INPUTS})
        answer = next(remaining)
        return data.replace(**{k: v.reshape(getattr(data, k).shape) for k, v in answer.items()})

    kept = mjx_env.step, mjx.forward
    mjx_env.step, mjx.forward = step, lambda model, data: step(model, data, None)
    try:
        yield asked
    finally:
        mjx_env.step, mjx.forward = kept


def _row(tree: Any, index: int) -> Any:
    return jax.tree.map(lambda x: x[index], tree)


def _seen(state: Any, outcome: Outcome, whole: mjx_env.State) -> tuple[tuple, tuple]:
    """What a learner can see of a split and of a whole environment."""
    data = {name: getattr(whole.data, name) for name in state.data}
    ours = (state.obs, state.info, state.data, outcome.reward, outcome.done, outcome.metrics)
    return ours, (whole.obs, whole.info, data, whole.reward, whole.done, whole.metrics)
