"""The environment of a custom robot: targets about a home pose, nothing to reach.

It has the shape of MuJoCo Playground's environments, so all that is made for those takes it, too.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import mujoco
import numpy as np
from ml_collections import config_dict
from mujoco import mjx
from mujoco.mjx._src.math import quat_inv, quat_mul, rotate
from mujoco_playground._src import mjx_env

from tabrl.envs.mjx import ROOM
from tabrl.robots.actuation import FREE_SPAN, targets, without_end
from tabrl.robots.ground import Ground
from tabrl.robots.structure import floats, in_plane

CONTROL_DT = 0.02  # s, or the whole number of substeps nearest to it
NOISE = 0.05  # rad or m, and rad/s or m/s, about the home pose at a reset
MIN_UPRIGHT, MIN_HEIGHT = 0.3, 0.5  # cosine, share of the height at home: below, it fell


class CustomEnv(mjx_env.MjxEnv):
    """One robot in a scene that `tabrl.generators.teachable` made.

    Action `a` in -1..1 asks each actuator for its home target plus its span times `a`, within its
    limits. The observation is flat: where the base floats, which way is down and the velocities in
    the base's frame; joint positions relative to home (sine and cosine of what may turn for ever,
    nothing of how far a planar base has come), joint velocities, the turn of ball joints from home
    (the vector of its quaternion) and their velocities, where objects are relative to the base, the
    last action. The reward is 1 at home and upright, the episode ends where a robot fell that
    floats or moves in a plane.

    Attributes:
        without_mjx: why MJX cannot simulate this robot; empty where it can.
    """

    def __init__(
        self,
        scene: Path,
        base: str,
        objects: Sequence[str] = (),
        *,
        impl: str = "jax",
        config_overrides: dict[str, Any] | None = None,
    ) -> None:
        model = mujoco.MjModel.from_xml_path(str(scene))
        step = model.opt.timestep
        config = config_dict.create(
            ctrl_dt=max(1, round(CONTROL_DT / step)) * step,
            sim_dt=step,
            action_scale=FREE_SPAN,  # for a floating base; `targets` has the others
            impl=impl,
            **ROOM,
        )
        super().__init__(config, config_overrides)
        model.opt.timestep = self._config.sim_dt
        self._scene, self._mj_model = scene, model
        self._mjx_model, self.without_mjx = _put_model(model, impl=self._config.impl)
        self._base = model.body(base).id
        self._objects = np.array([model.body(name).id for name in objects], int)
        self._free = floats(model, self._base)
        self._targets = targets(model, free_base=self._free)
        self._init_q = np.array(model.key_qpos[0])
        self._planar, self._ground = in_plane(model), Ground(model)
        home = self._ground.below(model.key_qpos[0][:3]) if self._free else 0.0
        self._home_height = _home_place(model, self._base)[2] - home
        kinds = (mujoco.mjtJoint.mjJNT_HINGE, mujoco.mjtJoint.mjJNT_SLIDE)
        joints = np.flatnonzero(np.isin(model.jnt_type, kinds))
        self._qpos_adr, self._qvel_adr = model.jnt_qposadr[joints], model.jnt_dofadr[joints]
        turning = without_end(model)[joints]
        away = [self._planar and model.joint(j).name == "rootx" for j in joints]
        self._turning, self._bounded = (
            self._qpos_adr[turning],
            self._qpos_adr[~turning & ~np.array(away, bool)],
        )
        balls = np.flatnonzero(model.jnt_type == mujoco.mjtJoint.mjJNT_BALL)
        self._balls = [(model.jnt_qposadr[j], model.jnt_dofadr[j]) for j in balls]
        limited = model.jnt_limited[joints] > 0
        self._low = np.where(limited, model.jnt_range[joints, 0], -np.inf)
        self._high = np.where(limited, model.jnt_range[joints, 1], np.inf)

    def reset(self, rng: jax.Array) -> mjx_env.State:
        """The home pose, every joint off by a little and slowly moving."""
        at, speed = jax.random.split(rng)
        home = jnp.array(self._init_q)
        count = (len(self._qpos_adr),)
        noise = jax.random.uniform(at, count, minval=-NOISE, maxval=NOISE)
        joints = jnp.clip(home[self._qpos_adr] + noise, self._low, self._high)
        qvel = jax.random.uniform(speed, count, minval=-NOISE, maxval=NOISE)
        data = mjx_env.make_data(
            self._mj_model,
            qpos=home.at[self._qpos_adr].set(joints),
            qvel=jnp.zeros(self._mj_model.nv).at[self._qvel_adr].set(qvel),
            ctrl=jnp.array(self._targets.home),
            act=jnp.array(self._mj_model.key_act[0]),
            impl=self._config.impl,
            **{name: self._config[name] for name in ROOM},
        )
        data = mjx.forward(self._mjx_model, data)
        obs = self._observe(data, jnp.zeros(self.action_size))
        return mjx_env.State(data, obs, jnp.zeros(()), jnp.zeros(()), {}, {})

    def step(self, state: mjx_env.State, action: jax.Array) -> mjx_env.State:
        """One control step."""
        t = self._targets
        ctrl = jnp.clip(t.home + t.span * action, t.low, t.high)
        data = mjx_env.step(self._mjx_model, state.data, ctrl, self.n_substeps)
        reward, done = self._judge(data, action)
        obs = self._observe(data, action)
        return mjx_env.State(data, obs, reward, done, state.metrics, state.info)

    def _observe(self, data: mjx.Data, action: jax.Array) -> jax.Array:
        turned = data.qpos[self._turning] - self._init_q[self._turning]
        parts = (
            [self._offsets(data), jnp.sin(turned), jnp.cos(turned)]
            if self._turning.size
            else [self._offsets(data)]
        )
        parts.append(data.qvel[self._qvel_adr])
        for qpos, qvel in self._balls:
            turn = quat_mul(quat_inv(self._init_q[qpos : qpos + 4]), data.qpos[qpos : qpos + 4])
            parts += [turn[1:] * jnp.sign(turn[0]), data.qvel[qvel : qvel + 3]]
        if self._free:
            inverse = quat_inv(data.qpos[3:7])
            down = rotate(jnp.array([0.0, 0.0, -1.0]), inverse)
            parts = [down, rotate(data.qvel[:3], inverse), data.qvel[3:6], *parts]
        if self._objects.size:
            parts.append((data.xpos[self._objects] - data.xpos[self._base]).ravel())
        return jnp.concatenate([*parts, action])

    def _judge(self, data: mjx.Data, action: jax.Array) -> tuple[jax.Array, jax.Array]:
        """The stock reward, 1 at most, and whether the episode ends."""
        offsets = self._offsets(data)
        near = jnp.exp(-4.0 * jnp.mean(offsets**2)) if self._bounded.size else 1.0
        reward = near - 0.01 * jnp.mean(action**2)
        broken = ~(jnp.isfinite(data.qpos).all() & jnp.isfinite(data.qvel).all())
        if self._free:
            upright = -rotate(jnp.array([0.0, 0.0, -1.0]), quat_inv(data.qpos[3:7]))[2]
            height = data.qpos[2] - self._ground.below(data.qpos[:3], jnp)
        elif self._planar:
            upright, height = data.xmat[self._base, 2, 2], data.xpos[self._base, 2]
        else:
            return reward, broken.astype(float)
        low = height < MIN_HEIGHT * self._home_height
        done = broken | (upright < MIN_UPRIGHT) | low
        return reward * jnp.maximum(upright, 0.0), done.astype(float)

    def _offsets(self, data: mjx.Data) -> jax.Array:
        """How far joints are from home, without those that go on for ever."""
        return data.qpos[self._bounded] - self._init_q[self._bounded]

    @property
    def xml_path(self) -> str:
        """The scene's file."""
        return str(self._scene)

    @property
    def action_size(self) -> int:
        """One number for each actuator."""
        return int(self._mj_model.nu)

    @property
    def mj_model(self) -> mujoco.MjModel:
        """The model as MuJoCo has it."""
        return self._mj_model

    @property
    def mjx_model(self) -> mjx.Model:
        """The model as MJX has it."""
        return self._mjx_model


def _home_place(model: mujoco.MjModel, body: int) -> np.ndarray:
    data = mujoco.MjData(model)
    data.qpos[:] = model.key_qpos[0]
    mujoco.mj_kinematics(model, data)
    return data.xpos[body].copy()


def _put_model(model: mujoco.MjModel, impl: str) -> tuple[mjx.Model | None, str]:
    """The model for MJX, or None and why not: native physics needs none."""
    try:
        return mjx.put_model(model, impl=impl), ""
    except NotImplementedError as error:
        return None, str(error)
