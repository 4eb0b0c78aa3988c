"""Custom robots: added from MJCF or URDF by a process that may load MuJoCo, corrected, removed."""

import json
import re
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from itertools import chain, count
from pathlib import Path
from typing import Any, Literal

from tabrl.errors import ConflictError, TabRLError, UnknownRobotError
from tabrl.experiments.aside import answer_of, follow_aside
from tabrl.experiments.files import write_atomically
from tabrl.experiments.menagerie import Progress, locate
from tabrl.robots.catalogue import (
    CARD,
    CUSTOM_ID,
    Robot,
    custom_robots_folder,
    robot,
    robots,
)
from tabrl.settings import Settings

TIMEOUT_S = 600.0
RESERVED = ("robots", "menagerie", "additions")  # words of the API's addresses
GIVEN = "given"  # in a robot's card: what it was made of
KEPT = "source"  # in a robot's folder: what somebody sent

Origin = Literal["path", "menagerie", "upload"]


@dataclass(frozen=True)
class Given:
    """What a robot is made of, and what a person says of it where TabRL may be mistaken."""

    source: str
    """A path, a name of MuJoCo Menagerie, or the name of the file that was sent."""
    origin: Origin = "path"
    model: str = ""
    """Which of several models that are in what was sent."""
    kind: str = ""
    forward: str = ""
    base: str = ""


@dataclass(frozen=True)
class Listener:
    """Who waits for a robot: is told how it goes, and may end it."""

    progress: Progress | None = None
    """Of a download."""
    stage: Callable[[str], None] = lambda name: None
    stop: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class Understood:
    """What was made of a model, and what it may be corrected to."""

    given: Given
    notes: tuple[str, ...] = ()
    forward: str = ""
    """The axis of the file that is ahead; empty where its base does not float."""
    kinds: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    """None where the file says it."""


def add(
    source: str,
    *,
    robot_id: str | None = None,
    kind: str | None = None,
    forward: str | None = None,
    base: str | None = None,
    settings: Settings,
    progress: Progress | None = None,
) -> tuple[Robot, list[str]]:
    """Make a teachable robot of an MJCF or URDF file, a zip or a folder of it, or of a Menagerie
    model.

    Args:
        robot_id: None names it after the file, or after its folder.
        kind: one of `tabrl.generators.kinds.KINDS`; None sees by the structure.
        forward: the axis of its base's frame that is ahead, such as `-y`; None looks for it.
        base: `floating` or `fixed`, of a URDF file; None sees by what it stands on.
        progress: is told of a download.

    Returns:
        The robot, and what a person should know about it, in sentences.

    Raises:
        TabRLError: the name is taken or the model cannot be taught; the message says why.
    """
    path = Path(source).expanduser()
    named = not path.exists() and re.fullmatch(r"\w+", source)
    given = Given(
        source if named or not path.exists() else str(path.absolute()),
        "menagerie" if named else "path",
        "",
        kind or "",
        forward or "",
        base or "",
    )
    name = free_id(robot_id or _id_of(source))
    made = make(given, name, settings, Listener(progress))
    return made, list(understood(name).notes)


def make(
    given: Given,
    name: str,
    settings: Settings,
    listener: Listener,
    sent: Path | None = None,
    *,
    replaces: bool = False,
) -> Robot:
    """Make a robot.

    Args:
        name: its id.
        sent: the file that `given` names, where it was sent; it is kept with the robot.
        replaces: whether it takes the place of the one of this id, and its name.

    Raises:
        TabRLError: the model cannot be taught; the message says why.
    """
    told: list[str] = []
    source = sent or Path(given.source)
    if given.origin == "menagerie":
        source, told = locate(given.source, listener.progress)
    home = custom_robots_folder()
    home.mkdir(parents=True, exist_ok=True)
    # Beside its place, so that it appears there whole or not at all; no id begins with a dot.
    with tempfile.TemporaryDirectory(prefix=".", dir=home) as scratch:
        folder = Path(scratch) / ".made"  # a name that no model has
        folder.mkdir()
        _adopt(source, folder, given, name, settings, listener)
        if sent:
            (folder / KEPT).mkdir()
            shutil.copyfile(sent, folder / KEPT / given.source)
        card = json.loads((folder / CARD).read_bytes())
        card[GIVEN] = asdict(given)
        card["understood"]["notes"] = told + card["understood"]["notes"]
        if replaces:
            card["name"] = robot(name).name
        (folder / CARD).write_text(json.dumps(card), "utf-8")
        if replaces:
            (home / name).rename(Path(scratch) / "old")
        folder.rename(home / name)
    return robot(name)


