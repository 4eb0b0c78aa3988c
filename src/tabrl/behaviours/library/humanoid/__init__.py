"""What two-legged robots can do, with and without arms."""

from tabrl.behaviours.library.base import Shelf
from tabrl.behaviours.library.humanoid import dances, gaits, postures

shelf = Shelf(dances.shelf, gaits.shelf, postures.shelf)
