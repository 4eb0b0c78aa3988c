"""What a learner sees: a Playground environment with a behaviour clock, held commands and a
termination of our own.
"""

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import jax
import jax.numpy as jnp
import numpy as np
from flax import struct

from tabrl.envs.load import coarse, load_env, undisturbed
from tabrl.envs.mjx import ROOM, MjxPhysics
from tabrl.envs.native import NativePhysics
from tabrl.envs.randomize import PUSH_EVERY, draw, no_differences
from tabrl.envs.signals import SignalComputer, Track
from tabrl.envs.split import EnvState, Split
from tabrl.policies.added import OCTAVES, WAY_BACK, octaves_shown
from tabrl.robots.catalogue import robot as find_robot
from tabrl.spec import MOST_MOVES, Approach, Move, Termination

_NO_LIMIT = -1e3
_ASIDE = 0.1  # rad or m by which joints are moved to see what shows them
_JITTER = 0.05
"""rad, m, rad/s and m/s by which the joints of starts near home are off."""


class Setting(struct.PyTreeNode):
    """What an approach fixes; traced, so that changing it compiles nothing."""

    # (MOST_MOVES, 4): forward m/s, left m/s, turn rad/s, and 1 to hold it or 0 to let the
    # environment draw; one after another
    commands: jax.Array
    until: jax.Array  # (MOST_MOVES,) s of an episode, the last of them without end
    clock_hz: jax.Array  # ()
    octaves: jax.Array  # (): of the clock that are shown
    way_back: jax.Array  # (): 1 to show it, 0 for zeros
    clock_spread: jax.Array  # (): each episode's clock runs at clock_hz * exp(U(-spread, spread))
    min_upright: jax.Array  # ()
    min_height: jax.Array  # () m
    stock: jax.Array  # (): 1 where the environment's own termination ends episodes, too

    def told(self, *command: float) -> "Setting":
        """The same with one command throughout: forward, left, turn and whether to hold it."""
        return self.replace(
            commands=jnp.tile(jnp.array(command, jnp.float32), (MOST_MOVES, 1)),
            until=jnp.full(MOST_MOVES, jnp.inf, jnp.float32),  # weak types compile anew
        )

    def command_at(self, time: jax.Array) -> jax.Array:
        """The command (..., 4) at times of an episode (...) in s."""
        return self.commands[jnp.searchsorted(self.until, time, side="right")]


class TaskState(struct.PyTreeNode):
    """A batch of tasks between two physics calls."""

    env: EnvState
    obs: dict[str, jax.Array]
    track: Track
    phase: jax.Array  # (batch,) rad
    rate: jax.Array  # (batch,) Hz
    steps: jax.Array  # (batch,) control steps in this episode
    push: jax.Array  # (batch, 2) m/s, world frame: what the next step adds to a floating base


class Step(struct.PyTreeNode):
    """What a control step gave."""

    signals: jax.Array  # (batch, size), packed
    stock_reward: jax.Array  # (batch,)
    done: jax.Array  # (batch,) 1 where the robot fell or the environment ended the episode
    truncated: jax.Array  # (batch,) 1 where the episode only ran out of time
    broken: jax.Array  # (batch,) 1 where the physics gave a number that is not finite
    steps: jax.Array  # (batch,) length of the episode so far


