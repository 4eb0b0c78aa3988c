"""What each robot does in the gallery: motions that repeat, as data."""

from dataclasses import dataclass, field, replace

from tabrl.robots.catalogue import CUSTOM, Robot, entries


@dataclass(frozen=True)
class Wave:
    """`offset + size * sin(2 pi (cycles * t + turn)) + 2 pi spins * t`, t from 0 to 1 in a loop."""

    size: float
    cycles: int = 1
    turn: float = 0.0  # of a whole turn
    offset: float = 0.0
    spins: int = 0


@dataclass(frozen=True)
class Swing:
    """A wave for every joint whose name matches, about its home; each `lag` turns behind the one
    before.
    """

    joints: str  # a regular expression
    wave: Wave
    lag: float = 0.0


@dataclass(frozen=True)
class Motion:
    """A loop of a robot that is posed, not simulated.

    Attributes:
        swings: of joints, rad or m.
        body: of a free base: "ahead", "left", "up" in heights of the base at home, "roll",
            "pitch", "yaw" in rad.
        lift: how high feet are lifted in turn, in heights of the base; those of one diagonal, or of
            one side, together.
        steps: how often each foot is lifted.
        feet: "planted" stay where they are while the body moves, "lowest" lets the lowest touch the
            ground, "free" leaves the robot where its pose puts it.
        turns: an object that turns about the vertical, rad.
        keyframe: of the model, to start from; None is the home pose.
        walks: follow the base policy instead.
        targets: where the model's own places for targets would hide something: (x, y, z) m.
        telling: the frame that makes the thumbnail.
    """

    swings: tuple[Swing, ...] = ()
    body: dict[str, Wave] = field(default_factory=dict)
    lift: float = 0.0
    steps: int = 4
    feet: str = "free"
    turns: tuple[str, Wave] | None = None
    keyframe: str | None = None
    walks: bool = False
    targets: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    telling: int = 6


def motion_of(robot: Robot) -> Motion:
    """The motion of a robot: its own, its family's, or its type's where nobody wrote one."""
    if robot.category == CUSTOM:
        return _TYPES.get(robot.type, _WAVE)
    return _ROBOTS.get(robot.id) or _FAMILIES[entries()[robot.id]["family"]]


def _swing(joints: str, size: float, cycles: int = 1, turn: float = 0.0, **more: float) -> Swing:
    lag = more.pop("lag", 0.0)
    spins = int(more.pop("spins", 0))
    return Swing(joints, Wave(size, cycles, turn, spins=spins, **more), lag)


# ---- on feet: the body moves over them ---------------------------------------------------------

_SHAKE = Motion(
    body={
        "left": Wave(0.10, 2),
        "roll": Wave(0.16, 2, 0.1),
        "yaw": Wave(0.14, 1, 0.25),
        "up": Wave(0.04, 4, offset=-0.05),
    },
    feet="planted",
)
_TROT = Motion(
    body={"left": Wave(0.04, 2), "pitch": Wave(0.04, 4), "up": Wave(0.03, 8, offset=-0.04)},
    lift=0.22,
    feet="planted",
)
_RISE = Motion(
    body={
        "up": Wave(0.27, 1, 0.25, offset=-0.28),
        "pitch": Wave(0.10, 1, 0.5),
        "roll": Wave(0.10, 2),
    },
    feet="planted",
    telling=60,
)
_DANCE = Motion(
    body={"left": Wave(0.05, 2), "yaw": Wave(0.20, 2, 0.25), "up": Wave(0.02, 4, offset=-0.03)},
    feet="planted",
    telling=25,
)
_MARCH = Motion(
    body={"left": Wave(0.03, 3, 0.5), "up": Wave(0.01, 6, offset=-0.03)},
    lift=0.13,
    steps=3,
    feet="planted",
)

# ---- arms, hands and all that is fixed to the world ----------------------------------------------

_ARM = (
    _swing("^joint1$", 0.45),
    _swing("^joint2$", 0.16, 2, 0.25, offset=-0.1),
    _swing("^joint4$", 0.22, 2),
    _swing("^joint5$", 0.25, 1, 0.25),
    _swing("^joint6$", 0.25, 2, 0.5),
    _swing("^finger_joint", 0.02, 2, offset=-0.02),
)
_TWO_ARMS = (
    _swing("^left/waist$", 0.35),
    _swing("^right/waist$", 0.35),
    _swing("/shoulder$", 0.18, 2, 0.25),
    _swing("/elbow$", 0.18, 2, 0.75),
    _swing("/wrist_angle$", 0.30, 2),
    _swing("/wrist_rotate$", 0.60, 1, 0.25),
    _swing("finger$", 0.008, 2),
)
_TWIRL = Wave(0.5)
_HALF = 3.14159  # a turn, rad


def _stride(steps: int, size: float) -> tuple[Swing, ...]:
    """Of the planar walker: a leg that swings ahead bends its knee."""
    return (
        _swing("^right_hip$", size, steps, 0.0, offset=0.25),
        _swing("^left_hip$", size, steps, 0.5, offset=0.25),
        _swing("^right_knee$", size, steps, 0.75, offset=-size - 0.05),
        _swing("^left_knee$", size, steps, 0.25, offset=-size - 0.05),
        _swing("_ankle$", 0.10, 2 * steps, offset=0.2),
    )


