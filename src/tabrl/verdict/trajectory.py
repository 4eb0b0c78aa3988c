"""What a robot did, at 50 Hz, and the series that metrics read from it."""

from dataclasses import dataclass
from pathlib import Path

import mujoco
import numpy as np

from tabrl.robots.catalogue import Robot, Site
from tabrl.robots.ground import CONTACT_HEIGHT, Ground
from tabrl.robots.sites import Soles, place

RATE_HZ = 50.0
_STEP_S = 0.5


@dataclass(frozen=True)
class Trajectory:
    """Arrays over T samples, in MuJoCo's conventions.

    Attributes:
        time: (T,) s.
        qpos: (T, nq).
        qvel: (T, nv).
        ctrl: (T, nu).
    """

    time: np.ndarray
    qpos: np.ndarray
    qvel: np.ndarray
    ctrl: np.ndarray

    def save(self, path: Path) -> None:
        """Write `trajectory.npz`."""
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(path, time=self.time, qpos=self.qpos, qvel=self.qvel, ctrl=self.ctrl)

    @classmethod
    def load(cls, path: Path) -> "Trajectory":
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as data:
            return cls(**{name: data[name] for name in ("time", "qpos", "qvel", "ctrl")})


def resample(model: mujoco.MjModel, dt: float, trajectory: Trajectory, samples: int) -> Trajectory:
    """A trajectory of control period `dt` (s) as `samples` samples at 50 Hz; rotations go the
    short way.
    """
    at = np.arange(samples) / RATE_HZ / dt
    low = np.minimum(np.floor(at + 1e-6).astype(int), len(trajectory.qpos) - 1)
    high = np.minimum(low + 1, len(trajectory.qpos) - 1)
    part = np.clip(at - low, 0.0, 1.0)
    qpos = np.array(
        [
            _between(model, trajectory.qpos[a], trajectory.qpos[b], f)
            for a, b, f in zip(low, high, part, strict=True)
        ]
    )
    blend = part[:, None]
    qvel = (1 - blend) * trajectory.qvel[low] + blend * trajectory.qvel[high]
    return Trajectory(np.arange(samples) / RATE_HZ, qpos, qvel, trajectory.ctrl[low])


def _between(model: mujoco.MjModel, a: np.ndarray, b: np.ndarray, part: float) -> np.ndarray:
    if part < 1e-6:
        return np.array(a, float)
    step = np.zeros(model.nv)
    mujoco.mj_differentiatePos(model, step, 1.0, np.array(a, float), np.array(b, float))
    out = np.array(a, float)
    mujoco.mj_integratePos(model, out, step, part)
    return out


def series(trajectory: Trajectory, robot: Robot, model: mujoco.MjModel) -> dict[str, np.ndarray]:
    """Every series that a metric may name: {name: (T,)}.

    Base: height (m), roll, pitch, yaw (rad, unwrapped), upright, nose_up, left_up (cosines),
    forward_speed, left_speed, up_speed, speed (m/s), turn_rate, roll_rate, pitch_rate (rad/s),
    displacement_forward, displacement_left, distance (m, from the start, in the heading of the
    start), path (m, walked so far), pitched, rolled (rad, summed rates). Joints: joint:NAME,
    group:NAME (rad or m), joint_speed and pose_error (rms), sway (the roll or the hips' mean,
    whichever swings more: hips sway by either, rad). Limbs: foot_height:NAME, contact:NAME,
    feet_down, flight, hand_height:NAME, hand_x:NAME, hand_y:NAME, head_height; foot_forward:NAME,
    foot_left:NAME, and so of hands (m from the base, where it faces now); hands_apart,
    gap:HAND:OBJECT (m). Bodies: body_up:NAME (cosine), object_x:NAME, object_y:NAME,
    object_height:NAME, object_way:NAME (m, level, from where it began), object_turned:NAME (rad,
    0 to pi, from how it began).
    """
    kinematics = _Kinematics(trajectory, robot, model)
    out = _base(trajectory, robot, kinematics) | _joints(trajectory, robot)
    if "group:hips" in out:
        out["sway"] = max(out["roll"], out["group:hips"], key=np.std)
    return out | _limbs(robot, kinematics) | _bodies(robot, kinematics)


