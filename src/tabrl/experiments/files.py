"""Names and contents of files: safe names, whole contents."""

import os
import re
import unicodedata
from pathlib import Path

from tabrl.errors import BusyError


def write_atomically(path: Path, text: str) -> None:
    """Write a whole file or nothing; a full disk leaves the old one as it was."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with scratch.open("w", encoding="utf-8", errors="replace") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    except OSError as error:
        scratch.unlink(missing_ok=True)
        raise BusyError(
            f"Could not write {path}: {error.strerror}.",
            "Make room on that disk or choose another folder with --out.",
        ) from error


def slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens, at most 40 characters, safe as a file name."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text)[:40].strip("-")
