"""Two-legged robots that stand, and policies that copy them."""

import jax
import jax.numpy as jnp
import mujoco
import numpy as np
import pytest

from tabrl.envs.task import Task
from tabrl.errors import TabRLError
from tabrl.policies.networks import initialize
from tabrl.spec import Hyperparameters
from tabrl.training import imitation
from tabrl.training.balance import TRIAL, Balance, balance
from tabrl.training.base import measure
from tabrl.training.session import trainer
from tabrl.training.walk import recipe

BIPED = "BerkeleyHumanoidJoystickFlatTerrain"
STEPS = 10  # physics steps of a control step


@pytest.fixture(scope="module")
def biped() -> Task:
    return Task(BIPED, 1, threads=1)


@pytest.fixture(scope="module")
def found(biped: Task) -> Balance:
    home, driven = _home(biped)
    return balance(biped.model, home, home[driven], STEPS)


def test_a_robot_that_falls_in_its_home_pose_stands_whichever_way_it_faces(
    biped: Task, found: Balance
) -> None:
    home, driven = _home(biped)
    assert found.lasts == pytest.approx(TRIAL)
    assert _stands(biped.model, home, lambda data: home[driven]) < 2.0
    for yaw in (0.0, 2.0, -3.0):
        turned = home.copy()
        mujoco.mju_axisAngle2Quat(turned[3:7], np.array([0.0, 0.0, 1.0]), yaw)
        assert _stands(biped.model, turned, lambda data: _targets(found, data)) == TRIAL


def test_nothing_holds_it_where_it_stands(biped: Task, found: Balance) -> None:
    data = mujoco.MjData(biped.model)
    data.qpos[:], data.ctrl[:] = found.qpos, found.ctrl
    mujoco.mj_step(biped.model, data, 50)
    assert np.abs(data.qpos[:7] - found.qpos[:7]).max() < 0.01


def test_what_cannot_stand_is_said() -> None:
    model = mujoco.MjModel.from_xml_string("""
        <mujoco>
          <worldbody>
            <geom type="plane" size="5 5 1"/>
            <body pos="0 0 0.55"><freejoint/><geom type="capsule" size="0.05 0.5"/>
              <body pos="0 0 0.6"><joint name="hat" damping="1"/><geom size="0.05"/></body>
            </body>
          </worldbody>
          <actuator><position joint="hat" kp="1" forcerange="-1 1"/></actuator>
        </mujoco>""")
    home = np.array([0.05, 0.0, 0.55, 0.98, 0.199, 0.0, 0.0, 0.0])
    with pytest.raises(TabRLError, match="No controller keeps this robot standing"):
        balance(model, home, np.zeros(1), STEPS)


@pytest.mark.nightly
def test_a_policy_that_copied_stands_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imitation, "_ROUNDS", 3)
    monkeypatch.setattr(imitation, "_COPIES", 500)
    ppo = trainer(BIPED, Hyperparameters(num_envs=96, num_minibatches=4), 1, False, 0)
    setting = ppo.task.setting(recipe(ppo.task.robot)).told(0, 0, 0, 0)
    parameters = initialize(ppo.networks, ppo.task.obs_shapes, jax.random.PRNGKey(0))
    scale = imitation.action_scale(ppo.task)
    parameters = imitation.imitate(ppo.task, ppo.networks, parameters, setting, scale)
    # In its home pose it falls within a second: sixty times a minute.
    assert measure(ppo.task, parameters, ppo.networks, seconds=4.0)["falls_per_minute"] < 42


def _home(task: Task) -> tuple[np.ndarray, np.ndarray]:
    return (
        np.array(task.robot.structure.home_qpos),
        task.model.jnt_qposadr[task.model.actuator_trnid[:, 0]],
    )


def _targets(found: Balance, data: mujoco.MjData) -> np.ndarray:
    return np.asarray(found.targets(jnp.array([data.qpos]), jnp.array([data.qvel])))[0]


def _stands(model: mujoco.MjModel, qpos: np.ndarray, targets) -> float:
    """s until it falls, at most `TRIAL`."""
    data = mujoco.MjData(model)
    data.qpos[:] = qpos
    dt = STEPS * model.opt.timestep
    for step in range(round(TRIAL / dt)):
        data.ctrl[:] = targets(data)
        mujoco.mj_step(model, data, STEPS)
        if data.qpos[2] < 0.6 * qpos[2]:
            return step * dt
    return TRIAL
