"""What several behaviours of four-legged robots share."""

from tabrl.behaviours.library.base import Term, measured, num, term
from tabrl.behaviours.library.terms import EFFORT, FACING, HERE, NO_TURN, SMOOTH, UP
from tabrl.behaviours.modifiers import Modifiers
from tabrl.robots.catalogue import Robot
from tabrl.spec import Criterion, Termination

QUADRUPED = "quadruped"
PLACE = (HERE, FACING, NO_TURN, UP, SMOOTH, EFFORT)
TILTED = Termination(min_upright=None, min_height=0.4)
LOW = Termination(min_upright=0.2, min_height=0.25)
PLANTED = term("planted: 0.3 * s.feet_down / 4", "feet stay on the floor")
LEVEL = term(
    "level: 0.3 * near(s.roll, 0.0, 0.15) * near(s.pitch, 0.0, 0.15)", "the back stays level"
)
TALL = term(
    "ride: 0.3 * near(s.height, s.home_height, 0.15 * s.home_height)", "rides at its usual height"
)
STRAIGHT = term(
    "straight: 0.3 * near(s.turn_rate, 0.0, 0.5) * near(s.left_speed, 0.0, 0.3)", "goes straight"
)
ON_COURSE = (STRAIGHT, UP, SMOOTH, EFFORT)


def diagonals(height: float) -> tuple[str, ...]:
    """Statements for a trot: feet lift in diagonal pairs, `height` home heights up."""
    return (
        "# one diagonal pair lifts in each half of the beat",
        'pair_1 = jnp.array([s.clearance("FR"), s.clearance("RL")])',
        'pair_2 = jnp.array([s.clearance("FL"), s.clearance("RR")])',
        f"lift_1 = {num(height)} * s.home_height * jnp.maximum(jnp.sin(s.phase), 0.0)",
        f"lift_2 = {num(height)} * s.home_height * jnp.maximum(-jnp.sin(s.phase), 0.0)",
    )


def steps(weight: float = 1.5) -> Term:
    pairs = (f"near(pair_{i}, lift_{i}, 0.1 * s.home_height)" for i in (1, 2))
    code = f"0.5 * ({' + '.join(pairs)})"
    return Term("steps", weight, code, "diagonal pairs of feet rise and land with the clock")


def round_and_round(m: Modifiers, rate: float) -> tuple[Criterion, ...]:
    """Criteria for turning: net turn in the asked direction, else either way."""
    if m.directions & {"clockwise", "right"}:
        return (measured("turn rate (rad/s, right is negative)", "rate", "yaw", at_most=-rate),)
    if m.directions & {"anticlockwise", "left"}:
        return (measured("turn rate (rad/s, left is positive)", "rate", "yaw", at_least=rate),)
    return (measured("turned in 10 s (rad)", "range", "yaw", at_least=10 * rate),)


def knee(robot: Robot, leg: str) -> str:
    joints = robot.structure.groups[leg]
    return f's.offset("{joints[min(2, len(joints) - 1)]}")'
