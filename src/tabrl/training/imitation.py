"""What a policy copies before it learns to walk: to stay on its feet and to step on the spot.

Seconds of copying spare millions of steps in which a robot finds out that it has to lift its feet,
or, on two legs, that it can stand at all.
"""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import mujoco
import numpy as np
import optax
from brax.training.acme import running_statistics
from brax.training.agents.ppo.networks import PPONetworks

from tabrl.envs.task import Setting, Task, TaskState
from tabrl.policies.networks import Parameters, make_policy
from tabrl.rendering.loop import loop
from tabrl.rendering.motions import Motion
from tabrl.robots.catalogue import Robot
from tabrl.training.balance import balance
from tabrl.training.walk import WALKS

_ROUNDS, _WATCHED = 4, 150  # of control steps
_COPIES, _COPIED = 1500, 1024  # minibatches of a round, samples in each
_LARGEST = 3.0  # action that is worth copying
_WILDEST = 4.0  # times a policy's first noise
_TRUST = 20  # times what it saw, in the normaliser
_LIGHT = 0.4  # share of a step that a robot on two legs can balance


def imitate(
    task: Task, networks: PPONetworks, parameters: Parameters, setting: Setting, scale: float
) -> Parameters:
    """A policy that stands and, where it is told to move, steps on the spot to the clock; what it
    copies is told it where its own attempts lead (DAgger, Ross et al. 2011).

    Args:
        scale: the task's `action_scale`.
    """
    policy = make_policy(networks, deterministic=True)
    optimizer = optax.adam(1e-3)
    teach = _teacher(task, scale)
    walk = WALKS[task.robot.type]
    noise = walk.noise / scale

    @jax.jit
    def fit(actor: Any, normalizer: Any, obs: dict, wanted: jax.Array, key: jax.Array) -> Any:
        def loss(actor: Any, rows: jax.Array) -> jax.Array:
            student = Parameters(normalizer, parameters.networks.replace(policy=actor))
            action, _ = policy(student, {n: x[rows] for n, x in obs.items()}, key)
            return jnp.mean((action - wanted[rows]) ** 2)

        def step(carry: tuple, key: jax.Array) -> tuple:
            actor, state = carry
            rows = jax.random.randint(key, (_COPIED,), 0, len(wanted))
            updates, state = optimizer.update(jax.grad(loss)(actor, rows), state, actor)
            return (optax.apply_updates(actor, updates), state), None

        carry = (actor, optimizer.init(actor))
        return jax.lax.scan(step, carry, jax.random.split(key, _COPIES))[0][0]

    @jax.jit
    def act(student: Parameters, state: TaskState, own: jax.Array, key: jax.Array) -> tuple:
        wanted = teach(state)
        action = jnp.where(own, policy(student, state.obs, key)[0], wanted)
        action += noise * spread * jax.random.normal(key, wanted.shape)
        return wanted, action, task.act(state, action, setting)

    # Some robots are shaken hard enough to fall, so that the policy sees that, too.
    spread = jnp.linspace(0.0, _WILDEST, task.num_envs)[:, None]
    key = jax.random.PRNGKey(0)
    state = starts = task.reset(key, setting, canonical=round(walk.from_home * task.num_envs))
    settle = jax.jit(lambda s, a, o, k: task.settle(s, a, o, setting, starts, k, 500))
    seen, wanted = [], []
    for own in range(_ROUNDS):
        key, fit_key = jax.random.split(key)
        for step_key in jax.random.split(key, _WATCHED):
            right, action, inputs = act(parameters, state, jnp.bool_(own), step_key)
            seen.append(state.obs)
            wanted.append(right)
            outputs = task.physics.step(inputs, task.split.nstep)
            state, _ = settle(state, action, outputs, step_key)
        obs = jax.tree.map(lambda *x: jnp.concatenate(x), *seen)
        if not own:
            parameters = Parameters(_settled(parameters.normalizer, obs), parameters.networks)
        actor = fit(
            parameters.networks.policy, parameters.normalizer, obs, jnp.concatenate(wanted), fit_key
        )
        parameters = Parameters(parameters.normalizer, parameters.networks.replace(policy=actor))
    return parameters


def _settled(normalizer: Any, obs: dict[str, jax.Array]) -> Any:
    """A normaliser of these observations that later ones hardly move: it would move the policy."""
    for _ in range(_TRUST):
        normalizer = running_statistics.update(normalizer, obs)
    return normalizer


def posed_steps(robot: Robot, model: mujoco.MjModel) -> np.ndarray:
    """(2, joints) rad from home: a robot that is posed, not simulated, with its first feet lifted,
    and with its second.
    """
    motion = Motion(lift=WALKS[robot.type].lift, steps=1, feet="planted")
    poses = loop(robot, model, motion) - np.array(robot.structure.home_qpos)
    highest = [round(t * len(poses)) for t in (0.25, 0.75)]
    return poses[highest][:, [joint.qpos_adr for joint in robot.structure.joints]]


def action_scale(task: Task) -> float:
    """rad by which an action of 1 moves the target of a joint."""
    setting = task.setting(None)
    none = jnp.zeros((task.num_envs, task.action_size))
    state = task.reset(jax.random.PRNGKey(0), setting)
    at, beside = (task.act(state, none + a, setting)["ctrl"] for a in (0.0, 0.1))
    return float(jnp.mean(beside - at) / 0.1)


def _teacher(task: Task, scale: float) -> Callable[[TaskState], jax.Array]:
    """Actions (batch, action_size) that ask for what is to be copied."""
    robot, model = task.robot, task.model
    walk, setting = WALKS[robot.type], task.setting(None)
    none = jnp.zeros((task.num_envs, task.action_size))
    driven = model.jnt_qposadr[model.actuator_trnid[:, 0]]
    order = [joint.qpos_adr for joint in robot.structure.joints]
    steps = posed_steps(robot, model)[:, [order.index(address) for address in driven]]
    first, second = jnp.asarray(steps, jnp.float32)
    home = np.array(robot.structure.home_qpos)
    if len(walk.first) > 1:
        light, standing = 1.0, lambda qpos, qvel: jnp.asarray(home[driven], jnp.float32)
    else:
        light, standing = _LIGHT, balance(model, home, home[driven], task.split.nstep).targets

    def teach(state: TaskState) -> jax.Array:
        lead = light * jnp.sin(state.phase)[:, None]
        moving = jnp.sum(state.env.info["command"] ** 2, axis=1, keepdims=True) > 0.01
        step = jnp.maximum(-lead, 0.0) * first + jnp.maximum(lead, 0.0) * second
        targets = standing(state.env.data["qpos"], state.env.data["qvel"]) + moving * step
        # Some environments count actions from home, others from the targets before.
        start = task.act(state, none, setting)["ctrl"]
        return jnp.clip((targets - start) / scale, -_LARGEST, _LARGEST)

    return teach
