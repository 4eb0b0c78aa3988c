"""The limbs of a model, read from its structure: chains of joints, what they stand on, wheels.

Sides are those of the base's own frame: x forward, y left.
"""

from dataclasses import dataclass
from typing import Any

import mujoco
import numpy as np

from tabrl.errors import TabRLError
from tabrl.robots.actuation import driven_by_velocity
from tabrl.robots.sites import is_solid, lowest_point
from tabrl.robots.structure import floats, in_plane, moved_dofs

TRUNK = 3  # joints before a fork, at most, that are a waist; an arm has more before its hand
FORK = 3  # joints that a branch of a fork needs to be a limb; a gripper's fingers have fewer
_LOW = 0.05  # of the base's height: how much higher than the lowest a foot may stand
_VISIBLE_GROUPS = 3


@dataclass(frozen=True)
class Limb:
    """A chain of moved joints that ends in a tip.

    Attributes:
        joints: names, from the base outwards.
        axes: (n, 3) of the joints in the base's frame, at home.
        tip: the body that the last of them moves.
        end: joints beyond the chain, of a gripper or of toes.
        place: (3,) of the first joint in the base's frame, m.
        foot: the geom that it stands on, if it does.
        foot_place: (3,) of that geom in the base's frame, m.
    """

    joints: tuple[str, ...]
    axes: np.ndarray
    tip: str
    end: tuple[str, ...]
    place: np.ndarray
    foot: str | None
    foot_place: np.ndarray

    @property
    def left(self) -> bool:
        """Whether it is on the left."""
        return bool(self.place[1] > 0)


