"""What several behaviours of two-legged robots share."""

from tabrl.llm.library.base import Term, measured, num, term
from tabrl.llm.library.terms import EFFORT, FACING, SMOOTH
from tabrl.robots.catalogue import Robot
from tabrl.spec import Criterion, Termination

TWO = "humanoid biped"
HERE = term(
    "here: 0.6 * at_most(s.displacement, 0.1 * s.home_height, 1.5 * s.home_height)",
    "stays where it began",
)
ALIVE = (term("up: 0.4 * at_least(s.upright, 0.9, 0.5)", "stays on its feet"), SMOOTH, EFFORT)
PLACE = (HERE, FACING, *ALIVE)
FEET = term("planted: 0.3 * s.feet_down / 2", "both feet on the floor")
LEVEL = term(
    "level: 0.3 * near(s.roll, 0.0, 0.15) * near(s.pitch, 0.0, 0.15)", "the trunk stays upright"
)
DEEP = Termination(min_upright=0.2, min_height=0.3)


def beat(lift: float) -> tuple[str, ...]:
    return (
        "# the feet lift in turn with the clock, in m",
        f"lift_left = {num(lift)} * s.home_height * jnp.maximum(jnp.sin(s.phase), 0.0)",
        f"lift_right = {num(lift)} * s.home_height * jnp.maximum(-jnp.sin(s.phase), 0.0)",
    )


def steps(weight: float) -> Term:
    left = 'near(s.clearance("left"), lift_left, 0.05 * s.home_height)'
    right = 'near(s.clearance("right"), lift_right, 0.05 * s.home_height)'
    code = f"0.5 * ({left} + {right})"
    return Term("steps", weight, code, "the feet rise and land in turn")


def on_spot(robot: Robot) -> Criterion:
    return measured(
        "way from the start (m)", "max", "distance", at_most=2 * robot.structure.base_height
    )