class Task:
    """A robot's task for `num_envs` simulations.

    The pure functions `act` and `settle` bracket the physics; users jit them together with their
    policy. With `impl="mjx"` the physics is pure, too (`physics.traceable`), and matrix products
    keep full float32 precision in the whole process.

    Attributes:
        obs_shapes: {"state": (n,), "privileged_state": (m,)}: what the actor and the critic see.
    """

    def __init__(
        self,
        robot_id: str,
        num_envs: int,
        *,
        threads: int = 0,
        randomize: bool = False,
        seed: int = 0,
        impl: Literal["native", "mjx"] = "native",
        coarse_physics: bool = False,
    ) -> None:
        self.robot = find_robot(robot_id)
        self.num_envs = num_envs
        overrides = ({} if randomize else undisturbed(robot_id)) | (
            coarse(self.robot) if coarse_physics else {}
        )
        self.environment = load_env(robot_id, config_overrides=overrides)
        self.model = self.environment.mj_model
        self.signals = SignalComputer(self.robot, self.model)
        self.split = Split(self.environment, also_reads=self.signals.reads)
        self.action_size = self.environment.action_size
        self._differ = (
            draw(self.environment, self.robot, num_envs, seed)
            if randomize
            else no_differences(num_envs)
        )
        randomized = self._differ.fields
        self.physics: NativePhysics | MjxPhysics
        if impl == "native":
            self.physics = NativePhysics(
                self.model, num_envs, self.split.reads, threads=threads, randomized=randomized
            )
        else:
            # NVIDIA GPUs would round rotations to 10 bits.
            jax.config.update("jax_default_matmul_precision", "highest")
            config = self.environment._config
            room = {name: config[name] for name in ROOM if name in config}
            self.physics = MjxPhysics(
                self.model, num_envs, self.split.reads, randomized=randomized, room=room
            )
        self._halves = [jax.jit(self.split.reset_half, static_argnums=0) for _ in self.split.phases]
        self._end = jax.jit(self.split.reset_end)
        self._begin = jax.jit(self._begin_episode)
        sizes = jax.eval_shape(
            lambda o: observation(o, jnp.zeros(1), OCTAVES, jnp.zeros((1, WAY_BACK))),
            jax.tree.map(_add_batch, self.split.obs_shape),
        )
        self.obs_shapes = {name: value.shape[1:] for name, value in sizes.items()}

    def setting(self, approach: Approach | None) -> Setting:
        """The traced values of an approach; None is the stock task: commands and termination are
        the environment's.

        With the environment's own commands the clock runs at half to double 1.5 Hz, so that a base
        policy has seen every rhythm and minds none.
        """
        if approach is None:
            script: Sequence[Move] = ()
            command = (0.0, 0.0, 0.0, 0.0)
            values = (1.5, 1.0, 0.0, math.log(2.0), _NO_LIMIT, _NO_LIMIT, 1.0)
        else:
            never = Termination(min_upright=None, min_height=None)
            end = approach.termination if self.robot.falls else never
            upright = _NO_LIMIT if end.min_upright is None else end.min_upright
            height = (
                _NO_LIMIT
                if end.min_height is None
                else end.min_height * self.robot.structure.base_height
            )
            stock = 0.0 if self.robot.structure.free_base or self.robot.falls else 1.0
            script, command = approach.script, (*approach.command, 1.0)
            rate = approach.clock_hz
            values = (rate, float(octaves_shown(rate)), 1.0, 0.0, upright, height, stock)
        rows = [(m.forward, m.left, m.turn, 1.0) for m in script] or [command]
        ends = list(itertools.accumulate(move.seconds for move in script))[:-1]
        rest = MOST_MOVES - len(rows)
        return Setting(
            jnp.asarray(rows + rest * rows[-1:], jnp.float32),
            jnp.asarray(ends + (rest + 1) * [math.inf], jnp.float32),
            *(jnp.asarray(v, jnp.float32) for v in values),
        )

    def reset(self, key: jax.Array, setting: Setting, *, canonical: int = 0) -> TaskState:
        """Start states from `key`; the first `canonical` ones stand in the home pose at the origin,
        at rest.

        Environments of robots that fall in a plane drop them in any pose; unless the environment's
        own termination counts, they begin near home.
        """
        command = setting.commands[0]
        keys, inputs, answers = self.answered(key, command)
        dropped = self.robot.falls and self.robot.structure.planar_base
        near = self.num_envs if dropped and not setting.stock else canonical
        if near and (dropped or self.robot.structure.free_base):
            off = jax.random.uniform(key, (2, near - canonical, self.model.nv), minval=-1.0)
            self._stand(near, _JITTER * np.array(off), inputs, answers[-1])
        env = self._end(keys, command, answers)
        # Some resets make no physics call, and leave to the first step what derives from the state.
        outputs = answers[-1] if answers else self._simulate(self.split.inputs_of(env), 0)
        return self._begin(keys, setting, env, outputs)

    def answered(
        self, key: jax.Array, command: jax.Array
    ) -> tuple[jax.Array, dict[str, np.ndarray], list[dict[str, np.ndarray]]]:
        """The keys of a reset's simulations, the inputs of its last physics call, and the answers
        to all its physics calls.
        """
        keys = jax.random.split(key, self.num_envs)
        answers: list[dict[str, np.ndarray]] = []
        inputs: dict[str, np.ndarray] = {}
        for index, phase in enumerate(self.split.phases):
            half = self._halves[index](index, keys, command, answers)
            inputs = {name: np.array(value) for name, value in half.items()}
            answers.append(self._simulate(inputs, phase.nstep))
        return keys, inputs, answers

    def sees(self, joints: Iterable[str]) -> np.ndarray:
        """Which numbers of the actor's observation, by their places, change with the positions of
        these joints: none where a reset makes no physics call, or where sensors show them.
        """
        command = jnp.zeros(4)
        keys, _, answers = self.answered(jax.random.PRNGKey(0), command)
        if not answers:
            return np.zeros(0, int)
        moved = [*answers[:-1], {**answers[-1], "qpos": np.array(answers[-1]["qpos"])}]
        chosen = set(joints)
        places = [j.qpos_adr for j in self.robot.structure.joints if j.name in chosen]
        moved[-1]["qpos"][:, places] += _ASIDE
        here, there = (self._end(keys, command, each).obs for each in (answers, moved))
        shown = [np.asarray(o["state"] if isinstance(o, Mapping) else o) for o in (here, there)]
        return np.flatnonzero(np.abs(shown[1] - shown[0]).max(axis=0) > _ASIDE / 10)

    def _simulate(
        self, inputs: Mapping[str, jax.Array | np.ndarray], nstep: int
    ) -> dict[str, np.ndarray]:
        outputs = self.physics.step(inputs, nstep)
        return {name: np.array(value) for name, value in outputs.items()}

    def _stand(
        self,
        count: int,
        off: np.ndarray,
        inputs: Mapping[str, np.ndarray],
        outputs: Mapping[str, np.ndarray],
    ) -> None:
        """Put the home pose, at rest, of the first simulations into the outputs of a reset; the
        last ones of them are `off` (2, n, nv), in position and velocity.
        """
        now = {name: np.array(outputs.get(name, value)) for name, value in inputs.items()}
        now["qpos"][:count] = self.robot.structure.home_qpos
        now["qvel"][:count] = 0.0
        if off.size:  # in a plane, where positions are as many as velocities
            now["qpos"][count - off.shape[1] : count] += off[0]
            now["qvel"][count - off.shape[1] : count] += off[1]
        standing = self._simulate(now, 0)
        for name, value in outputs.items():
            value[:count] = standing[name][:count]

    def aged(self, state: TaskState, steps: jax.Array, setting: Setting) -> TaskState:
        """Episodes that begin at other times of their clock: else all would run out of time in the
        same iteration, and a short training would see the end of a sequence last of all.
        """
        phase = jnp.mod(2 * jnp.pi * state.rate * self.environment.dt * steps, 2 * jnp.pi)
        obs = observation(state.env.obs, phase, setting.octaves, _at_the_start(phase))
        return state.replace(obs=obs, phase=phase, steps=steps)

    def act(self, state: TaskState, action: jax.Array, setting: Setting) -> dict[str, jax.Array]:
        """Physics inputs for an action (batch, action_size)."""
        done = jnp.where(self._differ.late[:, None], state.track.action, action)
        inputs = self.split.pre(state.env, done, self._told(state, setting))
        if self.robot.structure.free_base:
            inputs["qvel"] = inputs["qvel"].at[:, :2].add(state.push)
        return inputs

    def settle(
        self,
        state: TaskState,
        action: jax.Array,
        outputs: Mapping[str, jax.Array],
        setting: Setting,
        starts: TaskState,
        key: jax.Array,
        episode_length: int,
    ) -> tuple[TaskState, Step]:
        """The next state and what the step gave; episodes that ended begin again from a random
        state of `starts`.
        """
        env, outcome = self.split.post(state.env, action, self._told(state, setting), outputs)
        track, velocity = self.signals.advance(state.track, outputs, action)
        phase = jnp.mod(state.phase + 2 * jnp.pi * state.rate * self.environment.dt, 2 * jnp.pi)
        command = _command(env.info, self.num_envs)
        signals = self.signals.compute(track, velocity, outputs, setting.clock_hz, phase, command)
        broken = ~jnp.all(jnp.isfinite(outputs["qpos"]), axis=1) | ~jnp.all(
            jnp.isfinite(outputs["qvel"]), axis=1
        )
        done = broken | self._fell(signals, setting) | ((outcome.done > 0) & (setting.stock > 0))
        steps = state.steps + 1
        truncated = (steps >= episode_length) & ~done
        back = setting.way_back * self.signals.way_back(track, outputs)
        obs = observation(env.obs, phase, setting.octaves, back)
        following = TaskState(env, obs, track, phase, state.rate, steps, self._push(key))
        fresh = jax.tree.map(
            lambda x: x[jax.random.randint(key, (self.num_envs,), 0, self.num_envs)], starts
        )
        following = _restart(done | truncated, fresh, following)
        step = Step(
            self.signals.pack(signals),
            outcome.reward,
            done.astype(jnp.float32),
            truncated.astype(jnp.float32),
            broken.astype(jnp.float32),
            steps,
        )
        return following, step

    def _told(self, state: TaskState, setting: Setting) -> jax.Array:
        """The commands (batch, 4) of this control step."""
        return setting.command_at(state.steps * self.environment.dt)

    def _push(self, key: jax.Array) -> jax.Array:
        """(batch, 2) m/s, mostly none."""
        if not self._differ.push:
            return jnp.zeros((self.num_envs, 2))
        now, speed, way = jax.random.uniform(jax.random.fold_in(key, 1), (3, self.num_envs))
        speed = jnp.where(now < self.environment.dt / PUSH_EVERY, self._differ.push * speed, 0.0)
        way = 2 * jnp.pi * way
        return speed[:, None] * jnp.stack([jnp.cos(way), jnp.sin(way)], axis=1)

    def _fell(self, signals: Mapping[str, jax.Array], setting: Setting) -> jax.Array:
        if not self.robot.falls:
            return jnp.zeros(self.num_envs, bool)
        structure = self.robot.structure
        if structure.free_base:
            upright, height = signals["upright"], signals["height"]
        else:
            base = structure.bodies.index(structure.base_body)
            upright, height = signals["body_up"][:, base], signals["body_pos"][:, base, 2]
        return (upright < setting.min_upright) | (height < setting.min_height)

    def _begin_episode(
        self, keys: jax.Array, setting: Setting, env: EnvState, outputs: dict[str, jax.Array]
    ) -> TaskState:
        track = self.signals.begin(outputs, self.action_size)
        draw = jax.vmap(lambda k: jax.random.uniform(jax.random.fold_in(k, 1), minval=-1.0))(keys)
        rate = setting.clock_hz * jnp.exp(setting.clock_spread * draw)
        phase = jnp.zeros(self.num_envs)
        steps = jnp.zeros(self.num_envs, jnp.int32)
        push = jnp.zeros((self.num_envs, 2))
        obs = observation(env.obs, phase, setting.octaves, _at_the_start(phase))
        return TaskState(env, obs, track, phase, rate, steps, push)


