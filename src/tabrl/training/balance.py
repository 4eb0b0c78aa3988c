"""Stand on two legs: a linear controller for a policy to copy before it learns to walk.

Held in their home pose, most two-legged robots fall within a second or two. A pose near it is found
first in which nothing has to hold them, then a linear-quadratic regulator about that pose.
"""

import copy
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import product

import jax
import jax.numpy as jnp
import mujoco
import numpy as np
from mujoco.mjx._src.math import quat_to_mat
from scipy.linalg import LinAlgError, solve_discrete_are

from tabrl.errors import TabRLError

TRIAL = 6.0  # s
_TRIALS = 3
_NOISE = 0.06  # rad on each target of a trial
_HELD = [0, 1, 3, 4, 5]  # what a base is held at: all but its height
_FREE = 6  # velocities of a floating base
_UNSEEN = [0, 1, 5]  # where it is on the floor and which way it faces: nothing to correct
_HEAVY = 1e6  # kg or kg m2 that keep a base where it is
_EFFORTS, _POSTURES = (
    (0.3, 1.0, 3.0, 10.0, 30.0, 100.0),
    (0.1, 1.0),
)  # of targets, of joints away from home


@dataclass(frozen=True)
class Balance:
    """A controller whose targets stand a robot up.

    Attributes:
        qpos: (nq,) where it stands.
        ctrl: (nu,) rad, targets that hold it there.
        gain: (nu, 2 nv) by which targets fall for each unit of position and velocity.
        lasts: s of `TRIAL` for which it stands, on average, while its targets are noisy.
    """

    qpos: np.ndarray
    ctrl: np.ndarray
    gain: np.ndarray
    lasts: float = 0.0

    def targets(self, qpos: jax.Array, qvel: jax.Array) -> jax.Array:
        """(batch, nu) rad, of robots at (batch, nq) and (batch, nv)."""
        return jax.vmap(_targets, (None, None, None, 0, 0))(
            self.qpos, self.ctrl, self.gain, qpos, qvel
        )


def balance(
    model: mujoco.MjModel, home: np.ndarray, ctrl: np.ndarray, control_steps: int
) -> Balance:
    """The gentlest regulator of those that stand longest.

    Args:
        model: a robot whose base floats, and is its first joint.
        home: (nq,) where it is to stand.
        ctrl: (nu,) rad, targets of that pose.
        control_steps: physics steps of one control step.

    Raises:
        TabRLError: none stands for a second.
    """
    qpos, there = _equilibrium(model, home, ctrl)
    system = _linear(model, qpos, there, control_steps)
    candidates = [Balance(home, ctrl, np.zeros((model.nu, 2 * model.nv)))]  # some just stand
    for effort, posture in product(_EFFORTS, _POSTURES):
        with suppress(LinAlgError):
            candidates.append(Balance(qpos, there, _regulator(*system, effort, posture)))
    found = [replace(c, lasts=_lasts(model, home, c, control_steps)) for c in candidates]
    longest = max(each.lasts for each in found)
    if longest < 1.0:
        raise TabRLError("No controller keeps this robot standing.", "It learns without one.")
    good = [each for each in found if each.lasts > 0.9 * longest]
    return min(good, key=lambda each: float(np.square(each.gain).sum()))


@jax.jit
def _targets(
    home: jax.Array, ctrl: jax.Array, gain: jax.Array, qpos: jax.Array, qvel: jax.Array
) -> jax.Array:
    rotation = quat_to_mat(qpos[3:7])
    tilt = jnp.cross(rotation[2], quat_to_mat(home[3:7])[2])
    x, y = rotation[:2, 0] / jnp.linalg.norm(rotation[:2, 0])  # where it faces
    ahead, aside = x * qvel[0] + y * qvel[1], x * qvel[1] - y * qvel[0]
    floor = jnp.zeros(2)
    position = [floor, qpos[2:3] - home[2:3], tilt, qpos[7:] - home[7:]]
    return ctrl - gain @ jnp.concatenate([*position, jnp.stack([ahead, aside]), qvel[2:]])


