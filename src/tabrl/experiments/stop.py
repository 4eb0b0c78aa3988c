"""Stopping an experiment: gently at the first request, at once at the second."""

import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Protocol


class Cancellable(Protocol):
    def cancel(self) -> None: ...


class Stop:
    """A request to stop that reaches the jobs that run now and those that start later."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._jobs: list[Cancellable] = []
        self._lock = threading.Lock()
        self.on_request: Callable[[], None] = lambda: None

    @property
    def requested(self) -> bool:
        return self._asked.is_set()

    def watch(self, jobs: Iterable[Cancellable]) -> None:
        """Cancel these jobs, and no earlier ones, when asked; at once if asked already."""
        with self._lock:
            self._jobs = list(jobs)
            late = self.requested
        if late:
            self._cancel()

    def request(self) -> None:
        """Ask every watched job to end and to keep what it has."""
        self._asked.set()
        self.on_request()
        self._cancel()

    def _cancel(self) -> None:
        with self._lock:
            jobs = list(self._jobs)
        for job in jobs:
            job.cancel()


@contextmanager
def stopped_by_signals(stop: Stop) -> Iterator[None]:
    """First Ctrl-C (or SIGTERM) requests the stop, a second raises KeyboardInterrupt.

    Signals are Python's main thread's business: in any other thread this changes nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked = False

    def handle(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True
        # A thread, since the interrupted code may hold a lock that cancelling needs.
        threading.Thread(target=stop.request, daemon=True).start()

    previous = {s: signal.signal(s, handle) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
