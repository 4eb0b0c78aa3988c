"""The vocabulary's signals, computed from what the physics gives, for a batch.

Values that derive from qpos and qvel are current. Positions of bodies, feet, hands and objects are
one physics substep behind them, as `mj_step` leaves them.
"""

from collections.abc import Mapping

import jax
import jax.numpy as jnp
import mujoco
import numpy as np
from flax import struct

from tabrl.policies.added import WAY_BACK
from tabrl.rewards.vocabulary import shape_of, signals_for
from tabrl.robots.catalogue import Robot, Site
from tabrl.robots.ground import CONTACT_HEIGHT, Ground
from tabrl.robots.sites import Soles, place

HALF_M = 0.5
"""m to the start of which a policy sees the half of what it sees of an endless way."""


class Track(struct.PyTreeNode):
    """What signals remember of the episode so far; leaves have a leading batch axis."""

    time: jax.Array
    start_xy: jax.Array
    start_yaw: jax.Array
    turned: jax.Array
    pitched: jax.Array
    rolled: jax.Array
    points: jax.Array  # (batch, feet + hands + objects, 3): where they were one step ago
    clearance: jax.Array  # (batch, feet): of the lowest points, above the ground
    air_time: jax.Array  # (batch, feet)
    action: jax.Array
    last_action: jax.Array


