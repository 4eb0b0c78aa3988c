"""Everything that can be wrong with a request, found before anything is spent on it."""

import json
import shutil
from pathlib import Path
from tempfile import TemporaryFile

from tabrl.errors import TabRLError
from tabrl.experiments.base import base_policy
from tabrl.llm.providers import BUILTIN, book
from tabrl.robots.catalogue import robot as find_robot
from tabrl.spec import Hyperparameters

MAX_SENTENCE = 2000
MAX_APPROACHES = 9
MAX_KEPT = 90  # approaches of an experiment, edits included
MAX_BATCH = 2**21
NEEDED_BYTES = 200 * 2**20


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


def hyperparameters(rates: Hyperparameters, robot: str) -> None:
    """Check PPO settings against each other, against a machine's memory and the base policy."""
    if rates.num_envs % rates.num_minibatches:
        raise TabRLError(
            f"{rates.num_envs} environments do not split into {rates.num_minibatches} minibatches.",
            "Let num_minibatches divide num_envs.",
        )
    if rates.num_envs * rates.unroll_length > MAX_BATCH:
        raise TabRLError(
            f"{rates.num_envs} environments x {rates.unroll_length} steps do not fit in memory.",
            f"Keep their product below {MAX_BATCH}.",
        )
    if not 1 <= len(rates.hidden) <= 6 or not all(1 <= size <= 1024 for size in rates.hidden):
        raise TabRLError(
            f"Hidden layers {list(rates.hidden)} are not possible.",
            "Give 1 to 6 sizes from 1 to 1024.",
        )
    known = find_robot(robot)
    base = base_policy(known)
    if base is not None:
        hidden = json.loads((base / "policy.json").read_text("utf-8"))["hidden"]
        if list(rates.hidden) != hidden:
            raise TabRLError(
                f"{known.name} starts from a base policy with hidden layers {hidden}.",
                f"Ask for these, not {list(rates.hidden)}.",
            )


def provider(name: str) -> str:
    """The name of a provider that is configured."""
    return name if name == BUILTIN else book().find(name).name


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