def _stroll(steps: int, size: float) -> tuple[Swing, ...]:
    """Of the humanoid, whose hips and knees turn the other way round."""
    return (
        _swing("^right_hip_y$", size, steps, 0.0, offset=-0.25),
        _swing("^left_hip_y$", size, steps, 0.5, offset=-0.25),
        _swing("^right_knee$", size, steps, 0.75, offset=-size - 0.05),
        _swing("^left_knee$", size, steps, 0.25, offset=-size - 0.05),
        _swing("^right_shoulder1$", 0.15, steps, 0.5),
        _swing("^left_shoulder1$", 0.15, steps, 0.0),
        _swing("^abdomen_z$", 0.15, steps, 0.5),
    )


_WAVE = Motion(swings=(_swing("", 0.2, 2, lag=0.12),))  # every joint, one after another
_IN_PLANE = Motion(swings=(_swing("^(?!root[xyz]$)", 0.2, 2, lag=0.12),), feet="lowest")
_TYPES = {"quadruped": _SHAKE, "biped": _MARCH, "humanoid": _DANCE, "planar": _IN_PLANE}

_FAMILIES = {
    "go1": Motion(walks=True),
    "spot": _SHAKE,
    "barkour": Motion(walks=True),
    "berkeley": _MARCH,
    "g1": replace(
        _DANCE,
        swings=(
            _swing("_shoulder_roll", 0.25, 2, lag=0.5),
            _swing("_shoulder_pitch", 0.35, 2, 0.25, lag=0.5),
            _swing("_elbow_", 0.30, 2, lag=0.5),
            _swing("^waist_yaw", 0.25, 2, 0.75),
        ),
    ),
    "h1": replace(_MARCH, swings=(_swing("_shoulder_pitch", 0.35, 3, lag=0.5),)),
    "t1": replace(
        _DANCE,
        swings=(
            _swing("_Shoulder_Pitch", 0.40, 2, lag=0.5),
            _swing("^Waist$", 0.25, 2, 0.75),
            _swing("Head_yaw", 0.40, 1),
        ),
    ),
    "apollo": replace(
        _DANCE,
        swings=(
            _swing("_shoulder_fe$", 0.35, 2, lag=0.5),
            _swing("_elbow_fe$", 0.25, 2, lag=0.5),
            _swing("^neck_yaw", 0.30, 1),
        ),
    ),
    "op3": replace(_MARCH, swings=(_swing("_sho_pitch", 0.40, 3, lag=0.5),)),
    "humanoid": Motion(swings=_stroll(3, 0.4), feet="lowest"),
    "panda": Motion(swings=_ARM, targets={"mocap_target": (0.55, 0.2, 0.3)}),
    "cabinet": Motion(swings=(*_ARM, _swing("^handle$", 0.08, 2, offset=-0.08)), keyframe="home"),
    "robotiq": Motion(swings=_ARM[:-1], targets={"mocap_target": (0.6, 0.3, 0.0)}),
    "aloha": Motion(swings=_TWO_ARMS, targets={"mocap_target": (-0.2, 0.0, 0.25)}),
    "leap": Motion(
        swings=(_swing("_(mcp|pip|axl)$", 0.12, 2, lag=0.08), _swing("_rot$", 0.12)),
        turns=("cube", _TWIRL),
    ),
    "aero": Motion(
        swings=(_swing("_(pip|dip)$", 0.15, 2, lag=0.08), _swing("thumb", 0.12)),
        turns=("cube", _TWIRL),
    ),
    "cheetah": Motion(
        swings=(
            _swing("^bthigh$", 0.45, 4),
            _swing("^bshin$", 0.45, 4, 0.3),
            _swing("^bfoot$", 0.30, 4, 0.5),
            _swing("^fthigh$", 0.45, 4, 0.35, offset=-0.5),
            _swing("^fshin$", 0.40, 4, 0.65),
            _swing("^ffoot$", 0.20, 4, 0.8),
            _swing("^rooty$", 0.10, 4, 0.2),
        ),
        feet="lowest",
    ),
    "walker": Motion(swings=_stride(3, 0.45), feet="lowest"),
    "hopper": Motion(
        swings=(
            _swing("^waist$", 0.12, 3, 0.5),
            _swing("^hip$", 0.30, 3, offset=-0.5),
            _swing("^knee$", 0.50, 3, 0.5, offset=0.9),
            _swing("^ankle$", 0.25, 3, offset=-0.3),
        ),
        body={"up": Wave(0.15, 3, offset=0.0)},
        feet="lowest",
    ),
    "fish": Motion(
        swings=(
            _swing("^tail1$", 0.45, 3),
            _swing("^tail2$", 0.45, 3, -0.2),
            _swing("^fin.*_roll$", 0.35, 3),
            _swing("^fin.*_pitch$", 0.35, 3, 0.25),
        ),
        body={"yaw": Wave(0.12, 3, 0.4), "left": Wave(0.10, 3, 0.6)},
    ),
    "swimmer": Motion(
        swings=(_swing("^joint_", 0.5, 2, lag=0.2), _swing("^rootz$", 0.2, 2, 0.3)),
        targets={"target": (-0.25, -0.05, 0.05)},
    ),
    "acrobot": Motion(
        swings=(_swing("^shoulder$", 0.9, 2, offset=_HALF), _swing("^elbow$", 0.9, 2, 0.4)),
    ),
    "ball_in_cup": Motion(
        swings=(_swing("^cup_x$", 0.08, 2), _swing("^ball_x$", 0.16, 2, -0.1)),
    ),
    "cartpole": Motion(swings=(_swing("^slider$", 0.5), _swing("^hinge_1$", 0.16, 1, 0.5))),
    "finger": Motion(
        swings=(
            _swing("^proximal$", 0.15, 1, offset=0.9),
            _swing("^distal$", 0.30, 1, 0.3),
            _swing("^hinge$", 0.8),
        ),
    ),
    "pendulum": Motion(swings=(_swing("^hinge$", 0.6, 1, 0.5, spins=1),)),
    "point_mass": Motion(swings=(_swing("^root_x$", 0.18), _swing("^root_y$", 0.12, 2))),
    "reacher": Motion(
        swings=(_swing("^shoulder$", 0.9), _swing("^wrist$", 1.0, 2, 0.2)),
        targets={"target": (-0.05, 0.16, 0.01)},
    ),
}

