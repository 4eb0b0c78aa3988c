"""A short PPO loop over Brax's networks and losses, on native physics or on MJX.

One control step is one call of a jitted function that settles the step the physics just made, asks
the policy for the next action and prepares the next physics call; with traceable physics a whole
rollout is one such call. The reward is computed once a rollout, on all its steps together.
"""

import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from brax.training import types
from brax.training.acme import running_statistics
from brax.training.agents.ppo import losses as ppo_losses
from brax.training.agents.ppo import networks as ppo_networks
from flax import struct

from tabrl.envs.task import Setting, Step, Task, TaskState
from tabrl.policies.networks import Parameters, make_policy
from tabrl.spec import Hyperparameters
from tabrl.training.rollout import CLIP_SAMPLES
from tabrl.training.score import Scorer, check_finite
from tabrl.verdict.trajectory import RATE_HZ

LEARNING_RATE = 5e-4
FINE_TUNING_RATES = 1e-3, 1e-4
"""At the start and at the end, where a training starts from a base policy."""
_MIN_RATE, _MAX_RATE = 5e-5, 2e-3
_CLIP_S = CLIP_SAMPLES / RATE_HZ


class Learner(struct.PyTreeNode):
    """Everything that an update changes."""

    parameters: Parameters
    optimizer: Any
    rate: jax.Array  # () learning rate


class Batch(struct.PyTreeNode):
    """A rollout: leaves are (unroll_length, num_envs, ...)."""

    obs: dict[str, jax.Array]
    extras: dict[str, Any]
    signals: jax.Array
    stock_reward: jax.Array
    done: jax.Array
    truncated: jax.Array
    steps: jax.Array  # length of the episode so far


@dataclass
class Report:
    """Numbers of one iteration, on the host."""

    step: int
    steps_per_s: float  # since the first iteration, which also compiles
    reward: float  # mean weighted reward a control step
    terms: dict[str, float]
    episode_length: float  # control steps
    falls: float  # share of finished episodes that ended in a fall
    losses: dict[str, float] = field(default_factory=dict)


