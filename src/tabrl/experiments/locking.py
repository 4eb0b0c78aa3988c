"""Files that a process holds for as long as it lives, however it ends."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tabrl.errors import TabRLError


def claim(path: Path, message: str, hint: str, *, shared: bool = False) -> IO[str]:
    """Hold the file `path` for as long as what is returned stays open, or the process lives; alone,
    or `shared` with others who hold it so.

    Raises:
        TabRLError: another process holds it; says `message` and `hint`.
    """
    file = path.open("a+")
    if not _lock(file, shared=shared):
        file.close()
        raise TabRLError(message, hint)
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file


@contextmanager
def held(path: Path, message: str, hint: str) -> Iterator[None]:
    """Hold the file `path` meanwhile, as `claim` does; it is gone afterwards."""
    with claim(path, message, hint):
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def abandoned(path: Path) -> bool:
    """Whether the process that held the file `path` has died: it is there, and nobody holds it."""
    try:
        with path.open("r+") as file:
            return _lock(file, shared=True, unknown=False)
    except OSError:
        return False


def _lock(file: IO[str], *, shared: bool = False, unknown: bool = True) -> bool:
    """Whether the file is ours now, or ours and of others who share it; `unknown` is the answer
    where files cannot be locked.
    """
    try:
        import fcntl
    except ImportError:  # Windows
        return unknown
    try:
        fcntl.flock(file, fcntl.LOCK_NB | (fcntl.LOCK_SH if shared else fcntl.LOCK_EX))
    except OSError:
        return False
    return True
