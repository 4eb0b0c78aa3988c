"""A robot's scene with one more body, which comes after all others: a box to drop in its way.

What plays a robot has both scenes and takes the one with the box for as long as there is one, so
that without it the physics is the trained one to the bit.
"""

from collections.abc import Mapping
from typing import Any

import mujoco
import numpy as np

from tabrl.envs.source import source_of
from tabrl.export.box import NUMBERS, drop, take_state, way
from tabrl.robots.catalogue import Structure

SHARES = 0.5, 1.2, 0.35
"""Of the robot's height: along its way, across it, and up."""
MASS = 0.1  # of the robot's
GAP = 0.6  # of the robot's height, between it and the box
DROP = 0.3  # of the robot's height, from the level of its base to the box
_PARTS = ("body", "jnt", "dof", "geom", "site", "tendon", "actuator", "eq", "pair", "hfield")
_ALIKE = 1e-6  # of positions, m and rad, after `_STEPS`
_STEPS = 50
_REST_S, _REST_SPEED = 3.0, 1.0  # m/s: what falls on and on is faster by then


def with_box(
    robot_id: str, structure: Structure, model: mujoco.MjModel, start: Mapping[str, list[float]]
) -> tuple[mujoco.MjModel, dict[str, Any]] | None:
    """The robot's scene with a box, and the box: half its size (3,) m along the way, across and
    up, its mass in kg, how far `ahead` of the base it is dropped and how much `above` it, m.

    None where nothing would stop it, where the robot has no size to measure it by, or where the
    robot would move otherwise beside it.

    Args:
        model: the scene as the environment made it.
        start: where the robot begins: fields of MuJoCo's data.
    """
    data = mujoco.MjData(model)
    _begin(data, start)
    mujoco.mj_forward(model, data)
    box = _measures(structure, model, data)
    if not all(box["half"]):
        return None
    spec = source_of(robot_id)
    _add(spec, box)
    boxed = spec.compile()
    if not _take_over(boxed, model):
        return None
    box |= {"base": int(model.body(structure.base_body).id), "free_base": structure.free_base}
    return (boxed, box) if _moves_alike(model, boxed, start) and _rests(boxed, box, data) else None


def _measures(structure: Structure, model: mujoco.MjModel, data: mujoco.MjData) -> dict[str, Any]:
    base = model.body(structure.base_body).id
    own = model.body_rootid == model.body_rootid[base]
    reach = data.xpos[own] - data.xpos[base]
    front = float((reach @ way(data, base, free_base=False)).max())
    moves = structure.free_base or structure.planar_base
    height = structure.base_height if moves else 0.5 * float(np.ptp(reach, axis=0).max())
    half = [round(0.5 * share * height, 4) for share in SHARES]
    ahead = front + half[0] + GAP * height if moves else 0.75 * front
    above = half[2] + DROP * height
    return {
        "half": half,
        "mass": round(MASS * structure.mass, 4),
        "ahead": round(ahead, 4),
        "above": round(above, 4),
    }


def _add(spec: mujoco.MjSpec, box: Mapping[str, Any]) -> None:
    """A free body that touches all that touches anything, and changes nothing between others."""
    taken = 0
    for geom in spec.geoms:
        taken |= geom.contype | geom.conaffinity
    bit = next(1 << n for n in range(30, -1, -1) if not taken & 1 << n)
    paired = {name for pair in spec.pairs for name in (pair.geomname1, pair.geomname2)}
    for geom in spec.geoms:
        if geom.contype or geom.conaffinity or geom.name in paired:
            geom.conaffinity |= bit
    for key in list(spec.keys):
        spec.delete(key)  # they know nothing of it
    body = spec.worldbody.add_body()
    body.add_freejoint()
    kind = mujoco.mjtGeom.mjGEOM_BOX
    body.add_geom(
        type=kind, size=box["half"], mass=box["mass"], contype=bit, conaffinity=0, condim=3
    )


def _take_over(boxed: mujoco.MjModel, model: mujoco.MjModel) -> bool:
    """Give all else in the scene the numbers that its environment gave it; False where it is not
    the same scene.
    """
    ours, theirs = (
        {name: getattr(each, name) for name in dir(each) if name.startswith(_PARTS)}
        for each in (boxed, model)
    )
    for name, value in theirs.items():
        if not isinstance(value, np.ndarray) or value.dtype.kind != "f" or not value.size:
            continue
        if len(ours[name]) < len(value) or ours[name].shape[1:] != value.shape[1:]:
            return False
        ours[name][: len(value)] = value
    for name in dir(model.opt):
        value = getattr(model.opt, name)
        if isinstance(value, int | float):
            setattr(boxed.opt, name, value)
        elif isinstance(value, np.ndarray):
            getattr(boxed.opt, name)[:] = value
    return bool(boxed.nbody == model.nbody + 1 and boxed.nv == model.nv + NUMBERS[1])


def _moves_alike(
    model: mujoco.MjModel, boxed: mujoco.MjModel, start: Mapping[str, list[float]]
) -> bool:
    """Whether the robot touches at its start what it touches without a box, and falls through it as
    it does without one: about contacts a rounded digit decides.
    """
    touched, ends = [], []
    for each in (model, boxed):
        data = mujoco.MjData(each)
        _begin(data, start)
        if each is boxed:
            data.qpos[-NUMBERS[0] :] = (0, 0, 1000, 1, 0, 0, 0)
        mujoco.mj_forward(each, data)
        touched.append(data.contact.geom.tolist())
        flags = each.opt.disableflags
        each.opt.disableflags |= mujoco.mjtDisableBit.mjDSBL_CONTACT
        mujoco.mj_step(each, data, _STEPS)
        each.opt.disableflags = flags
        ends.append(data.qpos[: model.nq].copy())
    return touched[0] == touched[1] and bool(np.abs(ends[0] - ends[1]).max() < _ALIKE)


def _rests(boxed: mujoco.MjModel, box: Mapping[str, Any], begun: mujoco.MjData) -> bool:
    """Whether something stops it where it is dropped first."""
    data = mujoco.MjData(boxed)
    take_state(begun, data)
    drop(boxed, data, box)
    mujoco.mj_step(boxed, data, round(_REST_S / boxed.opt.timestep))
    touched = data.qfrc_constraint[-NUMBERS[1] :].any()
    speed = np.linalg.norm(data.qvel[-NUMBERS[1] :][:3])
    return bool(np.isfinite(data.qpos).all() and touched and speed < _REST_SPEED)


def _begin(data: mujoco.MjData, start: Mapping[str, list[float]]) -> None:
    for name, values in start.items():
        getattr(data, name).reshape(-1)[: len(values)] = values
