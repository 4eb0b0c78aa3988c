"""A robot's scene as MJCF: `python -m tabrl.envs.scene ROBOT FILE` writes it.

Meshes and textures are named, not contained: they lie in the installed data packages.
"""

import sys
import tempfile
from pathlib import Path

import mujoco

from tabrl.envs.load import load_env


def scene_xml(robot_id: str) -> str:
    """The model of an environment, compiled and written back by MuJoCo as one file."""
    model = load_env(robot_id).mj_model
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scene.xml"
        mujoco.mj_saveLastXML(str(path), model)
        return path.read_text("utf-8")


if __name__ == "__main__":
    made = scene_xml(sys.argv[1])
    Path(sys.argv[2]).write_text(made, encoding="utf-8")
