"""Stopping an experiment: gently at the first request, at once at the second."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


class Stop:
    """A request to stop that reaches what runs now, and what begins later."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._lock = threading.Lock()
        self._act: Callable[[], None] = lambda: None

    @property
    def requested(self) -> bool:
        return self._asked.is_set()

    def watch(self, act: Callable[[], None]) -> None:
        """Do this when asked; at once if asked already."""
        with self._lock:
            self._act = act
        if self.requested:
            act()

    def request(self) -> None:
        """Ask for the end; what was learned is kept."""
        self._asked.set()
        with self._lock:
            act = self._act
        act()


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
