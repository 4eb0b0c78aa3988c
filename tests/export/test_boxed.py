"""A box that is dropped in a robot's way, and the robot that knows nothing of it."""

import mujoco
import numpy as np
import pytest
from structures import nightly

from tabrl.envs.load import load_env
from tabrl.export.box import NUMBERS, drop, take_state
from tabrl.export.boxed import with_box
from tabrl.export.slim import whole
from tabrl.robots.catalogue import robot as find_robot

FAR = (0, 0, 1000, 1, 0, 0, 0)
SOME = ("Go1JoystickFlatTerrain", "CheetahRun")  # a free base, and one in a plane
MORE = ("PandaPickCube", "LeapCubeReorient", "G1JoystickRoughTerrain", "AlohaHandOver")


def _boxed(robot_id: str) -> tuple[mujoco.MjModel, mujoco.MjModel, dict, dict]:
    structure = find_robot(robot_id).structure
    model = load_env(robot_id).mj_model
    start = {"qpos": list(structure.home_qpos)}
    made = with_box(robot_id, structure, model, start)
    assert made
    return model, made[0], made[1], start


@pytest.mark.parametrize("robot_id", [*SOME, *map(nightly, MORE)])
def test_a_robot_moves_beside_a_box_as_alone_until_they_meet(robot_id: str) -> None:
    model, boxed, _, start = _boxed(robot_id)
    assert (boxed.nq, boxed.nv) == (model.nq + NUMBERS[0], model.nv + NUMBERS[1])
    ends = []
    for each in (model, boxed):
        data = mujoco.MjData(each)
        data.qpos[: model.nq] = start["qpos"]
        if each is boxed:
            data.qpos[-NUMBERS[0] :] = FAR
        for step in range(100):
            data.ctrl[:] = 0.3 * np.sin(0.1 * step + np.arange(model.nu))
            mujoco.mj_step(each, data)
        ends.append(np.concatenate([data.qpos[: model.nq], data.sensordata]))
    np.testing.assert_allclose(ends[1], ends[0], rtol=0, atol=1e-9)


def test_the_scene_that_it_was_trained_in_stays_as_it_is_to_the_bit() -> None:
    model = load_env(SOME[1]).mj_model
    before = whole(model)
    structure = find_robot(SOME[1]).structure
    assert with_box(SOME[1], structure, model, {"qpos": list(structure.home_qpos)})
    assert whole(model) == before


@pytest.mark.parametrize("robot_id", [SOME[0], *map(nightly, MORE[:1])])
def test_a_box_falls_ahead_rests_on_the_floor_and_stops_what_comes(robot_id: str) -> None:
    model, boxed, box, start = _boxed(robot_id)
    before, data = mujoco.MjData(model), mujoco.MjData(boxed)
    before.qpos[:] = start["qpos"]
    take_state(before, data)
    drop(boxed, data, box)
    at = data.qpos[-NUMBERS[0] :][:3].copy()
    assert at[2] > box["half"][2]
    data.ctrl[:] = data.qpos[7 : 7 + model.nu] if box["free_base"] else 0.0
    mujoco.mj_step(boxed, data, round(1.0 / boxed.opt.timestep))
    lies = data.qpos[-NUMBERS[0] :][:3].copy()
    assert lies[2] == pytest.approx(box["half"][2], abs=2e-3)
    np.testing.assert_allclose(lies[:2], at[:2], atol=0.01)
    if box["free_base"]:
        data.qvel[0] = 3.0  # the robot slides against it
        mujoco.mj_step(boxed, data, round(0.5 / boxed.opt.timestep))
        assert data.qpos[-NUMBERS[0]] > lies[0] + 0.02


def test_where_nothing_would_stop_it_there_is_no_box() -> None:
    structure = find_robot("ReacherEasy").structure  # its ground touches nothing
    model = load_env("ReacherEasy").mj_model
    assert with_box("ReacherEasy", structure, model, {"qpos": list(structure.home_qpos)}) is None
