"""Everything that can be wrong with a request, found before anything is spent on it."""

import shutil
from pathlib import Path
from tempfile import TemporaryFile

from tabrl.errors import TabRLError

MAX_SENTENCE = 2000
MAX_APPROACHES = 9
NEEDED_BYTES = 200 * 2**20
PROVIDERS = ("builtin",)


def sentence(text: str) -> str:
    """The sentence without outer space; 1 to 2000 characters of any script."""
    text = " ".join(text.replace("\0", " ").encode("utf-8", "replace").decode().split())
    if not text:
        raise TabRLError(
            "The sentence is empty.", 'Describe what the robot should do: "Spin on the spot".'
        )
    if len(text) > MAX_SENTENCE:
        raise TabRLError(
            f"The sentence has {len(text)} characters; at most {MAX_SENTENCE} are read.",
            "Say it shorter: one or two sentences are enough.",
        )
    return text


def numbers(approaches: int, steps: int | None, seed: int) -> None:
    """Check the counts of a request."""
    if not 1 <= approaches <= MAX_APPROACHES:
        raise TabRLError(
            f"Cannot train {approaches} approaches.", f"Choose between 1 and {MAX_APPROACHES}."
        )
    if steps is not None and not 1 <= steps <= 10**11:
        raise TabRLError(
            f"Cannot train for {steps} steps.", "Give a number of steps of at least 1."
        )
    if not 0 <= seed < 2**31:
        raise TabRLError(f"{seed} is not a seed.", "Give a number from 0 to 2147483647.")


def provider(name: str) -> str:
    """The name of a provider that exists."""
    if name not in PROVIDERS:
        raise TabRLError(f"There is no provider {name!r}.", f"Valid: {', '.join(PROVIDERS)}.")
    return name


def folder(path: Path, needed: int = NEEDED_BYTES) -> Path:
    """An absolute folder that exists, takes files and has room for `needed` bytes."""
    path = path.expanduser().absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=path) as file:
            file.write(b"room?")
        free = shutil.disk_usage(path).free
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise TabRLError(
            f"Cannot write to {path}: {reason}.", "Choose another folder with --out."
        ) from error
    if free < needed:
        raise TabRLError(
            f"Only {free // 2**20} MiB are free in {path}; an experiment needs up to "
            f"{needed // 2**20} MiB.",
            "Make room on that disk or choose another folder with --out.",
        )
    return path