class _Kinematics:
    """World poses of what the robot's structure names, at every sample."""

    def __init__(self, trajectory: Trajectory, robot: Robot, model: mujoco.MjModel) -> None:
        s = robot.structure
        data = mujoco.MjData(model)
        self.ground, self.soles = Ground(model), Soles(model, s)
        self._names = {name: model.body(name).id for name in {*s.bodies, *s.objects, s.base_body}}
        self._sites = (*s.feet, *s.hands, *((s.head,) if s.head else ()))
        places = [place(model, site) for site in self._sites]
        count = len(trajectory.qpos)
        self._positions = np.empty((count, model.nbody, 3))
        self._rotations = np.empty((count, model.nbody, 3, 3))
        self._points = np.empty((count, len(places), 3))
        for t, qpos in enumerate(trajectory.qpos):
            data.qpos[:] = qpos
            mujoco.mj_kinematics(model, data)
            self._positions[t] = data.xpos
            self._rotations[t] = data.xmat.reshape(-1, 3, 3)
            for i, (field, index) in enumerate(places):
                self._points[t, i] = getattr(data, field)[index]

    def points(self, sites: tuple[Site, ...]) -> np.ndarray:
        """(T, len(sites), 3) m."""
        return self._points[:, [self._sites.index(site) for site in sites]]

    def up(self, bodies: np.ndarray) -> np.ndarray:
        """(T, len(bodies), 3) the world's z axis in the frames of bodies."""
        return self._rotations[:, bodies, 2]

    def body(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """A body's position (T, 3) m and rotation (T, 3, 3)."""
        return self._positions[:, self._names[name]], self._rotations[:, self._names[name]]


def _base(trajectory: Trajectory, robot: Robot, kinematics: _Kinematics) -> dict[str, np.ndarray]:
    position, rotation = kinematics.body(robot.structure.base_body)
    free = robot.structure.free_base
    velocity: np.ndarray = (
        trajectory.qvel[:, :3] if free else np.asarray(np.gradient(position, 1 / RATE_HZ, axis=0))
    )
    rates = trajectory.qvel[:, 3:6] if free else _rates(rotation)
    yaw = np.unwrap(np.arctan2(rotation[:, 1, 0], rotation[:, 0, 0]))
    ahead = np.stack([np.cos(yaw), np.sin(yaw)], 1)
    aside = np.stack([-ahead[:, 1], ahead[:, 0]], 1)
    moved = position[:, :2] - position[0, :2]
    return {
        "height": position[:, 2] - kinematics.ground.below(position),
        "roll": np.unwrap(np.arctan2(rotation[:, 2, 1], rotation[:, 2, 2])),
        "pitch": -np.arcsin(np.clip(rotation[:, 2, 0], -1, 1)),
        "yaw": yaw - yaw[0],
        "upright": rotation[:, 2, 2],
        "nose_up": rotation[:, 2, 0],
        "left_up": rotation[:, 2, 1],
        "forward_speed": np.sum(ahead * velocity[:, :2], 1),
        "left_speed": np.sum(aside * velocity[:, :2], 1),
        "up_speed": velocity[:, 2],
        "speed": np.linalg.norm(velocity[:, :2], axis=1),
        "turn_rate": np.sum(rotation[:, 2] * rates, 1),
        "roll_rate": rates[:, 0],
        "pitch_rate": rates[:, 1],
        "displacement_forward": moved @ ahead[0],
        "displacement_left": moved @ aside[0],
        "distance": np.linalg.norm(moved, axis=1),
        "path": _path(moved),
        "pitched": np.cumsum(rates[:, 1]) / RATE_HZ,
        "rolled": np.cumsum(rates[:, 0]) / RATE_HZ,
    }


def _path(moved: np.ndarray) -> np.ndarray:
    """Length (T,) m of a way (T, 2), smoothed over the half second of a step or two."""
    half = min(round(_STEP_S / 2 * RATE_HZ), (len(moved) - 1) // 2)
    padded = np.pad(moved, ((half, half), (0, 0)), mode="reflect", reflect_type="odd")
    sums = np.cumsum(np.pad(padded, ((1, 0), (0, 0))), axis=0)
    smooth = (sums[2 * half + 1 :] - sums[: -2 * half - 1]) / (2 * half + 1)
    steps = np.linalg.norm(np.diff(smooth, axis=0), axis=1)
    return np.concatenate([[0.0], np.cumsum(steps)])


def _rates(rotation: np.ndarray) -> np.ndarray:
    """Angular velocity (T, 3) in the body frame, rad/s, from rotations (T, 3, 3)."""
    change = np.gradient(rotation, 1 / RATE_HZ, axis=0)
    skew = np.einsum("tji,tjk->tik", rotation, change)
    return (
        np.stack(
            [
                skew[:, 2, 1] - skew[:, 1, 2],
                skew[:, 0, 2] - skew[:, 2, 0],
                skew[:, 1, 0] - skew[:, 0, 1],
            ],
            1,
        )
        / 2
    )


def _joints(trajectory: Trajectory, robot: Robot) -> dict[str, np.ndarray]:
    s = robot.structure
    position = {j.name: trajectory.qpos[:, j.qpos_adr] for j in s.joints}
    out = {f"joint:{name}": values for name, values in position.items()}
    out |= {
        f"group:{name}": np.mean([position[j] for j in members], axis=0)
        for name, members in s.groups.items()
    }
    if s.joints:
        home = np.array([j.home for j in s.joints])
        errors = trajectory.qpos[:, [j.qpos_adr for j in s.joints]] - home
        out["pose_error"] = np.sqrt(np.mean(errors**2, axis=1))
        out["joint_speed"] = np.sqrt(
            np.mean(trajectory.qvel[:, [j.qvel_adr for j in s.joints]] ** 2, axis=1)
        )
    return out


def _limbs(robot: Robot, kinematics: _Kinematics) -> dict[str, np.ndarray]:
    s = robot.structure
    out: dict[str, np.ndarray] = {}
    base, rotation = kinematics.body(s.base_body)
    yaw = np.arctan2(rotation[:, 1, 0], rotation[:, 0, 0])
    for kind, sites in (("foot", s.feet), ("hand", s.hands)):
        for i, site in enumerate(sites):
            x, y, _ = (kinematics.points(sites)[:, i] - base).T
            out[f"{kind}_forward:{site.name}"] = np.cos(yaw) * x + np.sin(yaw) * y
            out[f"{kind}_left:{site.name}"] = np.cos(yaw) * y - np.sin(yaw) * x
    if s.feet:
        feet = kinematics.points(s.feet)
        soles = feet[..., 2] - kinematics.soles.below(kinematics.up(kinematics.soles.bodies))
        heights = soles - kinematics.ground.below(feet)
        contact = (heights < CONTACT_HEIGHT).astype(float)
        for i, foot in enumerate(s.feet):
            out[f"foot_height:{foot.name}"] = heights[:, i]
            out[f"contact:{foot.name}"] = contact[:, i]
        out["feet_down"] = contact.sum(1)
        out["flight"] = (contact.sum(1) == 0).astype(float)
    for i, hand in enumerate(s.hands):
        x, y, z = kinematics.points(s.hands)[:, i].T
        out |= {f"hand_x:{hand.name}": x, f"hand_y:{hand.name}": y, f"hand_height:{hand.name}": z}
        for name in s.objects:
            away = kinematics.points(s.hands)[:, i] - kinematics.body(name)[0]
            out[f"gap:{hand.name}:{name}"] = np.linalg.norm(away, axis=1)
    if len(s.hands) == 2:
        one, other = kinematics.points(s.hands).transpose(1, 0, 2)
        out["hands_apart"] = np.linalg.norm(one - other, axis=1)
    if s.head:
        head = kinematics.points((s.head,))[:, 0]
        out["head_height"] = head[:, 2] - kinematics.ground.below(head)
    return out


def _bodies(robot: Robot, kinematics: _Kinematics) -> dict[str, np.ndarray]:
    s = robot.structure
    out = {f"body_up:{name}": kinematics.body(name)[1][:, 2, 2] for name in s.bodies}
    for name in s.objects:
        position, rotation = kinematics.body(name)
        cosine = (np.einsum("ij,tij->t", rotation[0], rotation) - 1) / 2
        for axis, values in zip(("x", "y", "height"), position.T, strict=True):
            out[f"object_{axis}:{name}"] = values
        out[f"object_way:{name}"] = np.linalg.norm((position - position[0])[:, :2], axis=1)
        out[f"object_turned:{name}"] = np.arccos(np.clip(cosine, -1, 1))
    return out
