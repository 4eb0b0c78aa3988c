"""Bases that move on several joints: as floating ones, or as planar ones of the known names."""

import mujoco
import numpy as np

from tabrl.generators.anatomy import moved_joints
from tabrl.generators.draft import Draft
from tabrl.robots.catalogue import PLANE

_AXES = (mujoco.mjtJoint.mjJNT_SLIDE, mujoco.mjtJoint.mjJNT_HINGE)
_ALIKE = 1e-3


def known_base(draft: Draft) -> None:
    """Give the robot a free joint where its base slides and turns in all ways on joints of its own,
    and the joints of `PLANE` where it does so in an upright plane.
    """
    model, data = draft.model, draft.at_home()
    moved = moved_joints(model, data)
    for body in sorted({int(model.body_rootid[model.jnt_bodyid[j]]) for j in moved}):
        first = int(model.body_jntadr[body])
        joints = list(range(first, first + int(model.body_jntnum[body]))) if first >= 0 else []
        if not joints or moved & set(joints) or model.body_mass[body] < mujoco.mjMINVAL:
            continue
        if _turns_all_ways(model, data, joints):
            _set_free(draft, data, body, joints)
            return
        if _in_plane(model, data, joints):
            _set_planar(draft, body, joints)
            return


def _turns_all_ways(model: mujoco.MjModel, data: mujoco.MjData, joints: list[int]) -> bool:
    slides = [j for j in joints if model.jnt_type[j] == mujoco.mjtJoint.mjJNT_SLIDE]
    hinges = [j for j in joints if model.jnt_type[j] == mujoco.mjtJoint.mjJNT_HINGE]
    balls = [j for j in joints if model.jnt_type[j] == mujoco.mjtJoint.mjJNT_BALL]
    turning = (len(balls) == 1 and not hinges) or (not balls and _span(data, hinges))
    limited = model.jnt_limited[joints].any()
    return bool(turning and _span(data, slides) and not limited)


def _span(data: mujoco.MjData, joints: list[int]) -> bool:
    return len(joints) == 3 and abs(np.linalg.det(data.xaxis[joints])) > 0.1


def _in_plane(model: mujoco.MjModel, data: mujoco.MjData, joints: list[int]) -> bool:
    kinds = [int(model.jnt_type[j]) for j in joints]
    if sorted(kinds) != sorted(int(k) for k in (_AXES[0], _AXES[0], _AXES[1])):
        return False
    axes = np.abs(data.xaxis[joints])
    slides = [axis for axis, kind in zip(axes, kinds, strict=True) if kind == int(_AXES[0])]
    hinge = axes[kinds.index(int(_AXES[1]))]
    level, up = sorted(slides, key=lambda axis: float(axis[2]))
    return bool(
        np.allclose([level, up, hinge], [[1, 0, 0], [0, 0, 1], [0, 1, 0]], atol=_ALIKE)
        and (model.jnt_bodyid[joints] > 0).all()
    )


def _set_free(draft: Draft, data: mujoco.MjData, body: int, joints: list[int]) -> None:
    model, spec = draft.model, draft.spec
    names = [model.joint(j).name for j in joints]
    values = draft.joint_values()
    name = next(n for n in ("root", "base", "base_free") if n not in values or n in names)
    values[name] = np.concatenate([data.xpos[body], data.xquat[body]])
    for old in names:
        spec.delete(spec.joint(old))
    spec.body(model.body(body).name).add_freejoint(name=name)
    draft.refresh()
    draft.pose(values)
    draft.notes.append(f"Its base moves on {', '.join(names)}: they became one free joint.")


def _set_planar(draft: Draft, body: int, joints: list[int]) -> None:
    """Name the root joints as `PLANE` does, at 0 at home, and turning nose down."""
    model, spec, data = draft.model, draft.spec, draft.at_home()
    values, place = draft.joint_values(), data.xpos[body].copy()
    roots = [spec.joint(model.joint(j).name) for j in joints]
    others = {joint.name for joint in spec.joints} - {root.name for root in roots}
    if others & set(PLANE):
        return
    names = []
    for j, root in zip(joints, roots, strict=True):
        slides = model.jnt_type[j] == mujoco.mjtJoint.mjJNT_SLIDE
        names.append("rooty" if not slides else "rootx" if abs(data.xaxis[j][0]) > 0.5 else "rootz")
        angle = float(values.pop(root.name)[0]) - float(model.qpos0[model.jnt_qposadr[j]])
        sign = 1.0 if data.xaxis[j].sum() > 0 else -1.0
        root.axis, root.ref, root.springref = np.array(root.axis) * sign, 0.0, 0.0
        values[names[-1]] = np.array([0.0 if slides else sign * angle])
    spec.body(model.body(body).name).pos = place
    for suffix in ("_", ""):  # in two steps, as one may have the name that another is to have
        for root, name in zip(roots, names, strict=True):
            root.name = f"{name}{suffix}"
    draft.refresh()
    draft.pose(values)
