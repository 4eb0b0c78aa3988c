"""Pictures of robots of any size and in any scene, drawn in a process that has OpenGL."""

import json
import os
import subprocess
import sys

import mujoco
import numpy as np
import pytest

from tabrl.rendering.gl import gl_environment
from tabrl.rendering.scene import ACTORS, prepare

DRAW = """
import json, sys
import mujoco, numpy as np
from tabrl.rendering.scene import prepare
from tabrl.rendering.stage import Stage
from tabrl.robots.catalogue import Camera

pictures = []
for xml, size in json.load(sys.stdin):
    model = prepare(mujoco.MjModel.from_xml_string(xml))
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    camera = Camera(azimuth=130, elevation=-20, distance=3 * size, height=0.3 * size)
    with Stage(model, camera, (160, 120)) as stage:
        pictures.append(stage.draw(data, np.array([0, 0, 0.3 * size])).copy())
np.save(sys.argv[1], pictures)
"""


def standing(size: float, more: str = "") -> str:
    return (
        f'<mujoco><worldbody><geom type="plane" size="0 0 1"/>{more}<body pos="0 0 {0.4 * size}">'
        f'<freejoint/><geom type="box" size="{0.4 * size} {0.1 * size} {0.1 * size}" '
        'rgba="1 0 0 1"/></body></worldbody></mujoco>'
    )


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> np.ndarray:
    """A red box of 1 m, 1 cm and 100 m, and one among 5,200 pebbles."""
    path = tmp_path_factory.mktemp("pictures") / "all.npy"
    pebbles = "".join(
        f'<geom size=".01" pos="{i % 72 - 36} {i // 72 + 3} 0" contype="0"/>' for i in range(5200)
    )
    sizes = (1.0, 0.01, 100.0)
    scenes = [*((standing(size), size) for size in sizes), (standing(1.0, pebbles), 1.0)]
    done = subprocess.run(
        [sys.executable, "-c", DRAW, str(path)],
        input=json.dumps(scenes),
        env=os.environ | gl_environment(),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return np.asarray(np.load(path), int)


def test_a_robot_of_any_size_is_drawn_with_its_shadow(pictures: np.ndarray) -> None:
    metre, centimetre, hectometre = pictures[:3, 60:]  # below the horizon
    for other in (centimetre, hectometre):
        assert np.abs(metre - other).mean() < 2
    grey = (metre.max(axis=2) < 170) & (np.ptp(metre, axis=2) < 40)
    assert grey.mean() > 0.005


def test_a_robot_among_thousands_of_things_is_drawn(pictures: np.ndarray) -> None:
    red = (pictures[..., 0] - pictures[..., 1] > 60).mean(axis=(1, 2))
    assert red[0] > 0.01
    assert red[3] == pytest.approx(red[0], rel=0.05)


def test_collision_shapes_of_what_has_no_others_are_drawn() -> None:
    text = standing(1.0, '<geom name="hidden" size=".1" group="3"/>')
    bodies = text.replace('rgba="1 0 0 1"', 'name="only" group="3"').replace(
        "</worldbody>",
        '<body><joint/><geom name="seen" size=".1"/><geom name="spare" size=".1" group="3"/></body>'
        "</worldbody>",
    )
    model = prepare(mujoco.MjModel.from_xml_string(bodies))
    groups = {name: int(model.geom(name).group[0]) for name in ("hidden", "only", "seen", "spare")}
    assert groups == {"hidden": 3, "only": ACTORS, "seen": ACTORS, "spare": 3}