class Anatomy:
    """The limbs of a compiled model in the pose of its first keyframe.

    Attributes:
        base: the floating body; where none floats, the one that carries the moved joints.
        free: whether the base floats.
        planar: whether the base moves in an upright plane.
        limbs: in the model's order.
        trunk: names of the joints between the base and a fork into limbs.
        wheels: joints that turn without end on what the base stands on, with their places (3,) in
            the base's frame, m.
        objects: other bodies that float.
    """

    def __init__(self, model: mujoco.MjModel) -> None:
        self.model = model
        self.data = mujoco.MjData(model)
        mujoco.mj_resetDataKeyframe(model, self.data, 0)
        mujoco.mj_forward(model, self.data)
        self._moved = moved_joints(model, self.data)
        floating = [b for b in range(1, model.nbody) if floats(model, b)]
        base = root_of(model, self._moved)
        self.free = floats(model, base)
        self.planar = in_plane(model)
        if self.free and model.jnt_qposadr[model.body_jntadr[base]] != 0:
            raise TabRLError(
                "Something with joints stands before the robot in the model.",
                "Put the robot first in <worldbody>, before objects.",
            )
        self.base: str = model.body(base).name
        self.objects = tuple(model.body(b).name for b in floating if b != base)
        self._origin = self.data.xpos[base].copy()
        self._frame = self.data.xmat[base].reshape(3, 3).copy()
        self.trunk: list[str] = []
        self.limbs: list[Limb] = []
        self.wheels = self._take_wheels()
        for branch in self._branches(base if self.free else 0):
            self._walk(branch)

    def camera(self) -> dict[str, Any]:
        """A camera that sees all of the robot at home, from ahead of it."""
        low, high = self._bounds()
        centre, size = (low + high) / 2, float(np.linalg.norm(high - low)) / 2
        yaw = np.degrees(np.arctan2(self._frame[1, 0], self._frame[0, 0]))
        return {
            "azimuth": 90.0 if self.planar else round(float((130 + yaw) % 360), 1),
            "elevation": -15.0 if self.free else -20.0,
            "distance": round(2.9 * size, 3),
            "height": round(float(centre[2]), 3),
            "follow": self.free or self.planar,
            "offset": [round(float(c), 3) for c in (centre - self._origin)[:2]],
        }

    @property
    def legs(self) -> list[Limb]:
        """The limbs that a robot which can fall stands on."""
        return [limb for limb in self.limbs if limb.foot] if self.free or self.planar else []

    @property
    def moved(self) -> tuple[str, ...]:
        """The joints that something moves, wheels included."""
        return tuple(self.model.joint(j).name for j in sorted(self._moved | set(self._wheels)))

    def _take_wheels(self) -> dict[str, np.ndarray]:
        """Take out of the moved joints those that roll: driven by velocity, and low enough."""
        model = self.model
        self._wheels = []
        if self.free:
            low, high = self._floor(), self._origin[2]
            for joint in sorted(self._moved):
                turns = joint in driven_by_velocity(model) and not model.jnt_limited[joint]
                last = model.jnt_bodyid[joint]
                if turns and self._lowest(last)[1] < low + _LOW * (high - low):
                    self._wheels.append(joint)
        self._moved = self._moved - set(self._wheels)
        place = self.data.xanchor
        return {model.joint(j).name: (place[j] - self._origin) @ self._frame for j in self._wheels}

    def _walk(self, body: int) -> None:
        """Follow one branch outwards to its limb, or to the limbs into which it forks."""
        chain = self._joints_of(body)
        while True:
            branches = self._branches(body)
            if len(branches) != 1:
                break
            body = branches[0]
            chain += self._joints_of(body)
        long = [b for b in branches if self._depth(b) >= FORK]
        if len(chain) <= TRUNK and len(long) > 1:
            self.trunk += [self.model.joint(j).name for j in chain]
            for branch in branches:
                self._walk(branch)
            return
        self._add_limb(chain, body)

    def _add_limb(self, chain: list[int], tip: int) -> None:
        model, data = self.model, self.data
        beyond = [j for j in self._moved if self._below(model.jnt_bodyid[j], tip)]
        end = [j for j in sorted(beyond) if j not in chain]
        geom, height = self._lowest(tip)
        floor = self._floor()
        stands = geom is not None and height < floor + _LOW * (self._origin[2] - floor)
        self.limbs.append(
            Limb(
                joints=tuple(model.joint(j).name for j in chain),
                axes=data.xaxis[chain] @ self._frame,
                tip=model.body(tip).name,
                end=tuple(model.joint(j).name for j in end),
                place=(data.xanchor[chain[0]] - self._origin) @ self._frame,
                foot=model.geom(geom).name if stands else None,
                foot_place=(data.geom_xpos[geom or 0] - self._origin) @ self._frame,
            )
        )

    def _branches(self, body: int) -> list[int]:
        """The nearest bodies below that have joints of their own, each with all that it carries."""
        found = []
        for child in map(int, np.flatnonzero(self.model.body_parentid == body)):
            if child and self._carries(child):
                found += [child] if self._joints_of(child) else self._branches(child)
        return found

    def _joints_of(self, body: int) -> list[int]:
        return [j for j in sorted(self._moved) if self.model.jnt_bodyid[j] == body]

    def _carries(self, body: int) -> bool:
        return any(self._below(self.model.jnt_bodyid[j], body) for j in self._moved)

    def _below(self, body: int, ancestor: int) -> bool:
        return below(self.model, body, ancestor)

    def _depth(self, body: int) -> int:
        """Joints of the longest chain from a body outwards."""
        further = [self._depth(branch) for branch in self._branches(body)]
        return len(self._joints_of(body)) + max(further, default=0)

    def _floor(self) -> float:
        """The height of the robot's lowest point, m."""
        return self._lowest(self.model.body(self.base).id)[1]

    def _lowest(self, body: int) -> tuple[int | None, float]:
        """The solid geom that reaches lowest, of a body and all below it, and how low, m."""
        model = self.model
        found: tuple[int | None, float] = (None, float("inf"))
        for geom in np.flatnonzero(is_solid(model)):
            if self._below(model.geom_bodyid[geom], body) and model.geom_bodyid[geom]:
                height = lowest_point(model, self.data, int(geom))
                found = (int(geom), height) if height < found[1] else found
        return found

    def _bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """Lowest and highest x, y and z of what is seen of the robot, m."""
        model, data = self.model, self.data
        own = [g for g in range(model.ngeom) if model.geom_bodyid[g]]
        seen = [g for g in own if model.geom_group[g] < _VISIBLE_GROUPS] or own
        corners = np.stack(np.meshgrid(*[[-1, 1]] * 3), -1).reshape(-1, 3)
        points = np.concatenate(
            [
                data.geom_xpos[g]
                + (model.geom_aabb[g, :3] + corners * model.geom_aabb[g, 3:])
                @ data.geom_xmat[g].reshape(3, 3).T
                for g in seen
            ]
        )
        return points.min(axis=0), points.max(axis=0)


def moved_joints(model: mujoco.MjModel, data: mujoco.MjData) -> set[int]:
    """Hinges and slides that an actuator has a lever on, directly or through a tendon."""
    moved = moved_dofs(model, data)
    axes = np.isin(model.jnt_type, (mujoco.mjtJoint.mjJNT_HINGE, mujoco.mjtJoint.mjJNT_SLIDE))
    return {j for j in range(model.njnt) if axes[j] and moved[model.jnt_dofadr[j]]}


def root_of(model: mujoco.MjModel, moved: set[int]) -> int:
    """The body on the world that carries a robot's moved joints; one that floats comes first.

    Raises:
        TabRLError: several float.
    """
    roots = sorted({int(model.body_rootid[model.jnt_bodyid[j]]) for j in moved})
    floating = [b for b in roots if floats(model, b)]
    if len(floating) > 1:
        names = " and ".join(model.body(b).name for b in floating)
        raise TabRLError(f"Two robots float here: {names}.", "Leave one in the scene.")
    if not roots:
        raise TabRLError(
            "Its actuators move no hinge and no slide.",
            "Give them joints of type hinge or slide; ball joints cannot be driven.",
        )
    return (floating or roots)[0]


def below(model: mujoco.MjModel, body: int, ancestor: int) -> bool:
    """Whether a body is another one or is carried by it."""
    while body and body != ancestor:
        body = model.body_parentid[body]
    return bool(body == ancestor)
