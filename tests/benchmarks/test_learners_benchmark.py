"""The benchmark of learners, on a cart and a pole, in sizes that take no time."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from benchmarks import learners
from tabrl.envs.task import Task
from tabrl.spec import Hyperparameters

CART = "CartpoleBalance"
LENGTH = 5


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five steps an episode, four episodes, a learner that learns nothing in them."""
    hp = Hyperparameters(
        num_envs=8, unroll_length=4, num_minibatches=2, num_epochs=1, episode_length=LENGTH
    )
    monkeypatch.setattr(learners, "from_scratch", lambda robot: hp)
    monkeypatch.setattr(learners, "settings_of", lambda robot: {"episode_length": LENGTH})
    monkeypatch.setattr(learners, "_EPISODES", 4)


def test_a_pole_that_stands_is_worth_more_than_one_that_is_pushed_over(small: None) -> None:
    still = learners.mean_return(CART, lambda obs: jnp.zeros((4, 1)), 0)
    assert 0.5 * LENGTH < still <= LENGTH


@pytest.mark.nightly
def test_our_learner_gives_a_policy_that_can_be_judged(small: None) -> None:
    act = learners.ours(CART, 64, 0)
    assert 0 < learners.mean_return(CART, act, 0) <= LENGTH


@pytest.mark.nightly
def test_brax_steps_the_very_task_that_we_train_on() -> None:
    env = learners.OverCallback(CART, 4, LENGTH, seed=0)
    task = Task(CART, 4)
    setting = task.setting(None)
    mine = starts = task.reset(jax.random.PRNGKey(0), setting)
    theirs = env.reset(jax.random.split(jax.random.PRNGKey(3), 4))
    assert theirs.obs.shape == (4, env.observation_size)
    step = jax.jit(env.step)
    for number in range(1, LENGTH + 1):
        action = jnp.full((4, env.action_size), 0.3)
        theirs = step(theirs, action)
        outputs = task.physics.step(task.act(mine, action, setting), task.split.nstep)
        mine, ours = task.settle(
            mine, action, outputs, setting, starts, jax.random.PRNGKey(0), LENGTH
        )
        np.testing.assert_allclose(theirs.reward, ours.stock_reward, rtol=1e-5)
        ended = float(number == LENGTH)
        assert np.asarray(theirs.done).tolist() == [ended] * 4
        assert np.asarray(theirs.info["truncation"]).tolist() == [ended] * 4


def test_playgrounds_own_settings_are_found_for_both_suites() -> None:
    assert learners.settings_of("CheetahRun")["num_envs"] == 2048
    assert learners.settings_of("PandaPickCube")["discounting"] == 0.97