def correct(
    robot_id: str, settings: Settings, listener: Listener, *, kind: str, forward: str, base: str
) -> Robot:
    """Make a custom robot again of what it was made of, with what a person says of it.

    Raises:
        UnknownRobotError: there is no custom robot of this id.
        ConflictError: what it was made of is not known.
        TabRLError: it cannot be made so; it stays as it was.
    """
    folder, before = _own(robot_id), understood(robot_id)
    given = replace(before.given, kind=kind, forward=forward, base=base)
    if not given.source:
        raise ConflictError(
            f"{robot_id} was added by an earlier TabRL, which did not keep what it was made of.",
            f"Remove it, and add it again as {robot_id}.",
        )
    sent = folder / KEPT / given.source if given.origin == "upload" else None
    return make(given, robot_id, settings, listener, sent, replaces=True)


def understood(robot_id: str) -> Understood:
    """What was understood of a custom robot; not much of one that an earlier TabRL added.

    Raises:
        UnknownRobotError: there is no custom robot of this id.
    """
    card = json.loads((_own(robot_id) / CARD).read_bytes())
    fields: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in card.get("understood", {}).items()
    }
    return Understood(Given(**card.get(GIVEN, {"source": ""})), **fields)


def rename(robot_id: str, name: str) -> None:
    """Give a custom robot another name to be called by; its id stays.

    Raises:
        UnknownRobotError: there is no custom robot of this id.
    """
    path = _own(robot_id) / CARD
    write_atomically(path, json.dumps(json.loads(path.read_bytes()) | {"name": name}))


def remove(robot_id: str) -> None:
    """Remove a custom robot.

    Raises:
        UnknownRobotError: there is none of this id.
        ConflictError: it came with TabRL.
    """
    shutil.rmtree(_own(robot_id))


def free_id(name: str) -> str:
    """This id, which no robot has.

    Raises:
        TabRLError: it cannot be an id, or is taken.
    """
    if not CUSTOM_ID.fullmatch(name) or name in RESERVED:
        raise TabRLError(
            f"{name!r} cannot be the id of a robot.",
            "An id is a letter and then up to 62 letters, digits, - or _.",
        )
    if _is_taken(name):
        raise ConflictError(
            f"There is a robot {name} already.",
            f"Choose another id, or remove {name} first if it is your own.",
        )
    return name


def some_id(file: str) -> str:
    """An id that no robot has, after the name of a file."""
    wanted = _id_of(file)
    if not CUSTOM_ID.fullmatch(wanted) or wanted in RESERVED:
        wanted = f"robot_{wanted}".rstrip("_")[:50]
    return next(
        n for n in chain((wanted,), (f"{wanted}_{i}" for i in count(2))) if not _is_taken(n)
    )


def _is_taken(name: str) -> bool:
    return (
        name.lower() in {each.id.lower() for each in robots()}
        or (custom_robots_folder() / name).exists()
    )


def _own(robot_id: str) -> Path:
    """The folder of a custom robot."""
    folder = custom_robots_folder() / robot_id
    if CUSTOM_ID.fullmatch(robot_id) and folder.is_dir():
        return folder
    known = [each.id for each in robots()]
    if robot_id in known:
        raise ConflictError(
            f"{robot_id} came with TabRL.", "Only your own robots can be changed or removed."
        )
    raise UnknownRobotError(robot_id, known)


def _id_of(source: str) -> str:
    path = Path(source)
    name = path.stem if path.suffix.lower() in (".xml", ".urdf", ".zip") else path.name
    if name.startswith("scene"):
        name = path.absolute().parent.name
    return "".join(c if c.isascii() and c.isalnum() else "_" for c in name).strip("_")


def _adopt(
    source: Path, folder: Path, given: Given, name: str, settings: Settings, listener: Listener
) -> None:
    upload = given.origin == "upload" or source.suffix.lower() == ".zip"
    options = {"kind": given.kind, "forward": given.forward, "base": given.base}
    options |= {"model": given.model} if upload else {}
    called = given.source if given.origin == "upload" else str(source)

    def heard(line: str) -> None:
        if line.startswith('{"stage"'):
            listener.stage(json.loads(line)["stage"])

    try:
        done = follow_aside(
            "tabrl.generators.adopt",
            str(source),
            str(folder),
            json.dumps({"id": name, "upload": upload, **options}),
            settings=settings,
            timeout_s=TIMEOUT_S,
            cwd=folder.parent,  # MuJoCo writes a log of warnings where it stands
            told=heard,
            stop=listener.stop,
        )
    except subprocess.TimeoutExpired as error:
        raise TabRLError(
            f"{called} took more than {TIMEOUT_S:.0f} s.", "Reduce its meshes."
        ) from error
    if listener.stop.is_set():
        raise TabRLError(f"{called} was not added: it was ended before.", "Add it again.")
    if done.returncode < 0:
        signalled = signal.Signals(-done.returncode).name
        raise TabRLError(
            f"{called} ended the process that looked at it ({signalled}).",
            "It may ask for too much memory: reduce its meshes, height fields and textures.",
        )
    answer_of(done, f"{called} could not be made a robot")
