"""Which feet, hands and joints of a robot an action speaks of."""

import re
from dataclasses import dataclass

from tabrl.behaviours.reading import Action
from tabrl.robots.catalogue import Joint, Robot

TWO = frozenset({"humanoid", "biped"})
ARMS = frozenset({"arm", "bimanual"})
WALKERS = TWO | {"quadruped"}

_HANDS = frozenset("hand arm elbow wrist shoulder fingers".split())
_FEET = frozenset("leg knee".split()) | {"front leg", "rear leg"}
_AXES = {
    "pitch": re.compile(r"pitch|tilt|_y$"),
    "yaw": re.compile(r"yaw|pan|_z$|^torso$|^waist$", re.IGNORECASE),
}
FAMILY = {
    verb: family
    for family, verbs in {
        "travel": "walk run crawl",
        "circle": "circle",
        "zigzag": "zigzag",
        "limp": "limp",
        "rotate": "turn spin",
        "jump": "jump hop leap",
        "over": "flip roll",
        "swing": "nod shake sway twist wave swing",
        "lift": "lift",
        "kick": "kick",
        "clap": "clap",
        "point": "point reach",
        "tilt": "look lean bow",
        "sit": "sit",
        "lie": "lie",
        "crouch": "crouch",
        "stand": "stand freeze rise",
    }.items()
    for verb in verbs.split()
}
"""Verbs that have terms and criteria of their own, and those that share theirs."""
FIGURES = frozenset({"square", "triangle", "figure eight"})
"""Verbs that are a chain of walks and turns, which have terms and criteria."""
_ARM_VERBS = frozenset("nod shake sway twist wave swing lift point reach stand freeze".split())


def composes(robot: Robot, action: Action) -> bool:
    """Whether an action has terms and criteria of its own for a robot of this type; the library
    has to do for others.
    """
    if action.part == "object" or action.do not in FAMILY.keys() | FIGURES:
        return False
    return walks(robot) or (robot.type in ARMS and action.do in _ARM_VERBS)


def walks(robot: Robot) -> bool:
    """Whether it goes about on feet, as it likes."""
    return robot.type in WALKERS and robot.structure.free_base


@dataclass(frozen=True)
class Limb:
    """A foot or a hand, by its name in the robot's structure."""

    kind: str  # "foot" or "hand"
    name: str
    joints: tuple[str, ...]

    @property
    def signal(self) -> str:
        """The series of its height."""
        return f"{self.kind}_height:{self.name}"


@dataclass(frozen=True)
class Limbs:
    """The limbs that an action speaks of: every one of them, or whichever."""

    named: tuple[Limb, ...]
    every: bool
    others: tuple[Limb, ...]  # of the same kind


def limbs(robot: Robot, action: Action) -> Limbs | None:
    """The feet or hands of an action; None where the robot has none of that kind."""
    kind = _kind(robot, action)
    sites = robot.structure.feet if kind == "foot" else robot.structure.hands
    own = tuple(Limb(kind, site.name, _joints(robot, kind, site.name)) for site in sites)
    named = tuple(limb for limb in own if _meant(limb.name, action, robot))
    if not named:
        return None
    every = action.side == "both" or len(named) == 1
    return Limbs(named, every, tuple(limb for limb in own if limb not in named))


def _kind(robot: Robot, action: Action) -> str:
    if not robot.structure.hands:
        return "foot"
    if not robot.structure.feet:
        return "hand"
    return "foot" if action.part in _FEET or action.do == "kick" else "hand"


def _meant(name: str, action: Action, robot: Robot) -> bool:
    if robot.type == "quadruped":
        end = "R" if action.part == "rear leg" else "F"
        ends = "FR" if action.part == "leg" and action.side in ("left", "right") else end
        sides = {"left": "L", "right": "R"}.get(action.side or "", "LR")
        return name[0] in ends and name[1] in sides
    return action.side not in ("left", "right") or name == action.side or len(_names(robot)) == 1


def _names(robot: Robot) -> set[str]:
    return {site.name for site in (*robot.structure.hands, *robot.structure.feet)}


def _joints(robot: Robot, kind: str, name: str) -> tuple[str, ...]:
    groups = robot.structure.groups
    limb = "leg" if kind == "foot" else "arm"
    return groups.get(name) or groups.get(f"{name}_{limb}") or groups.get(limb, ())


def pivot(robot: Robot, axis: str) -> str | None:
    """The joint of neck or waist by which a robot nods (pitch) or shakes its head (yaw); None where
    its whole body does.
    """
    if robot.type not in TWO:
        return None
    groups = robot.structure.groups
    joints = (*groups.get("neck", ()), *groups.get("waist", ()))
    return next((j for j in joints if _AXES[axis].search(j)), None)


def trunk(robot: Robot, axis: str) -> str:
    """The series of what looks and nods: the base, with the joint of a neck or a waist."""
    turns = pivot(robot, axis)
    return f"{axis} + joint:{turns}" if turns else axis


def joint(robot: Robot, name: str) -> Joint:
    """A joint by its name."""
    return next(each for each in robot.structure.joints if each.name == name)


def within(robot: Robot, name: str, offset: float) -> float:
    """A joint's position this far from home, inside nine tenths of its range."""
    found = joint(robot, name)
    wanted = found.home + offset
    if found.range is None:
        return wanted
    low, high = found.range
    slack = 0.05 * (high - low)
    return min(max(wanted, low + slack), high - slack)
