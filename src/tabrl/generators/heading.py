"""Which way a robot is up and ahead: told, or read from the names of its parts, or its shape.

All else takes x as ahead and z as up in the base's frame, so the frame is turned to where they are.
"""

import re
from itertools import product

import mujoco
import numpy as np

from tabrl.errors import TabRLError
from tabrl.generators import frames
from tabrl.generators.anatomy import below, moved_joints, root_of
from tabrl.generators.draft import Draft
from tabrl.robots.sites import is_solid
from tabrl.robots.structure import floats

WAYS = {
    f"{sign}{axis}": (-1.0 if sign else 1.0) * np.eye(3)[i]
    for sign, (i, axis) in product(("", "-"), enumerate("xyz"))
}
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_SIDES = {"left": "left", "l": "left", "right": "right", "r": "right"}
_AHEAD = {"front", "fore", "head", "nose", "neck", "snout"}
_BEHIND = {"rear", "hind", "back", "tail"}
_CORNERS = re.compile(r"^(?:([fhrbl])([lr])|([lr])([fhrb]))$")  # fl, hr; lf, rh
_LONGER = 1.3  # times as long as wide, from which on a body's shape tells
_LEAN_COS = 0.8  # of gravity: a scene that leans less is meant to


def upright(draft: Draft) -> None:
    """Turn a scene whose gravity pulls along another axis than -z."""
    gravity = np.array(draft.model.opt.gravity)
    pull = np.linalg.norm(gravity)
    if pull == 0 or -gravity[2] / pull > _LEAN_COS:
        return
    up = -np.sign(gravity) * (np.abs(gravity) == np.abs(gravity).max())
    axis = np.cross(up, [0.0, 0.0, 1.0])
    axis = axis if axis.any() else np.array([1.0, 0, 0])
    angle = np.arctan2(np.linalg.norm(np.cross(up, [0, 0, 1.0])), up[2])
    turn = np.zeros(4)
    mujoco.mju_axisAngle2Quat(turn, axis / np.linalg.norm(axis), angle)
    frames.turn_scene(draft, turn)
    draft.notes.append("Its gravity was not along -z: the scene was turned so that z is up.")


def face_ahead(draft: Draft, told: str | None) -> tuple[str, list[str]]:
    """Turn a floating base's frame so that z is up at home and x ahead.

    Args:
        told: the axis of the model's own frame that is ahead, such as `-y`; None looks for it.

    Returns:
        The axis that is ahead, and those that might be; "" and none for a base that does not float.

    Raises:
        TabRLError: `told` is no axis, or one that is up or down.
    """
    if told and told not in WAYS:
        raise TabRLError(f"There is no axis {told!r}.", f"There are {', '.join(WAYS)}.")
    model, data = draft.model, draft.at_home()
    base = root_of(model, moved_joints(model, data))
    if not floats(model, base):
        if told:
            draft.notes.append("Forward was not needed: its base does not float.")
        return "", []
    frame = data.xmat[base].reshape(3, 3)
    up = max(WAYS.values(), key=lambda way: float((frame @ way)[2]))
    level = [name for name, way in WAYS.items() if not way @ up]
    if told and told not in level:
        raise TabRLError(
            f"{told} is up or down for {model.body(base).name} at home.",
            f"Its forward is one of {', '.join(level)}.",
        )
    ahead, why = (told, "") if told else _ahead(model, data, base, level, up)
    turn = np.stack([WAYS[ahead], np.cross(up, WAYS[ahead]), up], axis=1)
    if np.allclose(turn, np.eye(3)):
        return ahead, level
    frames.turn_frame(draft, model.body(base).name, frames.quaternion(turn))
    if why:
        draft.notes.append(
            f"Forward is {ahead} of {model.body(base).name}, by {why}; say another if that is "
            "wrong."
        )
    return ahead, level


def _ahead(
    model: mujoco.MjModel, data: mujoco.MjData, base: int, level: list[str], up: np.ndarray
) -> tuple[str, str]:
    """The level axis of the base's frame that is ahead, and what tells so."""
    told = _by_names(model, data, base, up)
    order = sorted(level, key=lambda name: float(WAYS[name] @ told))
    best, second = (float(WAYS[name] @ told) for name in (order[-1], order[-2]))
    if best > 0.02 and best > 1.5 * second:
        return order[-1], "the names of its parts"
    usual, aside = [name for name in level if "-" not in name]
    size = _extent(model, data, base)
    longer = size @ WAYS[aside] > _LONGER * (size @ WAYS[usual])
    if longer and _hanging(model, base) == 4:
        return aside, "its shape"
    return usual, "its frame"


def _by_names(model: mujoco.MjModel, data: mujoco.MjData, base: int, up: np.ndarray) -> np.ndarray:
    """(3,) m in the base's frame: from what is called rear to what is called front; without those,
    a quarter turn right of the way from what is called right to what is called left.
    """
    places: dict[str, list[np.ndarray]] = {"front": [], "rear": [], "left": [], "right": []}
    frame = data.xmat[base].reshape(3, 3)
    for name, place in _named(model, data, base):
        for side in _sides(name):
            places[side].append((place - data.xpos[base]) @ frame)
    mean = {side: np.mean(found, axis=0) for side, found in places.items() if found}
    way = np.zeros(3)
    if {"front", "rear"} <= mean.keys():
        way = mean["front"] - mean["rear"]
    elif {"left", "right"} <= mean.keys():
        way = np.cross(mean["left"] - mean["right"], up)
    return np.asarray(way - up * (way @ up))


def _named(model: mujoco.MjModel, data: mujoco.MjData, base: int) -> list[tuple[str, np.ndarray]]:
    bodies = [b for b in range(1, model.nbody) if b != base and below(model, b, base)]
    joints = [j for j in range(model.njnt) if model.jnt_bodyid[j] in bodies]
    return [(model.body(b).name, data.xpos[b]) for b in bodies] + [
        (model.joint(j).name, data.xanchor[j]) for j in joints
    ]


def _sides(name: str) -> set[str]:
    """What a name says of where a part is: "FL_hip" is front and left."""
    words = [word.lower() for word in _WORDS.findall(name)]
    sides = {_SIDES[word] for word in words if word in _SIDES}
    sides |= {"front" for word in words if word in _AHEAD}
    sides |= {"rear" for word in words if word in _BEHIND}
    letters = {"f": "front", "h": "rear", "b": "rear", "r": "rear"}
    for corner in filter(None, map(_CORNERS.match, words)):
        along, side = corner[1] or corner[4], corner[2] or corner[3]
        if along in letters and not (along == "r" and corner[4]):
            sides |= {letters[along], "left" if side == "l" else "right"}
    return sides


def _extent(model: mujoco.MjModel, data: mujoco.MjData, base: int) -> np.ndarray:
    """(3,) m between where its limbs are joined to the base, in its frame."""
    joined = [b for b in range(model.nbody) if model.body_parentid[b] == base]
    places = (data.xpos[joined] - data.xpos[base]) @ data.xmat[base].reshape(3, 3)
    return np.asarray(np.ptp(places, axis=0)) if joined else np.zeros(3)


def _hanging(model: mujoco.MjModel, base: int) -> int:
    """How many chains of bodies hang from the base with something solid in them."""
    joined = [b for b in range(model.nbody) if model.body_parentid[b] == base]
    solid = model.geom_bodyid[is_solid(model)]
    return sum(any(below(model, int(b), j) for b in solid) for j in joined)
