"""A robot's scene as a zip, written once by a process that may load MuJoCo."""

import subprocess
import threading
import zipfile
from pathlib import Path

from tabrl.errors import BusyError
from tabrl.experiments.aside import run_aside
from tabrl.robots.catalogue import CUSTOM, SCENE, custom_robots_folder
from tabrl.robots.catalogue import robot as find_robot
from tabrl.settings import Settings

TIMEOUT_S = 120.0
_lock = threading.Lock()  # one such process at a time


def scene(robot: str, settings: Settings) -> Path:
    """The zip with a robot's scene and the meshes of it, which MuJoCo loads once it is unpacked.

    Raises:
        UnknownRobotError: there is none of this id.
        BusyError: it could not be written in time.
    """
    found = find_robot(robot)
    path = settings.cache / "scenes" / f"{found.id}.zip"
    with _lock:
        path.parent.mkdir(parents=True, exist_ok=True)
        if found.category == CUSTOM:
            _pack(custom_robots_folder() / found.id, path)
        elif not path.is_file():
            _write(found.id, path, settings)
    return path


def _pack(folder: Path, path: Path) -> None:
    """The zip of a custom robot, whose scene lies there with its assets already."""
    scratch = path.with_suffix(".part")
    with zipfile.ZipFile(scratch, "w", zipfile.ZIP_DEFLATED) as bundle:
        for file in (folder / SCENE, *sorted(folder.glob("assets/*"))):
            bundle.write(file, file.relative_to(folder))
    scratch.replace(path)


def _write(robot: str, path: Path, settings: Settings) -> None:
    scratch = path.with_suffix(".part")
    words = ("tabrl.generators.scene", robot, str(scratch))
    try:
        run_aside(*words, settings=settings, timeout_s=TIMEOUT_S).check_returncode()
        scratch.replace(path)
    except (subprocess.SubprocessError, OSError) as error:
        raise BusyError(
            f"The scene of {robot} could not be written.", "Try again later."
        ) from error
