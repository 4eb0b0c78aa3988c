"""Batched C MuJoCo on a thread pool, between the halves of a split environment."""

import copy
from collections.abc import Mapping

import jax
import mjbatch
import mujoco
import numpy as np

from tabrl.envs.split import INPUTS


class NativePhysics:
    """`num_envs` simulations of one model.

    Fields are float32, as JAX carries them; the simulations keep float64 inside and take an input
    over only where it differs from what they last gave, so a value that merely travels through JAX
    loses nothing.
    """

    traceable = False

    def __init__(
        self,
        model: mujoco.MjModel,
        num_envs: int,
        outputs: tuple[str, ...],
        *,
        threads: int = 0,
        randomized: Mapping[str, np.ndarray] | None = None,
    ) -> None:
        """`outputs` names the fields to read; `randomized` gives (num_envs, ...) values of fields
        of the model. The centres of mass of bodies that MuJoCo compiled as simple stay.
        """
        model = copy.copy(model)
        # Bounding volumes for the viewer: about 5% of a step for nothing.
        model.vis.global_.bvactive = 0
        if model.ntree == 1:
            # One tree makes one island: to look for more takes 5% and changes no bit.
            model.opt.disableflags |= mujoco.mjtDisableBit.mjDSBL_ISLAND
        self.batch = mjbatch.Batch(model, num_envs, num_threads=threads)
        sized = {name: _size(model, name) for name in INPUTS}
        self._inputs = {
            name: self.batch.bind(name, np.float32) for name, size in sized.items() if size
        }
        self._outputs = {
            name: self.batch.bind(name, np.float32) for name in outputs if _size(model, name)
        }
        self._empty = {
            name: np.zeros(_empty_shape(model, name, num_envs), np.float32)
            for name in outputs
            if not _size(model, name)
        }
        self._model = model
        if randomized:
            self.vary(randomized)

    def vary(self, fields: Mapping[str, np.ndarray]) -> None:
        """Give each simulation its own values of fields of the model, as `randomized` does."""
        for name, values in fields.items():
            free = _free(self._model, name)
            self.batch.expand(name)[:, free] = values[:, free]
        self.batch.set_const()

    def step(
        self, inputs: Mapping[str, jax.Array | np.ndarray], nstep: int
    ) -> dict[str, np.ndarray]:
        """Advance all simulations by `nstep` substeps; 0 only computes what derives from the state.

        The arrays that it returns are overwritten by the next call.
        """
        for name, target in self._inputs.items():
            np.copyto(target, np.asarray(inputs[name]).reshape(target.shape))
        if nstep:
            self.batch.step(nstep=nstep)
        else:
            self.batch.forward()
        return {**self._outputs, **self._empty}


def _free(model: mujoco.MjModel, name: str) -> slice | np.ndarray:
    """The rows of a model's field that may change: MuJoCo compiles bodies whose centre of mass is
    their origin for good.
    """
    return model.body_simple == 0 if name in ("body_ipos", "body_iquat") else slice(None)


def _size(model: mujoco.MjModel, name: str) -> int:
    return int(np.size(getattr(mujoco.MjData(model), name))) if name != "time" else 1


def _empty_shape(model: mujoco.MjModel, name: str, num_envs: int) -> tuple[int, ...]:
    return (num_envs, *np.shape(getattr(mujoco.MjData(model), name)))
