"""Loading environments, for all of the catalogue and without a network."""

import json
import os
import subprocess
import sys
from pathlib import Path

import mujoco
import numpy as np
import pytest
from mujoco_playground._src import locomotion
from structures import each_structure, halves

from tabrl.envs.load import COARSE_DT, coarse, load_env
from tabrl.errors import UnknownRobotError
from tabrl.robots.catalogue import entries, robot

LOADS_AND_STEPS = """
import json, socket, sys

class NoSocket(socket.socket):
    def __init__(self, *args, **kwargs):
        raise OSError("the network is off in this test")

socket.socket = socket.create_connection = NoSocket

import mujoco, numpy as np
from tabrl.envs.load import load_env
from tabrl.robots.catalogue import robots

said = {}
for robot in (each for each in robots() if each.id in sys.argv[1:]):
    try:
        model = load_env(robot.id).mj_model
        data = mujoco.MjData(model)
        data.qpos[:] = robot.structure.home_qpos
        mujoco.mj_step(model, data)
        finite = np.isfinite(data.qpos).all() and np.isfinite(data.qvel).all()
        said[robot.id] = "stepped" if finite and data.time > 0 else "not finite"
    except Exception as error:
        said[robot.id] = repr(error)
json.dump(said, sys.stdout)
"""


@pytest.mark.parametrize("ids", halves())
def test_every_robot_loads_and_steps_without_network(ids: tuple[str, ...]) -> None:
    source = Path(__file__).parents[2] / "src"
    environment = os.environ | {"PATH": "", "JAX_PLATFORMS": "cpu", "PYTHONPATH": str(source)}
    shown = subprocess.run(
        [sys.executable, "-c", LOADS_AND_STEPS, *ids],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(shown.stdout.splitlines()[-1]) == dict.fromkeys(ids, "stepped")


def test_an_unknown_robot_is_refused_by_name() -> None:
    with pytest.raises(UnknownRobotError, match="Go1JoystickFlatTerrain"):
        load_env("Go1Joystick")


def test_configs_are_overridden_by_dotted_name() -> None:
    env = load_env("CartpoleBalance", config_overrides={"episode_length": 7})
    assert env._config.episode_length == 7
    assert env.mjx_model.impl.value == "jax"


def test_go1_stands_in_a_scene_where_its_trunk_collides() -> None:
    height = {stock: _height_on_its_back(stock) for stock in (False, True)}
    assert height[False] > 0.03
    assert height[True] < 0.0


def test_both_scenes_of_go1_obey_the_same_dynamics() -> None:
    ours, stock = (load_env("Go1JoystickFlatTerrain", stock_scene=s).mj_model for s in (0, 1))
    for name in ("body_mass", "dof_damping", "dof_armature", "actuator_gainprm", "jnt_range"):
        np.testing.assert_array_equal(getattr(ours, name), getattr(stock, name))


def test_the_full_scene_of_go1_has_every_name_of_the_stock_one() -> None:
    ours, stock = (load_env("Go1JoystickFlatTerrain", stock_scene=s).mj_model for s in (0, 1))
    assert _names(ours, "sensor") > _names(stock, "sensor")
    for kind in ("joint", "actuator", "body", "site", "key"):
        assert _names(ours, kind) >= _names(stock, kind)
    np.testing.assert_array_equal(ours.key("home").qpos, stock.key("home").qpos)


@pytest.mark.parametrize("robot_id", ["BerkeleyHumanoidJoystickFlatTerrain", "WalkerWalk"])
def test_coarse_physics_takes_fewer_steps_for_the_same_time(robot_id: str) -> None:
    ours = load_env(robot_id, config_overrides=coarse(robot(robot_id)))
    fine = load_env(robot_id)
    assert ours.n_substeps < fine.n_substeps
    assert ours.mj_model.opt.timestep * ours.n_substeps == pytest.approx(fine.dt)
    assert ours.mj_model.opt.timestep <= COARSE_DT


def test_coarse_physics_leaves_long_steps_as_they_are() -> None:
    assert coarse(robot("Go1JoystickFlatTerrain")) == {}


def _names(model: mujoco.MjModel, kind: str) -> set[str]:
    count = {"joint": model.njnt, "actuator": model.nu, "key": model.nkey}.get(
        kind, getattr(model, f"n{kind}", 0)
    )
    return {getattr(model, kind)(i).name for i in range(count)}


def _height_on_its_back(stock_scene: bool) -> float:
    """Where the trunk (m) of a limp Go1 comes to lie when it is dropped upside down."""
    return _dropped(load_env("Go1JoystickFlatTerrain", stock_scene=stock_scene).mj_model, 0.3)


def _dropped(model: mujoco.MjModel, height: float) -> float:
    """Where the base (m) of a limp robot comes to lie when it is dropped upside down."""
    data = mujoco.MjData(model)
    data.qpos[:7] = [0, 0, height, 0, 1, 0, 0]
    model.actuator_gainprm[:] = model.actuator_biasprm[:] = 0
    mujoco.mj_step(model, data, nstep=round(1.0 / model.opt.timestep))
    return float(data.qpos[2])


LEGGED = {
    entry["family"]: robot_id
    for robot_id, entry in entries().items()
    if robot_id in locomotion._envs and "Rough" not in robot_id and "scene" not in entry
}.values()
A_LEGGED_ONE = pytest.mark.parametrize("robot_id", each_structure(lambda r: r.id in LEGGED))


@A_LEGGED_ONE
def test_the_floor_stops_the_whole_robot(robot_id: str) -> None:
    base_height = robot(robot_id).structure.base_height
    assert _dropped(load_env(robot_id).mj_model, base_height) > 0.02


@A_LEGGED_ONE
def test_a_solid_robot_stands_as_it_did_and_weighs_as_much(robot_id: str) -> None:
    ours, stock = (load_env(robot_id, stock_scene=s).mj_model for s in (0, 1))
    for name in ("body_mass", "body_inertia", "dof_armature", "actuator_gainprm", "pair_friction"):
        np.testing.assert_array_equal(getattr(ours, name), getattr(stock, name))
    standing = [mujoco.MjData(model) for model in (ours, stock)]
    for model, data in zip((ours, stock), standing, strict=True):
        mujoco.mj_resetDataKeyframe(model, data, 0)
        mujoco.mj_step(model, data, nstep=20)
    np.testing.assert_array_equal(standing[0].qpos, standing[1].qpos)


@pytest.mark.nightly
def test_importing_an_environment_prints_nothing() -> None:
    command = [sys.executable, "-c", "import tabrl.envs.task"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == ""
