"""The words in which rewards are written: signals, accessors and kernels, for each robot.

One table without JAX that feeds documentation, the checker, prompts and the sandbox.
`tabrl.envs.signals` computes the signals, `tabrl.rewards.namespace` gives them to a reward as
attributes of `s`.

Frames: world is x forward-at-zero-yaw, y left, z up. Body frame `_b` turns with the base.
`heading` is the world frame turned about z so that x points where the robot faced when the episode
began.
"""

from dataclasses import dataclass
from typing import Literal

from tabrl.robots.catalogue import Robot

Needs = Literal["base", "feet", "hands", "head", "objects", "joints", "command"]


@dataclass(frozen=True)
class Signal:
    """An array that a reward can read as `s.<name>`; one robot, no batch axis."""

    name: str
    shape: str
    unit: str
    meaning: str
    needs: Needs | None = None


@dataclass(frozen=True)
class Accessor:
    """A method of `s` that picks by name, as in `s.joint("FR_calf_joint")`; `of` names what it
    takes.
    """

    name: str
    of: Literal["joint", "group", "foot", "hand", "body", "object"]
    shape: str
    unit: str
    meaning: str


@dataclass(frozen=True)
class Kernel:
    """A function in scope of a reward."""

    name: str
    signature: str
    meaning: str


SIGNALS: tuple[Signal, ...] = (
    # time and rhythm
    Signal("time", "()", "s", "time since the episode began"),
    Signal("phase", "()", "rad", "behaviour clock, 0 to 2 pi, turning at the approach's clock_hz"),
    Signal("clock_hz", "()", "Hz", "rate of the behaviour clock"),
    # base
    Signal("height", "()", "m", "height of the base above the floor", "base"),
    Signal("home_height", "()", "m", "height of the base in the home pose", "base"),
    Signal("roll", "()", "rad", "base roll, positive leans to the right", "base"),
    Signal("pitch", "()", "rad", "base pitch, positive is nose down", "base"),
    Signal(
        "yaw",
        "()",
        "rad",
        "base yaw since the episode began, wrapped to -pi..pi, positive is left",
        "base",
    ),
    Signal(
        "upright",
        "()",
        "1",
        "base z axis . vertical: 1 upright, 0 on its side, -1 upside down",
        "base",
    ),
    Signal(
        "nose_up",
        "()",
        "1",
        "base x axis . vertical: 1 nose to the sky, -1 nose to the floor",
        "base",
    ),
    Signal("left_up", "()", "1", "base y axis . vertical: 1 left side up", "base"),
    Signal(
        "lin_vel_b", "(3,)", "m/s", "base velocity in the body frame: forward, left, up", "base"
    ),
    Signal(
        "ang_vel_b",
        "(3,)",
        "rad/s",
        "base angular velocity in the body frame: roll, pitch, yaw rate",
        "base",
    ),
    Signal("lin_vel_w", "(3,)", "m/s", "base velocity in the world frame", "base"),
    Signal(
        "forward_speed", "()", "m/s", "horizontal velocity along where the robot faces now", "base"
    ),
    Signal("left_speed", "()", "m/s", "horizontal velocity to the robot's left", "base"),
    Signal("up_speed", "()", "m/s", "vertical velocity of the base", "base"),
    Signal(
        "turn_rate", "()", "rad/s", "angular velocity about the vertical, positive is left", "base"
    ),
    Signal(
        "displacement",
        "(2,)",
        "m",
        "way since the episode began, heading frame: forward, left",
        "base",
    ),
    Signal(
        "turned",
        "()",
        "rad",
        "yaw since the episode began, not wrapped (two turns left = 12.57)",
        "base",
    ),
    Signal(
        "pitched",
        "()",
        "rad",
        "pitch rate summed since the episode began (a forward flip = 6.28)",
        "base",
    ),
    Signal("rolled", "()", "rad", "roll rate summed since the episode began", "base"),
    # joints
    Signal(
        "joint_pos",
        "(joints,)",
        "rad or m",
        "joint positions, in the order of the joint list",
        "joints",
    ),
    Signal("joint_vel", "(joints,)", "rad/s or m/s", "joint velocities", "joints"),
    Signal("joint_home", "(joints,)", "rad or m", "joint positions of the home pose", "joints"),
    Signal("pose_error", "(joints,)", "rad or m", "joint_pos - joint_home", "joints"),
    Signal("torque", "(actuators,)", "N m or N", "actuator forces"),
    Signal("power", "()", "W", "sum over the joints of |torque x velocity|", "joints"),
    Signal("action", "(actions,)", "1", "the policy's action"),
    Signal("last_action", "(actions,)", "1", "the action one step earlier"),
    Signal("action_rate", "()", "1", "sum of squared changes of the action"),
    # feet, hands, head, objects
    Signal("foot_height", "(feet,)", "m", "clearance of each foot above the floor", "feet"),
    Signal("foot_contact", "(feet,)", "1", "1 where a foot touches the floor, else 0", "feet"),
    Signal("foot_speed", "(feet,)", "m/s", "horizontal speed of each foot, world frame", "feet"),
    Signal(
        "foot_air_time", "(feet,)", "s", "time since each foot left the floor; 0 in contact", "feet"
    ),
    Signal(
        "foot_pos_b", "(feet, 3)", "m", "foot positions relative to the base, body frame", "feet"
    ),
    Signal("feet_down", "()", "1", "number of feet on the floor", "feet"),
    Signal("hand_pos", "(hands, 3)", "m", "hand (end effector) positions, world frame", "hands"),
    Signal("hand_vel", "(hands, 3)", "m/s", "hand velocities, world frame", "hands"),
    Signal(
        "hand_pos_b", "(hands, 3)", "m", "hand positions relative to the base, body frame", "hands"
    ),
    Signal("head_height", "()", "m", "height of the head above the floor", "head"),
    Signal("object_pos", "(objects, 3)", "m", "positions of free objects, world frame", "objects"),
    Signal(
        "object_vel", "(objects, 3)", "m/s", "velocities of free objects, world frame", "objects"
    ),
    Signal("body_pos", "(bodies, 3)", "m", "positions of all bodies, world frame"),
    Signal("body_up", "(bodies,)", "1", "z axis of every body . vertical"),
    # command
    Signal(
        "command", "(3,)", "m/s, m/s, rad/s", "velocity command: forward, left, turn", "command"
    ),
)

