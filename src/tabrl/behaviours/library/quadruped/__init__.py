"""What four-legged robots can do.

Lengths scale with the robot's height at home; angles and rates do not. Joint groups `FR FL RR RL`
list a leg's joints from the body outwards: abduction, thigh, knee.
"""

from tabrl.behaviours.library.base import Shelf
from tabrl.behaviours.library.quadruped import (
    balances,
    dances,
    exercises,
    gaits,
    gestures,
    jumps,
    postures,
    walks,
)

shelf = Shelf(
    dances.shelf,
    jumps.shelf,
    gaits.shelf,
    walks.shelf,
    postures.shelf,
    balances.shelf,
    gestures.shelf,
    exercises.shelf,
)
