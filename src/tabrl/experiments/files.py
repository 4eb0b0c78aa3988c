"""Names and contents of files: safe names, whole contents."""

import os
import re
import secrets
import unicodedata
from contextlib import suppress
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


def home_secret(home: Path) -> bytes:
    """Random bytes of a home folder: made once, whoever asks first, and the same for all who share
    it.
    """
    path, scratch = home / "secret", home / f".secret.{secrets.token_hex(8)}"
    if not path.exists():
        scratch.touch(mode=0o600)
        scratch.write_bytes(secrets.token_bytes(32))
        with suppress(FileExistsError):
            os.link(scratch, path)  # whole, and once
        scratch.unlink()
    return path.read_bytes()


def slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens, at most 40 characters, safe as a file name."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text)[:40].strip("-")