ACCESSORS: tuple[Accessor, ...] = (
    Accessor("joint", "joint", "()", "rad or m", "position of one joint"),
    Accessor("joint_speed", "joint", "()", "rad/s or m/s", "velocity of one joint"),
    Accessor(
        "offset", "joint", "()", "rad or m", "position of one joint relative to the home pose"
    ),
    Accessor("joints", "group", "(group,)", "rad or m", "positions of a group of joints"),
    Accessor(
        "offsets",
        "group",
        "(group,)",
        "rad or m",
        "positions of a group of joints relative to the home pose",
    ),
    Accessor("foot", "foot", "(3,)", "m", "position of one foot relative to the base, body frame"),
    Accessor("clearance", "foot", "()", "m", "height of one foot above the floor"),
    Accessor("contact", "foot", "()", "1", "1 where this foot touches the floor"),
    Accessor("hand", "hand", "(3,)", "m", "position of one hand, world frame"),
    Accessor("body", "body", "(3,)", "m", "position of one body, world frame"),
    Accessor("object", "object", "(3,)", "m", "position of one free object, world frame"),
)

KERNELS: tuple[Kernel, ...] = (
    Kernel(
        "near",
        "near(x, target, width)",
        "1 at the target, 0.61 at one width, falling smoothly to 0: "
        "exp(-((x - target) / width)^2 / 2); the mean over a vector",
    ),
    Kernel(
        "at_least",
        "at_least(x, bound, margin)",
        "1 where x >= bound, falling linearly to 0 at bound - margin; the mean over a vector",
    ),
    Kernel(
        "at_most",
        "at_most(x, bound, margin)",
        "1 where x <= bound, falling linearly to 0 at bound + margin; the mean over a vector",
    ),
    Kernel(
        "between",
        "between(x, low, high, margin)",
        "1 inside, falling linearly to 0 a margin outside; the mean over a vector",
    ),
    Kernel(
        "oscillate",
        "oscillate(phase, amplitude, shift=0.0, harmonic=1)",
        "amplitude * sin(harmonic * phase + shift): the target of a rhythmic movement",
    ),
    Kernel(
        "square_wave",
        "square_wave(phase, shift=0.0, sharpness=6.0)",
        "tanh(sharpness * sin(phase + shift)): snaps between -1 and 1, for mechanical movement",
    ),
    Kernel(
        "window",
        "window(phase, start, length)",
        "1 while the phase (as a share of the turn, 0 to 1) is within length after start, "
        "else 0, smooth edges",
    ),
    Kernel("norm_sq", "norm_sq(x)", "sum of squares"),
)

_NEEDS = {
    "base": lambda s: s.free_base,
    "feet": lambda s: bool(s.feet),
    "hands": lambda s: bool(s.hands),
    "head": lambda s: s.head is not None,
    "objects": lambda s: bool(s.objects),
    "joints": lambda s: bool(s.joints),
    "command": lambda s: s.takes_command,
}


def signals_for(robot: Robot) -> tuple[Signal, ...]:
    """The signals that this robot has."""
    return tuple(s for s in SIGNALS if _has(robot, s.needs))


def accessors_for(robot: Robot) -> tuple[Accessor, ...]:
    """The accessors for which this robot has at least one name."""
    return tuple(a for a in ACCESSORS if names_for(robot, a.of))


def names_for(robot: Robot, of: str) -> tuple[str, ...]:
    """Names that an accessor of this kind takes."""
    s = robot.structure
    return {
        "joint": tuple(j.name for j in s.joints),
        "group": tuple(s.groups),
        "foot": tuple(f.name for f in s.feet),
        "hand": tuple(h.name for h in s.hands),
        "body": s.bodies,
        "object": s.objects,
    }[of]


def shape_of(signal: Signal, robot: Robot) -> tuple[int, ...]:
    """A signal's shape with this robot's sizes in place of words."""
    s = robot.structure
    sizes = {
        "joints": len(s.joints),
        "actuators": len(s.actuators),
        "actions": s.action_size,
        "feet": len(s.feet),
        "hands": len(s.hands),
        "objects": len(s.objects),
        "bodies": len(s.bodies),
    }
    parts = [p.strip() for p in signal.shape.strip("()").split(",") if p.strip()]
    return tuple(sizes[p] if p in sizes else int(p) for p in parts)


def _has(robot: Robot, needs: Needs | None) -> bool:
    return needs is None or _NEEDS[needs](robot.structure)
