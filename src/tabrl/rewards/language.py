"""What a reward may use besides the vocabulary: maths, builtins, array methods. Without JAX.

The lint, the namespace of the sandbox and the documentation read these tables, so that what is
promised, what is accepted and what is there are the same.
"""

from tabrl.rewards.vocabulary import KERNELS, names_for, shape_of, signals_for
from tabrl.robots.catalogue import Robot

MAX_SOURCE_BYTES = 20_000
MAX_LOOP = 64
MAX_TERMS = 40

JNP_FUNCTIONS = frozenset(
    """abs absolute all any arccos arcsin arctan arctan2 argmax argmin array cbrt ceil clip
    concatenate cos cosh cross deg2rad degrees diff dot exp exp2 expm1 fabs floor fmod
    heaviside hypot isfinite log log10 log1p log2 logaddexp logical_and logical_not logical_or
    logical_xor max maximum mean min minimum mod nan_to_num negative ones_like outer power prod
    rad2deg radians reciprocal remainder round sign sin sinc sinh sqrt square stack std sum tan
    tanh var where zeros_like""".split()
)
JNP_CONSTANTS = frozenset({"pi", "e", "float32"})
LINALG_FUNCTIONS = frozenset({"norm"})
BUILTINS = frozenset("abs enumerate float int len max min range round sum zip".split())
ARRAY_METHODS = frozenset("all any astype clip dot max mean min prod round std sum var".split())
ARRAY_ATTRIBUTES = frozenset({"T", "ndim", "shape", "size"})
# Names that a reward cannot give to something else.
RESERVED = BUILTINS | {kernel.name for kernel in KERNELS} | {"jnp", "s"}

# The signal in which each accessor picks.
PICKS_FROM = {
    "joint": "joint_pos",
    "joint_speed": "joint_vel",
    "offset": "pose_error",
    "joints": "joint_pos",
    "offsets": "pose_error",
    "foot": "foot_pos_b",
    "clearance": "foot_height",
    "contact": "foot_contact",
    "hand": "hand_pos",
    "body": "body_pos",
    "object": "object_pos",
}

Picks = dict[str, dict[str, int | list[int]]]


def picks_for(robot: Robot) -> Picks:
    """For each kind of name, the row of each name: `picks["foot"]["FR"]` is 0; a group has many."""
    kinds = ("joint", "foot", "hand", "body", "object")
    picks: Picks = {kind: {n: i for i, n in enumerate(names_for(robot, kind))} for kind in kinds}
    groups = robot.structure.groups.items()
    picks["group"] = {name: [_row(picks, joint) for joint in joints] for name, joints in groups}
    return picks


def shapes_for(robot: Robot) -> dict[str, tuple[int, ...]]:
    """The shape of each signal of this robot, without the batch axis."""
    return {signal.name: shape_of(signal, robot) for signal in signals_for(robot)}


def _row(picks: Picks, joint: str) -> int:
    row = picks["joint"][joint]
    assert isinstance(row, int)
    return row
