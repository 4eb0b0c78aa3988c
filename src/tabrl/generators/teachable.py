"""From any MJCF or URDF to a scene that can be taught in: a floor, a home pose, targets.

What it writes is plain MJCF with z up, whose first keyframe is the home pose, whose actuators are
all position or velocity actuators, and whose base has x ahead.
"""

from pathlib import Path
from typing import NamedTuple

import mujoco
import numpy as np

from tabrl.errors import TabRLError
from tabrl.generators.anatomy import moved_joints, root_of
from tabrl.generators.bases import known_base
from tabrl.generators.draft import Draft
from tabrl.generators.heading import face_ahead, upright
from tabrl.generators.loops import close_loops
from tabrl.generators.mjcf import (
    compiled,
    gather,
    name_everything,
    read_mjcf,
    read_urdf,
    refusal,
    urdf_root,
)
from tabrl.generators.standing import stand
from tabrl.generators.units import read_degrees
from tabrl.generators.urdf import BASES, equip, to_mujoco
from tabrl.robots.actuation import check_actuators, home_ctrl, motors_to_servos, targets
from tabrl.robots.catalogue import SCENE
from tabrl.robots.ground import Ground
from tabrl.robots.sites import is_solid, lowest_point
from tabrl.robots.structure import floats

MAX_DOFS = 128
FOVY_DEG = 45.0  # that cameras are placed for
TRIAL_S, SHAKE_S = 2.0, 1.0
_SLACK = 0.01  # rad or m that a home pose may be beyond a limit
TOO_FAST = 500.0  # rad/s or m/s
_BAD = (
    mujoco.mjtWarning.mjWARN_BADQPOS,
    mujoco.mjtWarning.mjWARN_BADQVEL,
    mujoco.mjtWarning.mjWARN_BADQACC,
)


class Teachable(NamedTuple):
    """The model of a scene that was written, and how it was understood."""

    model: mujoco.MjModel
    notes: list[str]
    """What a person should know, in sentences."""
    forward: str
    """The axis of the base's own frame that was taken to be ahead; "" where it does not float."""
    ways: list[str]
    """The axes that might be ahead."""
    bases: list[str]
    """What its base might be; none of MJCF, which says it."""


def make_teachable(
    source: Path,
    folder: Path,
    forward: str | None = None,
    base: str | None = None,
    within: Path | None = None,
) -> Teachable:
    """Write `scene.xml` and its assets into `folder`, an empty one.

    Args:
        forward: the axis of the base's own frame that is ahead, such as `-y`; None looks for it.
        base: `floating` or `fixed`, of a URDF file; None sees by what the robot stands on.
        within: the folder that all of its files lie in; None takes the one that holds its folder.

    Raises:
        TabRLError: the model cannot be taught; the message says why.
    """
    urdf = urdf_root(source)
    if base and (urdf is None or base not in BASES):
        raise TabRLError(
            f"A base is {' or '.join(BASES)} of a URDF file alone.",
            "MJCF says it: a <freejoint/> in the base's body lets it float.",
        )
    spec = read_mjcf(source, within) if urdf is None else read_urdf(source, to_mujoco(urdf, source))
    gather(spec, folder, within)
    name_everything(spec)
    draft = Draft.of(spec, folder, source.name)
    _check_size(draft.model)
    speeds = {} if urdf is None else equip(draft, urdf, base)
    check_actuators(draft.model)
    upright(draft)
    known_base(draft)
    close_loops(draft)
    ahead, ways = face_ahead(draft, forward)
    if not stand(draft):
        _add_floor(draft)
    read_degrees(draft)
    _drive(draft, speeds)
    if beyond := _beyond_range(draft.model, draft.qpos):
        draft.notes.append(f"At home these joints are beyond their range: {', '.join(beyond)}.")
    _set_home(draft)
    made = _write(draft.spec, folder)
    notes = draft.notes + _try(made)
    return Teachable(made, notes, ahead, ways, [] if urdf is None else list(BASES))


def _drive(draft: Draft, speeds: dict[str, float]) -> None:
    """Make targets of all actuators, and say what became of motors."""
    held, driven = motors_to_servos(draft.spec, draft.model, draft.qpos, speeds)
    for names, what in (
        (held, "position actuators"),
        (driven, "velocity actuators, as their joints have no range"),
    ):
        if names:
            told = ", ".join(names[:3]) + (" ..." if len(names) > 3 else "")
            draft.notes.append(f"{len(names)} motors became {what}: {told}.")
    if draft.ctrl is not None:
        kept = [name.name not in (*held, *driven) for name in draft.spec.actuators]
        draft.ctrl = np.where(kept, draft.ctrl, np.nan)  # those of motors were torques


def _set_home(draft: Draft) -> None:
    """Write the home pose as the one keyframe, with the controls of the model's own, if any."""
    draft.refresh()
    ctrl = home_ctrl(draft.model, draft.qpos)
    if draft.ctrl is not None:
        ctrl = np.where(np.isnan(draft.ctrl), ctrl, draft.ctrl)
    draft.spec.add_key(name="home", qpos=draft.qpos, ctrl=ctrl)
    draft.spec.visual.global_.fovy, draft.spec.visual.global_.orthographic = FOVY_DEG, 0


