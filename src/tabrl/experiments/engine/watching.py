"""Follows experiments that commands run beside the studio."""

import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any

from tabrl.experiments.approach_record import ApproachRecord
from tabrl.experiments.engine.live import WHOLE
from tabrl.experiments.record import Experiment

POLL_S = 1.0
PROGRESS = {"step", "goal", "steps_per_s", "seconds_left", "progress", "curve"}
log = logging.getLogger(__name__)


class Follower:
    """Looks every second, in a thread of its own, at what commands have written.

    Args:
        look: takes in what is new and tells those who watch.
    """

    def __init__(self, look: Callable[[], None]) -> None:
        self._look = look
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._work, name="follower", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Look no more."""
        self._closed.set()
        self._thread.join(10.0)

    def _work(self) -> None:
        while not self._closed.wait(POLL_S):
            try:
                self._look()
            except Exception:  # ours to mend; the next look may go better
                log.exception("experiments of commands were not followed")


def changes(old: Experiment, new: Experiment) -> Iterator[tuple[str, bool]]:
    """Keys of what differs, as a `Watcher` is told of them: the key, and whether that is only
    progress.
    """
    if _outline(old) != _outline(new):
        yield WHOLE, False
    for approach in new.approaches:
        before = old.find(approach.folder)
        if before != approach:
            yield approach.folder, before is not None and _standing(before) == _standing(approach)


def _outline(experiment: Experiment) -> tuple[dict[str, Any], list[str]]:
    """What is not of one approach alone."""
    fields = experiment.model_dump(exclude={"approaches"})
    return fields, [approach.folder for approach in experiment.approaches]


def _standing(approach: ApproachRecord) -> dict[str, Any]:
    return approach.model_dump(exclude=PROGRESS)
