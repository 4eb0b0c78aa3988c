"""Ranges that were written in degrees where MuJoCo reads rad."""

import mujoco
import numpy as np

from tabrl.generators.draft import Draft
from tabrl.robots.actuation import is_position

_TURN = 2 * np.pi
_SLACK = 1.1  # of a joint's range, which controls in its own unit may exceed


def read_degrees(draft: Draft) -> None:
    """Take the controls of hinges as degrees where only that fits the joints' ranges, and say it;
    say which joints have ranges of many turns.
    """
    model, changed = draft.model, []
    for i, actuator in enumerate(draft.spec.actuators):
        if not is_position(model, i) or not model.actuator_ctrllimited[i]:
            continue
        joint = int(model.actuator_trnid[i, 0])
        if model.jnt_type[joint] != mujoco.mjtJoint.mjJNT_HINGE or not model.jnt_limited[joint]:
            continue
        asked, most = (
            np.abs(model.actuator_ctrlrange[i]).max(),
            np.abs(model.jnt_range[joint]).max(),
        )
        if asked > _TURN >= most and np.deg2rad(asked) <= _SLACK * most:
            actuator.ctrlrange = np.deg2rad(model.actuator_ctrlrange[i])
            changed.append(actuator.name)
            if draft.ctrl is not None and abs(draft.ctrl[i]) > _SLACK * most:
                draft.ctrl[i] = np.deg2rad(draft.ctrl[i])
    if changed:
        draft.notes.append(
            f"The controls of {', '.join(changed)} are written in degrees, and MuJoCo takes them "
            "as rad: they were read as degrees. Write them in rad in your file, too."
        )
        draft.refresh()
    wide = _many_turns(model)
    if wide:
        draft.notes.append(
            f"The ranges of {', '.join(wide)} are many turns: if they are degrees, the file should "
            'say <compiler angle="degree"/>.'
        )


def _many_turns(model: mujoco.MjModel) -> list[str]:
    hinges = (model.jnt_type == mujoco.mjtJoint.mjJNT_HINGE) & (model.jnt_limited > 0)
    wide = hinges & (np.abs(model.jnt_range).max(axis=1) > 2 * _TURN)
    return [model.joint(int(j)).name for j in np.flatnonzero(wide)]
