"""A robot's structure, read from the model of its environment."""

import re
from typing import TYPE_CHECKING, Any, Literal, cast

import mujoco
import numpy as np

from tabrl.errors import TabRLError
from tabrl.robots.catalogue import PLANE, Joint, Raised, Site, Structure
from tabrl.robots.ground import Ground
from tabrl.robots.sites import body_of, is_solid, lowest_point

if TYPE_CHECKING:  # it takes JAX with it, which those who ask `floats` need not
    from mujoco_playground._src import mjx_env

_KINDS: dict[int, Literal["hinge", "slide"]] = {
    int(mujoco.mjtJoint.mjJNT_HINGE): "hinge",
    int(mujoco.mjtJoint.mjJNT_SLIDE): "slide",
}
_ObjectType = Literal["site", "geom", "body"]
_DIGITS = 6
_SWEEPS, _TARGETS = 4, 11  # over the joints of an arm, and the positions tried of each
_NUDGE = 1e-4  # rad or m
_FAR = 2.0  # in units of the action scale: an action is bounded by no squashing


def build_structure(env: "mjx_env.MjxEnv", entry: dict[str, Any]) -> Structure:
    """Read the structure of a loaded environment.

    Args:
        env: the environment, in the scene that the catalogue uses.
        entry: its lines of `robots.toml`, see `entries`.

    Raises:
        TabRLError: a group matches no joint, or a free body is neither base nor object.
    """
    model = env.mj_model
    data = _at_home(env)
    joints = _joints(model, data)
    base = model.body(entry["base"])
    head = {"head": entry["head"]} if "head" in entry else {}
    objects = tuple(entry.get("objects", ()))
    _check_free_bodies(model, {entry["base"], *objects}, entry["id"])
    feet = _feet(model, data, entry.get("feet", {}))
    hands = _tips(model, data, entry.get("hands", {}))
    return Structure(
        nq=model.nq,
        nv=model.nv,
        nu=model.nu,
        nbody=model.nbody,
        action_size=env.action_size,
        takes_command=hasattr(env, "sample_command"),
        command_ranges=_command_ranges(env),
        control_dt=_rounded(env.dt),
        sim_dt=_rounded(env.sim_dt),
        free_base=floats(model, base.id),
        base_body=base.name,
        base_height=_rounded(data.xpos[base.id, 2] - _drop(model, data, feet)),
        mass=_rounded(_robot_mass(model, objects)),
        joints=joints,
        groups=_groups(entry, joints),
        actuators=tuple(model.actuator(i).name for i in range(model.nu)),
        bodies=tuple(filter(None, (model.body(i).name for i in range(1, model.nbody)))),
        feet=feet,
        hands=hands,
        raised=tuple(_raised(model, data.qpos, hand, hands, _span(env, entry)) for hand in hands),
        head=next(iter(_tips(model, data, head)), None),
        objects=objects,
        home_qpos=tuple(_rounded(q) for q in data.qpos),
    )


def _drop(model: mujoco.MjModel, data: mujoco.MjData, feet: tuple[Site, ...]) -> float:
    """How far (m) a robot is dropped at home: over rough ground it starts in the air."""
    if not Ground(model).rough:
        return 0.0
    return min(
        float(getattr(data, foot.object_type)(foot.object_name).xpos[2]) - foot.radius
        for foot in feet
    )


def _at_home(env: "mjx_env.MjxEnv") -> mujoco.MjData:
    """Kinematics at the pose that the task starts from: its own, or the model's."""
    data = mujoco.MjData(env.mj_model)
    data.qpos[:] = getattr(env, "_init_q", env.mj_model.qpos0)
    mujoco.mj_forward(env.mj_model, data)
    return data


def _command_ranges(env: "mjx_env.MjxEnv") -> tuple[tuple[float, float], ...]:
    """Lowest and highest forward, left and turn command; Playground writes them in three ways."""
    if not hasattr(env, "sample_command"):
        return ()
    config = env._config.get("command_config", env._config)
    if "a" in config:
        return tuple((-_rounded(a), _rounded(a)) for a in config.a)
    if "min" in config:
        drawn = list(zip(config.min, config.max, strict=True))
    else:
        drawn = [config[name] for name in ("lin_vel_x", "lin_vel_y", "ang_vel_yaw")]
    return tuple((_rounded(low), _rounded(high)) for low, high in drawn)


