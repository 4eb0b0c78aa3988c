"""What several behaviours of two-legged robots share."""

from tabrl.behaviours.library.base import Term, near_start, num, term
from tabrl.behaviours.library.terms import EFFORT, SMOOTH
from tabrl.robots.catalogue import Robot
from tabrl.spec import Criterion, Termination

TWO = "humanoid biped"
HERE = term(
    "here: 0.6 * at_most(jnp.abs(s.displacement), 0.1 * s.home_height, 1.5 * s.home_height)",
    "stays where it began",
)
# Two feet pivot easily: wherever it faces, turning back pays.
FACING = term("facing: 0.6 * (0.5 + 0.5 * jnp.cos(s.yaw))", "keeps facing the same way")
ALIVE = (term("up: 0.4 * at_least(s.upright, 0.9, 0.5)", "stays on its feet"), SMOOTH, EFFORT)
PLACE = (HERE, FACING, *ALIVE)
FEET = term("planted: 0.3 * s.feet_down / 2", "both feet on the floor")
LEVEL = term(
    "level: 0.3 * near(s.roll, 0.0, 0.15) * near(s.pitch, 0.0, 0.15)", "the trunk stays upright"
)
DEEP = Termination(min_upright=0.2, min_height=0.3)


def beat(lift: float) -> tuple[str, ...]:
    """Statements that `steps` needs; `lift` is a share of the height at home."""
    full = f"{num(lift)} * s.home_height"
    return (
        "# how far each foot is up: 0 on the floor, 1 as high as asked",
        f'left_rise = at_least(s.clearance("left"), {full}, {full})',
        f'right_rise = at_least(s.clearance("right"), {full}, {full})',
    )


def steps(weight: float) -> Term:
    """Pays every centimetre of a foot in its turn, the right one first as base policies learn it
    (`tabrl.training.imitation`): a robot that stands still gets nothing.
    """
    code = "(right_rise - left_rise) * jnp.sin(s.phase)"
    return Term("steps", weight, code, "the feet rise in turn with the clock")


def on_spot(robot: Robot) -> Criterion:
    return near_start(robot, 2.0)
