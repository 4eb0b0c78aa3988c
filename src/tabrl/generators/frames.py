"""Turn and move what a model is made of: the whole scene, or a base's own frame."""

from typing import Any

import mujoco
import numpy as np

from tabrl.generators.draft import Draft

_PLACED = ("geoms", "sites", "cameras", "bodies", "frames")
_FREE = mujoco.mjtJoint.mjJNT_FREE


def turn_scene(draft: Draft, quat: np.ndarray) -> None:
    """Turn all that the world holds, and gravity with it, by a rotation about the origin."""
    draft.written_out()
    _move_children(draft.spec.worldbody, quat, np.zeros(3))
    option = draft.spec.option
    for field in ("gravity", "wind", "magnetic"):
        setattr(option, field, rotated(np.array(getattr(option, field)), quat))
    for place in _free_places(draft):
        place[:3], place[3:] = rotated(place[:3], quat), product(quat, place[3:])
    draft.refresh()


def shift_scene(draft: Draft, way: np.ndarray) -> None:
    """Move all that the world holds by `way` (3,) m."""
    draft.written_out()
    _move_children(draft.spec.worldbody, np.array([1.0, 0, 0, 0]), way)
    for place in _free_places(draft):
        place[:3] += way
    draft.refresh()


def turn_frame(draft: Draft, body_name: str, quat: np.ndarray) -> None:
    """Turn the frame of a body on the world, and leave all that it is made of where it is.

    Args:
        quat: (4,) the new frame in the old one.
    """
    draft.written_out()
    body = draft.spec.body(body_name)
    back = inverse(quat)
    _move_children(body, back, np.zeros(3))
    body.quat = product(np.array(body.quat), quat)
    if body.explicitinertial:
        body.ipos, body.iquat = rotated(np.array(body.ipos), back), product(back, body.iquat)
    for equality in draft.spec.equalities:
        _turn_equality(equality, body_name, quat)
    address = draft.model.body_jntadr[draft.model.body(body_name).id]
    if address >= 0 and draft.model.jnt_type[address] == _FREE:
        start = draft.model.jnt_qposadr[address] + 3
        draft.qpos[start : start + 4] = product(draft.qpos[start : start + 4], quat)
    draft.refresh()


def product(a: Any, b: Any) -> np.ndarray:
    """Of two quaternions."""
    out = np.zeros(4)
    mujoco.mju_mulQuat(out, np.array(a, float), np.array(b, float))
    return out


def inverse(quat: np.ndarray) -> np.ndarray:
    """Of a unit quaternion."""
    return np.asarray(quat * [1, -1, -1, -1])


def rotated(vector: Any, quat: np.ndarray) -> np.ndarray:
    """A vector (3,) turned by a quaternion."""
    out = np.zeros(3)
    mujoco.mju_rotVecQuat(out, np.array(vector, float), quat)
    return out


def quaternion(matrix: np.ndarray) -> np.ndarray:
    """Of a rotation (3, 3)."""
    out = np.zeros(4)
    mujoco.mju_mat2Quat(out, matrix.ravel().astype(float))
    return out


def _move_children(body: Any, quat: np.ndarray, way: np.ndarray) -> None:
    """Turn and move what lies directly in a body; what lies in one of its frames goes with it."""
    for kind in _PLACED:
        for thing in getattr(body, kind):
            if thing.frame is None:
                thing.pos = way + rotated(thing.pos, quat)
                thing.quat = product(quat, thing.quat)
    for light in body.lights:
        if light.frame is None:
            light.pos, light.dir = way + rotated(light.pos, quat), rotated(light.dir, quat)
    for joint in body.joints:
        if joint.frame is None and joint.type != _FREE:
            joint.pos, joint.axis = way + rotated(joint.pos, quat), rotated(joint.axis, quat)


def _turn_equality(equality: Any, body_name: str, quat: np.ndarray) -> None:
    """Say a constraint between bodies in the new frame of one of them."""
    if equality.objtype != mujoco.mjtObj.mjOBJ_BODY:
        return
    data, back = np.array(equality.data), inverse(quat)
    first, second = equality.name1 == body_name, equality.name2 == body_name
    if equality.type == mujoco.mjtEq.mjEQ_CONNECT and first:
        data[:3] = rotated(data[:3], back)
    if equality.type == mujoco.mjtEq.mjEQ_WELD:
        if second:
            data[:3] = rotated(data[:3], back)
        if data[6:10].any():  # else MuJoCo takes the pose that they start in
            if first:
                data[3:6], data[6:10] = rotated(data[3:6], back), product(back, data[6:10])
            if second:
                data[6:10] = product(data[6:10], quat)
    equality.data = data


def _free_places(draft: Draft) -> list[np.ndarray]:
    """Views (7,) of the home of all that floats."""
    model = draft.model
    starts = model.jnt_qposadr[model.jnt_type == _FREE]
    return [draft.qpos[start : start + 7] for start in starts]
