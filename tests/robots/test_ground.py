"""Heights of the ground against rays that MuJoCo sends down."""

import jax.numpy as jnp
import mujoco
import numpy as np
import pytest

from tabrl.envs.load import load_env
from tabrl.robots.catalogue import robot, robots
from tabrl.robots.ground import Ground

ROUGH = tuple(each.id for each in robots() if "Rough" in each.id)
FIELD = """
<mujoco>
  <asset><hfield name="dunes" nrow="3" ncol="4" size="1.5 0.8 0.4 0.1"
    elevation="0 3 1 7  9 2 5 4  6 8 0 1"/></asset>
  <worldbody>
    <geom name="dunes" type="hfield" hfield="dunes" pos="0.5 -0.2 0.3"/>
    <body pos="0 0 2"><freejoint/><geom size="0.1"/></body>
  </worldbody>
</mujoco>
"""


def _ray_heights(model: mujoco.MjModel, points: np.ndarray) -> np.ndarray:
    data, groups = mujoco.MjData(model), None
    mujoco.mj_forward(model, data)
    hit, down, robot_parts = np.zeros(1, np.int32), np.array([0.0, 0, -1]), 1
    found = []
    for x, y in points:
        above = np.array([x, y, 10.0])
        way = mujoco.mj_ray(model, data, above, down, groups, 1, robot_parts, hit)
        assert model.geom_type[hit[0]] == mujoco.mjtGeom.mjGEOM_HFIELD
        found.append(10.0 - way)
    return np.array(found)


def test_heights_are_those_that_rays_find_between_the_points_of_a_field() -> None:
    model = mujoco.MjModel.from_xml_string(FIELD)
    rng = np.random.default_rng(0)
    points = rng.uniform((-0.99, -0.99), (1.99, 0.59), (200, 2))
    wanted = _ray_heights(model, points)
    assert np.ptp(wanted) > 0.3
    ground = Ground(model)
    np.testing.assert_allclose(ground.below(points), wanted, atol=1e-5)
    told = ground.below(jnp.asarray(points, jnp.float32), jnp)
    np.testing.assert_allclose(told, wanted, atol=1e-5)


def test_beyond_its_border_the_ground_goes_on() -> None:
    ground = Ground(mujoco.MjModel.from_xml_string(FIELD))
    border, beyond = np.array([[2.0, 0.1], [0.3, -1.0]]), np.array([[5.0, 0.1], [0.3, -9.0]])
    np.testing.assert_allclose(ground.below(beyond), ground.below(border), atol=1e-5)


@pytest.mark.parametrize("robot_id", ROUGH)
def test_robots_of_rough_ground_know_it_and_their_height_above_it(robot_id: str) -> None:
    model = load_env(robot_id).mj_model
    ground = Ground(model)
    points = np.random.default_rng(1).uniform(5.0, 9.0, (20, 2))  # away from the robot
    np.testing.assert_allclose(ground.below(points), _ray_heights(model, points), atol=1e-5)
    rough, flat = (robot(name).structure for name in (robot_id, robot_id.replace("Rough", "Flat")))
    assert rough.base_height == pytest.approx(flat.base_height, rel=0.07)
    assert rough.base_height < rough.home_qpos[2]  # where it is dropped from


def test_a_plane_is_at_height_0() -> None:
    ground = Ground(load_env("Go1JoystickFlatTerrain").mj_model)
    assert not ground.rough
    np.testing.assert_array_equal(ground.below(np.ones((2, 3))), np.zeros(2))
