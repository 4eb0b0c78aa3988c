"""One studio a home folder: two would train the same experiments."""

import os
from pathlib import Path
from typing import IO

from tabrl.errors import TabRLError


def claim(path: Path) -> IO[str]:
    """Hold the file `path` for as long as what is returned stays open, or the process lives.

    Raises:
        TabRLError: another process holds it.
    """
    file = path.open("a+")
    try:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:  # Windows: without this care
        return file
    except OSError:
        file.close()
        raise TabRLError(
            f"Another studio uses {path.parent}.",
            "Stop it first, or set TABRL_HOME to another folder.",
        ) from None
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file