def _equilibrium(
    model: mujoco.MjModel, home: np.ndarray, ctrl: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """A pose and targets in which the floor alone carries the robot, by Newton's method on what a
    base held in place is pushed with.
    """
    held = copy.copy(model)
    held.dof_armature[_HELD] = _HEAVY
    data = mujoco.MjData(held)
    weight = model.body_subtreemass[model.jnt_bodyid[0]] * -model.opt.gravity[2]
    scale = weight * np.array([1, 1, home[2], home[2], home[2]])

    def push(targets: np.ndarray, seconds: float, qpos: np.ndarray, qvel: np.ndarray) -> np.ndarray:
        data.qpos[:], data.qvel[:], data.ctrl[:] = qpos, qvel, targets
        data.qacc_warmstart[:] = 0.0
        steps = round(seconds / model.opt.timestep)
        felt = np.zeros((steps, len(_HELD)))
        for step in range(steps):
            mujoco.mj_step(held, data)
            felt[step] = data.qacc[_HELD] * _HEAVY / scale
        return felt[-steps // 5 :].mean(axis=0)

    nudge = 0.02  # rad
    felt = push(ctrl, 2.0, home, np.zeros(model.nv))
    for _ in range(4):
        qpos, qvel = data.qpos.copy(), data.qvel.copy()
        slopes = [
            (push(ctrl + nudge * u, 0.6, qpos, qvel) - felt) / nudge for u in np.eye(len(ctrl))
        ]
        slope = np.stack(slopes, axis=1)
        ctrl = ctrl - slope.T @ np.linalg.solve(slope @ slope.T + 1e-4 * np.eye(len(felt)), felt)
        felt = push(ctrl, 2.0, qpos, qvel)
    return data.qpos.copy(), ctrl


def _linear(
    model: mujoco.MjModel, qpos: np.ndarray, ctrl: np.ndarray, control_steps: int
) -> tuple[np.ndarray, np.ndarray]:
    """(2 nv, 2 nv) and (2 nv, nu): how a control step carries on small differences."""
    data = mujoco.MjData(model)
    data.qpos[:], data.ctrl[:] = qpos, ctrl
    mujoco.mj_forward(model, data)
    a, b = np.zeros((2 * model.nv, 2 * model.nv)), np.zeros((2 * model.nv, model.nu))
    mujoco.mjd_transitionFD(model, data, 1e-5, True, a, b, None, None)
    each = [np.linalg.matrix_power(a, n) for n in range(control_steps)]
    return a @ each[-1], np.sum(each, axis=0) @ b


def _regulator(a: np.ndarray, b: np.ndarray, effort: float, posture: float) -> np.ndarray:
    """(nu, 2 nv) gain."""
    nv, nu = len(a) // 2, b.shape[1]
    cost = np.zeros(2 * nv)
    cost[3:_FREE], cost[_FREE:nv] = 20.0, posture
    cost[nv : nv + 3], cost[nv + 3 : nv + _FREE], cost[nv + _FREE :] = 5.0, 0.5, 0.01
    seen = np.setdiff1d(np.arange(2 * nv), _UNSEEN)
    a, b = a[np.ix_(seen, seen)], b[seen]
    p = solve_discrete_are(a, b, np.diag(cost[seen]), effort * np.eye(nu))
    gain = np.zeros((nu, 2 * nv))
    gain[:, seen] = np.linalg.solve(effort * np.eye(nu) + b.T @ p @ b, b.T @ p @ a)
    return gain


def _lasts(model: mujoco.MjModel, home: np.ndarray, held: Balance, control_steps: int) -> float:
    """s until it falls from its home pose while its targets are noisy: the mean of some trials."""
    base, dt = model.jnt_bodyid[0], control_steps * model.opt.timestep
    controller = held.qpos, held.ctrl, held.gain
    lasted = []
    for seed in range(_TRIALS):
        data, draws = mujoco.MjData(model), np.random.default_rng(seed)
        data.qpos[:] = home
        while data.time < TRIAL - dt / 2:
            noise = _NOISE * draws.standard_normal(model.nu)
            data.ctrl[:] = np.asarray(_targets(*controller, data.qpos, data.qvel)) + noise
            mujoco.mj_step(model, data, control_steps)
            broken = data.warning[mujoco.mjtWarning.mjWARN_BADQACC].number
            if broken or data.xmat[base][8] < 0.6 or data.qpos[2] < 0.6 * home[2]:
                break
        lasted.append(data.time)
    return float(np.mean(lasted))
