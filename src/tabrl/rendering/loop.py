"""Poses a robot through a motion that repeats, with its feet on the ground."""

import re

import mujoco
import numpy as np

from tabrl.rendering.motions import Motion, Swing, Wave
from tabrl.robots.catalogue import Robot, Site, Structure
from tabrl.robots.sites import body_of, lowest_point

FPS, FRAMES = 25, 75
_DAMPING = 1e-3  # of the least squares that keep feet in place
_ROUNDS = 12
_STRETCHED = 0.02  # of a leg's lever: shorter in some direction, it is stretched out
_BEND = 0.5  # rad
_MOST = 0.2  # rad that a joint goes in one of them: straight legs would fly up


def loop(robot: Robot, model: mujoco.MjModel, motion: Motion) -> np.ndarray:
    """The poses (FRAMES, nq) of one round; the first would follow the last."""
    s = robot.structure
    data = mujoco.MjData(model)
    home = np.array(model.key(motion.keyframe).qpos if motion.keyframe else s.home_qpos)
    stance = _Stance(model, data, s, motion, home) if motion.feet == "planted" else None
    poses = []
    guess = stance.bent(home) if stance else home
    for t in np.arange(FRAMES) / FRAMES:
        qpos = home.copy()
        for swing in motion.swings:
            _move_joints(qpos, s, swing, t)
        if s.free_base:
            _move_base(qpos, s, motion.body, t)
        if motion.turns:
            _turn_object(model, qpos, *motion.turns, t)
        if stance:
            qpos = guess = stance.hold(qpos, guess, t)
        if motion.feet == "lowest":
            _put_down(model, data, s, qpos, _at(motion.body.get("up"), t) * s.base_height)
        poses.append(qpos)
    return np.stack(poses)


def _at(wave: Wave | None, t: float, behind: float = 0.0) -> float:
    if wave is None:
        return 0.0
    angle = 2 * np.pi * (wave.cycles * t + wave.turn - behind)
    return float(wave.offset + wave.size * np.sin(angle) + 2 * np.pi * wave.spins * t)


def _move_joints(qpos: np.ndarray, s: Structure, swing: Swing, t: float) -> None:
    chosen = [joint for joint in s.joints if re.search(swing.joints, joint.name)]
    if not chosen:
        raise ValueError(f"No joint matches {swing.joints!r}.")
    for i, joint in enumerate(chosen):
        low, high = joint.range or (-np.inf, np.inf)
        value = qpos[joint.qpos_adr] + _at(swing.wave, t, i * swing.lag)
        qpos[joint.qpos_adr] = np.clip(value, low, high)


def _move_base(qpos: np.ndarray, s: Structure, body: dict[str, Wave], t: float) -> None:
    qpos[:3] += s.base_height * np.array([_at(body.get(n), t) for n in ("ahead", "left", "up")])
    for axis, name in enumerate(("yaw", "pitch", "roll")):
        _turn(qpos[3:7], 2 - axis, _at(body.get(name), t))


def _turn(quat: np.ndarray, axis: int, angle: float) -> None:
    """Turn a rotation about one of its own axes, in place."""
    turn = np.zeros(4)
    mujoco.mju_axisAngle2Quat(turn, np.eye(3)[axis], angle)
    mujoco.mju_mulQuat(quat, quat.copy(), turn)


def _turn_object(model: mujoco.MjModel, qpos: np.ndarray, name: str, wave: Wave, t: float) -> None:
    start = model.jnt_qposadr[model.body(name).jntadr[0]]
    turn = np.zeros(4)
    mujoco.mju_axisAngle2Quat(turn, np.array([0.0, 0.0, 1.0]), _at(wave, t))
    mujoco.mju_mulQuat(qpos[start + 3 : start + 7], turn, qpos[start + 3 : start + 7].copy())


