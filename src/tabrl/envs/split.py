"""Split a Playground environment at its physics call, without touching its code.

Playground's environments call the physics once in `step` and a known number of times in `reset`;
all else in them is pure JAX. Tracing `env.step` with the physics replaced by a recorder that stops
gives what comes before it, tracing it again with the recorded call answered gives what comes after
it, and XLA drops what each half does not need. Between the halves any physics may run: see
`tabrl.envs.native`.
"""

import copy
import dataclasses
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, cast

import jax
import jax.numpy as jnp
import mujoco
import numpy as np
from flax import struct
from jax.interpreters import partial_eval
from mujoco import mjx
from mujoco_playground._src import mjx_env

from tabrl.envs.patch import patched

INPUTS = (
    "qpos",
    "qvel",
    "act",
    "ctrl",
    "qacc_warmstart",
    "mocap_pos",
    "mocap_quat",
    "xfrc_applied",
    "time",
)
"""What the physics reads: fields of `mjx.Data`."""

OUTPUTS = (
    "qpos",
    "qvel",
    "act",
    "qacc",
    "qacc_warmstart",
    "time",
    "sensordata",
    "xpos",
    "xquat",
    "xmat",
    "xipos",
    "xanchor",
    "site_xpos",
    "site_xmat",
    "geom_xpos",
    "geom_xmat",
    "actuator_force",
    "qfrc_actuator",
    "subtree_com",
    "cvel",
)
"""What any of Playground's 54 environments reads after the physics."""


class _Pause(Exception):
    """Stops a trace at a physics call that has no answer yet."""

    def __init__(self, inputs: dict[str, jax.Array], nstep: int) -> None:
        super().__init__()
        self.inputs = inputs
        self.nstep = nstep


class EnvState(struct.PyTreeNode):
    """A batch of environments between two physics calls; every leaf has a leading batch axis."""

    data: dict[str, jax.Array]
    obs: Any
    info: dict[str, Any]


class Outcome(struct.PyTreeNode):
    """What a control step gave beside the next state, each of shape (batch,)."""

    reward: jax.Array
    done: jax.Array
    metrics: dict[str, jax.Array]


@dataclasses.dataclass(frozen=True)
class Phase:
    """One physics call: the number of substeps; 0 is `mj_forward`."""

    nstep: int


