"""The behaviours that can be proposed without a language model, by robot type."""

from tabrl.behaviours.library import arm, dm_control, hand, humanoid, planar, quadruped
from tabrl.behaviours.library.base import Primitive, Shelf
from tabrl.robots.catalogue import Robot

LIBRARY = Shelf(
    quadruped.shelf, humanoid.shelf, arm.shelf, hand.shelf, planar.shelf, dm_control.shelf
)


def primitives_for(robot: Robot) -> tuple[Primitive, ...]:
    """The primitives that this robot can do; at least one for every robot of the catalogue."""
    return tuple(primitive for primitive in LIBRARY if primitive.fits(robot))
