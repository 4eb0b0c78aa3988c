"""One engine: many experiments at once, over one executor, for as long as it runs."""

from tabrl.experiments.engine.engine import Engine
from tabrl.experiments.engine.live import OWNER, Live

__all__ = ["OWNER", "Engine", "Live"]