class Split:
    """The pure halves of an environment, batched.

    `reset_half(k, keys, command, answers)` and `pre` give physics inputs, `post` takes physics
    outputs. `command` is a (4,) array, or (batch, 4) for the latter two: a velocity command and a
    switch, 1 to hold it, 0 to let the environment draw its own; without the switch it is held.
    Environments without commands ignore it.

    Attributes:
        phases: the physics calls of a reset, in order.
        nstep: physics substeps of one control step.
        reads: names of `OUTPUTS` that the environment reads after a step.
    """

    def __init__(self, env: mjx_env.MjxEnv, also_reads: tuple[str, ...] = ()) -> None:
        self.env = env
        self.model = env.mj_model
        self.nstep = env.n_substeps
        template = mjx.make_data(_without_contacts(env.mj_model), impl="jax").replace(_impl=None)
        self._template = jax.tree.map(np.asarray, template)
        self._takes_command = hasattr(env, "sample_command")
        self.phases = self._count_phases()
        self._shape = self._state_shape()
        self.obs_shape = self._shape.obs
        self.reads, self.keeps = self._usage(also_reads)

    # The halves; each is vmapped here and jitted by its user, so that it can be fused with a
    # policy.

    def reset_half(
        self, index: int, keys: jax.Array, command: jax.Array, answers: list[dict]
    ) -> dict:
        """Inputs of the reset's physics call `index`, given the answers of those before it."""

        def half(key: jax.Array, answers: list[dict]) -> dict:
            try:
                self._run(lambda: self.env.reset(key), command, answers[:index])
            except _Pause as pause:
                return pause.inputs
            raise AssertionError(
                "the reset makes fewer physics calls than when it was traced first"
            )

        return jax.vmap(half)(keys, answers)

    def reset_end(self, keys: jax.Array, command: jax.Array, answers: list[dict]) -> EnvState:
        """The state after a reset, given the answers to all its physics calls."""

        def end(key: jax.Array, answers: list[dict]) -> EnvState:
            return self._pack(self._run(lambda: self.env.reset(key), command, answers))

        return jax.vmap(end)(keys, answers)

    def pre(self, state: EnvState, action: jax.Array, command: jax.Array) -> dict[str, jax.Array]:
        """Physics inputs of a control step: {name of INPUTS: (batch, ...)}."""

        def half(state: EnvState, action: jax.Array, command: jax.Array) -> dict:
            try:
                self._run(lambda: self.env.step(self._unpack(state), action), command, [])
            except _Pause as pause:
                return pause.inputs
            raise AssertionError("the environment's step makes no physics call")

        return jax.vmap(half)(state, action, _for_each(command, action))

    def post(
        self,
        state: EnvState,
        action: jax.Array,
        command: jax.Array,
        outputs: Mapping[str, jax.Array],
    ) -> tuple[EnvState, Outcome]:
        """The next state of a control step, given what the physics gave."""

        def half(
            state: EnvState, action: jax.Array, command: jax.Array, outputs: dict
        ) -> tuple[EnvState, Outcome]:
            end = self._run(lambda: self.env.step(self._unpack(state), action), command, [outputs])
            return self._pack(end), Outcome(end.reward, end.done, end.metrics)

        return jax.vmap(half)(state, action, _for_each(command, action), dict(outputs))

    # Tracing

    def _run(self, call: Callable[[], Any], command: jax.Array, answers: list[dict]) -> Any:
        remaining = iter(answers)

        def physics(model: Any, data: mjx.Data, ctrl: jax.Array | None, nstep: int) -> mjx.Data:
            data = data if ctrl is None else data.replace(ctrl=ctrl)
            answer = next(remaining, None)
            if answer is None:
                raise _Pause({name: getattr(data, name) for name in INPUTS}, int(nstep))
            # MuJoCo lays matrices out flat, JAX as (3, 3).
            return data.replace(
                **{n: answer[n].reshape(getattr(data, n).shape) for n in OUTPUTS if n in answer}
            )

        with self._physics(physics), self._command(command):
            state = call()
        if self._takes_command:
            # Environments draw the next command after they observe the present one.
            state.info["command"] = _hold(command, state.info["command"])
        return state

    def _physics(self, physics: Callable) -> AbstractContextManager[None]:
        return patched(
            (mjx_env, "step", lambda m, d, action, n_substeps=1: physics(m, d, action, n_substeps)),
            (mjx_env, "make_data", self._make_data),
            (mjx, "forward", lambda m, d: physics(m, d, None, 0)),
        )

    @contextmanager
    def _command(self, command: jax.Array) -> Iterator[None]:
        """Hold the command where it is observed: not all draw it with `sample_command`."""
        if not self._takes_command:
            yield
            return
        env, observe = self.env, self.env._get_obs

        def held(data: mjx.Data, info: dict[str, Any], *args: Any) -> Any:
            info["command"] = _hold(command, info["command"])
            return observe(data, info, *args)

        env._get_obs = held
        try:
            yield
        finally:
            del env._get_obs

    def _make_data(
        self,
        model: Any,
        qpos: jax.Array | None = None,
        qvel: jax.Array | None = None,
        ctrl: jax.Array | None = None,
        act: jax.Array | None = None,
        mocap_pos: jax.Array | None = None,
        mocap_quat: jax.Array | None = None,
        **_: Any,
    ) -> mjx.Data:
        given = {"qpos": qpos, "qvel": qvel, "ctrl": ctrl, "act": act}
        if mocap_pos is not None:
            given["mocap_pos"] = mocap_pos.reshape(model.nmocap, -1)
        if mocap_quat is not None:
            given["mocap_quat"] = mocap_quat.reshape(model.nmocap, -1)
        data = self._blank_data()
        return data.replace(**{k: jnp.asarray(v) for k, v in given.items() if v is not None})

    def _blank_data(self) -> mjx.Data:
        """The template as JAX arrays: environments index them with traced values and use `.at`."""
        return jax.tree.map(jnp.asarray, self._template)

    def _count_phases(self) -> list[Phase]:
        """Follow one reset through its physics calls with abstract values."""
        phases: list[Phase] = []
        example = {
            name: jax.ShapeDtypeStruct(np.shape(v), np.float32)
            for name, v in self.blank_outputs().items()
        }

        def probe(key: jax.Array, answers: list[dict]) -> jax.Array:
            try:
                self._run(lambda: self.env.reset(key), jnp.zeros(4), answers)
            except _Pause as pause:
                phases.append(Phase(pause.nstep))
            return key

        count = -1
        while count != len(phases):
            count = len(phases)
            jax.eval_shape(probe, jax.random.PRNGKey(0), [example] * count)
        return phases

    def blank_outputs(self) -> dict[str, np.ndarray]:
        """Zeros in the shape of each of `OUTPUTS`, one environment."""
        return {name: getattr(self._template, name) for name in OUTPUTS}

    def inputs_of(self, state: EnvState) -> dict[str, jax.Array]:
        """The physics inputs that a batch of states holds: {name of INPUTS: (batch, ...)}."""
        batch = state.data["qpos"].shape[0]
        blank = {name: getattr(self._template, name) for name in INPUTS}
        return {
            name: state.data.get(name, jnp.broadcast_to(value, (batch, *np.shape(value))))
            for name, value in blank.items()
        }

    def _state_shape(self) -> mjx_env.State:
        answers = [self.blank_outputs()] * len(self.phases)
        return jax.eval_shape(
            lambda key, answers: self._run(lambda: self.env.reset(key), jnp.zeros(4), answers),
            jax.random.PRNGKey(0),
            answers,
        )

    def _usage(self, also_reads: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Fields read after the physics, and fields that a step needs of the state before it."""
        fields = {
            f.name: getattr(self._shape.data, f.name) for f in dataclasses.fields(self._shape.data)
        }
        data = {k: v for k, v in fields.items() if isinstance(v, jax.ShapeDtypeStruct)}
        self.keeps = tuple(data)
        state = EnvState(cast(Any, data), self._shape.obs, self._shape.info)
        action = jax.ShapeDtypeStruct((self.env.action_size,), jnp.float32)
        command = jnp.zeros(4)
        outputs = {
            name: jax.ShapeDtypeStruct(np.shape(v), np.float32)
            for name, v in self.blank_outputs().items()
        }

        def pre(state: EnvState, action: jax.Array, outputs: dict) -> Any:
            try:
                self._run(lambda: self.env.step(self._unpack(state), action), command, [])
            except _Pause as pause:
                return pause.inputs

        def post(state: EnvState, action: jax.Array, outputs: dict) -> Any:
            end = self._run(lambda: self.env.step(self._unpack(state), action), command, [outputs])
            return end.obs, end.info, end.reward, end.done, end.metrics

        used = [_used(half, state, action, outputs) for half in (pre, post)]
        keeps = {name for s, _, _ in used for name in s.data if s.data[name]}
        reads = {name for name, is_read in used[1][2].items() if is_read}
        reads |= {name for name in OUTPUTS if name in keeps} | set(also_reads)
        return tuple(n for n in OUTPUTS if n in reads), tuple(n for n in data if n in keeps)

    def _pack(self, state: mjx_env.State) -> EnvState:
        return EnvState(
            {name: getattr(state.data, name) for name in self.keeps}, state.obs, state.info
        )

    def _unpack(self, state: EnvState) -> mjx_env.State:
        zeros = jax.tree.map(
            lambda x: jnp.zeros(x.shape, x.dtype),
            (self._shape.reward, self._shape.done, self._shape.metrics),
        )
        reward, done, metrics = zeros
        # Environments write into these dictionaries: give each trace its own.
        data = self._blank_data().replace(**state.data)
        return mjx_env.State(data, state.obs, reward, done, dict(metrics), _copy(state.info))


def _without_contacts(model: mujoco.MjModel) -> mujoco.MjModel:
    """A copy whose geoms do not touch: not all pairs are in MJX, and none is used here."""
    model = copy.copy(model)
    model.geom_contype[:] = model.geom_conaffinity[:] = 0
    return model


def _copy(tree: Any) -> Any:
    return jax.tree.map(lambda x: x, tree)


def _for_each(command: jax.Array, action: jax.Array) -> jax.Array:
    return jnp.broadcast_to(command, (action.shape[0], command.shape[-1]))


def _hold(command: jax.Array, drawn: jax.Array) -> jax.Array:
    held = command[:3].astype(drawn.dtype)
    return held if command.shape == (3,) else jnp.where(command[3] > 0, held, drawn)


def _used(function: Callable, *args: Any) -> Any:
    """A tree like `args` that says which leaves reach the function's results."""
    jaxpr = jax.make_jaxpr(function)(*args).jaxpr
    _, used = partial_eval.dce_jaxpr(jaxpr, [True] * len(jaxpr.outvars))
    return jax.tree.unflatten(jax.tree.structure(args), used)
