"""Robots of MuJoCo Menagerie by their names: installed, in a checkout, or downloaded once.

Downloads are those of DeepMind's package `mujoco-menagerie`, which knows each robot's archive and
checksum and keeps what it fetched in a cache of its own. TabRL works without the package.
"""

import os
from collections.abc import Callable
from pathlib import Path

from tabrl.errors import TabRLError
from tabrl.robots.packages import packaged

Progress = Callable[[int, int], None]
"""Is told how many bytes of how many have arrived."""
INSTALL = "pip install mujoco-menagerie"
CHECKOUT = "MENAGERIE_ROOT"

HEROES = {
    "anybotics_anymal_c": "ANYmal C",
    "unitree_go2": "Unitree Go2",
    "universal_robots_ur5e": "UR5e",
    "kuka_iiwa_14": "KUKA iiwa 14",
    "wonik_allegro": "Allegro Hand",
    "shadow_hand": "Shadow Hand",
}
"""Robots to begin with, by their names."""


def names() -> list[str]:
    """All that can be had by name here; none where only the installed ones can."""
    if root := os.environ.get(CHECKOUT):
        folders = sorted(Path(root).expanduser().glob("*/*.xml"))
        return sorted({path.parent.name for path in folders})
    try:
        import mujoco_menagerie as menagerie
    except ImportError:
        return []
    return list(menagerie.names())


def locate(name: str, progress: Progress | None = None) -> tuple[Path, list[str]]:
    """The model that is meant by a name of MuJoCo Menagerie, and what to tell of it.

    A checkout at MENAGERIE_ROOT comes first, then the installed models, then the download.

    Raises:
        TabRLError: there is no such robot, or it cannot be had now; the message says why.
    """
    if root := os.environ.get(CHECKOUT):
        folder = Path(root).expanduser() / name
        if not folder.is_dir():
            raise TabRLError(
                f"{CHECKOUT} is {root}, and holds no folder {name}.",
                f"Point it to a checkout of MuJoCo Menagerie that has it, or unset {CHECKOUT}.",
            )
        return folder, []
    if installed := packaged(name):
        return installed, []
    return _downloaded(name, progress)


def _downloaded(name: str, progress: Progress | None) -> tuple[Path, list[str]]:
    try:
        import mujoco_menagerie as menagerie
    except ImportError:
        raise TabRLError(
            f"There is no file {name}, and it is no robot that came with TabRL.",
            f"For every robot of MuJoCo Menagerie by name: {INSTALL}. Or clone it, and set "
            f"{CHECKOUT} to the clone.",
        ) from None
    try:
        robot = menagerie.get(name)
        cached = menagerie.Cache().is_cached(robot)
        folder = robot.path(progress=_told(progress))
    except menagerie.UnknownRobotError as error:
        near = error.suggestions or menagerie.names()
        raise TabRLError(
            f"There is no file {name}, and MuJoCo Menagerie has no robot of this name.",
            f"It has {', '.join(near[:8])}" + (", ..." if len(near) > 8 else "."),
        ) from None
    except (menagerie.MenagerieError, OSError) as error:
        raise TabRLError(
            f"{name} is not on this machine yet, and its download failed: {str(error)[:300]}",
            f"Try again with a network; or clone MuJoCo Menagerie and set {CHECKOUT} to the clone.",
        ) from error
    came = "from the cache" if cached else f"downloaded, {(robot.download_size or 0) / 1e6:.1f} MB"
    notes = [f"{robot.display_name} of MuJoCo Menagerie, {came}; its licence: {robot.license}."]
    return folder / robot.entry().file, notes


def _told(progress: Progress | None) -> Callable[[str, int, int], None] | None:
    return (lambda _, done, total: progress(done, total)) if progress else None
