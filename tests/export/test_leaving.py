"""What leaves TabRL plays where there is none of it."""

import io
import json
import re
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

import mujoco
import numpy as np
import pytest

from tabrl.envs.load import load_env
from tabrl.errors import NotFoundError, TabRLError
from tabrl.experiments.page import BUILT, write_page
from tabrl.experiments.playable import FILES, Playable, packed, played, policies_in, title_of
from tabrl.export.slim import slim, whole
from tabrl.policies import SHIPPED
from tabrl.robots.assets import licences
from tabrl.settings import Settings

ROOT = Path(__file__).parents[2]
ALOHA = ROOT / "src/tabrl/library/hip-shake"
GO1 = SHIPPED / "go1"
SCENE = """
<mujoco>
  <asset>
    <mesh name="seen" vertex="0 0 0 1 0 0 0 1 0 0 0 1"/>
    <mesh name="hit" vertex="0 0 0 1 0 0 0 1 0 0 0 1"/>
  </asset>
  <worldbody>
    <geom type="plane" size="9 9 1"/>
    <body pos="0 0 2">
      <freejoint/>
      <geom type="mesh" mesh="hit"/>
      <geom type="mesh" mesh="seen" contype="0" conaffinity="0"/>
    </body>
  </worldbody>
</mujoco>
"""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("leaving")
    return Settings(folder / "home", folder / "cache").prepare()


def test_the_page_s_mujoco_is_python_s() -> None:
    package = json.loads((ROOT / "web/package.json").read_text("utf-8"))
    assert package["dependencies"]["@mujoco/mujoco"] == version("mujoco")


def test_a_slim_scene_moves_to_the_bit_as_the_whole_one(tmp_path: Path) -> None:
    model = mujoco.MjModel.from_xml_string(SCENE)
    ends = []
    for name, data in (("whole", whole(model)), ("slim", slim(model))):
        path = tmp_path / f"{name}.mjb"
        path.write_bytes(data)
        loaded = mujoco.MjModel.from_binary_path(str(path))
        state = mujoco.MjData(loaded)
        mujoco.mj_step(loaded, state, 800)  # it falls, and lies on its mesh
        assert state.ncon
        ends.append(state.qpos.copy())
    np.testing.assert_array_equal(*ends)
    kept = slim(model)
    assert kept.count(bytes(100)) > whole(model).count(bytes(100))


def test_policies_are_found_in_an_experiment_or_are_one() -> None:
    assert list(policies_in(ALOHA)) == ["1-aloha-roll"]  # the best ships
    assert list(policies_in(ALOHA / "1-aloha-roll/policy")) == ["1-aloha-roll"]
    assert title_of(ALOHA / "1-aloha-roll/policy") == "Aloha Roll"
    assert title_of(GO1) == "The base policy of Go1JoystickFlatTerrain"
    with pytest.raises(NotFoundError, match="no policy"):
        policies_in(ROOT)


def test_a_robot_leaves_with_the_licences_of_its_model_and_its_scene() -> None:
    load_env("Go1JoystickFlatTerrain")
    told = licences()
    assert "unitree_go1" in told
    assert "Unitree Robotics" in told
    assert "Apache License" in told.partition("MuJoCo Playground")[2]


def test_what_no_policy_has_is_refused(settings: Settings) -> None:
    with pytest.raises(NotFoundError, match=r"There is no secret\.txt"):
        played(GO1, "secret.txt", settings)


@pytest.mark.nightly
def test_a_bundle_does_what_the_policy_did(settings: Settings, tmp_path: Path) -> None:
    data = packed(ALOHA / "1-aloha-roll/policy", "bundle", "aloha", settings)
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        bundle.extractall(tmp_path)
    assert "Unitree Robotics" in (tmp_path / "aloha/licences.txt").read_text("utf-8")
    check = [sys.executable, "-P", "check.py"]
    folder = tmp_path / "aloha"
    done = subprocess.run(
        check, cwd=folder, capture_output=True, text=True, env={"PYTHONPATH": str(folder)}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "25 control steps" in done.stdout
    wanted = folder / "recorded.json"
    moved = json.loads(wanted.read_text("utf-8"))
    moved["qpos"][20][3] += 0.01
    wanted.write_text(json.dumps(moved), "utf-8")
    done = subprocess.run(check, cwd=folder, env={"PYTHONPATH": str(folder)}, check=False)
    assert done.returncode == 1


@pytest.mark.nightly
@pytest.mark.skipif(not BUILT.exists(), reason="the page is not built: `make web` builds it")
def test_a_page_has_all_that_it_loads_beside_it(settings: Settings, tmp_path: Path) -> None:
    out = tmp_path / "page"
    write_page("Aloha", policies_in(ALOHA).values(), out, settings)
    text = (out / "index.html").read_text("utf-8")
    for address in re.findall(r'(?:src|href)="([^"]+)"', text):
        assert (out / address).is_file(), address
    licences = (out / "licences.txt").read_text("utf-8")
    for words in ("Unitree Robotics", "MuJoCo: LICENSE", "ONNX Runtime: LICENSE", "three - "):
        assert words in licences
    kinds = {path.suffix for path in (out / "assets").iterdir()}
    assert {".js", ".css", ".wasm"} <= kinds
    for policy in json.loads((out / "contents.json").read_text("utf-8"))["policies"]:
        assert {path.name for path in (out / policy["folder"]).iterdir()} == set(FILES)
    with pytest.raises(TabRLError, match="there already"):
        write_page("Aloha", [], out, settings)
    with pytest.raises(NotFoundError, match="no policy"):
        write_page("Aloha", [Playable(tmp_path)], tmp_path / "other", settings)
    assert [path.name for path in tmp_path.iterdir()] == ["page"]
