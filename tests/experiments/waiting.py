"""What tests of the studio wait for."""

import time
from collections.abc import Callable

from tabrl.experiments.engine import Live

PATIENCE_S = 240.0


def until(true: Callable[[], bool]) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def statuses(live: Live) -> list[str]:
    return [approach.status for approach in live.experiment.approaches]
