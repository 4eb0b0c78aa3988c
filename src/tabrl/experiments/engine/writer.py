"""Keeps experiments on disk and in the store, in a thread of its own: nobody waits for a disk."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import count
from typing import Any

from tabrl.errors import BusyError, TabRLError
from tabrl.experiments.engine.live import Live
from tabrl.experiments.files import write_atomically
from tabrl.experiments.record import FILE, Experiment
from tabrl.store import Store

PAUSE_S, RETRY_S = 2.0, 3.0
log = logging.getLogger(__name__)


class Writer:
    """Writes experiments that changed; progress waits 2 s, all else is written at once. What could
    not be kept, for a full disk or a database that is away, is tried again until it is.

    Args:
        find: the experiment of an id, or None once it is gone.
        lock: held while an experiment is read.
        fence: lets through who may write, and nobody else meanwhile.

    Attributes:
        trouble: why something is not kept, until all is.
    """

    def __init__(
        self,
        store: Store,
        lock: threading.RLock,
        find: Callable[[str], Live | None],
        fence: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._store, self._lock, self._find, self._fence = store, lock, find, fence
        self.trouble: TabRLError | None = None
        self._due: dict[str, float] = {}
        self._failed: set[str] = set()
        self._deleted: set[str] = set()
        self._changed = threading.Condition()
        self._writing = threading.Lock()
        self._tickets = count(1)
        self._written: dict[str, int] = {}
        self._at: str | None = None  # what is being written
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    def note(self, id: str, *, often: bool = False) -> None:
        """Have an experiment written."""
        self._note(id, PAUSE_S if often else 0.0)

    def write(self, id: str) -> None:
        """Write an experiment now, as it stands."""
        # Read first and written then: who waits for the disk holds nobody up who has the lock.
        with self._lock:
            ticket, live = next(self._tickets), self._find(id)
            text = live.experiment.model_dump_json(indent=1) if live else ""
            values = row(live.experiment) | {"moving": live.moving} if live else {}
        with self._writing:
            if ticket < self._written.get(id, 0):
                return  # something newer was quicker
            self._written[id] = ticket
            try:
                with self._fence():
                    if id in self._deleted:
                        self._store.delete(id)
                    elif live:
                        write_atomically(live.folder / FILE, text)
                        self._store.save(**values)
            except Exception as error:  # what is in memory goes on
                self._fail(id, error)
            else:
                self._succeed(id)

    def forget(self, id: str) -> None:
        """Delete an experiment from the store; it is in memory no more."""
        self._deleted.add(id)
        self.write(id)

    def settle(self) -> None:
        """Write all that is due, and what is being written."""
        with self._changed:
            now = time.monotonic()
            due = {id for id, when in self._due.items() if when <= now}
            due |= {self._at} if self._at else set()
        for id in due:
            self.write(id)

    def close(self) -> None:
        """Write what is left."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join(10.0)

    def _fail(self, id: str, error: Exception) -> None:
        """Say it once, and try again in a while."""
        if self.trouble is None:
            log.error("an experiment was not kept", extra={"id": id, "why": str(error)})
        self.trouble = _told(error)
        self._failed.add(id)
        if not self._closed:
            self._note(id, RETRY_S)

    def _succeed(self, id: str) -> None:
        if id in self._deleted:
            self._written.pop(id, None)
        self._deleted.discard(id)
        self._failed.discard(id)
        if self.trouble is not None and not self._failed:
            self.trouble = None
            log.warning("all experiments are kept again")

    def _note(self, id: str, wait_s: float) -> None:
        due = time.monotonic() + wait_s
        with self._changed:
            self._due[id] = min(due, self._due.get(id, due))
            self._changed.notify()

    def _work(self) -> None:
        while (id := self._next()) is not None:
            self.write(id)
            self._at = None

    def _next(self) -> str | None:
        """The next experiment that is due; None when there is no more to do."""
        with self._changed:
            while True:
                id = min(self._due, key=lambda id: self._due[id], default=None)
                wait = None if id is None else self._due[id] - time.monotonic()
                if id is not None and (self._closed or (wait is not None and wait <= 0)):
                    del self._due[id]
                    self._at = id
                    return id
                if self._closed:
                    return None
                self._changed.wait(wait)


def _told(error: Exception) -> TabRLError:
    """Why something is not kept, in words that anybody may read: no path, as it holds an id."""
    reason = error.__cause__ or error
    if isinstance(reason, OSError):
        return TabRLError(
            f"Experiments cannot be written: {reason.strerror}.",
            "Make room where TABRL_HOME is: what runs is kept as soon as that can be done.",
        )
    if isinstance(error, BusyError):  # the store's
        return error
    return TabRLError("An experiment cannot be kept.", "The log tells why.")


def row(experiment: Experiment) -> dict[str, Any]:
    """An experiment as `Store.save` takes it: what was asked, and what is known by now."""
    parent = experiment.parent
    asked = {"id", "sentence", "robot", "seed", "preset", "provider", "steps", "created"}
    curves = {"approaches": {"__all__": {"curve", "source", "findings", "metric"}}}
    kept = ("name", "provider", "status", "verdict", "numbers", "folder", "files")
    data = experiment.model_dump(mode="json", exclude=curves)
    return {
        "id": experiment.id,
        "sentence": experiment.sentence,
        "robot": experiment.robot,
        "status": experiment.status,
        "folder": str(experiment.folder),
        "created": experiment.created,
        "parent": parent and (parent.id or parent.share_id),
        "spec": {key: value for key, value in data.items() if key in asked},
        "result": {key: value for key, value in data.items() if key not in asked | {"approaches"}},
        "approaches": [{key: approach[key] for key in kept} for approach in data["approaches"]],
    }