def _joints(model: mujoco.MjModel, data: mujoco.MjData) -> tuple[Joint, ...]:
    moved = moved_dofs(model, data)
    return tuple(
        _joint(model, data, i, moved) for i in range(model.njnt) if int(model.jnt_type[i]) in _KINDS
    )


def _joint(model: mujoco.MjModel, data: mujoco.MjData, i: int, moved: np.ndarray) -> Joint:
    joint = model.joint(i)
    qpos_adr, qvel_adr = int(joint.qposadr[0]), int(joint.dofadr[0])
    low, high = map(_rounded, joint.range)
    return Joint(
        name=_joint_name(model, i),
        qpos_adr=qpos_adr,
        qvel_adr=qvel_adr,
        range=(low, high) if model.jnt_limited[i] else None,
        home=_rounded(data.qpos[qpos_adr]),
        kind=_KINDS[int(model.jnt_type[i])],
        actuated=bool(moved[qvel_adr]),
    )


def _joint_name(model: mujoco.MjModel, joint: int) -> str:
    """Its own, or that of the body it moves."""
    return model.joint(joint).name or model.body(model.jnt_bodyid[joint]).name


def moved_dofs(model: mujoco.MjModel, data: mujoco.MjData) -> np.ndarray:
    """Which degrees of freedom (nv,) any actuator has a lever on at home, tendons included."""
    moment = np.zeros((model.nu, model.nv))
    mujoco.mju_sparse2dense(
        moment, data.actuator_moment, data.moment_rownnz, data.moment_rowadr, data.moment_colind
    )
    return np.abs(moment).max(axis=0) > 1e-9


def _groups(entry: dict[str, Any], joints: tuple[Joint, ...]) -> dict[str, tuple[str, ...]]:
    groups = {
        name: tuple(joint.name for joint in joints if re.search(rule, joint.name))
        for name, rule in entry["groups"].items()
    }
    if empty := [name for name, members in groups.items() if not members]:
        raise TabRLError(
            f"The groups {empty} of {entry['id']} match no joint.",
            f"Its joints are {', '.join(joint.name for joint in joints)}.",
        )
    return groups


def _feet(model: mujoco.MjModel, data: mujoco.MjData, named: dict[str, str]) -> tuple[Site, ...]:
    """Feet stand on the floor at home: the lowest point of the nearest geom is the sole."""
    feet = []
    for name, place in named.items():
        kind, thing, origin, geom = _locate(model, data, place)
        height = 0.0 if geom is None else max(0.0, origin[2] - lowest_point(model, data, geom))
        feet.append(Site(name, kind, thing, _rounded(height)))
    return tuple(feet)


def _tips(model: mujoco.MjModel, data: mujoco.MjData, named: dict[str, str]) -> tuple[Site, ...]:
    """Hands and heads point anywhere at home: take the nearest geom's smallest half extent."""
    tips = []
    for name, place in named.items():
        kind, thing, _, geom = _locate(model, data, place)
        thickness = 0.0 if geom is None else model.geom_aabb[geom, 3:].min()
        tips.append(Site(name, kind, thing, _rounded(thickness)))
    return tuple(tips)


def _span(env: "mjx_env.MjxEnv", entry: dict[str, Any]) -> float:
    """How far actions move a target away from home without strain: rad, or no bound where they add
    up.
    """
    bounded = floats(env.mj_model, env.mj_model.body(entry["base"]).id) and "adds_up" not in entry
    return _FAR * float(env._config.get("action_scale", np.inf)) if bounded else np.inf


