"""Actuators as targets: what the actions of a custom robot mean.

Position and velocity actuators stay as they are. A motor becomes a position actuator with a PD
controller: off by `REACH` (or by a quarter of the joint's range, if that is less) it gives all of
its torque, and it is critically damped for the inertia that the joint has at home. On a joint
without a range, which may turn for ever, it becomes a velocity actuator: all of its torque where it
stands still and is asked for `TOP_SPEED`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import mujoco
import numpy as np

from tabrl.errors import TabRLError

REACH = {mujoco.mjtJoint.mjJNT_HINGE: 0.5, mujoco.mjtJoint.mjJNT_SLIDE: 0.1}  # rad, m
TOP_SPEED = {mujoco.mjtJoint.mjJNT_HINGE: 15.0, mujoco.mjtJoint.mjJNT_SLIDE: 1.0}  # rad/s, m/s
FREE_SPAN, FIXED_SPAN = 0.5, 1.0  # rad that an action of 1 moves a hinge: on a free base, or not
SLIDE_SPAN = 0.25  # m
# As numbers: models hold those, and NumPy's are not equal to MuJoCo's enumerations.
_ON_JOINT = tuple(map(int, (mujoco.mjtTrn.mjTRN_JOINT, mujoco.mjtTrn.mjTRN_JOINTINPARENT)))
_LAGS = tuple(
    map(
        int,
        (mujoco.mjtDyn.mjDYN_NONE, mujoco.mjtDyn.mjDYN_FILTER, mujoco.mjtDyn.mjDYN_FILTEREXACT),
    )
)


@dataclass(frozen=True)
class Targets:
    """Action `a` asks for `clip(home + span * a, low, high)`; each (nu,), in units of `ctrl`."""

    home: np.ndarray
    span: np.ndarray
    low: np.ndarray
    high: np.ndarray


def check_actuators(model: mujoco.MjModel) -> None:
    """See that all actuators can be made targets.

    Raises:
        TabRLError: there is none, or one that can be neither kept nor converted.
    """
    if not model.nu:
        raise TabRLError(
            "The model has no actuators: nothing would move it.",
            'Add <actuator><position joint="..." kp="..."/></actuator> for each joint.',
        )
    for i in range(model.nu):
        if is_position(model, i) or _is_velocity(model, i):
            continue
        if not _is_motor(model, i):
            raise _refused(model, i)
        _torque(model, i, int(model.actuator_trnid[i, 0]))


def motors_to_servos(
    spec: mujoco.MjSpec,
    model: mujoco.MjModel,
    qpos: np.ndarray,
    speeds: Mapping[str, float] | None = None,
) -> tuple[list[str], list[str]]:
    """Make each motor a position actuator, or a velocity actuator where its joint has no range; the
    names of those that were motors, the first kind and the second.

    Args:
        spec: is changed.
        model: of `spec`, compiled.
        qpos: (nq,), the home pose.
        speeds: the most, rad/s or m/s, of joints by name where that is known.

    Raises:
        TabRLError: as `check_actuators`.
    """
    inertia = _inertia(model, qpos)
    converted: tuple[list[str], list[str]] = ([], [])
    for i, actuator in enumerate(spec.actuators):
        if is_position(model, i) or _is_velocity(model, i):
            continue
        joint = int(model.actuator_trnid[i, 0])
        torque = _torque(model, i, joint)
        limited = bool(model.jnt_limited[joint])
        low, high = model.jnt_range[joint]
        kind = mujoco.mjtJoint(model.jnt_type[joint])
        if limited:
            kp = torque / min(REACH[kind], (high - low) / 4)
            kv = 2 * np.sqrt(kp * inertia[model.jnt_dofadr[joint]])
            actuator.set_to_position(kp=kp, kv=kv)
        else:
            high = (speeds or {}).get(model.joint(joint).name, TOP_SPEED[kind])
            low = -high
            actuator.set_to_velocity(kv=torque / high)
        actuator.gear = [1, 0, 0, 0, 0, 0]
        actuator.forcelimited, actuator.forcerange = True, [-torque, torque]
        actuator.ctrllimited, actuator.ctrlrange = True, [low, high]
        converted[not limited].append(actuator.name)
    if any(converted) and spec.option.integrator == mujoco.mjtIntegrator.mjINT_EULER:
        # Euler steps take the PD's damping as it was, and stiff joints would swing up.
        spec.option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
    return converted


def home_ctrl(model: mujoco.MjModel, qpos: np.ndarray) -> np.ndarray:
    """The controls (nu,) at which actuators exert nothing on a robot at rest in the pose `qpos`."""
    data = mujoco.MjData(model)
    data.qpos[:] = qpos
    mujoco.mj_forward(model, data)
    bias = model.actuator_biasprm
    ctrl = -(bias[:, 0] + bias[:, 1] * data.actuator_length) / model.actuator_gainprm[:, 0]
    low, high = _ctrl_bounds(model)
    return np.clip(ctrl, low, high)


def joint_of(model: mujoco.MjModel, i: int) -> int | None:
    """The joint that an actuator drives; None where it drives something else."""
    on_joint = model.actuator_trntype[i] in _ON_JOINT
    return int(model.actuator_trnid[i, 0]) if on_joint else None


def driven_by_velocity(model: mujoco.MjModel) -> set[int]:
    """The joints that velocity actuators drive."""
    return {int(model.actuator_trnid[i, 0]) for i in range(model.nu) if _is_velocity(model, i)}


def without_end(model: mujoco.MjModel) -> np.ndarray:
    """Which joints (njnt,) are hinges that may turn for ever: without a range, and nothing holds
    them at a position.
    """
    held = [int(model.actuator_trnid[i, 0]) for i in range(model.nu) if is_position(model, i)]
    free = (model.jnt_type == int(mujoco.mjtJoint.mjJNT_HINGE)) & (model.jnt_limited == 0)
    return np.asarray(free & ~np.isin(np.arange(model.njnt), held))


def targets(model: mujoco.MjModel, *, free_base: bool) -> Targets:
    """What actions mean on a model whose actuators are position or velocity actuators and whose
    first keyframe is the home pose.

    Raises:
        TabRLError: an actuator's controls ask for nothing that its joint can do.
    """
    low, high = _ctrl_bounds(model)
    span = np.zeros(model.nu)
    for i in range(model.nu):
        joint = joint_of(model, i)
        if joint is None:
            span[i] = high[i] - low[i]
            continue
        kind = mujoco.mjtJoint(model.jnt_type[joint])
        if _is_velocity(model, i):
            top = TOP_SPEED[kind] * abs(model.actuator_gear[i, 0])
            span[i] = max(-low[i], high[i]) if model.actuator_ctrllimited[i] else top
            low[i], high[i] = max(low[i], -span[i]), min(high[i], span[i])
            continue
        # How much the control moves for each rad or m of the joint.
        rate = -model.actuator_biasprm[i, 1] / model.actuator_gainprm[i, 0]
        rate *= model.actuator_gear[i, 0]
        hinge = kind == mujoco.mjtJoint.mjJNT_HINGE
        reach = (FREE_SPAN if free_base else FIXED_SPAN) if hinge else SLIDE_SPAN
        if model.jnt_limited[joint]:
            ends = np.sort(model.jnt_range[joint] * rate)
            asked = low[i], high[i]
            low[i], high[i] = max(low[i], ends[0]), min(high[i], ends[1])
            if low[i] >= high[i]:
                raise TabRLError(
                    f"The actuator {model.actuator(i).name!r} can be asked for {asked[0]:.3g} to "
                    f"{asked[1]:.3g}, and its joint can go from {ends[0]:.3g} to {ends[1]:.3g}.",
                    "Give it a ctrlrange within its joint's range, in rad or m.",
                )
            reach = min(reach, float(np.ptp(model.jnt_range[joint])))
        span[i] = rate * reach
    return Targets(np.clip(model.key_ctrl[0], low, high), span, low, high)


def _ctrl_bounds(model: mujoco.MjModel) -> tuple[np.ndarray, np.ndarray]:
    limited = model.actuator_ctrllimited.astype(bool)
    low = np.where(limited, model.actuator_ctrlrange[:, 0], -np.inf)
    return low, np.where(limited, model.actuator_ctrlrange[:, 1], np.inf)


def is_position(model: mujoco.MjModel, i: int) -> bool:
    """Whether a control is the length at which the actuator would rest, up to a factor."""
    on_tendon = model.actuator_trntype[i] == mujoco.mjtTrn.mjTRN_TENDON
    return bool(
        (_on_axis(model, i) or (on_tendon and model.actuator_ctrllimited[i]))
        and model.actuator_dyntype[i] in _LAGS
        and model.actuator_gaintype[i] == mujoco.mjtGain.mjGAIN_FIXED
        and model.actuator_biastype[i] == mujoco.mjtBias.mjBIAS_AFFINE
        and model.actuator_gainprm[i, 0] > 0
        and model.actuator_biasprm[i, 1] < 0
    )


def _is_velocity(model: mujoco.MjModel, i: int) -> bool:
    """Whether a control is the speed at which the actuator would pull no more, up to a factor."""
    return bool(
        _on_axis(model, i)
        and model.actuator_dyntype[i] in _LAGS
        and model.actuator_gaintype[i] == mujoco.mjtGain.mjGAIN_FIXED
        and model.actuator_biastype[i] == mujoco.mjtBias.mjBIAS_AFFINE
        and model.actuator_gainprm[i, 0] > 0
        and model.actuator_biasprm[i, 1] == 0
        and model.actuator_biasprm[i, 2] < 0
    )


def _is_motor(model: mujoco.MjModel, i: int) -> bool:
    return bool(
        _on_axis(model, i)
        and model.actuator_dyntype[i] == mujoco.mjtDyn.mjDYN_NONE
        and model.actuator_gaintype[i] == mujoco.mjtGain.mjGAIN_FIXED
        and model.actuator_biastype[i] == mujoco.mjtBias.mjBIAS_NONE
    )


def _on_axis(model: mujoco.MjModel, i: int) -> bool:
    """Whether the actuator drives one hinge or slide."""
    joint = joint_of(model, i)
    return joint is not None and mujoco.mjtJoint(model.jnt_type[joint]) in REACH


def _torque(model: mujoco.MjModel, i: int, joint: int) -> float:
    """The most (N m or N) that a motor gives its joint.

    Raises:
        TabRLError: nothing limits it.
    """
    gear = abs(model.actuator_gear[i, 0])
    limits: tuple[tuple[bool, Callable[[], np.ndarray]], ...] = (
        (model.actuator_forcelimited[i], lambda: gear * model.actuator_forcerange[i]),
        (
            model.actuator_ctrllimited[i],
            lambda: gear * model.actuator_gainprm[i, 0] * model.actuator_ctrlrange[i],
        ),
        (model.jnt_actfrclimited[joint], lambda: model.jnt_actfrcrange[joint]),
    )
    known = [float(np.abs(bounds()).max()) for limited, bounds in limits if limited]
    if not known or min(known) <= 0:
        raise TabRLError(
            f"The motor {model.actuator(i).name!r} has no limit of its torque.",
            "Give it a ctrlrange or a forcerange, or use a <position> actuator.",
        )
    return min(known)


def _refused(model: mujoco.MjModel, i: int) -> TabRLError:
    where = mujoco.mjtTrn(model.actuator_trntype[i]).name.removeprefix("mjTRN_").lower()
    if model.actuator_trntype[i] in _ON_JOINT and not _on_axis(model, i):
        where = "joint that is no hinge and no slide"
    how = mujoco.mjtDyn(model.actuator_dyntype[i]).name.removeprefix("mjDYN_").lower()
    bias = mujoco.mjtBias(model.actuator_biastype[i]).name.removeprefix("mjBIAS_").lower()
    return TabRLError(
        f"The actuator {model.actuator(i).name!r} (on a {where}, dynamics {how}, bias {bias}) "
        "can be neither used as position or velocity target nor converted to one.",
        "Use <position>, <velocity> or <motor> on a hinge or slide, or <position> on a tendon with "
        "a ctrlrange.",
    )


def _inertia(model: mujoco.MjModel, qpos: np.ndarray) -> np.ndarray:
    """The diagonal (nv,) of the mass matrix at `qpos`, armature included."""
    data = mujoco.MjData(model)
    data.qpos[:] = qpos
    mujoco.mj_forward(model, data)
    full = np.zeros((model.nv, model.nv))
    mujoco.mj_fullM(model, data, full)
    return np.diag(full)