def _check_size(model: mujoco.MjModel) -> None:
    if model.nv > MAX_DOFS or model.nflex:
        what = "soft bodies" if model.nflex else f"{model.nv} degrees of freedom"
        raise TabRLError(
            f"The model has {what}.", f"Give rigid bodies with at most {MAX_DOFS} of them."
        )


def _beyond_range(model: mujoco.MjModel, qpos: np.ndarray) -> list[str]:
    """Hinges and slides that the home pose bends further than their limits."""
    axes = np.isin(model.jnt_type, (mujoco.mjtJoint.mjJNT_HINGE, mujoco.mjtJoint.mjJNT_SLIDE))
    limited = np.flatnonzero(axes & (model.jnt_limited > 0))
    at = qpos[model.jnt_qposadr[limited]]
    low, high = model.jnt_range[limited].T
    beyond = (at < low - _SLACK) | (at > high + _SLACK)
    return [model.joint(j).name for j in limited[beyond]]


def _add_floor(draft: Draft) -> None:
    """A plane at height 0, or below a robot whose place on the world is lower."""
    model, data = draft.model, draft.at_home()
    names = {geom.name for geom in draft.spec.geoms}
    solid = np.flatnonzero(is_solid(model) & (model.geom_bodyid > 0))
    lowest = min((lowest_point(model, data, int(geom)) for geom in solid), default=0.0)
    draft.spec.worldbody.add_geom(
        name="floor" if "floor" not in names else "added_floor",
        type=mujoco.mjtGeom.mjGEOM_PLANE,
        size=[0, 0, 0.05],
        pos=[0, 0, min(0.0, lowest)],
        contype=int(np.bitwise_or.reduce(model.geom_conaffinity)),
        conaffinity=int(np.bitwise_or.reduce(model.geom_contype)),
        group=0,
    )
    draft.notes.append("It had no floor, so it got one.")


def _write(spec: mujoco.MjSpec, folder: Path) -> mujoco.MjModel:
    """Save the scene and read it back: what was written is what is taught."""
    meant = compiled(spec, SCENE)
    path = folder / SCENE
    path.write_text(spec.to_xml(), "utf-8")
    try:
        model = mujoco.MjModel.from_xml_path(str(path))
    except ValueError as error:
        raise refusal("its own copy of this model", error) from error
    sizes = ("nq", "nv", "nu", "nbody", "ngeom", "njnt", "ntendon", "neq")
    same = all(getattr(model, size) == getattr(meant, size) for size in sizes)
    if not same or not np.allclose(model.body_mass, meant.body_mass, rtol=1e-3, atol=1e-6):
        raise TabRLError(
            "MuJoCo's own copy of this model is another one than it read.",
            "Save it once with `mujoco.MjSpec.from_file(PATH).to_file(NEW)` and look at that file.",
        )
    return model


def _try(model: mujoco.MjModel) -> list[str]:
    """Hold the home pose, then follow random targets.

    Raises:
        TabRLError: the simulation is unstable.
    """
    data = mujoco.MjData(model)
    mujoco.mj_resetDataKeyframe(model, data, 0)
    mujoco.mj_forward(model, data)
    base = root_of(model, moved_joints(model, data))
    free, ground = floats(model, base), Ground(model)
    height = data.xpos[base, 2] - ground.below(data.xpos[base])
    _simulate(model, data, TRIAL_S, "while it held its home pose")
    now = data.xpos[base, 2] - ground.below(data.xpos[base])
    fell = free and (data.xmat[base][8] < 0.5 or now < 0.5 * height)
    meant = targets(model, free_base=free)
    mujoco.mj_resetDataKeyframe(model, data, 0)
    draws = np.random.default_rng(0)
    for _ in range(10):
        action = draws.uniform(-1, 1, model.nu)
        data.ctrl[:] = np.clip(meant.home + meant.span * action, meant.low, meant.high)
        _simulate(model, data, SHAKE_S / 10, "while it followed random targets")
    return ["It falls when it only holds its home pose."] if fell else []


def _simulate(model: mujoco.MjModel, data: mujoco.MjData, seconds: float, when: str) -> None:
    for _ in range(round(seconds / model.opt.timestep)):
        fastest = int(np.abs(data.qvel).argmax())
        time = data.time
        mujoco.mj_step(model, data)
        # MuJoCo starts anew after a number that is not finite, and counts a warning.
        if any(data.warning[bad].number for bad in _BAD) or np.abs(data.qvel).max() > TOO_FAST:
            joint = model.joint(model.dof_jntid[fastest]).name
            raise TabRLError(
                f"The simulation exploded {when}, {time:.2f} s after its start; "
                f"the joint {joint!r} was the fastest.",
                f"Try a timestep below its {model.opt.timestep:g} s, less stiff actuators, more "
                "armature or damping; and see that no bodies overlap at home.",
            )
