"""The generated half of the catalogue against the environments it came from."""

import json
from collections.abc import Iterable
from pathlib import Path

import mujoco
import numpy as np
import pytest

from tabrl.envs.load import load_env
from tabrl.errors import TabRLError
from tabrl.generators.catalogue import PATH, build_catalogue, to_json
from tabrl.robots.catalogue import entries, robot
from tabrl.robots.structure import build_structure

FEW = ["Go1JoystickFlatTerrain", "PandaPickCube", "CheetahRun"]


def test_the_catalogue_is_what_the_models_say() -> None:
    stored = json.loads(Path(PATH).read_text("utf-8"))
    rebuilt = json.loads(to_json(build_catalogue(FEW)))
    assert rebuilt == {robot_id: stored[robot_id] for robot_id in FEW}


def test_the_catalogue_covers_what_people_wrote() -> None:
    assert list(json.loads(PATH.read_text("utf-8"))) == list(entries())


def test_a_group_without_joints_is_refused() -> None:
    entry = entries()["CheetahRun"]
    entry["groups"] = {**entry["groups"], "wings": "^wing"}
    with pytest.raises(TabRLError, match="wings"):
        build_structure(load_env("CheetahRun"), entry)


def test_a_free_body_without_a_name_in_the_catalogue_is_refused() -> None:
    entry = entries()["PandaPickCube"] | {"objects": []}
    with pytest.raises(TabRLError, match="box"):
        build_structure(load_env("PandaPickCube"), entry)


def test_a_foot_at_its_radius_touches_the_floor() -> None:
    structure = robot("Go1JoystickFlatTerrain").structure
    model = load_env("Go1JoystickFlatTerrain").mj_model
    data = mujoco.MjData(model)
    data.qpos[:] = structure.home_qpos
    mujoco.mj_kinematics(model, data)
    lowest = min(data.site(foot.object_name).xpos[2] - foot.radius for foot in structure.feet)
    data.qpos[2] -= lowest + 1e-4
    mujoco.mj_forward(model, data)
    touching = {int(geom) for pair in data.contact.geom for geom in pair}
    assert touching & {model.geom(foot.object_name).id for foot in structure.feet}
    data.qpos[2] += 2e-4
    mujoco.mj_forward(model, data)
    assert data.ncon == 0


def test_no_targets_of_an_arm_lift_its_hand_higher_than_the_catalogue_says() -> None:
    structure = robot("G1JoystickFlatTerrain").structure
    env = load_env("G1JoystickFlatTerrain")
    model, span = env.mj_model, env._config.action_scale
    data, home = mujoco.MjData(model), np.array(structure.home_qpos)
    index = [hand.name for hand in structure.hands].index("right")
    raised = structure.raised[index]
    arm = [joint for joint in structure.joints if joint.name in raised.joints]
    assert raised.joints == structure.groups["right_arm"]

    def height(pose: Iterable[float]) -> float:
        data.qpos[:] = home
        data.qpos[[joint.qpos_adr for joint in arm]] = list(pose)
        mujoco.mj_kinematics(model, data)
        return float(data.site(structure.hands[index].object_name).xpos[2])

    assert height(joint.home for joint in arm) == pytest.approx(raised.rest, abs=1e-5)
    assert height(raised.pose) == pytest.approx(raised.height, abs=1e-5)
    tried = []
    for draw in np.random.default_rng(0).choice([-1.0, 0.0, 1.0], (500, len(arm))):
        ends = [(joint, joint.home + side * span) for joint, side in zip(arm, draw, strict=True)]
        tried.append(height(np.clip(at, *joint.range) for joint, at in ends if joint.range))
    assert raised.rest + 0.25 < max(tried) <= raised.height + 1e-5


def test_actions_that_add_up_lift_a_hand_over_the_head() -> None:
    sums, steps = (
        robot("H1JoystickGaitTracking").structure,
        robot("H1InplaceGaitTracking").structure,
    )
    assert sums.raised[0].height > 1.9 > steps.raised[0].height > steps.raised[0].rest
