"""A job that runs far away, on a cluster or in a cloud, as far as has been heard of it.

It numbers what it says from 1, so that whoever reads it goes on where the last reader stopped. A
training may run several times, each in a folder of its own: that folder names the attempt, and
what an earlier attempt says or leaves late is found under another name.
"""

import threading
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from hashlib import sha256
from queue import SimpleQueue

from tabrl.events import Event, Failed, Finished, Progress, Rendering
from tabrl.executors.base import Job
from tabrl.spec import JobSpec

MOST_PROGRESS = 100
"""Reports of progress that a reader gets at once; of more, every second or third, and the last."""


def attempt_key(out: str) -> str:
    """What an attempt is called far away, by the folder that its results belong in."""
    return f"train-{sha256(out.encode()).hexdigest()[:24]}"


class RemoteJob(Job):
    """Takes in numbered events; one that was heard before is not told again.

    Args:
        heard: how many of its events are known already.
    """

    def __init__(self, spec: JobSpec, heard: int) -> None:
        super().__init__(spec)
        self.heard = self._known = heard
        self._lock = threading.RLock()
        self._cancelled = self._over = False
        self._step = 0
        self._events: SimpleQueue[tuple[int, Event] | None] = SimpleQueue()

    @property
    def over(self) -> bool:
        """Whether nothing more will be heard of it."""
        return self._over

    def events(self) -> Iterator[Event]:
        while (item := self._events.get()) is not None:
            self.heard, event = item
            yield event
        self._events.put(None)  # who asks again finds the end

    def cancel(self) -> None:
        with self._lock:
            if self.state == "queued":
                self._put(self._cancelled_in_queue())
                self.leave()
            self._cancelled = True
        self._ask_to_end()

    @abstractmethod
    def _ask_to_end(self) -> None:
        """Have it end early, and the second time at once."""

    def stop(self) -> None:
        """Ask the job to finish early, no more than once."""
        if not (self._cancelled or self._over):
            self.cancel()

    def leave(self) -> None:
        """Hear no more of it, whatever becomes of it."""
        with self._lock:
            self._over = True
            self._events.put(None)

    def end(self) -> None:
        """It has said everything."""
        with self._lock:
            if not self._over:
                self._end()
                self.leave()

    def hear(self, number: int, event: Event) -> None:
        """Take in an event, unless it is known."""
        with self._lock:
            if number > self._known and not self._over:
                self._put(event, number)

    def lose(self, error: str, hint: str = "", detail: str = "") -> None:
        """What it ran on is gone: it has failed, unless it had said how it ended or was to end."""
        with self._lock:
            if self._over or self.state not in ("queued", "running"):
                return
            if self._cancelled:
                self._put(Finished(job=self.spec.job, step=self._step, seconds={}, stopped=True))
                return
            self.lost = True
            self._put(
                Failed(job=self.spec.job, phase=self.phase, error=error, hint=hint, detail=detail)
            )

    def _put(self, event: Event, number: int | None = None) -> None:
        self._note(event)
        if isinstance(event, Progress):
            self._step = event.step
        self._known = self._known if number is None else number
        self._events.put((self._known, event))


def thinned(new: Sequence[tuple[int, Event]]) -> list[tuple[int, Event]]:
    """Numbered events without what a later one makes superfluous: of how far a drawing is, the
    last; of a long backlog of progress, evenly fewer and the last.
    """
    last = {type(e): number for number, e in new if isinstance(e, Progress | Rendering)}
    every = 1 + (sum(isinstance(e, Progress) for _, e in new) - 1) // MOST_PROGRESS
    return [
        (number, e)
        for number, e in new
        if not isinstance(e, Progress | Rendering)
        or number == last[type(e)]
        or (isinstance(e, Progress) and number % every == 0)
    ]
