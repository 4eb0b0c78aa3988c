"""Keeps experiments on disk and in the store, in a thread of its own: nobody waits for a disk."""

import logging
import threading
import time
from collections.abc import Callable

from tabrl.errors import TabRLError
from tabrl.experiments.journal import PAUSE_S, row
from tabrl.experiments.record import FILE, Experiment, write_atomically
from tabrl.store import Store

log = logging.getLogger(__name__)


class Keeper:
    """Writes experiments that changed; progress waits 2 s, all else is written at once.

    Args:
        find: the experiment of an id, or None once it is gone.
        lock: held while an experiment is read.
    """

    def __init__(
        self, store: Store, lock: threading.RLock, find: Callable[[str], Experiment | None]
    ) -> None:
        self._store, self._lock, self._find = store, lock, find
        self._due: dict[str, float] = {}
        self._changed = threading.Condition()
        self._writing = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="keeper", daemon=True)
        self._thread.start()

    def note(self, id: str, *, often: bool = False) -> None:
        """Have an experiment written."""
        due = time.monotonic() + (PAUSE_S if often else 0.0)
        with self._changed:
            self._due[id] = min(due, self._due.get(id, due))
            self._changed.notify()

    def write(self, id: str) -> None:
        """Write an experiment now."""
        with self._writing:
            with self._lock:
                experiment = self._find(id)
                if experiment is None:
                    return
                text, values = experiment.model_dump_json(indent=1), row(experiment)
            try:
                write_atomically(experiment.folder / FILE, text)
                self._store.save(**values)
            except Exception as error:  # a full disk, say: what is in memory goes on
                message = error.message if isinstance(error, TabRLError) else str(error)
                log.error("an experiment was not kept", extra={"id": id, "why": message})

    def forget(self, id: str) -> None:
        """Delete an experiment from the store; it is in memory no more."""
        with self._writing:
            self._store.delete(id)

    def close(self) -> None:
        """Write what is left."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join(10.0)

    def _work(self) -> None:
        while (id := self._next()) is not None:
            self.write(id)

    def _next(self) -> str | None:
        """The next experiment that is due; None when there is no more to do."""
        with self._changed:
            while True:
                id = min(self._due, key=lambda id: self._due[id], default=None)
                wait = None if id is None else self._due[id] - time.monotonic()
                if id is not None and (self._closed or (wait is not None and wait <= 0)):
                    del self._due[id]
                    return id
                if self._closed:
                    return None
                self._changed.wait(wait)
