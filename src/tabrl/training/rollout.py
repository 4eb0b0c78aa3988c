"""Roll policies out without learning: for clips, verdicts and the pre-flight."""

import threading
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Literal

import jax
import jax.numpy as jnp
import numpy as np

from tabrl.envs.task import Setting, Task, TaskState
from tabrl.policies.networks import Parameters, make_networks, make_policy
from tabrl.spec import Move
from tabrl.training.memory import kept
from tabrl.verdict.trajectory import RATE_HZ, Trajectory, resample

NUM_ENVS = 4
"""The first starts in the canonical state, the others from the environment's own random ones."""
CLIP_SAMPLES = 500
PUSH_EVERY = 2.0  # s
_NEVER = 10**9


Driver = Parameters | Literal["still", "random"]
"""Who moves the robot: a policy's mean action, action zero, or uniform actions in -1..1.

Action zero holds the home pose where actions are joint targets; other robots hang limp.
"""


class Rollouts:
    """Compiled rollouts of one robot. The policy's weights are arguments: all policies of a shape
    share the code.
    """

    def __init__(
        self,
        robot_id: str,
        hidden: tuple[int, ...],
        *,
        num_envs: int = NUM_ENVS,
        threads: int = 1,
    ) -> None:
        self.task = Task(robot_id, num_envs, threads=threads)
        networks = make_networks(self.task.obs_shapes, self.task.action_size, hidden, 1.0)
        self._policy = make_policy(networks, deterministic=True)
        self._follow = jax.jit(self._follow_policy)
        self._given = jax.jit(self._take_given)
        self._settle = jax.jit(
            lambda s, a, o, setting, starts, k: self.task.settle(
                s, a, o, setting, starts, k, _NEVER
            )
        )

    def run(
        self,
        driver: Driver,
        setting: Setting,
        seed: int,
        *,
        samples: int = CLIP_SAMPLES,
        stop: threading.Event | None = None,
        moves: Sequence[Move] = (),
        push: np.ndarray | None = None,
        on_its_back: bool = False,
    ) -> "Rollout":
        """Let a driver move all robots for `samples` samples at 50 Hz, or until `stop`,
        by one step at least.

        Args:
            moves: commands in place of the setting's, one after another; then it is told to stand.
            on_its_back: begin upside down, low above the floor; for a base that moves freely.
            push: (num_envs, 2) m/s, world frame, that bases are pushed by every `PUSH_EVERY` s.
        """
        act = self._actor(driver, seed)
        # A clip shows all of it: a robot that falls stays down.
        relaxed = setting.replace(
            min_upright=jnp.float32(-1e3), min_height=jnp.float32(-1e3), stock=jnp.float32(0.0)
        )
        told = _schedule(relaxed, moves)
        state = starts = self.task.reset(jax.random.PRNGKey(seed), told[0][1], canonical=1)
        if on_its_back:
            state = _turned_over(state)
        dt = self.task.robot.structure.control_dt
        frames: list[tuple[np.ndarray, ...]] = []
        signals = []
        key = jax.random.PRNGKey(seed)
        every = round(PUSH_EVERY / dt)
        for i in range(int(np.ceil(samples / RATE_HZ / dt))):
            if push is not None and i % every == every - 1:
                state = state.replace(push=jnp.asarray(push, jnp.float32))
            now = next(setting for end, setting in told if i * dt < end)
            action, inputs = act(state, now)
            frames.append(
                tuple(
                    np.array(inputs[n]) for n in ("qpos", "qvel", "ctrl", "mocap_pos", "mocap_quat")
                )
            )
            outputs = self.task.physics.step(inputs, self.task.split.nstep)
            state, step = self._settle(state, action, outputs, now, starts, key)
            signals.append(np.array(step.signals))
            if stop is not None and stop.is_set():
                break
        return Rollout(self.task, dt, frames, np.stack(signals), samples)

    def _actor(
        self, driver: Driver, seed: int
    ) -> Callable[[TaskState, Setting], tuple[jax.Array, dict[str, jax.Array]]]:
        shape = (self.task.num_envs, self.task.action_size)
        if isinstance(driver, Parameters):
            parameters = jax.tree.map(jnp.asarray, driver)
            return lambda state, setting: self._follow(parameters, state, setting)
        if driver == "still":
            return lambda state, setting: self._given(state, jnp.zeros(shape), setting)
        draws = np.random.default_rng(seed)
        return lambda state, setting: self._given(
            state, jnp.asarray(draws.uniform(-1, 1, shape), jnp.float32), setting
        )

    def _follow_policy(self, parameters: Parameters, state: TaskState, setting: Setting) -> tuple:
        action, _ = self._policy(parameters, state.obs, jax.random.PRNGKey(0))
        return action, self.task.act(state, action, setting)

    def _take_given(self, state: TaskState, action: jax.Array, setting: Setting) -> tuple:
        return action, self.task.act(state, action, setting)


def _turned_over(state: TaskState) -> TaskState:
    qpos = state.env.data["qpos"]
    qpos = qpos.at[:, 2].multiply(0.6).at[:, 3:7].set(jnp.array([0.0, 1.0, 0.0, 0.0]))
    return state.replace(env=state.env.replace(data=state.env.data | {"qpos": qpos}))


def _schedule(setting: Setting, moves: Sequence[Move]) -> list[tuple[float, Setting]]:
    """What holds until when, s."""
    if not moves:
        return [(np.inf, setting)]
    ends = np.cumsum([move.seconds for move in moves])
    commands = [(move.forward, move.left, move.turn, 1.0) for move in moves]
    stand = (0.0, 0.0, 0.0, 1.0)
    return [
        (end, setting.told(*command))
        for end, command in zip([*ends, np.inf], [*commands, stand], strict=True)
    ]


class Rollout:
    """What a driver did in each of the environments.

    Attributes:
        signals: (T, num_envs, size) packed signals.
        mocap: positions (nmocap, 3) and rotations (nmocap, 4) of the targets in the first
        environment.
    """

    def __init__(
        self,
        task: Task,
        dt: float,
        frames: list[tuple[np.ndarray, ...]],
        signals: np.ndarray,
        samples: int,
    ) -> None:
        self._task, self._dt, self._frames, self._samples = task, dt, frames, samples
        self.signals = signals
        self.mocap = (frames[0][3][0], frames[0][4][0])

    def trajectory(self, index: int = 0) -> Trajectory:
        """What one environment did, at 50 Hz."""
        qpos, qvel, ctrl = (np.stack([frame[i][index] for frame in self._frames]) for i in range(3))
        raw = Trajectory(np.arange(len(qpos)) * self._dt, qpos, qvel, ctrl)
        return resample(self._task.model, self._dt, raw, self._samples)


@kept
@lru_cache(maxsize=4)
def rollouts_of(robot_id: str, hidden: tuple[int, ...]) -> Rollouts:
    """The process's rollouts of a robot."""
    return Rollouts(robot_id, hidden)