_ROBOTS = {
    "BerkeleyHumanoidJoystickFlatTerrain": Motion(walks=True),
    "AcrobotSwingupSparse": Motion(
        swings=(_swing("^shoulder$", 0.4, 1, spins=1), _swing("^elbow$", 0.5, 1, 0.25)),
    ),
    "HumanoidRun": Motion(swings=_stroll(5, 0.6), feet="lowest", telling=4),
    "WalkerRun": Motion(swings=_stride(5, 0.65), feet="lowest", telling=4),
    "WalkerStand": Motion(
        swings=(
            _swing("_hip$", 0.2, 2, offset=0.25),
            _swing("_knee$", 0.4, 2, 0.5, offset=-0.5),
            _swing("_ankle$", 0.2, 2, offset=0.25),
        ),
        feet="lowest",
    ),
    "HopperStand": Motion(
        swings=(
            _swing("^waist$", 0.15, 1, 0.5),
            _swing("^hip$", 0.2, 2, offset=-0.4),
            _swing("^knee$", 0.4, 2, 0.5, offset=0.8),
            _swing("^ankle$", 0.2, 2, offset=-0.4),
        ),
        feet="lowest",
    ),
    "Go1Getup": _RISE,
    "Go1Handstand": Motion(
        keyframe="handstand",
        swings=(_swing("^R[LR]_thigh", 0.5, 2, lag=0.5), _swing("^R[LR]_calf", 0.4, 2, lag=0.5)),
    ),
    "Go1Footstand": Motion(
        keyframe="footstand",
        swings=(_swing("^F[LR]_thigh", 0.5, 2, lag=0.5), _swing("^F[LR]_calf", 0.4, 2, lag=0.5)),
    ),
    "Go1JoystickRoughTerrain": Motion(walks=True),
    "SpotGetup": _RISE,
    "AlohaSinglePegInsertion": Motion(swings=_TWO_ARMS),
    "SpotJoystickGaitTracking": _TROT,
    "G1JoystickRoughTerrain": replace(
        _MARCH, swings=(_swing("_shoulder_pitch", 0.35, 3, lag=0.5),)
    ),
    "BerkeleyHumanoidJoystickRoughTerrain": _DANCE,
    "H1JoystickGaitTracking": replace(
        _DANCE, swings=(_swing("_shoulder_(pitch|roll)", 0.30, 2, lag=0.25),)
    ),
    "T1JoystickRoughTerrain": replace(  # it starts some way above the ground
        _MARCH,
        swings=(_swing("_Shoulder_Pitch", 0.35, 3, lag=0.5),),
        body=_MARCH.body | {"up": Wave(0.01, 6, offset=-0.09)},
    ),
    "HumanoidStand": Motion(
        swings=(
            _swing("^abdomen_[xz]$", 0.12, 1, lag=0.25),
            _swing("_shoulder", 0.25, 1, lag=0.2),
            _swing("_elbow$", 0.30, 1, lag=0.5),
        ),
        feet="lowest",
    ),
    "CartpoleSwingup": Motion(
        swings=(_swing("^slider$", 0.6), _swing("^hinge_1$", 0.5, 1, 0.5, spins=1))
    ),
    "CartpoleSwingupSparse": Motion(
        swings=(_swing("^slider$", 0.6, 2), _swing("^hinge_1$", 0.9, 2, 0.5, offset=_HALF))
    ),
    "FingerSpin": Motion(
        swings=(
            _swing("^proximal$", 0.15, 1, offset=0.9),
            _swing("^distal$", 0.30, 1, 0.3),
            _swing("^hinge$", 0.0, spins=1),
        ),
    ),
}
