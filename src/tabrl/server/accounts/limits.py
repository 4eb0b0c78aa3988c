"""How often somebody may ask for something."""

import threading
import time
from collections import OrderedDict, deque

from tabrl.errors import TooManyError

WINDOW_S = 60.0
MOST = 10_000  # askers that are remembered; who asked longest ago is forgotten first


class Limits:
    """Counts what each asked for within a minute."""

    def __init__(self) -> None:
        self._asked: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, who: str, action: str, most: int) -> None:
        """Count once more; `TooManyError` where it is more than `most` in a minute."""
        now, key = time.monotonic(), (who, action)
        with self._lock:
            times = self._asked.setdefault(key, deque())
            self._asked.move_to_end(key)
            while len(self._asked) > MOST:
                self._asked.popitem(last=False)
            while times and times[0] <= now - WINDOW_S:
                times.popleft()
            if len(times) >= most:
                wait_s = 1 + int(times[0] + WINDOW_S - now)
                raise TooManyError(
                    f"This was asked for {most} times within a minute.",
                    f"Try again in {wait_s} s.",
                    wait_s,
                )
            times.append(now)
