"""Put other functions in place of a library's while a block runs."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_LOCK = threading.RLock()


@contextmanager
def patched(*patches: tuple[Any, str, Any]) -> Iterator[None]:
    """Give each (owner, name, value) its value; other threads that patch wait until it is over."""
    with _LOCK:
        kept = [(owner, name, vars(owner)[name]) for owner, name, _ in patches]
        try:
            for owner, name, value in patches:
                setattr(owner, name, value)
            yield
        finally:
            for owner, name, value in kept:
                setattr(owner, name, value)
