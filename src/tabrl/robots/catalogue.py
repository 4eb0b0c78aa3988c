"""The robots that a person can teach: plain data that imports in milliseconds.

`robots.toml` holds what people write, `catalogue.json` what the models say; the second is generated
from the loaded environments by `python -m tabrl.generators.catalogue`. Custom robots have a
folder each in `TABRL_HOME/robots`, with a card that says both.
"""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from tabrl.errors import TabRLError, UnknownRobotError
from tabrl.settings import Settings

CUSTOM_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,62}")
CUSTOM = "custom"  # the category of robots that people add
CARD, SCENE = "robot.json", "scene.xml"  # in the folder of one
PLANE = {"rootx": "slide", "rootz": "slide", "rooty": "hinge"}  # a base in the upright x-z plane


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
class Raised:
    """A hand that its arm alone holds as high as actions can ask, all else at home."""

    rest: float  # m, the hand's height at home
    height: float  # m
    joints: tuple[str, ...]  # of the arm
    pose: tuple[float, ...]  # rad or m, of these joints
    wag: str  # the one of them that then moves the hand most from side to side
    wag_range: tuple[float, float]  # rad or m, positions that actions can ask of it


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
    raised: tuple[Raised, ...]  # one for each hand
    head: Site | None
    objects: tuple[str, ...]  # bodies that the robot acts on: a cube, a peg, a cabinet's handle
    home_qpos: tuple[float, ...]

    @property
    def planar_base(self) -> bool:
        """Whether the base slides along and up, and turns, in one upright plane."""
        return {joint.name: joint.kind for joint in self.joints}.items() >= PLANE.items()


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
    """One environment, MuJoCo Playground's or a custom one, as the gallery shows it."""

    id: str
    name: str
    type: str  # "quadruped", "biped", "humanoid", "arm", "bimanual", "hand", "planar", ...
    maker: str | None  # who builds the machine; None for bodies that are only a model
    category: str  # "locomotion", "manipulation", "dm_control_suite" or "custom"
    description: str
    base_policy: str | None
    camera: Camera
    scene: str | None  # below Playground's sources; a scene where the whole robot collides
    can_fall: bool  # False: it swims, begins lying or goes on as it fell, and nothing ends that
    structure: Structure

    @property
    def falls(self) -> bool:
        """Whether it can lose its balance, which ends an episode."""
        return self.can_fall and (self.structure.free_base or self.structure.planar_base)

    @property
    def dof(self) -> int:
        """How many joints motors move."""
        return sum(joint.actuated for joint in self.structure.joints)


def robots() -> tuple[Robot, ...]:
    """All robots, in the gallery's order: heroes first, custom ones last."""
    return (*_by_id().values(), *_custom_robots())


def robot(robot_id: str) -> Robot:
    """One robot.

    Raises:
        UnknownRobotError: there is none of this id; the hint names near ones.
        TabRLError: it is a custom one, and its card cannot be read.
    """
    found = _by_id().get(robot_id) or _custom_robot(robot_id)
    if found is None:
        raise UnknownRobotError(robot_id, (known.id for known in robots()))
    return found


def name_of(robot_id: str) -> str:
    """A robot's name; of one that was removed its id, and that it was."""
    try:
        return robot(robot_id).name
    except TabRLError:
        return f"{robot_id} (removed)"


def custom_robots_folder() -> Path:
    """Where the folders of custom robots lie."""
    return Settings.from_env().home / "robots"


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
        maker=entry.get("maker"),
        category=model["category"],
        description=entry["description"],
        base_policy=entry.get("base_policy"),
        camera=Camera(**_frozen(entry["camera"])),
        scene=entry.get("scene"),
        can_fall=entry.get("can_fall", True),
        structure=structure_from_json(model["structure"]),
    )


def _custom_robots() -> Iterator[Robot]:
    """Those whose cards can be read."""
    for card in sorted(custom_robots_folder().glob(f"*/{CARD}")):
        try:
            found = _custom_robot(card.parent.name)
        except TabRLError:
            continue
        if found is not None and found.id not in _by_id():
            yield found


def _custom_robot(robot_id: str) -> Robot | None:
    card = custom_robots_folder() / robot_id / CARD
    if not CUSTOM_ID.fullmatch(robot_id) or not card.is_file():
        return None
    try:
        found = robot_from_json(json.loads(card.read_bytes()))
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise TabRLError(
            f"The card of {robot_id} cannot be read: {card}.",
            f"`tabrl robots remove {robot_id}`, and add it again.",
        ) from error
    return found if found.id == robot_id else None  # or a disk that takes A for a


def robot_from_json(card: dict[str, Any]) -> Robot:
    """A custom robot, from its card."""
    return _robot(card, card | {"category": CUSTOM})  # earlier cards have "own"


def structure_from_json(data: dict[str, Any]) -> Structure:
    """Rebuild what `dataclasses.asdict` and JSON made of a structure."""
    fields = _frozen(data)
    fields["joints"] = tuple(Joint(**joint) for joint in fields["joints"])
    fields["feet"] = tuple(Site(**site) for site in fields["feet"])
    fields["hands"] = tuple(Site(**site) for site in fields["hands"])
    fields["raised"] = tuple(Raised(**each) for each in fields.get("raised", ()))
    fields["head"] = Site(**fields["head"]) if fields["head"] else None
    return Structure(**fields)


def _frozen(value: Any) -> Any:
    """JSON's lists as tuples, at any depth."""
    if isinstance(value, list):
        return tuple(map(_frozen, value))
    if isinstance(value, dict):
        return {key: _frozen(item) for key, item in value.items()}
    return value
