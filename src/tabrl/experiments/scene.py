"""A robot's scene as MJCF, written once by a process that may load MuJoCo."""

import subprocess
import sys
import threading
from pathlib import Path

from tabrl.errors import BusyError
from tabrl.executors.environment import worker_environment
from tabrl.robots.catalogue import OWN, SCENE, own_robots_folder
from tabrl.robots.catalogue import robot as find_robot
from tabrl.settings import Settings

TIMEOUT_S = 120.0
_lock = threading.Lock()  # one such process at a time


def scene(robot: str, settings: Settings) -> Path:
    """The file with a robot's scene.

    Raises:
        UnknownRobotError: there is none of this id.
        BusyError: it could not be written in time.
    """
    found = find_robot(robot)
    known = found.id
    if found.category == OWN:
        return own_robots_folder() / known / SCENE
    path = settings.cache / "scenes" / f"{known}.xml"
    with _lock:
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(known, path, settings)
    return path


def _write(robot: str, path: Path, settings: Settings) -> None:
    scratch = path.with_suffix(".part")
    command = [sys.executable, "-P", "-m", "tabrl.envs.scene", robot, str(scratch)]
    try:
        subprocess.run(
            command,
            env=worker_environment(settings),
            timeout=TIMEOUT_S,
            check=True,
            stdin=subprocess.DEVNULL,
            capture_output=True,
        )
        scratch.replace(path)
    except (subprocess.SubprocessError, OSError) as error:
        raise BusyError(
            f"The scene of {robot} could not be written.", "Try again later."
        ) from error