def _restart(ended: jax.Array, fresh: TaskState, following: TaskState) -> TaskState:
    def pick(path: tuple, new: jax.Array, old: jax.Array) -> jax.Array:
        if any(getattr(k, "key", None) == "rng" for k in path):
            return old  # or episodes from one start state would draw the same numbers
        return jnp.where(ended.reshape(-1, *([1] * (old.ndim - 1))), new, old)

    return jax.tree_util.tree_map_with_path(pick, fresh, following)


def _at_the_start(phase: jax.Array) -> jax.Array:
    return jnp.zeros((len(phase), WAY_BACK))


def observation(
    obs: Any, phase: jax.Array, octaves: jax.Array | int, way_back: jax.Array
) -> dict[str, jax.Array]:
    """The environment's observation with sine and cosine of the clock's octaves, those that are not
    shown being zero, and the way back (batch, 4); for the actor and for the critic.
    """
    octave = jnp.arange(OCTAVES)
    angle = phase[:, None] * 2.0**octave
    waves = jnp.stack([jnp.sin(angle), jnp.cos(angle)], axis=-1)
    clock = jnp.where((octave < octaves)[:, None], waves, 0.0).reshape(len(phase), 2 * OCTAVES)
    state = obs["state"] if isinstance(obs, Mapping) else obs
    private = obs.get("privileged_state", state) if isinstance(obs, Mapping) else obs
    return {
        "state": jnp.concatenate([state, clock, way_back], axis=-1),
        "privileged_state": jnp.concatenate([private, clock, way_back], axis=-1),
    }


def _command(info: Mapping[str, jax.Array], batch: int) -> jax.Array:
    command = info.get("command")
    if command is None or command.shape != (batch, 3):
        return jnp.zeros((batch, 3))
    return command


def _add_batch(x: jax.ShapeDtypeStruct) -> jax.ShapeDtypeStruct:
    return jax.ShapeDtypeStruct((1, *x.shape), x.dtype)
