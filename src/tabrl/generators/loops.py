"""Close the loops of a mechanism at home: what a constraint holds together must begin together."""

import copy

import mujoco
import numpy as np

from tabrl.generators.anatomy import moved_joints
from tabrl.generators.draft import Draft

CLOSED = 1e-3  # m or rad, that a constraint may be off at home
_STIFF = 1e3  # how much less a driven joint gives way than a loose one
_STEPS = 100
_MOST = 0.2  # rad or m, that a joint may go in one step


def close_loops(draft: Draft) -> None:
    """Move the home pose to where the equality constraints hold, by loose joints first."""
    model = copy.copy(draft.model)
    model.opt.jacobian = mujoco.mjtJacobian.mjJAC_DENSE
    model.opt.disableflags |= mujoco.mjtDisableBit.mjDSBL_CONTACT
    data = mujoco.MjData(model)
    data.qpos[:] = draft.qpos
    mujoco.mj_forward(model, data)
    before = _gap(data, model)
    if before <= CLOSED:
        return
    give = _give(model, data)
    for _ in range(_STEPS):
        rows = _rows(model, data)
        lever = data.efc_J.reshape(-1, model.nv)[rows]
        square = (lever * give) @ lever.T
        square += 1e-9 * (1 + np.trace(square)) * np.eye(len(rows))
        step = -give * (lever.T @ np.linalg.solve(square, data.efc_pos[rows]))
        step *= min(1.0, _MOST / max(np.abs(step).max(), 1e-12))
        mujoco.mj_integratePos(model, data.qpos, step, 1.0)
        _keep_in_range(model, data.qpos)
        mujoco.mj_forward(model, data)
        if _gap(data, model) < 1e-6:
            break
    after, moved = _gap(data, model), ["nothing"]
    if after < before:
        moved = _changed(draft, data.qpos)
        draft.qpos = data.qpos.copy()
    if after <= CLOSED:
        draft.notes.append(
            f"At home its loops were open by {before:.2g} m; what moved to close them: "
            f"{', '.join(moved)}."
        )
    else:
        draft.notes.append(
            f"At home a loop of its stays open by {after:.2g} m and will snap: correct the "
            "keyframe or the anchors of its equality constraints."
        )


def _rows(model: mujoco.MjModel, data: mujoco.MjData) -> np.ndarray:
    """The rows of the constraints that hold; those to a body that is put somewhere are to pull."""
    rows = np.flatnonzero(data.efc_type == mujoco.mjtConstraint.mjCNSTR_EQUALITY)
    return np.array([r for r in rows if not _pulled(model, int(data.efc_id[r]))], int)


def _pulled(model: mujoco.MjModel, equality: int) -> bool:
    kinds = (int(mujoco.mjtEq.mjEQ_CONNECT), int(mujoco.mjtEq.mjEQ_WELD))
    if model.eq_type[equality] not in kinds:
        return False
    ends = np.array([model.eq_obj1id[equality], model.eq_obj2id[equality]])
    if model.eq_objtype[equality] == mujoco.mjtObj.mjOBJ_SITE:
        ends = model.site_bodyid[ends]
    return bool((model.body_mocapid[ends] >= 0).any())


def _gap(data: mujoco.MjData, model: mujoco.MjModel) -> float:
    return float(np.abs(data.efc_pos[_rows(model, data)]).max(initial=0.0))


def _give(model: mujoco.MjModel, data: mujoco.MjData) -> np.ndarray:
    """How willingly (nv,) each degree of freedom moves: what floats does not."""
    driven = moved_joints(model, data)
    give = np.ones(model.nv)
    for dof in range(model.nv):
        joint = int(model.dof_jntid[dof])
        if model.jnt_type[joint] == mujoco.mjtJoint.mjJNT_FREE:
            give[dof] = 1e-3 / _STIFF
        elif joint in driven:
            give[dof] = 1 / _STIFF
    return give


def _keep_in_range(model: mujoco.MjModel, qpos: np.ndarray) -> None:
    axes = np.isin(model.jnt_type, (mujoco.mjtJoint.mjJNT_HINGE, mujoco.mjtJoint.mjJNT_SLIDE))
    limited = np.flatnonzero(axes & (model.jnt_limited > 0))
    at = model.jnt_qposadr[limited]
    qpos[at] = np.clip(qpos[at], *model.jnt_range[limited].T)


def _changed(draft: Draft, qpos: np.ndarray) -> list[str]:
    moved = np.zeros(draft.model.nv)
    mujoco.mj_differentiatePos(draft.model, moved, 1.0, draft.qpos, qpos)
    joints = sorted({int(draft.model.dof_jntid[d]) for d in np.flatnonzero(np.abs(moved) > 0.01)})
    return [draft.model.joint(j).name for j in joints]