def _raised(
    model: mujoco.MjModel, home: np.ndarray, hand: Site, hands: tuple[Site, ...], span: float
) -> Raised:
    """One joint of the arm after the other goes to the best of its targets, again and again."""
    others = [_carriers(model, other) for other in hands if other is not hand]
    arm = sorted(_carriers(model, hand).difference(*others))
    address = model.jnt_qposadr[arm]
    limited = model.jnt_limited[arm, None] > 0
    low, high = np.where(limited, model.jnt_range[arm], (-np.pi, np.pi)).T
    at_home = home[address]
    low = np.minimum(at_home, np.maximum(low, at_home - span))
    high = np.maximum(at_home, np.minimum(high, at_home + span))
    data = mujoco.MjData(model)

    def place(pose: np.ndarray) -> np.ndarray:
        data.qpos[:] = home
        data.qpos[address] = pose
        mujoco.mj_kinematics(model, data)
        return getattr(data, hand.object_type)(hand.object_name).xpos.copy()

    rest, pose = place(at_home)[2], at_home.copy()
    for _ in range(_SWEEPS):
        for i in range(len(arm)):
            tried = np.repeat(pose[None], _TARGETS + 1, axis=0)
            tried[1:, i] = np.linspace(low[i], high[i], _TARGETS)
            pose = tried[np.argmax([place(each)[2] for each in tried])]
    nudged = [place(pose + step)[1] for step in _NUDGE * np.eye(len(arm))]
    wag = int(np.argmax(np.abs(np.array(nudged) - place(pose)[1])))
    names = [_joint_name(model, joint) for joint in arm]
    return Raised(
        rest=_rounded(rest),
        height=_rounded(place(pose)[2]),
        joints=tuple(names),
        pose=tuple(map(_rounded, pose)),
        wag=names[wag],
        wag_range=(_rounded(low[wag]), _rounded(high[wag])),
    )


def _carriers(model: mujoco.MjModel, site: Site) -> set[int]:
    """The hinges and slides between a point of the robot and the world."""
    body = body_of(model, site.object_type, site.object_name)
    found: set[int] = set()
    while body:
        first = int(model.body_jntadr[body])
        found |= {
            joint
            for joint in range(first, first + int(model.body_jntnum[body]))
            if int(model.jnt_type[joint]) in _KINDS
        }
        body = int(model.body_parentid[body])
    return found


def _locate(
    model: mujoco.MjModel, data: mujoco.MjData, place: str
) -> tuple[_ObjectType, str, np.ndarray, int | None]:
    """Object type, name, origin (m, world) and the nearest solid geom of its body, if any."""
    kind, object_name = place.split(":")
    object_type = cast(_ObjectType, kind)
    origin = getattr(data, object_type)(object_name).xpos
    body = body_of(model, object_type, object_name)
    geoms = np.flatnonzero(model.geom_bodyid == body)
    solid = geoms[is_solid(model)[geoms]]
    geoms = solid if solid.size else geoms
    if not geoms.size:
        return object_type, object_name, origin, None
    distances = np.linalg.norm(data.geom_xpos[geoms] - origin, axis=1)
    return object_type, object_name, origin, int(geoms[distances.argmin()])


def floats(model: mujoco.MjModel, body: int) -> bool:
    first = model.body_jntadr[body]
    return bool(first >= 0 and model.jnt_type[first] == mujoco.mjtJoint.mjJNT_FREE)


def in_plane(model: mujoco.MjModel) -> bool:
    """Whether a base slides and turns in an upright plane, on joints of `PLANE`'s names."""
    kinds = {model.joint(j).name: _KINDS.get(int(model.jnt_type[j]), "") for j in range(model.njnt)}
    return kinds.items() >= PLANE.items()


def _check_free_bodies(model: mujoco.MjModel, known: set[str], robot_id: str) -> None:
    free = {model.body(i).name for i in range(model.nbody) if floats(model, i)}
    if free - known:
        raise TabRLError(
            f"{robot_id} has free bodies {sorted(free - known)} that robots.toml does not name.",
            "Name each as the base or among the objects.",
        )


def _robot_mass(model: mujoco.MjModel, objects: tuple[str, ...]) -> float:
    others = sum(model.body_subtreemass[model.body(name).id] for name in objects)
    targets = model.body_mass[model.body_mocapid >= 0].sum()
    return float(model.body_subtreemass[0] - others - targets)


def _rounded(value: float) -> float:
    return round(float(value), _DIGITS)
