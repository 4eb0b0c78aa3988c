"""What kind of body a model is, read from its structure: limbs, feet, hands, groups of joints.

The result has the shape of an entry of `robots.toml`, with the names that behaviours know.
Sides are those of the base's own frame: x forward, y left.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, get_args

import mujoco
import numpy as np

from tabrl.errors import TabRLError
from tabrl.robots.sites import is_solid, lowest_point
from tabrl.robots.structure import floats, moved_dofs

Kind = Literal["quadruped", "humanoid", "biped", "bimanual", "arm", "hand", "other"]
KINDS: tuple[Kind, ...] = get_args(Kind)
TRUNK = 3  # joints before a fork, at most, that are a waist; an arm has more before its hand
FORK = 3  # joints that a branch of a fork needs to be a limb; a gripper's fingers have fewer
_LOW = 0.05  # of the base's height: how much higher than the lowest a foot may stand
_VISIBLE_GROUPS = 3
_FINGERS = ("index_finger", "middle_finger", "ring_finger", "little_finger")
_THUMB = re.compile(r"thumb|(^|[^a-z])th([^a-z]|j|$)", re.IGNORECASE)


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
        limbs: in the model's order.
        trunk: names of the joints between the base and a fork into limbs.
        objects: other bodies that float.
    """

    def __init__(self, model: mujoco.MjModel) -> None:
        self.model = model
        self.data = mujoco.MjData(model)
        mujoco.mj_resetDataKeyframe(model, self.data, 0)
        mujoco.mj_forward(model, self.data)
        self._moved = _moved_joints(model, self.data)
        floating = [b for b in range(1, model.nbody) if floats(model, b)]
        carrying = [b for b in floating if self._carries(b)]
        if len(carrying) > 1:
            names = " and ".join(model.body(b).name for b in carrying)
            raise TabRLError(f"Two robots float here: {names}.", "Leave one in the scene.")
        self.free = bool(carrying)
        base = carrying[0] if carrying else self._root()
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
        for branch in self._branches(base if self.free else 0):
            self._walk(branch)

    def entry(self, kind: str | None) -> dict[str, Any]:
        """The robot's words, as `robots.toml` has them: type, base, objects, feet, hands, groups.

        Args:
            kind: None takes the first that fits.

        Raises:
            TabRLError: the robot is not of this kind.
        """
        for name, read, needs in _READERS:
            if kind not in (None, name):
                continue
            if (words := read(self)) is not None:
                feet, hands, groups = words
                return {
                    "type": name,
                    "base": self.base,
                    "objects": list(self.objects),
                    "feet": feet,
                    "hands": hands,
                    "groups": {key: _pattern(names) for key, names in self._all(groups).items()},
                    **_head(self.model),
                }
            if kind:
                raise TabRLError(f"This robot is no {kind}: {needs}.", "Leave --kind out.")
        raise TabRLError(f"There is no kind {kind!r}.", f"There are {', '.join(KINDS)}.")

    def camera(self) -> dict[str, Any]:
        """A camera that sees all of the robot at home, from ahead of it."""
        low, high = self._bounds()
        centre, size = (low + high) / 2, float(np.linalg.norm(high - low)) / 2
        yaw = np.degrees(np.arctan2(self._frame[1, 0], self._frame[0, 0]))
        return {
            "azimuth": round(float((130 + yaw) % 360), 1),
            "elevation": -15.0 if self.free else -20.0,
            "distance": round(2.9 * size, 3),
            "height": round(float(centre[2]), 3),
            "follow": self.free,
            "offset": [round(float(c), 3) for c in (centre - self._origin)[:2]],
        }

    @property
    def legs(self) -> list[Limb]:
        """The limbs that a floating robot stands on."""
        return [limb for limb in self.limbs if limb.foot] if self.free else []

    def _all(self, groups: dict[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
        """The groups that have joints, and one more for joints that are in none."""
        filled = {name: tuple(joints) for name, joints in groups.items()}
        grouped = {joint for joints in filled.values() for joint in joints}
        names = [self.model.joint(j).name for j in sorted(self._moved)]
        filled["others"] = tuple(name for name in names if name not in grouped)
        return {name: joints for name, joints in filled.items() if joints}

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
        stands = geom is not None and height < self._floor() + _LOW * self._origin[2]
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
        while body and body != ancestor:
            body = self.model.body_parentid[body]
        return bool(body == ancestor)

    def _depth(self, body: int) -> int:
        """Joints of the longest chain from a body outwards."""
        further = [self._depth(branch) for branch in self._branches(body)]
        return len(self._joints_of(body)) + max(further, default=0)

    def _root(self) -> int:
        """The first body on the world that carries moved joints."""
        on_world = np.flatnonzero(self.model.body_parentid == 0)
        return next(b for b in map(int, on_world) if b and self._carries(b))

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


Groups = dict[str, Iterable[str]]
Words = tuple[dict[str, str], dict[str, str], Groups]  # feet, hands, groups


def _quadruped(a: Anatomy) -> Words | None:
    legs = {
        ("F" if leg.foot_place[0] > 0 else "R") + ("L" if leg.foot_place[1] > 0 else "R"): leg
        for leg in a.legs
    }
    if len(a.legs) != 4 or len(legs) != 4 or any(len(leg.joints) < 3 for leg in a.legs):
        return None
    names = ("FR", "FL", "RR", "RL")
    groups: Groups = {
        part: [legs[name].joints[i] for name in names]
        for i, part in enumerate(("hips", "thighs", "knees"))
    }
    for group, members in {
        "legs": names,
        "front_legs": ("FR", "FL"),
        "rear_legs": ("RR", "RL"),
        "left_legs": ("FL", "RL"),
        "right_legs": ("FR", "RR"),
        **{name: (name,) for name in names},
    }.items():
        groups[group] = [joint for name in members for joint in legs[name].joints]
    arms = _named([limb for limb in a.limbs if not limb.foot and len(limb.joints) >= FORK], "arm")
    groups |= {name: (*arm.joints, *arm.end) for name, arm in arms.items()}
    feet = {name: f"geom:{legs[name].foot}" for name in names}
    return feet, {name: f"body:{arm.tip}" for name, arm in arms.items()}, groups


def _humanoid(a: Anatomy) -> Words | None:
    arms = [limb for limb in a.limbs if not limb.foot and len(limb.joints) >= FORK]
    words = _biped(a)
    if words is None or len(arms) != 2 or arms[0].left == arms[1].left:
        return None
    feet, _, groups = words
    for arm in arms:
        groups[f"{_side(arm)}_arm"] = arm.joints
    cut = 3 if min(len(arm.joints) for arm in arms) > 3 else 2
    groups["arms"] = [joint for arm in arms for joint in arm.joints]
    groups["shoulders"] = [joint for arm in arms for joint in arm.joints[:cut]]
    groups["elbows"] = [arm.joints[cut] for arm in arms]
    groups["wrists"] = [joint for arm in arms for joint in arm.joints[cut + 1 :]]
    groups["waist"] = a.trunk
    return feet, {_side(arm): f"body:{arm.tip}" for arm in arms}, groups


def _biped(a: Anatomy) -> Words | None:
    legs = sorted(a.legs, key=lambda leg: not leg.left)
    if len(legs) != 2 or legs[0].left == legs[1].left:
        return None
    groups: dict[str, list[str]] = {}
    for leg in legs:
        turns = [_AXES[int(np.abs(axis).argmax())] for axis in leg.axes]
        pitches = [i for i, turn in enumerate(turns) if turn == "pitch"]
        if len(leg.joints) < 4 or len(pitches) < 2:
            return None
        knee = pitches[1]
        for i, joint in enumerate(leg.joints):
            part = "hips" if i < knee else "knees" if i == knee else "ankles"
            exact = [f"hip_{turns[i]}"] if i < knee else []
            for group in (part, *exact, "legs", f"{_side(leg)}_leg"):
                groups.setdefault(group, []).append(joint)
    return {_side(leg): f"geom:{leg.foot}" for leg in legs}, {}, dict(groups)


def _bimanual(a: Anatomy) -> Words | None:
    arms = {_side(limb): limb for limb in a.limbs}
    if a.free or len(a.limbs) != 2 or len(arms) != 2 or min(len(x.joints) for x in a.limbs) < 4:
        return None
    groups: Groups = {f"{side}_arm": arm.joints for side, arm in arms.items()}
    groups["arms"] = [joint for arm in arms.values() for joint in arm.joints]
    for part, cut in (("shoulders", 0), ("elbows", 2)):
        groups[part] = [arm.joints[cut] for arm in arms.values()]
    groups["grippers"] = [joint for arm in arms.values() for joint in arm.end]
    return {}, {side: f"body:{arm.tip}" for side, arm in arms.items()}, groups


def _arm(a: Anatomy) -> Words | None:
    if a.free or len(a.limbs) != 1 or len(a.limbs[0].joints) < 4:
        return None
    (arm,) = a.limbs
    wrist = max(3, len(arm.joints) - 3)
    groups: Groups = {
        "arm": arm.joints,
        "shoulder": arm.joints[:2],
        "elbow": arm.joints[2:wrist],
        "wrist": arm.joints[wrist:],
        "gripper": arm.end,
    }
    return {}, {"gripper": f"body:{arm.tip}"}, groups


def _hand(a: Anatomy) -> Words | None:
    if a.free or len(a.limbs) < 3 or any(len(limb.joints) < 2 for limb in a.limbs):
        return None
    thumbs = [limb for limb in a.limbs if _THUMB.search(limb.joints[-1])]
    rest = [limb for limb in a.limbs if limb not in thumbs]
    names = _FINGERS if len(rest) <= len(_FINGERS) else [f"{i}_finger" for i in range(len(rest))]
    fingers = dict(zip(names, rest, strict=False)) | _named(thumbs, "thumb")
    groups: Groups = {}
    for name, finger in fingers.items():
        along = np.abs(finger.axes @ finger.axes[-1]) > 0.7
        groups[name] = [j for j, bends in zip(finger.joints, along, strict=True) if bends]
    groups["fingers"] = [joint for finger in fingers.values() for joint in finger.joints]
    tips = {name.removesuffix("_finger"): f"body:{f.tip}" for name, f in fingers.items()}
    return {}, tips, groups


def _other(a: Anatomy) -> Words:
    legs = {f"foot_{i}": leg for i, leg in enumerate(a.legs, 1)}
    tips = {f"tip_{i}": limb for i, limb in enumerate(a.limbs, 1) if not limb.foot}
    groups: Groups = {f"limb_{i}": limb.joints for i, limb in enumerate(a.limbs, 1)}
    groups["legs"] = [joint for leg in a.legs for joint in leg.joints]
    feet = {name: f"geom:{leg.foot}" for name, leg in legs.items()}
    return feet, {name: f"body:{limb.tip}" for name, limb in tips.items()}, groups


_READERS: tuple[tuple[Kind, Callable[[Anatomy], Words | None], str], ...] = (
    ("quadruped", _quadruped, "it needs four legs of three joints, one at each corner"),
    ("humanoid", _humanoid, "it needs two legs with knees and two arms of three joints"),
    ("biped", _biped, "it needs a left and a right leg of four joints, two of them pitching"),
    ("bimanual", _bimanual, "it needs a left and a right arm of four joints on a fixed base"),
    ("arm", _arm, "it needs one chain of four joints on a fixed base"),
    ("hand", _hand, "it needs three fingers of two joints on a fixed base"),
    ("other", _other, ""),
)
_AXES = ("roll", "pitch", "yaw")


def _side(limb: Limb) -> str:
    return "left" if limb.left else "right"


def _named(limbs: list[Limb], name: str) -> dict[str, Limb]:
    """One limb by this name, several numbered."""
    return {name if len(limbs) == 1 else f"{name}_{i}": x for i, x in enumerate(limbs, 1)}


def _head(model: mujoco.MjModel) -> dict[str, str]:
    for kind, count in (("site", model.nsite), ("body", model.nbody)):
        for i in range(count):
            if getattr(model, kind)(i).name.lower() == "head":
                return {"head": f"{kind}:{getattr(model, kind)(i).name}"}
    return {}


def _pattern(joints: Iterable[str]) -> str:
    return f"^({'|'.join(map(re.escape, joints))})$"


def _moved_joints(model: mujoco.MjModel, data: mujoco.MjData) -> set[int]:
    """Hinges and slides that an actuator has a lever on, directly or through a tendon."""
    moved = moved_dofs(model, data)
    axes = np.isin(model.jnt_type, (mujoco.mjtJoint.mjJNT_HINGE, mujoco.mjtJoint.mjJNT_SLIDE))
    return {j for j in range(model.njnt) if axes[j] and moved[model.jnt_dofadr[j]]}
