"""The studio's engine: many experiments at once, over one executor, for as long as it runs."""

from tabrl.experiments.studio.live import OWNER, Live
from tabrl.experiments.studio.studio import Studio

__all__ = ["OWNER", "Live", "Studio"]