class _Stance:
    """Feet that stay where they stand at home, on whatever ground is there."""

    def __init__(
        self,
        model: mujoco.MjModel,
        data: mujoco.MjData,
        s: Structure,
        motion: Motion,
        home: np.ndarray,
    ) -> None:
        self._model, self._data, self._s, self._motion = model, data, s, motion
        _pose(model, data, home)
        self._bodies = _bodies(model, s)
        self._legs = [_leg_dofs(model, body) for body in self._bodies]
        self._level = len(self._legs[0]) > 3  # legs that can also keep their soles level
        self._places = np.array([_place(model, data, foot) for foot in s.feet])
        ground = np.array([ground_height(model, data, place[:2]) for place in self._places])
        standing = self._places[:, 2].copy()
        self._places[:, 2] = ground + [foot.radius for foot in s.feet]
        # Down to the lowest of the places, or the leg above it would not reach.
        self._up = float((self._places[:, 2] - standing).min())
        self._soles = [data.xmat[body].reshape(3, 3).copy() for body in self._bodies]

    def bent(self, home: np.ndarray) -> np.ndarray:
        """The home pose with legs that are stretched out bent a little where they have most room:
        from a stretched leg there is no way up.
        """
        qpos = home.copy()
        _pose(self._model, self._data, home)
        for i, dofs in enumerate(self._legs):
            lever = self._lever(self._places[i], i)[:, dofs]
            if np.linalg.svd(lever, compute_uv=False)[-1] > _STRETCHED * np.linalg.norm(lever):
                continue
            joint = self._model.dof_jntid[dofs[-1]]
            room = self._model.jnt_range[joint] - home[self._address(dofs[-1])]
            limited = bool(self._model.jnt_limited[joint])
            away = 1.0 if limited and room[1] > -room[0] else -1.0
            for dof, share in zip(dofs[-2:], (-0.5, 1.0), strict=False):
                qpos[self._address(dof)] += away * share * _BEND
        return qpos

    def _lever(self, place: np.ndarray, i: int) -> np.ndarray:
        """How a foot moves (3, nv) m with each degree of freedom, in the pose of the data."""
        position = np.zeros((3, self._model.nv))
        mujoco.mj_jac(self._model, self._data, position, None, place, self._bodies[i])
        return position

    def hold(self, qpos: np.ndarray, guess: np.ndarray, t: float) -> np.ndarray:
        """`qpos` with legs, found near those of `guess`, that keep or lift the feet."""
        qpos = qpos.copy()
        qpos[2] += self._up
        for dofs in self._legs:
            addresses = [self._address(dof) for dof in dofs]
            qpos[addresses] = guess[addresses]
        for _ in range(_ROUNDS):
            _pose(self._model, self._data, qpos)
            for i, foot in enumerate(self._s.feet):
                self._correct(qpos, i, foot, self._lift(i, t))
        return qpos

    def _lift(self, i: int, t: float) -> float:
        """Height (m) of a foot in its step; diagonals or sides take turns."""
        half = 0.5 * (i in (1, 2) if len(self._s.feet) == 4 else i)
        height = self._motion.lift * self._s.base_height
        return height * max(0.0, np.sin(2 * np.pi * (self._motion.steps * t + half)))

    def _correct(self, qpos: np.ndarray, i: int, foot: Site, lift: float) -> None:
        model, data, dofs = self._model, self._data, self._legs[i]
        body = self._bodies[i]
        place = _place(model, data, foot)
        position, rotation = np.zeros((3, model.nv)), np.zeros((3, model.nv))
        mujoco.mj_jac(model, data, position, rotation, place, body)
        miss = self._places[i] + [0, 0, lift] - place
        lever = position[:, dofs]
        if self._level:
            tilt = 0.5 * np.cross(data.xmat[body].reshape(3, 3), self._soles[i], axis=0).sum(axis=1)
            miss = np.concatenate([miss, 0.3 * tilt])
            lever = np.concatenate([lever, 0.3 * rotation[:, dofs]])
        square = lever.T @ lever + _DAMPING * np.eye(len(dofs)) * np.trace(lever @ lever.T)
        step = np.clip(np.linalg.solve(square, lever.T @ miss), -_MOST, _MOST)
        for dof, change in zip(dofs, step, strict=True):
            joint = model.dof_jntid[dof]
            low, high = model.jnt_range[joint] if model.jnt_limited[joint] else (-np.inf, np.inf)
            address = self._address(dof)
            qpos[address] = np.clip(qpos[address] + change, low, high)

    def _address(self, dof: int) -> int:
        return int(self._model.jnt_qposadr[self._model.dof_jntid[dof]])


def ground_height(model: mujoco.MjModel, data: mujoco.MjData, at: np.ndarray) -> float:
    """Height (m) of the terrain at a level place (2,); 0 on a plain floor."""
    hit = 0.0
    for geom in np.flatnonzero(model.geom_type == mujoco.mjtGeom.mjGEOM_HFIELD):
        above, down = np.array([*at, 10.0]), np.array([0.0, 0.0, -1.0])
        distance = mujoco.mj_rayHfield(model, data, geom, above, down)
        hit = 10.0 - distance if distance >= 0 else hit
    return hit


def _put_down(
    model: mujoco.MjModel, data: mujoco.MjData, s: Structure, qpos: np.ndarray, hop: float
) -> None:
    """Shift the base so that the lowest foot stands on the floor, or flies by `hop` (m)."""
    _pose(model, data, qpos)
    geoms = np.flatnonzero(np.isin(model.geom_bodyid, _bodies(model, s)))
    lowest = min(lowest_point(model, data, int(geom)) for geom in geoms)
    address = 2 if s.free_base else next(j.qpos_adr for j in s.joints if j.name == "rootz")
    qpos[address] += max(0.0, hop) - lowest


def _pose(model: mujoco.MjModel, data: mujoco.MjData, qpos: np.ndarray) -> None:
    data.qpos[:] = qpos
    mujoco.mj_kinematics(model, data)
    mujoco.mj_comPos(model, data)


def _bodies(model: mujoco.MjModel, s: Structure) -> list[int]:
    """The bodies that the feet belong to."""
    return [body_of(model, foot.object_type, foot.object_name) for foot in s.feet]


def _place(model: mujoco.MjModel, data: mujoco.MjData, site: Site) -> np.ndarray:
    thing = getattr(data, site.object_type)(site.object_name)
    return np.array(thing.xpos)


def _leg_dofs(model: mujoco.MjModel, body: int) -> list[int]:
    """The hinges between a foot and the base."""
    dofs: list[int] = []
    while body and model.body_dofnum[body] < 6:
        start, count = model.body_dofadr[body], model.body_dofnum[body]
        dofs = [*range(start, start + count), *dofs]
        body = int(model.body_parentid[body])
    return dofs
