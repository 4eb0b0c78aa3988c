"""One update by hand arithmetic, and what the critic's warm-up leaves alone."""

import jax
import jax.numpy as jnp
import lessons
import numpy as np
import pytest

from tabrl.policies.networks import Parameters, initialize, make_policy
from tabrl.spec import Hyperparameters
from tabrl.training.ppo import Batch, Ppo, run
from tabrl.training.rollout import CLIP_SAMPLES
from tabrl.training.score import Scorer
from tabrl.training.session import trainer
from tabrl.verdict.trajectory import RATE_HZ

TIMES, ENVS = 3, 4
HP = Hyperparameters(
    num_envs=ENVS,
    unroll_length=TIMES,
    num_minibatches=1,
    num_epochs=1,
    hidden=(8,),
    discounting=0.9,
    gae_lambda=0.8,
    reward_scaling=0.5,
    learning_rate=5e-4,
)
GOES_ON, FALLS, RUNS_OUT = 0, 1, 2
ENDS = np.array(  # what becomes of each environment after each step
    [
        [GOES_ON, FALLS, RUNS_OUT, GOES_ON],
        [GOES_ON, GOES_ON, GOES_ON, RUNS_OUT],
        [GOES_ON, GOES_ON, FALLS, RUNS_OUT],
    ]
)


@pytest.fixture(scope="module")
def ppo() -> Ppo:
    return trainer(lessons.ROBOT, HP, 1, False, 0)


def test_episodes_last_as_long_as_a_clip_whatever_the_control_step(ppo):
    steady = trainer("PointMass", HP, 1, False, 0)
    assert (ppo.episode_length, steady.episode_length) == (1000, 500)
    for each in (ppo, steady):
        assert each.episode_length * each.task.robot.structure.control_dt == CLIP_SAMPLES / RATE_HZ
    assert trainer(lessons.ROBOT, lessons.HP, 1, False, 0).episode_length == 150


def first_parameters(ppo: Ppo) -> Parameters:
    return initialize(ppo.networks, ppo.task.obs_shapes, jax.random.PRNGKey(1))


def observations(ppo: Ppo, draws: np.random.Generator, *shape: int) -> dict[str, jax.Array]:
    return {
        name: jnp.asarray(draws.normal(size=(*shape, *size)), jnp.float32)
        for name, size in ppo.task.obs_shapes.items()
    }


def batch_of(ppo: Ppo, parameters: Parameters, draws: np.random.Generator) -> Batch:
    """Random observations and the actor's answers; episodes end as `ENDS` says."""
    obs = observations(ppo, draws, TIMES, ENVS)
    _, extras = make_policy(ppo.networks, deterministic=False)(
        parameters, obs, jax.random.PRNGKey(0)
    )
    nothing = jnp.zeros((TIMES, ENVS))
    return Batch(
        obs=obs,
        extras=extras,
        signals=nothing[..., None],
        stock_reward=nothing,
        done=jnp.asarray(ENDS == FALLS, jnp.float32),
        truncated=jnp.asarray(ENDS == RUNS_OUT, jnp.float32),
        steps=nothing,
    )


def advantages(values: np.ndarray, last: np.ndarray, reward: np.ndarray) -> np.ndarray:
    """Generalised advantages (Schulman 2015) in plain loops: (TIMES, ENVS)."""
    out = np.zeros((TIMES, ENVS))
    for env in range(ENVS):
        follows, later = last[env], 0.0
        for t in reversed(range(TIMES)):
            # What ran out of time would have gone on as it was, for longer than anybody looks.
            next_value = {GOES_ON: follows, FALLS: 0.0, RUNS_OUT: values[t, env]}[ENDS[t, env]]
            error = HP.reward_scaling * reward[t, env] + HP.discounting * next_value
            error -= values[t, env]
            keeps = HP.discounting * HP.gae_lambda if ENDS[t, env] == GOES_ON else 0.0
            out[t, env] = error + keeps * later
            follows, later = values[t, env], out[t, env]
    return out


def test_the_critic_learns_the_advantages_that_plain_loops_give(ppo: Ppo) -> None:
    draws = np.random.default_rng(0)
    parameters = first_parameters(ppo)
    batch, last = batch_of(ppo, parameters, draws), observations(ppo, draws, ENVS)
    reward = draws.normal(size=(TIMES, ENVS)).astype(np.float32)
    value = lambda obs: np.asarray(  # noqa: E731
        ppo.networks.value_network.apply(parameters.normalizer, parameters.networks.value, obs)
    )
    wanted = 0.5 * np.mean(advantages(value(batch.obs), value(last), reward) ** 2)
    key = jax.random.PRNGKey(0)
    _, metrics = ppo.update(
        ppo.learner(parameters), batch, jnp.asarray(reward), last, key, jnp.float32(1.0)
    )
    assert float(metrics["v_loss"]) == pytest.approx(wanted, rel=1e-5)


def weights(parameters: Parameters) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Copies of the actor's and of the critic's weights."""
    networks = jax.tree.map(np.array, parameters.networks)
    return jax.tree.leaves(networks.policy), jax.tree.leaves(networks.value)


def same(ours: list[np.ndarray], theirs: list[np.ndarray]) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(ours, theirs, strict=True))


def test_while_the_critic_warms_up_the_actor_stays_as_it_was(ppo: Ppo) -> None:
    parameters = first_parameters(ppo)
    before = weights(parameters)
    iterations = run(
        ppo,
        Scorer(ppo.task, None, {}),
        parameters,
        ppo.task.setting(None),
        num_steps=3 * ENVS * TIMES,
        seed=0,
        critic_warmup=2,
    )
    first, second, third = (weights(learner.parameters) for _, learner in iterations)
    assert same(before[0], first[0])
    assert same(before[0], second[0])
    assert not same(before[0], third[0])
    assert not same(before[1], first[1])
    assert not same(first[1], second[1])
    # Adam's very first step moves no weight by more than the learning rate.
    moved = max(np.abs(a - b).max() for a, b in zip(before[0], third[0], strict=True))
    assert 0.5 * HP.learning_rate < moved < 1.01 * HP.learning_rate


def rates(iterations: int, before: int = 0, **chosen: float | None) -> list[float]:
    """The learning rate of each iteration of a fine-tuning."""
    ppo = trainer(lessons.ROBOT, HP.model_copy(update=chosen), 1, False, 0)
    told = run(
        ppo,
        Scorer(ppo.task, None, {}),
        first_parameters(ppo),
        ppo.task.setting(None),
        num_steps=iterations * ENVS * TIMES,
        seed=0,
        fine_tuning=True,
        first_step=before * ENVS * TIMES,
    )
    return [report.losses["learning_rate"] for report, _ in told]


def test_where_nobody_sets_it_the_learning_rate_of_a_fine_tuning_falls_evenly():
    assert rates(4, learning_rate=None) == pytest.approx([1e-3, 7.75e-4, 5.5e-4, 3.25e-4])
    assert rates(2, before=2, learning_rate=None) == pytest.approx([5.5e-4, 3.25e-4])


def test_a_learning_rate_that_is_set_stays_unless_there_is_a_desired_kl():
    assert rates(2, learning_rate=2e-3) == pytest.approx([2e-3, 2e-3])
    assert rates(4, learning_rate=None, desired_kl=1e9)[-1] > 5e-4
