"""The policy's distribution: quiet at first, the same for the same key."""

import jax
import numpy as np
import pytest

from tabrl.policies.networks import initialize, make_networks, make_policy, with_action_noise

SHAPES = {"state": (5,), "privileged_state": (7,)}
NETWORKS = make_networks(SHAPES, 3, (16, 16), 0.4)
OBS = {name: np.random.default_rng(0).normal(size=(4000, *s)) for name, s in SHAPES.items()}


def test_a_fresh_policy_stays_near_the_home_pose() -> None:
    parameters = initialize(NETWORKS, SHAPES, jax.random.PRNGKey(0))
    policy = make_policy(NETWORKS, deterministic=True)
    action, _ = policy(parameters, OBS, jax.random.PRNGKey(1))
    assert action.shape == (4000, 3)
    assert np.abs(action).mean() < 0.1


@pytest.mark.parametrize("noise", [0.4, 0.1])
def test_actions_scatter_as_much_as_was_asked(noise: float) -> None:
    parameters = initialize(NETWORKS, SHAPES, jax.random.PRNGKey(0))
    if noise != 0.4:
        parameters = with_action_noise(parameters, noise)
    policy = make_policy(NETWORKS, deterministic=False)
    action, extras = policy(parameters, OBS, jax.random.PRNGKey(1))
    mean, _ = make_policy(NETWORKS, deterministic=True)(parameters, OBS, jax.random.PRNGKey(1))
    np.testing.assert_allclose(np.std(action - mean, axis=0), noise, rtol=0.05)
    expected = -0.5 * ((action - mean) / noise) ** 2 - np.log(noise * np.sqrt(2 * np.pi))
    np.testing.assert_allclose(extras["log_prob"], expected.sum(axis=1), rtol=1e-3, atol=1e-3)


def test_the_actor_never_sees_what_only_the_critic_may() -> None:
    parameters = initialize(NETWORKS, SHAPES, jax.random.PRNGKey(0))
    policy = make_policy(NETWORKS, deterministic=True)
    hidden = OBS | {"privileged_state": OBS["privileged_state"] + 100.0}
    seen = OBS | {"state": OBS["state"] + 100.0}
    key = jax.random.PRNGKey(0)
    action = np.asarray(policy(parameters, OBS, key)[0])
    np.testing.assert_array_equal(policy(parameters, hidden, key)[0], action)
    assert not np.array_equal(policy(parameters, seen, key)[0], action)