class Ppo:
    """The compiled functions of a task; a process keeps it for the next training of the same
    robot.
    """

    def __init__(self, task: Task, networks: ppo_networks.PPONetworks, hp: Hyperparameters) -> None:
        self.task, self.networks, self.hp = task, networks, hp
        self.episode_length = hp.episode_length or round(_CLIP_S / task.robot.structure.control_dt)
        self._policy = make_policy(networks, deterministic=False)
        self._optimizer = optax.chain(
            optax.clip_by_global_norm(hp.max_grad_norm), optax.scale_by_adam()
        )
        self.start = jax.jit(self._start)
        self.step = jax.jit(self._step)
        self.rollout = jax.jit(self._rollout)
        self.update = jax.jit(self._update, donate_argnums=0)

    def learner(self, parameters: Parameters, noise: float | None = None) -> Learner:
        """A learner with a fresh optimiser. The parameters are copied: updates give their memory
        away.

        Args:
            noise: standard deviation of the actions, where it is less than `hp.init_noise_std`.
                The KL of an update is measured in it, so the learning rate shrinks with it.
        """
        share = 1.0 if noise is None else min(1.0, noise / self.hp.init_noise_std)
        # With explicit types: an update makes weak ones strong, and all would compile again.
        parameters = jax.tree.map(lambda x: jnp.array(np.asarray(x)), parameters)
        return Learner(
            parameters,
            self._optimizer.init(parameters.networks),
            jnp.float32(share * (self.hp.learning_rate or LEARNING_RATE)),
        )

    def _start(
        self, parameters: Parameters, state: TaskState, setting: Setting, key: jax.Array
    ) -> tuple:
        action, extras = self._policy(parameters, state.obs, key)
        return (state.obs, action, extras), self.task.act(state, action, setting)

    def _step(
        self,
        parameters: Parameters,
        state: TaskState,
        decision: tuple,
        outputs: Mapping,
        setting: Setting,
        starts: TaskState,
        key: jax.Array,
    ) -> tuple[TaskState, Step, tuple, dict]:
        reset_key, action_key = jax.random.split(key)
        _, action, _ = decision
        state, step = self.task.settle(
            state, action, outputs, setting, starts, reset_key, self.episode_length
        )
        decision, inputs = self._start(parameters, state, setting, action_key)
        return state, step, decision, inputs

    def _rollout(
        self,
        parameters: Parameters,
        state: TaskState,
        setting: Setting,
        starts: TaskState,
        start_key: jax.Array,
        step_keys: jax.Array,
    ) -> tuple[TaskState, Batch]:
        """A rollout of one control step for each key, on traceable physics."""

        def control_step(carry: tuple, key: jax.Array) -> tuple[tuple, Batch]:
            state, before, inputs = carry
            outputs = self.task.physics.step(inputs, self.task.split.nstep)
            state, step, decision, inputs = self._step(
                parameters, state, before, outputs, setting, starts, key
            )
            return (state, decision, inputs), _sample(before, step)

        carry = (state, *self._start(parameters, state, setting, start_key))
        (state, _, _), batch = jax.lax.scan(control_step, carry, step_keys)
        return state, batch

    def _update(
        self,
        learner: Learner,
        batch: Batch,
        reward: jax.Array,
        last_obs: dict,
        key: jax.Array,
        train_actor: jax.Array,
    ) -> tuple:
        """Epochs of minibatches over one rollout. `train_actor` 0 fits only the critic."""
        hp = self.hp
        # The rollout's own statistics, or the first minibatch would already differ from the policy
        # that acted.
        normalizer = learner.parameters.normalizer
        weights = learner.parameters.networks
        later = self.networks.value_network.apply(normalizer, weights.value, batch.obs)
        # An episode that only ran out of time would have gone on as it was. To leave its last step
        # out, as Brax does, leaves that state's value to chance, and all before it lean on it.
        reward = reward + batch.truncated * hp.discounting * later / hp.reward_scaling
        data = types.Transition(
            observation=batch.obs,
            action=batch.extras["raw_action"],
            reward=reward,
            discount=1.0 - batch.done - batch.truncated,
            next_observation={k: v[None] for k, v in last_obs.items()},
            extras={
                "state_extras": {"truncation": jnp.zeros_like(batch.truncated)},
                "policy_extras": batch.extras,
            },
        )
        data = jax.tree.map(lambda x: jnp.swapaxes(x, 0, 1), data)

        def minibatch(carry: tuple, index: jax.Array) -> tuple[tuple, dict]:
            weights, optimizer, rate, key = carry
            key, loss_key = jax.random.split(key)
            part = jax.tree.map(lambda x: x[index], data)
            grads, metrics = jax.grad(self._loss, has_aux=True)(weights, normalizer, part, loss_key)
            grads = grads.replace(policy=jax.tree.map(lambda g: g * train_actor, grads.policy))
            updates, optimizer = self._optimizer.update(grads, optimizer, weights)
            weights = optax.apply_updates(weights, jax.tree.map(lambda u: -rate * u, updates))
            rate = _adapt(rate, metrics["kl_mean"], hp.desired_kl)
            return (weights, optimizer, rate, key), metrics

        def epoch(carry: tuple, key: jax.Array) -> tuple[tuple, dict]:
            order = jax.random.permutation(key, hp.num_envs).reshape(hp.num_minibatches, -1)
            return jax.lax.scan(minibatch, carry, order)

        key, epoch_key = jax.random.split(key)
        carry = (learner.parameters.networks, learner.optimizer, learner.rate, key)
        carry, metrics = jax.lax.scan(epoch, carry, jax.random.split(epoch_key, hp.num_epochs))
        weights, optimizer, rate, _ = carry
        normalizer = running_statistics.update(normalizer, batch.obs)
        return Learner(Parameters(normalizer, weights), optimizer, rate), jax.tree.map(
            jnp.mean, metrics
        )

    def _loss(
        self, weights: Any, normalizer: Any, data: types.Transition, key: jax.Array
    ) -> tuple[jax.Array, dict]:
        return ppo_losses.compute_ppo_loss(
            weights,
            normalizer,
            data,
            key,
            self.networks,
            entropy_cost=self.hp.entropy_cost,
            discounting=self.hp.discounting,
            reward_scaling=self.hp.reward_scaling,
            gae_lambda=self.hp.gae_lambda,
            clipping_epsilon=self.hp.clipping_epsilon,
            vf_coefficient=1.0,
        )


def _adapt(rate: jax.Array, kl: jax.Array, desired: float | None) -> jax.Array:
    """The learning rate that keeps each update near a desired KL (Schulman 2017's adaptive rule,
    as in rsl_rl).
    """
    if desired is None:
        return rate
    rate = jnp.where(kl > 2.0 * desired, jnp.maximum(_MIN_RATE, rate / 1.5), rate)
    return jnp.where((kl < 0.5 * desired) & (kl > 0.0), jnp.minimum(_MAX_RATE, rate * 1.5), rate)


