"""From any MJCF to a scene that can be taught in: a floor, a home pose, position targets.

What it writes is plain MJCF whose first keyframe is the home pose, and whose actuators are all
position actuators.
"""

from pathlib import Path

import mujoco
import numpy as np

from tabrl.errors import TabRLError
from tabrl.generators.mjcf import compiled, gather, name_everything, read_mjcf, refusal
from tabrl.robots.actuation import home_ctrl, motors_to_position, targets
from tabrl.robots.catalogue import SCENE
from tabrl.robots.sites import is_solid, lowest_point
from tabrl.robots.structure import floats

MAX_DOFS = 128
HOME_NAMES = ("home", "standing", "stand")
TRIAL_S, SHAKE_S = 2.0, 1.0
_SLACK = 0.01  # rad or m that a home pose may be beyond a limit
TOO_FAST = 500.0  # rad/s or m/s
_BAD = (
    mujoco.mjtWarning.mjWARN_BADQPOS,
    mujoco.mjtWarning.mjWARN_BADQVEL,
    mujoco.mjtWarning.mjWARN_BADQACC,
)


def make_teachable(source: Path, folder: Path) -> tuple[mujoco.MjModel, list[str]]:
    """Write `scene.xml` and its assets into `folder`, an empty one.

    Returns:
        The model of that scene, and what a person should know, in sentences.

    Raises:
        TabRLError: the model cannot be taught; the message says why.
    """
    spec = read_mjcf(source)
    gather(spec, folder)
    name_everything(spec)
    model = compiled(spec, source.name)
    _check_size(model)
    qpos, notes = _home(model)
    motors = motors_to_position(spec, model, qpos)
    if motors:
        notes.append(f"{len(motors)} motors became position actuators: {', '.join(motors[:3])} ...")
    if not _has_floor(model):
        _add_floor(spec, model, qpos)
        notes.append("It had no floor, so it got one.")
    if beyond := _beyond_range(model, qpos):
        notes.append(f"At home these joints are beyond their range: {', '.join(beyond)}.")
    for thing in (*spec.sensors, *spec.keys):  # the observation needs no sensors
        spec.delete(thing)
    ctrl = home_ctrl(compiled(spec, source.name), qpos)
    spec.add_key(name="home", qpos=qpos, ctrl=ctrl)
    made = _write(spec, folder)
    notes += _try(made)
    return made, notes


def _check_size(model: mujoco.MjModel) -> None:
    if model.nv > MAX_DOFS or model.nflex:
        what = "soft bodies" if model.nflex else f"{model.nv} degrees of freedom"
        raise TabRLError(
            f"The model has {what}.", f"Give rigid bodies with at most {MAX_DOFS} of them."
        )


def _home(model: mujoco.MjModel) -> tuple[np.ndarray, list[str]]:
    """The home pose (nq,): a keyframe, or else the model's own pose, stood on the floor."""
    if model.nkey:
        names = [model.key(i).name for i in range(model.nkey)]
        chosen = next((names.index(name) for name in HOME_NAMES if name in names), 0)
        return model.key_qpos[chosen].copy(), []
    qpos = model.qpos0.copy()
    if model.njnt and model.jnt_type[0] == mujoco.mjtJoint.mjJNT_FREE:
        qpos[2] -= _lowest(model, qpos)
    return qpos, ["It has no keyframe, so its home is the pose in which its joints are at 0."]


def _lowest(model: mujoco.MjModel, qpos: np.ndarray) -> float:
    """Height (m) of the lowest point of all that moves and can touch."""
    data = mujoco.MjData(model)
    data.qpos[:] = qpos
    mujoco.mj_kinematics(model, data)
    solid = np.flatnonzero(is_solid(model) & (model.geom_bodyid > 0))
    return min((lowest_point(model, data, int(geom)) for geom in solid), default=0.0)


def _beyond_range(model: mujoco.MjModel, qpos: np.ndarray) -> list[str]:
    """Hinges and slides that the home pose bends further than their limits."""
    axes = np.isin(model.jnt_type, (mujoco.mjtJoint.mjJNT_HINGE, mujoco.mjtJoint.mjJNT_SLIDE))
    limited = np.flatnonzero(axes & (model.jnt_limited > 0))
    at = qpos[model.jnt_qposadr[limited]]
    low, high = model.jnt_range[limited].T
    beyond = (at < low - _SLACK) | (at > high + _SLACK)
    return [model.joint(j).name for j in limited[beyond]]


def _has_floor(model: mujoco.MjModel) -> bool:
    kinds = (mujoco.mjtGeom.mjGEOM_PLANE, mujoco.mjtGeom.mjGEOM_HFIELD)
    fixed = (model.geom_bodyid == 0) & is_solid(model)
    return bool((np.isin(model.geom_type, kinds) & fixed).any())


def _add_floor(spec: mujoco.MjSpec, model: mujoco.MjModel, qpos: np.ndarray) -> None:
    """A plane at height 0, or below a robot whose place on the world is lower."""
    names = {geom.name for geom in spec.geoms}
    spec.worldbody.add_geom(
        name="floor" if "floor" not in names else "added_floor",
        type=mujoco.mjtGeom.mjGEOM_PLANE,
        size=[0, 0, 0.05],
        pos=[0, 0, 0 if floats(model, 1) else min(0.0, _lowest(model, qpos))],
        contype=int(np.bitwise_or.reduce(model.geom_conaffinity)),
        conaffinity=int(np.bitwise_or.reduce(model.geom_contype)),
        group=0,
    )


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
    base = next((b for b in range(1, model.nbody) if floats(model, b)), None)
    height = data.xpos[base, 2] if base else 0.0
    _simulate(model, data, TRIAL_S, "while it held its home pose")
    fell = base and (data.xmat[base][8] < 0.5 or data.xpos[base, 2] < 0.5 * height)
    meant = targets(model, free_base=base is not None)
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
