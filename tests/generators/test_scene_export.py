"""A scene that is given away loads alone."""

import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from structures import nightly

from tabrl.envs.load import load_env
from tabrl.envs.solid import kept
from tabrl.generators.scene import written_back

ONE_OF_EACH = (
    "Go1JoystickRoughTerrain",  # a height field, bodies that the floor stops
    "G1JoystickFlatTerrain",
    "PandaPickCube",
    "AlohaHandOver",
    "LeapCubeReorient",  # pictures on a cube
    "CheetahRun",  # no files at all
)
LOAD = "import mujoco; m = mujoco.MjModel.from_xml_path('scene.xml'); print(m.nq, m.nv, m.nu)"


@pytest.mark.parametrize("robot_id", [ONE_OF_EACH[0], *map(nightly, ONE_OF_EACH[1:])])
def test_a_scene_loads_in_another_process_from_an_empty_folder(
    robot_id: str, tmp_path: Path
) -> None:
    written = [sys.executable, "-P", "-m", "tabrl.generators.scene", robot_id, "scene.zip"]
    subprocess.run(written, cwd=tmp_path, check=True, capture_output=True)
    with zipfile.ZipFile(tmp_path / "scene.zip") as bundle:
        bundle.extractall(tmp_path / "alone")
    loading = [sys.executable, "-c", LOAD]
    done = subprocess.run(loading, cwd=tmp_path / "alone", capture_output=True, text=True)
    model = load_env(robot_id).mj_model
    assert done.stdout.split() == [str(size) for size in (model.nq, model.nv, model.nu)], (
        done.stderr
    )


@pytest.mark.parametrize("robot_id", ["Go1JoystickFlatTerrain", "BarkourJoystick"])
def test_a_scene_is_written_as_its_environment_made_it(robot_id: str) -> None:
    with kept() as specs:
        model = load_env(robot_id).mj_model
    again = written_back(specs[-1], model).compile()
    assert again.opt.timestep == model.opt.timestep
    for name in ("geom_conaffinity", "dof_damping", "jnt_range", "actuator_gainprm", "key_qpos"):
        np.testing.assert_array_equal(getattr(again, name), getattr(model, name))