def run(
    ppo: Ppo,
    scorer: Scorer,
    parameters: Parameters,
    setting: Setting,
    *,
    num_steps: int,
    seed: int,
    fine_tuning: bool = False,
    critic_warmup: int = 0,
    first_step: int = 0,
    horizon: int | None = None,
    noise: float | None = None,
    from_home: float = 0.0,
    stop: threading.Event | None = None,
) -> Iterator[tuple[Report, Learner]]:
    """Train; yields after each iteration. `fine_tuning` sets the learning rate where nobody did: it
    falls until the step `horizon`, by default the last one.
    `critic_warmup` iterations fit the critic before the actor moves. Steps are counted, and chance
    is drawn, from `first_step` on. `noise` is that of `Ppo.learner`. `from_home` is the share of
    episodes that begin in the home pose at rest. Once `stop` is set it ends, in mid-rollout too.

    The learner that it yields is only valid until the next iteration: copy what should be kept.
    """
    hp, task = ppo.hp, ppo.task
    key, reset_key, offset_key = jax.random.split(_key(seed, first_step), 3)
    starts = task.reset(reset_key, setting, canonical=round(from_home * hp.num_envs))
    offsets = jax.random.randint(offset_key, (hp.num_envs,), 0, ppo.episode_length)
    state = task.aged(starts, offsets, setting)
    learner = ppo.learner(parameters, noise)
    stop = stop or threading.Event()
    collect = ppo.rollout if task.physics.traceable else _Collector(ppo, stop)
    per_iteration = hp.num_envs * hp.unroll_length
    began = time.perf_counter()
    finished = _Finished()
    rate = optax.linear_schedule(*FINE_TUNING_RATES, horizon or first_step + num_steps)
    falling = fine_tuning and hp.learning_rate is None and hp.desired_kl is None
    for iteration in range(-(-num_steps // per_iteration)):
        if 0 < iteration == critic_warmup:
            # Adam has seen only zeros of the actor: its first steps would be far too large.
            learner = ppo.learner(learner.parameters, noise)
        if falling:
            now = jnp.float32(rate(first_step + iteration * per_iteration))
            learner = learner.replace(rate=now)
        key, start_key, rollout_key, update_key = jax.random.split(key, 4)
        step_keys = jax.random.split(rollout_key, hp.unroll_length)
        state, batch = collect(learner.parameters, state, setting, starts, start_key, step_keys)
        if stop.is_set():  # the rollout may be half of one
            return
        finished.count(batch)
        reward, terms = scorer.score(batch.signals, batch.stock_reward)
        learner, metrics = ppo.update(
            learner, batch, reward, state.obs, update_key, jnp.float32(iteration >= critic_warmup)
        )
        losses = {
            name: float(metrics[name])
            for name in ("policy_loss", "v_loss", "kl_mean", "policy_dist_mean_std")
        }
        losses["learning_rate"] = float(learner.rate)
        step_count = first_step + (iteration + 1) * per_iteration
        check_finite(terms, losses, step_count, batch.signals)
        length, falls = finished.take()
        speed = max(1, iteration) * per_iteration / (time.perf_counter() - began)
        if iteration == 0:
            began = time.perf_counter()
        pay = sum(terms.values())
        yield Report(step_count, speed, pay, terms, length, falls, losses), learner


def _key(seed: int, first_step: int) -> jax.Array:
    key = jax.random.PRNGKey(seed)
    return jax.random.fold_in(key, first_step) if first_step else key


def _sample(decision: tuple, step: Step) -> Batch:
    obs, _, extras = decision
    return Batch(
        obs, extras, step.signals, step.stock_reward, step.done, step.truncated, step.steps
    )


class _Collector:
    """`Ppo.rollout` for physics outside of JAX.

    The arrays of a batch are used again for the next one.
    """

    def __init__(self, ppo: Ppo, stop: threading.Event) -> None:
        self._ppo, self._stop = ppo, stop
        self._arrays: list[np.ndarray] = []

    def __call__(
        self,
        parameters: Parameters,
        state: TaskState,
        setting: Setting,
        starts: TaskState,
        start_key: jax.Array,
        step_keys: jax.Array,
    ) -> tuple[TaskState, Batch]:
        task = self._ppo.task
        decision, inputs = self._ppo.start(parameters, state, setting, start_key)
        for t, key in enumerate(step_keys):
            outputs = task.physics.step(inputs, task.split.nstep)
            before = decision
            state, step, decision, inputs = self._ppo.step(
                parameters, state, before, outputs, setting, starts, key
            )
            sample = _sample(before, step)
            self._put(t, sample)
            if self._stop.is_set():
                break
        batch: Batch = jax.tree.unflatten(jax.tree.structure(sample), self._arrays)
        return state, batch

    def _put(self, t: int, sample: Batch) -> None:
        leaves = jax.tree.leaves(sample)
        if not self._arrays:
            length = self._ppo.hp.unroll_length
            self._arrays = [np.empty((length, *x.shape), x.dtype) for x in leaves]
        for array, leaf in zip(self._arrays, leaves, strict=True):
            array[t] = leaf


class _Finished:
    """Lengths and ends of the episodes that finished since it was asked last."""

    def __init__(self) -> None:
        self._lengths: list[np.ndarray] = []
        self._falls = 0
        self._last = (0.0, 0.0)

    def count(self, batch: Batch) -> None:
        done = np.asarray(batch.done) > 0
        ended = done | (np.asarray(batch.truncated) > 0)
        self._lengths.append(np.asarray(batch.steps)[ended])
        self._falls += int(done.sum())

    def take(self) -> tuple[float, float]:
        lengths = np.concatenate(self._lengths)
        if lengths.size:
            self._last = (float(lengths.mean()), self._falls / lengths.size)
        self._lengths, self._falls = [], 0
        return self._last