class SignalComputer:
    """Computes every signal of one robot. `reads` names the physics outputs that it needs."""

    def __init__(self, robot: Robot, model: mujoco.MjModel) -> None:
        self.robot = robot
        s = robot.structure
        self.names = tuple(signal.name for signal in signals_for(robot))
        self.shapes = {signal.name: shape_of(signal, robot) for signal in signals_for(robot)}
        self.size = sum(int(np.prod(shape)) for shape in self.shapes.values())
        self._dt = s.control_dt
        self._home = jnp.array([j.home for j in s.joints], jnp.float32)
        self._qpos_adr = np.array([j.qpos_adr for j in s.joints], int)
        self._qvel_adr = np.array([j.qvel_adr for j in s.joints], int)
        self._moment = jnp.array(_moments(model, s.home_qpos), jnp.float32)
        objects = tuple(Site(name, "body", name, 0.0) for name in s.objects)
        self._points = tuple(place(model, site) for site in (*s.feet, *s.hands, *objects))
        self._soles = Soles(model, s)
        self._ground = Ground(model)
        self._head = place(model, s.head) if s.head else None
        self._bodies = np.array([model.body(name).id for name in s.bodies], int)
        self._base = model.body(s.base_body).id
        head = (self._head,) if self._head else ()
        self.reads = tuple(
            {
                "qpos",
                "qvel",
                "xpos",
                "xquat",
                "actuator_force",
                *(f for f, _ in (*self._points, *head)),
            }
        )

    def begin(self, outputs: Mapping[str, jax.Array], action_size: int) -> Track:
        """The memory at the start of an episode, from the reset's last physics outputs."""
        batch = outputs["qpos"].shape[0]
        zero = jnp.zeros(batch)
        xy, yaw = jnp.zeros((batch, 2)), zero
        if self.robot.structure.free_base:
            xy = outputs["qpos"][:, :2]
            yaw = _yaw(_matrix(outputs["qpos"][:, 3:7]))
        none = jnp.zeros((batch, action_size))
        air = jnp.zeros((batch, len(self.robot.structure.feet)))
        points = self._positions(outputs)
        clearance = self._clearance(points, outputs)
        return Track(zero, xy, yaw, zero, zero, zero, points, clearance, air, none, none)

    def advance(
        self, track: Track, outputs: Mapping[str, jax.Array], action: jax.Array
    ) -> tuple[Track, jax.Array]:
        """The memory one control step later, and the velocities (batch, points, 3) of feet, hands
        and objects.
        """
        points = self._positions(outputs)
        velocity = (points - track.points) / self._dt
        clearance = self._clearance(points, outputs)
        contact = clearance < CONTACT_HEIGHT
        rates = (
            outputs["qvel"][:, 3:6]
            if self.robot.structure.free_base
            else jnp.zeros((points.shape[0], 3))
        )
        vertical = rates[:, 2]
        if self.robot.structure.free_base:
            vertical = jnp.einsum("bi,bi->b", _matrix(outputs["qpos"][:, 3:7])[:, 2], rates)
        track = Track(
            time=track.time + self._dt,
            start_xy=track.start_xy,
            start_yaw=track.start_yaw,
            turned=track.turned + vertical * self._dt,
            pitched=track.pitched + rates[:, 1] * self._dt,
            rolled=track.rolled + rates[:, 0] * self._dt,
            points=points,
            clearance=clearance,
            air_time=jnp.where(contact, 0.0, track.air_time + self._dt),
            action=action,
            last_action=track.action,
        )
        return track, velocity

    def way_back(self, track: Track, outputs: Mapping[str, jax.Array]) -> jax.Array:
        """(batch, 4): `way_back` from where the episode began; zeros without a floating base."""
        if not self.robot.structure.free_base:
            return jnp.zeros((track.time.shape[0], WAY_BACK))
        start = (jnp.cos(track.start_yaw), jnp.sin(track.start_yaw))
        return way_back(pose_of(outputs["qpos"]), jnp.column_stack([track.start_xy, *start]))

    def compute(
        self,
        track: Track,
        velocity: jax.Array,
        outputs: Mapping[str, jax.Array],
        clock_hz: jax.Array,
        phase: jax.Array,
        command: jax.Array,
    ) -> dict[str, jax.Array]:
        """Every signal: {name: (batch, *shape)} float32. `clock_hz` is (), `phase` (batch,),
        `command` (batch, 3).
        """
        s = self.robot.structure
        batch = phase.shape[0]
        out = {
            "time": track.time,
            "phase": phase,
            "clock_hz": jnp.broadcast_to(clock_hz, (batch,)),
            "command": command,
        }
        out |= self._joints(track, outputs)
        if s.free_base:
            out |= self._base_signals(track, outputs)
        out |= self._limbs(track, velocity, outputs)
        out["body_pos"] = outputs["xpos"].reshape(batch, -1, 3)[:, self._bodies]
        out["body_up"] = _matrix(outputs["xquat"].reshape(batch, -1, 4)[:, self._bodies])[..., 2, 2]
        return {
            name: out[name].astype(jnp.float32).reshape(batch, *self.shapes[name])
            for name in self.names
        }

    def pack(self, signals: Mapping[str, jax.Array]) -> jax.Array:
        """One array (batch, size) of all signals, in the vocabulary's order."""
        return jnp.concatenate(
            [signals[n].reshape(signals[n].shape[0], -1) for n in self.names], axis=1
        )

    def unpack(self, packed: jax.Array) -> dict[str, jax.Array]:
        """The inverse of `pack`."""
        out, at = {}, 0
        for name in self.names:
            width = int(np.prod(self.shapes[name]))
            out[name] = packed[:, at : at + width].reshape(packed.shape[0], *self.shapes[name])
            at += width
        return out

    def _base_signals(self, track: Track, outputs: Mapping[str, jax.Array]) -> dict[str, jax.Array]:
        qpos, qvel = outputs["qpos"], outputs["qvel"]
        rotation = _matrix(qpos[:, 3:7])
        x_axis, y_axis, z_axis = rotation[..., 0], rotation[..., 1], rotation[..., 2]
        yaw = _yaw(rotation)
        ahead = jnp.stack([jnp.cos(yaw), jnp.sin(yaw)], 1)
        aside = jnp.stack([-ahead[:, 1], ahead[:, 0]], 1)
        moved = qpos[:, :2] - track.start_xy
        cos, sin = jnp.cos(track.start_yaw), jnp.sin(track.start_yaw)
        return {
            "height": qpos[:, 2] - self._ground.below(qpos, jnp),
            "home_height": jnp.full(qpos.shape[0], self.robot.structure.base_height),
            "roll": jnp.arctan2(rotation[:, 2, 1], rotation[:, 2, 2]),
            "pitch": -jnp.arcsin(jnp.clip(rotation[:, 2, 0], -1.0, 1.0)),
            "yaw": _wrap(yaw - track.start_yaw),
            "upright": z_axis[:, 2],
            "nose_up": x_axis[:, 2],
            "left_up": y_axis[:, 2],
            "lin_vel_b": jnp.einsum("bji,bj->bi", rotation, qvel[:, :3]),
            "ang_vel_b": qvel[:, 3:6],
            "lin_vel_w": qvel[:, :3],
            "forward_speed": jnp.einsum("bi,bi->b", ahead, qvel[:, :2]),
            "left_speed": jnp.einsum("bi,bi->b", aside, qvel[:, :2]),
            "up_speed": qvel[:, 2],
            "turn_rate": jnp.einsum("bi,bi->b", rotation[:, 2], qvel[:, 3:6]),
            "displacement": jnp.stack(
                [cos * moved[:, 0] + sin * moved[:, 1], -sin * moved[:, 0] + cos * moved[:, 1]], 1
            ),
            "turned": track.turned,
            "pitched": track.pitched,
            "rolled": track.rolled,
        }

    def _joints(self, track: Track, outputs: Mapping[str, jax.Array]) -> dict[str, jax.Array]:
        pos, vel = outputs["qpos"][:, self._qpos_adr], outputs["qvel"][:, self._qvel_adr]
        torque = outputs["actuator_force"]
        return {
            "joint_pos": pos,
            "joint_vel": vel,
            "joint_home": jnp.broadcast_to(self._home, pos.shape),
            "pose_error": pos - self._home,
            "torque": torque,
            "power": jnp.sum(jnp.abs(torque * (outputs["qvel"] @ self._moment.T)), axis=1),
            "action": track.action,
            "last_action": track.last_action,
            "action_rate": jnp.sum(jnp.square(track.action - track.last_action), axis=1),
        }

    def _limbs(
        self, track: Track, velocity: jax.Array, outputs: Mapping[str, jax.Array]
    ) -> dict[str, jax.Array]:
        feet, hands = len(self.robot.structure.feet), len(self.robot.structure.hands)
        batch = velocity.shape[0]
        base = outputs["xpos"].reshape(batch, -1, 3)[:, self._base]
        rotation = _matrix(outputs["xquat"].reshape(batch, -1, 4)[:, self._base])
        local = jnp.einsum("bji,bpj->bpi", rotation, track.points - base[:, None])
        contact = (track.air_time == 0.0).astype(jnp.float32)
        out = {
            "foot_height": track.clearance,
            "foot_contact": contact,
            "foot_speed": jnp.linalg.norm(velocity[:, :feet, :2], axis=-1),
            "foot_air_time": track.air_time,
            "foot_pos_b": local[:, :feet],
            "feet_down": jnp.sum(contact, axis=1),
            "hand_pos": track.points[:, feet : feet + hands],
            "hand_vel": velocity[:, feet : feet + hands],
            "hand_pos_b": local[:, feet : feet + hands],
            "object_pos": track.points[:, feet + hands :],
            "object_vel": velocity[:, feet + hands :],
        }
        if self._head:
            field, index = self._head
            head = outputs[field].reshape(batch, -1, 3)[:, index]
            out["head_height"] = head[:, 2] - self._ground.below(head, jnp)
        return out

    def _clearance(self, points: jax.Array, outputs: Mapping[str, jax.Array]) -> jax.Array:
        feet = points[:, : len(self.robot.structure.feet)]
        turned = outputs["xquat"].reshape(feet.shape[0], -1, 4)[:, self._soles.bodies]
        below = self._soles.below(_matrix(turned)[..., 2, :], jnp)
        return feet[..., 2] - below - self._ground.below(feet, jnp)

    def _positions(self, outputs: Mapping[str, jax.Array]) -> jax.Array:
        batch = outputs["qpos"].shape[0]
        points = [outputs[field].reshape(batch, -1, 3)[:, index] for field, index in self._points]
        return jnp.stack(points, 1) if points else jnp.zeros((batch, 0, 3))


