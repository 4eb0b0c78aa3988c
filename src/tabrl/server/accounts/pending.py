"""What was begun and has to be ended soon, once: a passkey's challenge, a sign-in elsewhere."""

import secrets
import threading
import time
from collections import OrderedDict
from typing import Generic, TypeVar

from tabrl.errors import NotFoundError

LIFETIME_S = 300.0
MOST = 2000


T = TypeVar("T")


class Pending(Generic[T]):
    """Holds what was begun by a secret that whoever began it is told."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, tuple[float, T]] = OrderedDict()
        self._lock = threading.Lock()

    def hold(self, what: T) -> str:
        """The secret to come back with."""
        secret, now = secrets.token_urlsafe(24), time.monotonic()
        with self._lock:
            while self._held and (
                len(self._held) >= MOST or next(iter(self._held.values()))[0] < now - LIFETIME_S
            ):
                self._held.popitem(last=False)
            self._held[secret] = now, what
        return secret

    def take(self, secret: str) -> T:
        """What was held, once; `NotFoundError` where it is too late or was none."""
        with self._lock:
            began, what = self._held.pop(secret, (0.0, None))
        if what is None or began < time.monotonic() - LIFETIME_S:
            raise NotFoundError("This took too long, or was done already.", "Begin again.")
        return what
