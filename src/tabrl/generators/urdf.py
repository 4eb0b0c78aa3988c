"""URDF as a model that MuJoCo can drive: the base that floats, motors from the limits of joints.

MuJoCo reads links, joints, meshes and inertias. What URDF says beside them, or leaves open, is
added here: whether the robot stands on its own, where meshes lie, what moves its joints.
"""

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import mujoco
import numpy as np

from tabrl.errors import TabRLError
from tabrl.generators.anatomy import below
from tabrl.generators.draft import Draft
from tabrl.robots.actuation import REACH
from tabrl.robots.sites import is_solid, lowest_point

BASES = ("floating", "fixed")
_STIFFEST = 100.0  # rad/s, that a motor may be with its joint; armature takes it there
_SHARE = (
    0.25  # of all the weight, on the lever of all that a joint carries: where no effort is said
)
_HIDDEN = 3  # the group of collision shapes beside shapes to see
_SEEN = (".stl", ".obj", ".msh")
_OVERLAP = 1e-3  # m


def to_mujoco(root: ElementTree.Element, path: Path) -> str:
    """The text of a URDF file that MuJoCo reads from wherever it lies.

    Args:
        root: of the file; is changed.
        path: of the file, by which its meshes are found.

    Raises:
        TabRLError: a collision mesh is in a format that MuJoCo does not read.
    """
    for link in root.iter("link"):
        for part in [*link.findall("visual"), *link.findall("collision")]:
            mesh = part.find("geometry/mesh")
            if mesh is None:
                continue
            file = _mesh(path, mesh.get("filename", ""))
            if file.suffix.lower() not in _SEEN:
                if part.tag == "visual":
                    link.remove(part)
                    continue
                raise TabRLError(
                    f"MuJoCo does not read the mesh {file.name}.",
                    f"Convert it to .stl or .obj, and put {file.stem}.stl beside it.",
                )
            mesh.set("filename", str(file))
    own = ElementTree.SubElement(root, "mujoco")
    words = {"strippath": "false", "fusestatic": "false", "discardvisual": "false"}
    ElementTree.SubElement(own, "compiler", words)
    return ElementTree.tostring(root, "unicode")


def equip(draft: Draft, root: ElementTree.Element, base: str | None) -> dict[str, float]:
    """Add what URDF does not say: a free joint, motors, mimicking; the joints' top speeds by name.

    Args:
        base: one of `BASES`; None sees by what the robot stands on.
    """
    _hide_collisions(draft)
    _pose_within_range(draft)
    _free_base(draft, base)
    speeds = _motors(draft, root)
    _keep_apart(draft)
    return speeds


def _mesh(path: Path, name: str) -> Path:
    """The file that a mesh means: `package://` names a folder above, and STL may stand in."""
    bare = name.split("://", 1)[-1]
    wanted = [Path(bare), Path(*Path(bare).parts[1:])] if "package://" in name else [Path(bare)]
    folders = [path.parent, *path.parent.parents[:3]]
    found = next((f / w for f in folders for w in wanted if (f / w).is_file()), path.parent / bare)
    if found.suffix.lower() in _SEEN:
        return found
    twins = (found.with_suffix(suffix) for suffix in _SEEN)
    return next((twin for twin in twins if twin.is_file()), found)


def _hide_collisions(draft: Draft) -> None:
    """Show the shapes that are to be seen; where a link has none, those that touch."""
    for body in draft.spec.bodies:
        shown = [geom for geom in body.geoms if not geom.contype and not geom.conaffinity]
        for geom in body.geoms:
            geom.group = _HIDDEN if shown and geom not in shown else 0


def _pose_within_range(draft: Draft) -> None:
    """Home has each joint at 0, or where its range comes nearest to it."""
    model = draft.model
    for joint in np.flatnonzero(model.jnt_limited):
        address = model.jnt_qposadr[joint]
        draft.qpos[address] = np.clip(draft.qpos[address], *model.jnt_range[joint])


def _free_base(draft: Draft, base: str | None) -> None:
    """Let the root link float where it is carried: two or more limbs reach lower than it does."""
    model, data = draft.model, draft.at_home()
    roots = [b for b in range(1, model.nbody) if model.body_parentid[b] == 0]
    if len(roots) != 1 or model.body_jntnum[roots[0]]:
        return  # its first link is the world, or it floats already
    root = roots[0]
    if base is None:
        base = "floating" if _is_carried(model, data, root) else "fixed"
        other = BASES[BASES.index(base) - 1]
        draft.notes.append(f"Its base was taken to be {base}; say {other} if that is wrong.")
    if base == "floating":
        values = draft.joint_values()
        draft.spec.body(model.body(root).name).add_freejoint(name="floating_base")
        draft.refresh()
        draft.pose(values)


