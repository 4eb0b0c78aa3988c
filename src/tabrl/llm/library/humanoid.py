"""What two-legged robots can do, with and without arms."""

from math import pi

from tabrl.llm.library.base import (
    EFFORT,
    FACING,
    GRIP,
    HERE,
    LYING,
    NO_FALL,
    SMOOTH,
    UP,
    Idea,
    Plan,
    Shelf,
    Term,
    command,
    has,
    measured,
    metric,
    num,
    wave,
)
from tabrl.llm.modifiers import Modifiers
from tabrl.robots.catalogue import Robot
from tabrl.spec import Termination

shelf = Shelf()
TWO = "humanoid biped"
PLACE = (Term("here", 0.3, "near(s.displacement, 0.0, 0.4)", "stays where it began"), FACING, UP, SMOOTH, EFFORT)
FEET = Term("planted", 0.3, "s.feet_down / 2", "both feet on the floor")
LEVEL = Term("level", 0.3, "near(s.roll, 0.0, 0.15) * near(s.pitch, 0.0, 0.15)", "the trunk stays upright")
DEEP = Termination(min_upright=0.2, min_height=0.3)
STEPS = (
    "# feet lift in turn with the clock, in m",
    "lift_left = 0.15 * s.home_height * jnp.maximum(jnp.sin(s.phase), 0.0)",
    "lift_right = 0.15 * s.home_height * jnp.maximum(-jnp.sin(s.phase), 0.0)",
)
STEP = Term(
    "steps",
    1.5,
    '0.5 * near(s.clearance("left"), lift_left, 0.05 * s.home_height)'
    ' + 0.5 * near(s.clearance("right"), lift_right, 0.05 * s.home_height)',
    "feet rise and land in turn",
)
