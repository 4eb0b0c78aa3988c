"""Rollouts of robots whose control periods are not a clip's."""

import jax.numpy as jnp
import lessons
import mujoco
import numpy as np
import pytest

from tabrl.robots.catalogue import robot
from tabrl.training.rollout import Roller, roller

PERIODS = {"CartpoleBalance": 0.01, "WalkerStand": 0.025, "SwimmerSwimmer6": 0.03, "FishSwim": 0.04}


def rolled(robot_id: str, driver: str) -> tuple[Roller, np.ndarray]:
    rolls = roller(robot_id, lessons.HP.hidden)
    trajectory = rolls.roll(driver, rolls.task.setting(None), 0).trajectory()
    np.testing.assert_allclose(trajectory.time, np.arange(500) / 50)
    return rolls, trajectory.qpos


@pytest.mark.parametrize("robot_id", PERIODS)
def test_ten_seconds_are_500_samples_whatever_the_control_period(robot_id: str) -> None:
    assert robot(robot_id).structure.control_dt == PERIODS[robot_id]
    rolls, qpos = rolled(robot_id, "random")
    assert qpos.shape == (500, rolls.task.model.nq)
    assert np.isfinite(qpos).all()
    assert np.ptp(qpos, axis=0).max() > 0.01


def test_samples_are_where_plain_mujoco_is_at_their_time() -> None:
    rolls, qpos = rolled("CartpoleBalance", "still")
    data = mujoco.MjData(rolls.task.model)
    state = rolls.task.reset(
        jnp.array([0, 0], jnp.uint32), rolls.task.setting(None), canonical=True
    )
    data.qpos[:] = np.asarray(rolls.task.split.inputs_of(state.env)["qpos"])[0]
    data.qvel[:] = np.asarray(rolls.task.split.inputs_of(state.env)["qvel"])[0]
    steps = round(1 / 50 / rolls.task.model.opt.timestep)
    for sample in qpos[:50]:
        np.testing.assert_allclose(sample, data.qpos, atol=2e-4)
        mujoco.mj_step(rolls.task.model, data, steps)
