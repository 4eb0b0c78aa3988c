"""What people taught and show: found by words and by meaning, the newest or the best first."""

from tabrl.experiments.explore.explore import Asked, Explore, Found, Order
from tabrl.experiments.explore.shown import Shown

__all__ = ["Asked", "Explore", "Found", "Order", "Shown"]