def _is_carried(model: mujoco.MjModel, data: mujoco.MjData, root: int) -> bool:
    lows: dict[int, float] = {}
    for geom in np.flatnonzero(is_solid(model)):
        limb = _limb(model, int(model.geom_bodyid[geom]), root)
        lows[limb] = min(lows.get(limb, np.inf), lowest_point(model, data, int(geom)))
    own = lows.pop(root, float(data.xpos[root, 2]))
    return sum(low < own - _OVERLAP for low in lows.values()) > 1


def _limb(model: mujoco.MjModel, body: int, root: int) -> int:
    """The first body with a joint on the way from the root to a body; the root if there is none."""
    found = root
    while body != root and body:
        found = body if model.body_jntnum[body] else found
        body = int(model.body_parentid[body])
    return found


def _motors(draft: Draft, root: ElementTree.Element) -> dict[str, float]:
    speeds: dict[str, float] = {}
    guessed = []
    written = {joint.get("name", ""): joint for joint in root.iter("joint")}
    data = draft.at_home()
    for j in range(draft.model.njnt):
        name = draft.model.joint(j).name
        kind, said = mujoco.mjtJoint(draft.model.jnt_type[j]), written.get(name)
        if kind not in REACH or said is None:
            continue
        mimic, limit = said.find("mimic"), said.find("limit")
        if mimic is not None and mimic.get("joint") in written:
            _mimic(draft.spec, name, mimic)
            continue
        effort, speed = (_number(limit, word) for word in ("effort", "velocity"))
        if not effort:
            effort = _guess(draft.model, data, j)
            guessed.append(name)
        if speed:
            speeds[name] = speed
        motor = draft.spec.add_actuator(
            name=name, target=name, trntype=mujoco.mjtTrn.mjTRN_JOINT, ctrllimited=True
        )
        motor.set_to_motor()
        motor.ctrlrange = [-effort, effort]
        joint = draft.spec.joint(name)
        joint.armature = max(joint.armature, effort / REACH[kind] / _STIFFEST**2)
    if guessed:
        told = ", ".join(guessed[:3]) + (" ..." if len(guessed) > 3 else "")
        draft.notes.append(f"No effort is said of {told}: it was guessed from what they carry.")
    draft.refresh()
    return speeds


def _mimic(spec: mujoco.MjSpec, name: str, mimic: ElementTree.Element) -> None:
    factor = float(mimic.get("multiplier", 1))
    data = np.zeros(11)
    data[:2] = float(mimic.get("offset", 0)), factor
    spec.add_equality(
        type=mujoco.mjtEq.mjEQ_JOINT,
        objtype=mujoco.mjtObj.mjOBJ_JOINT,
        name1=name,
        name2=mimic.get("joint"),
        data=data,
    )


def _number(element: ElementTree.Element | None, name: str) -> float:
    return abs(float(element.get(name, 0))) if element is not None else 0.0


def _guess(model: mujoco.MjModel, data: mujoco.MjData, joint: int) -> float:
    """A torque (N m) or force (N) for a joint of which nothing is said."""
    weight = 9.81 * float(model.body_subtreemass[0])
    if model.jnt_type[joint] == mujoco.mjtJoint.mjJNT_SLIDE:
        return weight
    first = int(model.jnt_bodyid[joint])
    carried = [b for b in range(model.nbody) if below(model, b, first)]
    reach = np.linalg.norm(data.xipos[carried] - data.xanchor[joint], axis=1).max()
    return _SHARE * weight * max(float(reach), 0.02)


def _keep_apart(draft: Draft) -> None:
    """Let parts that overlap at home pass through each other, as they were drawn."""
    model, data = draft.model, draft.at_home()
    pairs = set(_overlapping(model, data))
    for one, other in sorted(pairs):
        draft.spec.add_exclude(bodyname1=model.body(one).name, bodyname2=model.body(other).name)
    if pairs:
        draft.notes.append(f"{len(pairs)} pairs of links overlap at home: they do not collide.")
        draft.refresh()


def _overlapping(model: mujoco.MjModel, data: mujoco.MjData) -> Iterator[tuple[int, int]]:
    for contact in data.contact:
        bodies = sorted(int(model.geom_bodyid[geom]) for geom in contact.geom)
        if bodies[0] and bodies[0] != bodies[1] and contact.dist < -_OVERLAP:
            yield bodies[0], bodies[1]
