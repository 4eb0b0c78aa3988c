"""What two-legged robots can do, with and without arms."""

from tabrl.llm.library.base import Shelf
from tabrl.llm.library.humanoid import dances, gaits, postures

shelf = Shelf(dances.shelf, gaits.shelf, postures.shelf)
