"""The one thing to send: an experiment's clips side by side under its sentence, in a loop."""

import json
import subprocess
import sys
import threading
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from tabrl.errors import NotFoundError, TabRLError
from tabrl.experiments.approach_record import ApproachRecord
from tabrl.experiments.record import CommandsRecord, Experiment
from tabrl.llm.providers import BUILTIN, BUILTIN_TITLE, book
from tabrl.verdict.words import BEST_FIRST, says

if TYPE_CHECKING:
    from tabrl.rendering.compare import Tile

Kind = Literal["mp4", "gif"]
NAME = "side-by-side"
LEFT_OUT = "The sentence is left out: no font on this machine has its letters."
_VERSION = 1  # of the drawing: another one is drawn anew
_MOST = 9
_TIMEOUT_S = 600.0
_one = threading.Lock()  # at a time: the second who asks finds the file


def clip_of(experiment: Experiment, record: ApproachRecord | CommandsRecord) -> Path | None:
    """The clip of an approach or of commands, if there is one."""
    if "clip" not in record.files:
        return None
    path = experiment.folder / record.files["clip"]
    return path if path.is_file() else None


def titles() -> dict[str, str]:
    """Providers by name, as people know them."""
    try:
        known = book().providers
    except TabRLError:  # a settings file that cannot be read: names do as well
        known = ()
    return {BUILTIN: BUILTIN_TITLE} | {p.name: p.title or p.name for p in known}


def tiles(experiment: Experiment, winner: str | None = None) -> "list[Tile]":
    """The clips with what stands below them, the winner first; at most nine, those that do it."""
    from tabrl.rendering.compare import Tile

    shown = [a for a in experiment.approaches if clip_of(experiment, a)]
    several = len({a.provider for a in shown}) > 1
    named = titles() if several else {}
    if len(shown) > _MOST:
        best = sorted(shown, key=lambda a: (a.folder != winner, BEST_FIRST[a.verdict]))
        shown = [a for a in shown if a in best[:_MOST]]
    shown.sort(key=lambda a: a.folder != winner)

    def tile(approach: ApproachRecord) -> Tile:
        return Tile(
            clip=str(clip_of(experiment, approach)),
            name=approach.name,
            provider=named.get(approach.provider, approach.provider) if several else "",
            says=says(approach.verdict or ""),
            tone=approach.verdict or "",
            winner=approach.folder == winner,
        )

    return [tile(approach) for approach in shown]


def together(
    experiment: Experiment, kind: Kind, folder: Path, winner: str | None = None
) -> tuple[Path, str]:
    """The file in a folder, drawn where it is not there yet, and what there is to say about it.

    Raises:
        NotFoundError: there are no clips yet.
        TabRLError: it cannot be drawn.
    """
    from tabrl.rendering.fonts import drawable

    shown = tiles(experiment, winner)
    if not shown:
        raise NotFoundError("There is no clip yet.", "Train an approach first.")
    note = "" if drawable(experiment.sentence) else LEFT_OUT
    asked = {"tiles": [asdict(tile) for tile in shown], "sentence": experiment.sentence}
    about = [Path(tile.clip).stat() for tile in shown]
    made_of = [_VERSION, asked, [(a.st_mtime_ns, a.st_size) for a in about]]
    key = sha256(json.dumps(made_of).encode()).hexdigest()[:16]
    film = folder / f"{NAME}-{key}.mp4"
    with _one:
        folder.mkdir(parents=True, exist_ok=True)
        if not film.is_file():
            for old in folder.glob(f"{NAME}-*"):
                old.unlink(missing_ok=True)
            _draw(asked | {"path": str(film)})
        if kind == "mp4":
            return film, note
        moving = film.with_suffix(".gif")
        if not moving.is_file():
            _draw({"clip": str(film), "path": str(moving)})
        return moving, note


def _draw(asked: dict[str, Any]) -> None:
    command = [sys.executable, "-m", "tabrl.rendering.joining"]
    try:
        done = subprocess.run(
            command, input=json.dumps(asked), capture_output=True, text=True, timeout=_TIMEOUT_S
        )
    except subprocess.TimeoutExpired:
        raise TabRLError("Drawing took too long.", "Try again when nothing trains.") from None
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise TabRLError("The clips could not be put side by side.", said[-1] if said else "")
