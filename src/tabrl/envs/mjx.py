"""MJX between the halves of a split environment: physics that a rollout can hold, for GPUs."""

import importlib.util
from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp
import mujoco
import numpy as np

# By name: while an environment is traced, `mjx.forward` itself is replaced.
from mujoco.mjx import forward, make_data, put_model, step

from tabrl.errors import TabRLError

ROOM = {"naconmax": 30 * 8192, "njmax": 250}
"""Contacts of all simulations, and constraints of one, where whole bodies touch the floor:
Playground's Go1Getup asks for as much.
"""


class MjxPhysics:
    """`num_envs` simulations of one model, with the interface of `NativePhysics`.

    Here `step` is a pure JAX function: nothing outlives a call but what its outputs carry.

    Attributes:
        impl: `jax` or `warp`.
    """

    traceable = True

    def __init__(
        self,
        model: mujoco.MjModel,
        num_envs: int,
        outputs: tuple[str, ...],
        *,
        impl: str | None = None,
        randomized: Mapping[str, np.ndarray] | None = None,
        room: Mapping[str, int] | None = None,
    ) -> None:
        """`outputs` and `randomized` are those of `NativePhysics`.

        Args:
            impl: `jax` or `warp`; None takes `warp` on an NVIDIA GPU where warp-lang is installed.
            room: what `warp` reserves memory for, as in `ROOM`.
        """
        self.impl = impl or _fastest()
        self._room = dict(room or {}) if self.impl == "warp" else {}
        self._outputs, self._plain = outputs, model
        try:
            shared = put_model(model, impl=self.impl)
        except NotImplementedError as error:
            raise TabRLError(
                f"MJX does not simulate this robot: {error}", "Train it on the CPU."
            ) from error
        own = {name: jnp.asarray(values) for name, values in (randomized or {}).items()}
        self._model = shared.replace(**own)
        self._axes = jax.tree.map(lambda _: None, shared).replace(**dict.fromkeys(own, 0))
        self._num_envs = num_envs
        self.step = jax.jit(self._step, static_argnums=1)

    def _step(self, inputs: Mapping[str, jax.Array], nstep: int) -> dict[str, jax.Array]:
        """Advance all simulations by `nstep` substeps; 0 only computes what derives from the
        state.
        """

        def one(model: Any, inputs: dict[str, jax.Array]) -> dict[str, jax.Array]:
            data = make_data(self._plain, impl=self.impl, **self._room)
            data = data.replace(**{k: v.reshape(getattr(data, k).shape) for k, v in inputs.items()})
            data = _advance(model, data, nstep)
            return {name: getattr(data, name) for name in self._outputs}

        axes = (self._axes, 0)
        return jax.vmap(one, axes, axis_size=self._num_envs)(self._model, dict(inputs))


def _advance(model: Any, data: Any, nstep: int) -> Any:
    if nstep == 0:
        return forward(model, data)
    return jax.lax.scan(lambda d, _: (step(model, d), None), data, length=nstep)[0]


def _fastest() -> str:
    nvidia = jax.devices()[0].platform == "gpu" and "NVIDIA" in jax.devices()[0].device_kind
    return "warp" if nvidia and importlib.util.find_spec("warp") else "jax"
