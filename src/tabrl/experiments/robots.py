"""Custom robots: added from MJCF or URDF by a process that may load MuJoCo, and removed."""

import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from tabrl.errors import ConflictError, TabRLError, UnknownRobotError
from tabrl.experiments.aside import answer_of, run_aside
from tabrl.experiments.menagerie import Progress, locate
from tabrl.robots.catalogue import CUSTOM_ID, Robot, custom_robots_folder, robot, robots
from tabrl.settings import Settings

TIMEOUT_S = 600.0


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
    """Make a teachable robot of an MJCF or URDF file, of its folder, or of a Menagerie model.

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
    name = _free_id(robot_id or _id_of(source))
    told: list[str] = []
    if not Path(source).expanduser().exists() and re.fullmatch(r"\w+", source):
        path, told = locate(source, progress)
        source = str(path)
    home = custom_robots_folder()
    home.mkdir(parents=True, exist_ok=True)
    # Beside its place, so that it appears there whole or not at all; no id begins with a dot.
    with tempfile.TemporaryDirectory(prefix=".", dir=home) as scratch:
        folder = Path(scratch) / ".made"  # a name that no model has
        folder.mkdir()
        notes = _adopt(source, (name, kind or "", forward or "", base or "", str(folder)), settings)
        folder.rename(home / name)
    return robot(name), told + notes


def remove(robot_id: str) -> None:
    """Remove a custom robot.

    Raises:
        UnknownRobotError: there is none of this id.
        ConflictError: it came with TabRL.
    """
    folder = custom_robots_folder() / robot_id
    if CUSTOM_ID.fullmatch(robot_id) and folder.is_dir():
        shutil.rmtree(folder)
        return
    known = [each.id for each in robots()]
    if robot_id in known:
        raise ConflictError(f"{robot_id} came with TabRL.", "Only your own robots can be removed.")
    raise UnknownRobotError(robot_id, known)


def _id_of(source: str) -> str:
    path = Path(source)
    name = path.stem if path.suffix in (".xml", ".urdf") else path.name
    if name.startswith("scene"):
        name = path.absolute().parent.name
    return "".join(c if c.isascii() and c.isalnum() else "_" for c in name).strip("_")


def _free_id(name: str) -> str:
    if not CUSTOM_ID.fullmatch(name):
        raise TabRLError(
            f"{name!r} cannot be the id of a robot.",
            "Give --id a letter and then up to 62 letters, digits, - or _.",
        )
    taken = {each.id.lower() for each in robots()}
    if name.lower() in taken or (custom_robots_folder() / name).exists():
        raise ConflictError(
            f"There is a robot {name} already.",
            f"Choose another --id, or `tabrl robots remove {name}` first if it is your own.",
        )
    return name


def _adopt(source: str, words: tuple[str, ...], settings: Settings) -> list[str]:
    path = Path(source).expanduser()
    given = str(path.absolute()) if path.exists() else source
    try:
        done = run_aside(
            "tabrl.generators.adopt",
            given,
            *words,
            settings=settings,
            timeout_s=TIMEOUT_S,
            cwd=Path(words[-1]).parent,  # MuJoCo writes a log of warnings where it stands
        )
    except subprocess.TimeoutExpired as error:
        raise TabRLError(
            f"{source} took more than {TIMEOUT_S:.0f} s.", "Reduce its meshes."
        ) from error
    if done.returncode < 0:
        name = signal.Signals(-done.returncode).name
        raise TabRLError(
            f"{source} ended the process that looked at it ({name}).",
            "It may ask for too much memory: reduce its meshes, height fields and textures.",
        )
    notes: list[str] = answer_of(done, f"{source} could not be made a robot")["notes"]
    return notes
