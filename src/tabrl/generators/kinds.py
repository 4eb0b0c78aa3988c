"""What kind of body a robot is, in the words that behaviours know.

The result has the shape of an entry of `robots.toml`. Each reader gives a kind's feet, hands and
groups of joints, or None where the robot is not of it.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any, Literal, get_args

import mujoco
import numpy as np

from tabrl.errors import TabRLError
from tabrl.generators.anatomy import FORK, Anatomy, Limb
from tabrl.robots.catalogue import PLANE

Kind = Literal["quadruped", "humanoid", "biped", "planar", "bimanual", "arm", "hand", "other"]
KINDS: tuple[Kind, ...] = get_args(Kind)
_FINGERS = ("index_finger", "middle_finger", "ring_finger", "little_finger")
_THUMB = re.compile(r"thumb|(^|[^a-z])th([^a-z]|j|$)", re.IGNORECASE)

Groups = dict[str, Iterable[str]]
Words = tuple[dict[str, str], dict[str, str], Groups]  # feet, hands, groups


def entry_of(a: Anatomy, kind: str | None) -> dict[str, Any]:
    """The robot's words, as `robots.toml` has them: type, base, objects, feet, hands, groups.

    Args:
        kind: None takes the first that fits.

    Raises:
        TabRLError: the robot is not of this kind.
    """
    for name, read, needs in _READERS:
        if kind not in (None, name):
            continue
        if (words := read(a)) is not None:
            feet, hands, groups = words
            return {
                "type": name,
                "base": a.base,
                "objects": list(a.objects),
                "feet": feet,
                "hands": hands,
                "groups": {key: _pattern(names) for key, names in _filled(a, groups).items()},
                **_head(a.model),
            }
        if kind:
            raise TabRLError(f"This robot is no {kind}: {needs}.", "Leave the kind out.")
    raise TabRLError(f"There is no kind {kind!r}.", f"There are {', '.join(KINDS)}.")


def fitting(a: Anatomy) -> list[str]:
    """The kinds that the robot may be taken for."""
    return [name for name, read, _ in _READERS if read(a) is not None]


def _filled(a: Anatomy, groups: Groups) -> dict[str, tuple[str, ...]]:
    """The groups that have joints, wheels by side, and one more for joints that are in none."""
    groups = groups | {
        "wheels": a.wheels,
        "left_wheels": [name for name, place in a.wheels.items() if place[1] > 0],
        "right_wheels": [name for name, place in a.wheels.items() if place[1] < 0],
    }
    filled = {name: tuple(joints) for name, joints in groups.items()}
    grouped = {joint for joints in filled.values() for joint in joints}
    filled["others"] = tuple(name for name in a.moved if name not in grouped)
    return {name: joints for name, joints in filled.items() if joints}


def _quadruped(a: Anatomy) -> Words | None:
    legs = {
        ("F" if leg.foot_place[0] > 0 else "R") + ("L" if leg.foot_place[1] > 0 else "R"): leg
        for leg in a.legs
    }
    fewest = min((len(leg.joints) for leg in a.legs), default=0)
    if len(a.legs) != 4 or len(legs) != 4 or fewest < 2:
        return None
    names = ("FR", "FL", "RR", "RL")
    parts = ("hips", "thighs", "knees") if fewest > 2 else ("thighs", "knees")
    groups: Groups = {
        part: [legs[name].joints[i] for name in names] for i, part in enumerate(parts)
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


def _planar(a: Anatomy) -> Words | None:
    if not a.planar or not a.legs:
        return None
    legs = _planar_names(a.legs)
    groups: Groups = {"root": sorted(PLANE), "legs": [j for leg in a.legs for j in leg.joints]}
    if len(legs) > 1:
        groups |= {f"{name}_leg": leg.joints for name, leg in legs.items()}
    for i, part in enumerate(("hips", "knees", "ankles")):
        groups[part] = [leg.joints[i] for leg in a.legs if len(leg.joints) > i]
    groups["waist"] = a.trunk
    return {name: f"geom:{leg.foot}" for name, leg in legs.items()}, {}, groups


def _planar_names(legs: list[Limb]) -> dict[str, Limb]:
    """Front and rear where they stand apart, else right and left."""
    if len(legs) != 2:
        return _named(legs, "foot")
    rear, front = sorted(legs, key=lambda leg: float(leg.place[0]))
    if front.place[0] - rear.place[0] > 0.1 * np.linalg.norm(front.place - front.foot_place):
        return {"rear": rear, "front": front}
    left = max(legs, key=lambda leg: ("left" in leg.joints[0].lower(), float(leg.place[1])))
    return {"right": next(leg for leg in legs if leg is not left), "left": left}


def _bimanual(a: Anatomy) -> Words | None:
    arms = {_side(limb): limb for limb in a.limbs}
    if _stands(a) or len(a.limbs) != 2 or len(arms) != 2 or min(len(x.joints) for x in a.limbs) < 4:
        return None
    groups: Groups = {f"{side}_arm": arm.joints for side, arm in arms.items()}
    groups["arms"] = [joint for arm in arms.values() for joint in arm.joints]
    for part, cut in (("shoulders", 0), ("elbows", 2)):
        groups[part] = [arm.joints[cut] for arm in arms.values()]
    groups["grippers"] = [joint for arm in arms.values() for joint in arm.end]
    return {}, {side: f"body:{arm.tip}" for side, arm in arms.items()}, groups


def _arm(a: Anatomy) -> Words | None:
    if _stands(a) or len(a.limbs) != 1 or len(a.limbs[0].joints) < 4:
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
    if _stands(a) or len(a.limbs) < 3 or any(len(limb.joints) < 2 for limb in a.limbs):
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
    tips = {f"tip_{i}": limb for i, limb in enumerate(a.limbs, 1) if limb not in a.legs}
    groups: Groups = {f"limb_{i}": limb.joints for i, limb in enumerate(a.limbs, 1)}
    groups["legs"] = [joint for leg in a.legs for joint in leg.joints]
    feet = {name: f"geom:{leg.foot}" for name, leg in legs.items()}
    return feet, {name: f"body:{limb.tip}" for name, limb in tips.items()}, groups


_READERS: tuple[tuple[Kind, Callable[[Anatomy], Words | None], str], ...] = (
    ("quadruped", _quadruped, "it needs four legs of two joints or more, one at each corner"),
    ("humanoid", _humanoid, "it needs two legs with knees and two arms of three joints"),
    ("biped", _biped, "it needs a left and a right leg of four joints, two of them pitching"),
    ("planar", _planar, "it needs legs, and a base that slides and turns in one upright plane"),
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


def _stands(a: Anatomy) -> bool:
    """Whether it is not fixed to the world."""
    return a.free or a.planar


def _head(model: mujoco.MjModel) -> dict[str, str]:
    for kind, count in (("site", model.nsite), ("body", model.nbody)):
        for i in range(count):
            if getattr(model, kind)(i).name.lower() == "head":
                return {"head": f"{kind}:{getattr(model, kind)(i).name}"}
    return {}


def _pattern(joints: Iterable[str]) -> str:
    return f"^({'|'.join(map(re.escape, joints))})$"