def pose_of(qpos: jax.Array) -> jax.Array:
    """(batch, 4) of a floating base: x and y (m), cosine and sine of its heading, world frame."""
    ahead = _matrix(qpos[:, 3:7])[:, :2, 0]
    return jnp.concatenate([qpos[:, :2], ahead / (jnp.linalg.norm(ahead, axis=1)[:, None])], axis=1)


def way_back(pose: jax.Array, start: jax.Array) -> jax.Array:
    """What a policy sees of where it began, from poses as of `pose_of`: (batch, 4).

    The way to the start ahead and to the left in the robot's heading, each as d / (HALF_M + |d|);
    sine of the angle that it has turned since, and one minus its cosine.
    """
    to_start = start[:, :2] - pose[:, :2]
    cos, sin = pose[:, 2], pose[:, 3]
    ahead = cos * to_start[:, 0] + sin * to_start[:, 1]
    left = cos * to_start[:, 1] - sin * to_start[:, 0]
    way = jnp.stack([ahead, left], axis=1)
    turned_sin = start[:, 2] * sin - start[:, 3] * cos
    turned_cos = start[:, 2] * cos + start[:, 3] * sin
    turned = jnp.stack([turned_sin, 1.0 - turned_cos], axis=1)
    return jnp.concatenate([way / (HALF_M + jnp.abs(way)), turned], axis=1)


def _moments(model: mujoco.MjModel, qpos: tuple[float, ...]) -> np.ndarray:
    """How fast each actuator moves for each velocity, (nu, nv), in the pose `qpos`: the gear of a
    joint's motor, the lever arms of a tendon's.
    """
    data = mujoco.MjData(model)
    data.qpos = qpos
    mujoco.mj_forward(model, data)
    out = np.zeros((model.nu, model.nv))
    sparse = data.actuator_moment, data.moment_rownnz, data.moment_rowadr, data.moment_colind
    mujoco.mju_sparse2dense(out, *sparse)
    return out


def _matrix(quat: jax.Array) -> jax.Array:
    """Rotation matrices (..., 3, 3) of unit quaternions (..., 4), w first: body to world."""
    w, x, y, z = quat[..., 0], quat[..., 1], quat[..., 2], quat[..., 3]
    rows = (
        (1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)),
        (2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)),
        (2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)),
    )
    return jnp.stack([jnp.stack(row, -1) for row in rows], -2)


def _yaw(rotation: jax.Array) -> jax.Array:
    return jnp.arctan2(rotation[..., 1, 0], rotation[..., 0, 0])


def _wrap(angle: jax.Array) -> jax.Array:
    return jnp.mod(angle + jnp.pi, 2 * jnp.pi) - jnp.pi
