"""Rollouts of robots whose control periods are not a clip's."""

import math
from pathlib import Path
from threading import Event as Flag

import jax.numpy as jnp
import lessons
import mujoco
import numpy as np
import pytest
from structures import nightly

from tabrl.events import Finished
from tabrl.policies import SHIPPED, checkpoint
from tabrl.rendering.video import probe
from tabrl.robots.catalogue import robot
from tabrl.spec import Move, RenderSpec
from tabrl.training.job import render
from tabrl.training.rollout import Rollouts, rollouts_of
from tabrl.verdict.judge import judge_path
from tabrl.verdict.trajectory import Trajectory, series

PERIODS = {"CartpoleBalance": 0.01, "WalkerStand": 0.025, "SwimmerSwimmer6": 0.03, "FishSwim": 0.04}


def ran(robot_id: str, driver: str) -> tuple[Rollouts, np.ndarray]:
    rollouts = rollouts_of(robot_id, lessons.HP.hidden)
    trajectory = rollouts.run(driver, rollouts.task.setting(None), 0).trajectory()
    np.testing.assert_allclose(trajectory.time, np.arange(500) / 50)
    return rollouts, trajectory.qpos


@pytest.mark.parametrize("robot_id", ["CartpoleBalance", *map(nightly, list(PERIODS)[1:])])
def test_ten_seconds_are_500_samples_whatever_the_control_period(robot_id: str) -> None:
    assert robot(robot_id).structure.control_dt == PERIODS[robot_id]
    rollouts, qpos = ran(robot_id, "random")
    assert qpos.shape == (500, rollouts.task.model.nq)
    assert np.isfinite(qpos).all()
    assert np.ptp(qpos, axis=0).max() > 0.01


def test_samples_are_where_plain_mujoco_is_at_their_time() -> None:
    rollouts, qpos = ran("CartpoleBalance", "still")
    data = mujoco.MjData(rollouts.task.model)
    state = rollouts.task.reset(
        jnp.array([0, 0], jnp.uint32), rollouts.task.setting(None), canonical=1
    )
    data.qpos[:] = np.asarray(rollouts.task.split.inputs_of(state.env)["qpos"])[0]
    data.qvel[:] = np.asarray(rollouts.task.split.inputs_of(state.env)["qvel"])[0]
    steps = round(1 / 50 / rollouts.task.model.opt.timestep)
    for sample in qpos[:50]:
        np.testing.assert_allclose(sample, data.qpos, atol=2e-4)
        mujoco.mj_step(rollouts.task.model, data, steps)


def test_commands_are_held_one_after_another_and_then_it_stands() -> None:
    rollouts = rollouts_of("Go1JoystickFlatTerrain", lessons.HP.hidden)
    moves = (Move(seconds=0.1, forward=0.5), Move(seconds=0.06, left=-0.3, turn=1.0))
    setting = rollouts.task.setting(None)
    rollout = rollouts.run("still", setting, 0, samples=12, moves=moves)
    unpack = rollouts.task.signals.unpack
    told = [unpack(jnp.asarray(packed))["command"] for packed in rollout.signals]
    wanted = [(0.5, 0.0, 0.0)] * 5 + [(0.0, -0.3, 1.0)] * 3 + [(0.0, 0.0, 0.0)] * 4
    everybody = np.repeat(np.array(wanted)[:, None], len(told[0]), axis=1)
    np.testing.assert_allclose(np.stack(told), everybody, atol=1e-6)


def test_the_base_policy_walks_a_square_as_it_is_told() -> None:
    corner = Move(seconds=math.pi / 2, forward=0.3, turn=1.0)
    moves = (Move(seconds=0.9, forward=0.8), corner) * 4
    parameters, _, card = checkpoint.load(SHIPPED / "go1")
    rollouts = rollouts_of(card["robot"], tuple(card["hidden"]))
    walked = rollouts.run(parameters, rollouts.task.setting(None), 0, moves=moves).trajectory()
    values = series(walked, rollouts.task.robot, rollouts.task.model)
    assert values["yaw"][-1] == pytest.approx(2 * math.pi, abs=0.4)
    assert 0.8 < values["distance"].max() < 2.5
    assert values["distance"][-1] < 0.5
    assert judge_path(moves, values, rollouts.task.robot.structure.base_height).verdict == "pass"


@pytest.mark.nightly
def test_a_clip_is_as_long_as_its_commands(taught: lessons.Lesson, out: Path) -> None:
    moves = (Move(seconds=10.0), Move(seconds=0.5))
    spec = RenderSpec(job="c", policy=str(taught.out / "policy"), out=str(out), moves=moves)
    assert isinstance([*render(spec, stop=Flag())][-1], Finished)
    assert len(Trajectory.load(out / "trajectory.npz").time) == 525
    assert probe(out / "clip.mp4").frames == 525
