"""What a policy leaves as: what plays it in a page, graphs, a bundle.

What a robot's policies share is written once, by a process that may load JAX and MuJoCo; a policy's
own part takes a moment.
"""

import hashlib
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from tabrl.errors import BusyError, NotFoundError
from tabrl.experiments.aside import answer_of, run_aside
from tabrl.experiments.record import FILE as EXPERIMENT
from tabrl.experiments.record import load
from tabrl.export.bundle import bundle, zipped
from tabrl.export.instance import (
    BOXED,
    CONTROL,
    DRAWING,
    FACTS,
    FORMAT,
    LICENCES,
    NUMBERS,
    POLICY,
    SCENE,
    write_policy,
)
from tabrl.policies.card import CARD, read_card
from tabrl.policies.card import NUMBERS as WEIGHTS
from tabrl.robots.catalogue import CUSTOM, custom_robots_folder
from tabrl.robots.catalogue import SCENE as XML
from tabrl.robots.catalogue import robot as find_robot
from tabrl.settings import Settings
from tabrl.spec import Metric

OWN = (FACTS, CONTROL, POLICY)
SHARED = (DRAWING, NUMBERS, SCENE, BOXED, LICENCES)
FILES = (*OWN, *SHARED)
"""What plays a policy in a page."""
TIMEOUT_S = 300.0  # half a minute where nothing else runs
Kind = Literal["onnx", "bundle", "page"]
_lock = threading.Lock()  # one such process at a time


def played(policy: Path, file: str, settings: Settings) -> Path:
    """One of `FILES`; the first of a robot takes seconds.

    Raises:
        NotFoundError: there is no such file, or no policy.
        TabRLError: the policy cannot be exported; the message says why.
        BusyError: it could not be written in time.
    """
    if file not in FILES:
        raise NotFoundError(f"There is no {file}.", f"There is {', '.join(FILES)}.")
    return (_own(policy, settings) if file in OWN else _robot(policy, settings)) / file


@dataclass(frozen=True)
class Playable:
    """A policy's folder, and what it is judged by where somebody wrote that."""

    policy: Path
    metric: Metric | None = None


def policies_in(source: Path) -> dict[str, Playable]:
    """Policies by a name: the one that `source` is, or those of the experiment that it is.

    Raises:
        NotFoundError: it is neither.
    """
    if (source / CARD).is_file():
        name = source.absolute().parent.name if source.name == "policy" else source.name
        return {name: Playable(source)}
    found: dict[str, Playable] = {}
    if (source / EXPERIMENT).is_file():
        for approach in load(source).approaches:
            if policy := approach.files.get("policy"):
                found[approach.folder] = Playable(source / policy, approach.metric)
    if not found:
        raise NotFoundError(
            f"There is no policy in {source}.", "Give a folder `policy`, or an experiment's."
        )
    return found


def title_of(source: Path) -> str:
    """The sentence of an experiment, or the policy's own name."""
    if (source / EXPERIMENT).is_file():
        return load(source).sentence
    card = read_card(source)
    return (card.get("approach") or {}).get("name") or f"The base policy of {card['robot']}"


def export(policy: Path, kind: Literal["onnx", "bundle"], out: Path, settings: Settings) -> None:
    """Write a policy into the folder `out`, as graphs or as a bundle that plays anywhere.

    Raises:
        TabRLError: the policy cannot be exported; the message says why.
        BusyError: it could not be written in time.
    """
    own = _own(policy, settings)
    licences = _robot(policy, settings) / LICENCES
    if kind == "onnx":
        shutil.copytree(own, out, dirs_exist_ok=True)
        shutil.copyfile(licences, out / LICENCES)
        return
    source = str(policy.absolute())
    moved = _made(
        own.with_name(f"{own.name}-moved"),
        lambda scratch: _run("record", source, str(scratch), settings=settings),
    )
    bundle((*own.iterdir(), *moved.iterdir(), licences), out)


def packed(policy: Path, kind: Literal["onnx", "bundle"], name: str, settings: Settings) -> bytes:
    """The zip of what `export` writes, in a folder of this name."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / name
        export(policy, kind, folder, settings)
        return zipped(folder)


def _own(policy: Path, settings: Settings) -> Path:
    """The folder with what is a policy's own."""
    digest = _digest((policy / CARD, policy / WEIGHTS))
    robot = _robot(policy, settings)
    return _made(
        settings.cache / "live" / digest, lambda scratch: write_policy(policy, robot, scratch)
    )


def _robot(policy: Path, settings: Settings) -> Path:
    """The folder with what all policies of a robot and of these sizes share."""
    card = read_card(policy)
    robot = find_robot(card["robot"])
    sizes = ",".join(map(str, card["hidden"]))
    own = (custom_robots_folder() / robot.id / XML,) if robot.category == CUSTOM else ()
    name = f"{robot.id}-{sizes.replace(',', '-')}-{_digest(own)}"
    return _made(
        settings.cache / "live" / name,
        lambda scratch: _run("robot", robot.id, sizes, str(scratch), settings=settings),
    )


def _digest(files: tuple[Path, ...]) -> str:
    """Of what files hold, and of what reads it."""
    digest = hashlib.sha256(repr((FORMAT, version("mujoco"), version("tabrl"))).encode())
    for file in files:
        if not file.is_file():
            raise NotFoundError(f"There is no policy in {file.parent}.", "Train it first.")
        digest.update(file.read_bytes())
    return digest.hexdigest()[:20]


def _made(folder: Path, make: Callable[[Path], None]) -> Path:
    """A folder of the cache, made where it is not there yet, whole or not at all."""
    if folder.is_dir():  # what is there waits for nobody's export
        return folder
    with _lock:
        if not folder.is_dir():
            folder.parent.mkdir(parents=True, exist_ok=True)
            scratch = Path(tempfile.mkdtemp(prefix=".", dir=folder.parent))
            try:
                make(scratch)
                scratch.rename(folder)
            finally:
                shutil.rmtree(scratch, ignore_errors=True)
    return folder


def _run(*words: str, settings: Settings) -> None:
    try:
        done = run_aside("tabrl.export", *words, settings=settings, timeout_s=TIMEOUT_S)
    except (subprocess.TimeoutExpired, OSError) as error:
        raise BusyError("The policy could not be exported in time.", "Try again later.") from error
    answer_of(done, "The policy could not be exported")
