"""The robots that a person can teach: plain data that imports in milliseconds.

`robots.toml` holds what people write, `catalogue.json` what the models say; the second is generated
from the loaded environments by ``python -m tabrl.robots.build``.
"""

import json
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from tabrl.errors import UnknownRobotError


@dataclass(frozen=True)
class Joint:
    """A hinge or a slide; positions in rad or m."""

    name: str
    qpos_adr: int
    qvel_adr: int
    range: tuple[float, float] | None  # None: no limit
    home: float
    kind: Literal["hinge", "slide"]
    actuated: bool  # moved by a motor, directly or through a tendon


@dataclass(frozen=True)
class Site:
    """A point on the robot that behaviours speak of: a foot, a hand, the head."""

    name: str
    object_type: Literal["site", "geom", "body"]
    object_name: str  # in the MuJoCo model
    radius: float  # m, height of the object's origin when what surrounds it touches the floor


@dataclass(frozen=True)
class Structure:
    """What the model of an environment holds, in MuJoCo's order and conventions."""

    nq: int
    nv: int
    nu: int
    nbody: int  # with the world
    action_size: int  # numbers in an action; most environments take one for each actuator
    takes_command: bool  # the environment follows a velocity command (forward, left, turn)
    command_ranges: tuple[tuple[float, float], ...]  # it draws them from: m/s, m/s, rad/s
    control_dt: float  # s
    sim_dt: float  # s
    free_base: bool  # the base has a free joint: qpos[:7] is its pose
    base_body: str
    base_height: float  # m, at home
    mass: float  # kg, without objects and targets
    joints: tuple[Joint, ...]  # hinges and slides, objects' included
    groups: dict[str, tuple[str, ...]]  # joint names by meaning: "hips", "left_arm", "FR"
    actuators: tuple[str, ...]
    bodies: tuple[str, ...]  # named ones, without the world
    feet: tuple[Site, ...]
    hands: tuple[Site, ...]
    head: Site | None
    objects: tuple[str, ...]  # bodies that the robot acts on: a cube, a peg, a cabinet's handle
    home_qpos: tuple[float, ...]


@dataclass(frozen=True)
class Camera:
    """Where to look from, in MuJoCo's free-camera terms (azimuth 90 looks along +y)."""

    azimuth: float  # deg
    elevation: float  # deg, negative looks down
    distance: float  # m, from the look-at point
    height: float  # m, of the look-at point above the floor
    follow: bool = False  # the look-at point follows the base's x and y
    offset: tuple[float, float] = (0.0, 0.0)  # m, from the base's x and y to the look-at point


@dataclass(frozen=True)
class Robot:
    """One environment of MuJoCo Playground, as the gallery shows it."""

    id: str
    name: str
    type: str  # "quadruped", "biped", "humanoid", "arm", "bimanual", "hand", "planar", ...
    category: str  # "locomotion", "manipulation" or "dm_control_suite"
    description: str
    base_policy: str | None
    camera: Camera
    scene: str | None  # below Playground's sources; a scene where the whole robot collides
    structure: Structure

    @property
    def dof(self) -> int:
        """How many joints motors move."""
        return sum(joint.actuated for joint in self.structure.joints)


def robots() -> tuple[Robot, ...]:
    """All robots, in the gallery's order: heroes first."""
    return tuple(_by_id().values())


def robot(robot_id: str) -> Robot:
    """One robot.

    Raises:
        UnknownRobotError: there is none of this id; the hint names near ones.
    """
    try:
        return _by_id()[robot_id]
    except KeyError:
        raise UnknownRobotError(robot_id, _by_id()) from None


def entries() -> dict[str, dict[str, Any]]:
    """What people write, by robot id: each environment's lines over those of its family."""
    written = tomllib.loads((files(__package__) / "robots.toml").read_text("utf-8"))
    families = written["families"]
    return {line["id"]: families[line["family"]] | line for line in written["robots"]}


@cache
def _by_id() -> dict[str, Robot]:
    models = json.loads((files(__package__) / "catalogue.json").read_text("utf-8"))
    return {robot_id: _robot(entry, models[robot_id]) for robot_id, entry in entries().items()}


def _robot(entry: dict[str, Any], model: dict[str, Any]) -> Robot:
    return Robot(
        id=entry["id"],
        name=entry["name"],
        type=entry["type"],
        category=model["category"],
        description=entry["description"],
        base_policy=entry.get("base_policy"),
        camera=Camera(**_frozen(entry["camera"])),
        scene=entry.get("scene"),
        structure=structure_from_json(model["structure"]),
    )


def structure_from_json(data: dict[str, Any]) -> Structure:
    """Rebuild what `dataclasses.asdict` and JSON made of a structure."""
    fields = _frozen(data)
    fields["joints"] = tuple(Joint(**joint) for joint in fields["joints"])
    fields["feet"] = tuple(Site(**site) for site in fields["feet"])
    fields["hands"] = tuple(Site(**site) for site in fields["hands"])
    fields["head"] = Site(**fields["head"]) if fields["head"] else None
    return Structure(**fields)


def _frozen(value: Any) -> Any:
    """JSON's lists as tuples, at any depth."""
    if isinstance(value, list):
        return tuple(map(_frozen, value))
    if isinstance(value, dict):
        return {key: _frozen(item) for key, item in value.items()}
    return value
