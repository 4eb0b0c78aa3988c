"""What a policy leaves as, written by a process that may load JAX and MuJoCo."""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import threading
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from tabrl.errors import BusyError, NotFoundError, TabRLError
from tabrl.executors.environment import worker_environment
from tabrl.experiments.record import FILE as EXPERIMENT
from tabrl.experiments.record import load
from tabrl.policies.card import CARD, NUMBERS
from tabrl.settings import Settings

FILES = (
    "control.json",
    "control.onnx",
    "policy.onnx",
    "drawing.json",
    "drawing.bin",
    "scene.mjb.gz",
)
TIMEOUT_S = 180.0
Kind = Literal["onnx", "bundle"]
_FORMAT = 1
_lock = threading.Lock()  # one such process at a time


def playable(policy: Path, settings: Settings) -> Path:
    """The folder with `FILES` of a policy; it takes seconds the first time.

    Raises:
        TabRLError: the policy cannot be exported; the message says why.
        BusyError: it could not be written in time.
    """
    folder = settings.cache / "live" / _name(policy)
    with _lock:
        if not folder.is_dir():
            _write(policy, folder, settings)
    return folder


def _name(policy: Path) -> str:
    """Of the policy's content, and of what reads it."""
    digest = hashlib.sha256(repr((_FORMAT, version("mujoco"), version("tabrl"))).encode())
    for file in (policy / CARD, policy / NUMBERS):
        if not file.is_file():
            raise NotFoundError("There is no policy yet.", "Train it first.")
        digest.update(file.read_bytes())
    return digest.hexdigest()[:32]


def _write(policy: Path, folder: Path, settings: Settings) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=".", dir=folder.parent))
    try:
        _run("live", policy, scratch, settings)
        scratch.rename(folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def policies_in(source: Path) -> dict[str, Path]:
    """Policy folders by a name: the one that `source` is, or those of the experiment that it is.

    Raises:
        NotFoundError: it is neither.
    """
    if (source / CARD).is_file():
        return {source.absolute().parent.name if source.name == "policy" else source.name: source}
    found = {}
    if (source / EXPERIMENT).is_file():
        for approach in load(source).approaches:
            if policy := approach.files.get("policy"):
                found[approach.folder] = source / policy
    if not found:
        raise NotFoundError(
            f"There is no policy in {source}.", "Give a folder `policy`, or an experiment's."
        )
    return found


def title_of(source: Path) -> str:
    """The sentence of an experiment, or the policy's own name."""
    if (source / EXPERIMENT).is_file():
        return load(source).sentence
    card = json.loads((source / CARD).read_text("utf-8"))
    return (card.get("approach") or {}).get("name") or f"The base policy of {card['robot']}"


def export(policy: Path, kind: Kind, out: Path, settings: Settings) -> None:
    """Write a policy as graphs into the folder `out`, or as a bundle into the zip `out`.

    Raises:
        TabRLError: the policy cannot be exported; the message says why.
        BusyError: it could not be written in time.
    """
    if not (policy / CARD).is_file():
        raise NotFoundError(f"There is no policy in {policy}.", "Give the folder of one.")
    out.parent.mkdir(parents=True, exist_ok=True)
    _run(kind, policy, out, settings)


def _run(kind: str, policy: Path, out: Path, settings: Settings) -> None:
    command = [sys.executable, "-P", "-m", "tabrl.export", kind]
    try:
        done = subprocess.run(
            [*command, str(policy.absolute()), str(out.absolute())],
            env=worker_environment(settings),
            timeout=TIMEOUT_S,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
    except (subprocess.TimeoutExpired, OSError) as error:
        raise BusyError("The policy could not be exported in time.", "Try again later.") from error
    answer = _answer(done)
    if "error" in answer:
        raise TabRLError(*answer["error"])


def _answer(done: subprocess.CompletedProcess[str]) -> dict[str, list[str]]:
    lines = done.stdout.splitlines()
    if done.returncode or not lines:
        last = (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]
        raise TabRLError(f"The policy could not be exported: {last}", "`tabrl doctor` looks why.")
    answer: dict[str, list[str]] = json.loads(lines[-1])
    return answer
