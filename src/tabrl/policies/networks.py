"""Actor and critic: Brax's PPO networks with a Gaussian policy, and the running normalisation of
observations.
"""

from collections.abc import Callable, Mapping

import jax
import jax.numpy as jnp
import numpy as np
from brax.training.acme import running_statistics
from brax.training.agents.ppo import networks as ppo_networks
from brax.training.agents.ppo.losses import PPONetworkParams
from flax import linen, struct

from tabrl.policies.added import WAY_BACK


class Parameters(struct.PyTreeNode):
    """What a policy is made of: observation statistics, actor and critic weights."""

    normalizer: running_statistics.RunningStatisticsState
    networks: PPONetworkParams


def make_networks(
    obs_shapes: Mapping[str, tuple[int, ...]],
    action_size: int,
    hidden: tuple[int, ...],
    init_noise_std: float,
) -> ppo_networks.PPONetworks:
    """Actor on `obs["state"]`, critic on `obs["privileged_state"]`, both MLPs with `hidden` units
    and swish.

    The Gaussian is not squashed and starts with a mean near zero, the home pose: a policy may ask
    for any joint target, and the standard deviation, one for each action, does not depend on the
    state (as in rsl_rl).
    """
    return ppo_networks.make_ppo_networks(
        dict(obs_shapes),
        action_size,
        preprocess_observations_fn=running_statistics.normalize,
        policy_hidden_layer_sizes=hidden,
        value_hidden_layer_sizes=hidden,
        activation=linen.swish,
        policy_obs_key="state",
        value_obs_key="privileged_state",
        distribution_type="normal",
        noise_std_type="log",
        init_noise_std=init_noise_std,
        mean_kernel_init_fn=jax.nn.initializers.variance_scaling,
        mean_kernel_init_kwargs={"scale": 0.01, "mode": "fan_in", "distribution": "uniform"},
    )


def initialize(
    networks: ppo_networks.PPONetworks, obs_shapes: Mapping[str, tuple[int, ...]], key: jax.Array
) -> Parameters:
    """Fresh parameters; the way back says nothing to them yet, as to a policy that never saw it."""
    actor_key, critic_key = jax.random.split(key)
    weights = PPONetworkParams(
        networks.policy_network.init(actor_key), networks.value_network.init(critic_key)
    )
    weights = jax.tree_util.tree_map_with_path(_silent_at_first, weights)
    example = {name: jnp.zeros(shape) for name, shape in obs_shapes.items()}
    return Parameters(running_statistics.init_state(example), weights)


def _silent_at_first(path: tuple, leaf: jax.Array) -> jax.Array:
    first = {"hidden_0", "kernel"} <= {getattr(key, "key", None) for key in path}
    return leaf.at[-WAY_BACK:].set(0.0) if first else leaf


def with_action_noise(parameters: Parameters, std: float | np.ndarray) -> Parameters:
    """The same policy with a standard deviation of `std` for every action, or one for each."""

    def reset(path: tuple, leaf: jax.Array) -> jax.Array:
        is_noise = any(getattr(key, "key", None) == "std_logparam" for key in path)
        return jnp.full_like(leaf, np.log(std)) if is_noise else leaf

    actor = jax.tree_util.tree_map_with_path(reset, parameters.networks.policy)
    return parameters.replace(networks=parameters.networks.replace(policy=actor))


def make_policy(networks: ppo_networks.PPONetworks, *, deterministic: bool) -> Callable:
    """`policy(parameters, obs, key) -> (action, extras)`; extras hold raw_action, log_prob,
    distribution_params.
    """
    inference = ppo_networks.make_inference_fn(networks)

    def policy(
        parameters: Parameters, obs: Mapping[str, jax.Array], key: jax.Array
    ) -> tuple[jax.Array, dict]:
        return inference((parameters.normalizer, parameters.networks.policy), deterministic)(
            obs, key
        )

    return policy
