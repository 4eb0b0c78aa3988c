"""What a learner sees of Go1: clock, command, falls, truncation, restarts and randomisation."""

import functools
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from lockstep import quick_jit
from structures import nightly

from tabrl.envs.task import Setting, Step, Task, TaskState
from tabrl.policies.added import ADDED, OCTAVES, WAY_BACK
from tabrl.policies.networks import initialize, make_networks
from tabrl.spec import Approach, Hyperparameters, Move, Termination
from tabrl.training.ppo import Ppo

GO1 = "Go1JoystickFlatTerrain"
ENVS, LENGTH = 3, 6
COMMAND = (0.4, -0.1, 0.6)


@dataclass
class Robots:
    """A few Go1 and their compiled control step."""

    task: Task

    def __post_init__(self) -> None:
        self._act = quick_jit(self.task.act)
        self._settle = quick_jit(self.task.settle, static_argnums=6)

    def reset(self, setting: Setting, seed: int = 0) -> TaskState:
        return self.task.reset(jax.random.PRNGKey(seed), setting, canonical=1)

    def outputs(self, state: TaskState, setting: Setting) -> dict[str, np.ndarray]:
        """What the physics gives for action zero."""
        inputs = self._act(state, self.still, setting)
        outputs = self.task.physics.step(inputs, self.task.split.nstep)
        return {name: np.array(value) for name, value in outputs.items()}

    def settle(
        self, state: TaskState, outputs: dict, setting: Setting, starts: TaskState
    ) -> tuple[TaskState, Step]:
        key = jax.random.PRNGKey(5)
        return self._settle(state, self.still, outputs, setting, starts, key, LENGTH)

    def step(self, state: TaskState, setting: Setting, starts: TaskState) -> tuple[TaskState, Step]:
        return self.settle(state, self.outputs(state, setting), setting, starts)

    @functools.cached_property
    def still(self) -> jax.Array:
        return jnp.zeros((ENVS, self.task.action_size))


@pytest.fixture(scope="module")
def go1() -> Robots:
    return Robots(Task(GO1, ENVS, threads=1))


def approach(**values: Any) -> Approach:
    return Approach(
        name="Any", description="", source="", weights={}, **{"command": COMMAND} | values
    )


def test_the_clock_in_the_observation_turns_at_its_rate(go1: Robots) -> None:
    setting = go1.task.setting(approach(clock_hz=2.5))
    state = starts = go1.reset(setting)
    for t in range(LENGTH - 1):
        angle = 2 * np.pi * 2.5 * go1.task.environment.dt * t
        for obs in state.obs.values():
            hands = [[np.sin(angle), np.cos(angle)]] * ENVS
            np.testing.assert_allclose(obs[:, -ADDED:][:, :2], hands, atol=1e-5)
        state, _ = go1.step(state, setting, starts)


def test_stock_clocks_run_at_rates_of_their_own(go1: Robots) -> None:
    rates = np.asarray(go1.reset(go1.task.setting(None)).rate)
    assert np.unique(rates).size == ENVS
    assert np.all((rates > 0.75) & (rates < 3.0))


def test_a_held_command_shows_from_the_first_observation_on(go1: Robots) -> None:
    setting = go1.task.setting(approach())
    state = starts = go1.reset(setting)
    for _ in range(LENGTH + 2):  # past a restart
        told = state.obs["state"][:, :-ADDED][:, -3:]
        np.testing.assert_allclose(told, [COMMAND] * ENVS, atol=1e-6)
        due = {"steps_until_next_cmd": jnp.zeros(ENVS, jnp.int32)}
        state = state.replace(env=state.env.replace(info=state.env.info | due))
        state, step = go1.step(state, setting, starts)
        seen = go1.task.signals.unpack(step.signals)
        np.testing.assert_allclose(seen["command"], [COMMAND] * ENVS, atol=1e-6)


def test_the_commands_of_a_script_follow_each_other_in_each_episode(go1: Robots) -> None:
    dt = go1.task.environment.dt
    script = (Move(seconds=2 * dt, forward=0.5), Move(seconds=2 * dt, turn=-1.0), Move(seconds=dt))
    setting = go1.task.setting(approach(script=script))
    state = starts = go1.task.aged(go1.reset(setting), jnp.array([0, 1, 3]), setting)
    seen = []
    for _ in range(3):
        state, step = go1.step(state, setting, starts)
        seen.append(go1.task.signals.unpack(step.signals)["command"])
    ahead, right, still = [0.5, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 0.0, 0.0]
    wanted = [[ahead, ahead, right], [ahead, right, still], [right, right, still]]
    np.testing.assert_allclose(np.array(seen), wanted, atol=1e-6)


def test_episodes_of_other_ages_are_at_other_times_of_their_clock(go1: Robots) -> None:
    setting = go1.task.setting(approach(clock_hz=1.0))
    state = go1.task.aged(go1.reset(setting), jnp.array([0, 10, 35]), setting)
    angle = 2 * np.pi * go1.task.environment.dt * np.array([0, 10, 35])
    np.testing.assert_allclose(state.obs["state"][:, -ADDED], np.sin(angle), atol=1e-5)
    np.testing.assert_allclose(state.phase, np.mod(angle, 2 * np.pi), atol=1e-5)


def test_a_slow_clock_shows_its_octaves_up_to_two_a_second(go1: Robots) -> None:
    ages = jnp.array([0, 10, 35])
    for rate, shown in ((0.1, 5), (0.3, 3), (1.0, 2), (1.3, 1), (6.0, 1)):
        setting = go1.task.setting(approach(clock_hz=rate))
        state = go1.task.aged(go1.reset(setting), ages, setting)
        angle = 2 * np.pi * rate * go1.task.environment.dt * np.asarray(ages)
        waves = [wave(angle * 2**octave) * (octave < shown)
                 for octave in range(OCTAVES) for wave in (np.sin, np.cos)]  # fmt: skip
        for seen in state.obs.values():
            np.testing.assert_allclose(seen[:, -ADDED:-WAY_BACK].T, waves, atol=1e-4)
        following, _ = go1.step(state, setting, state)
        assert not following.obs["state"][:, 2 * shown - ADDED : -WAY_BACK].any()


def test_the_way_back_is_seen_from_the_robot_and_from_nowhere_in_the_stock_task(
    go1: Robots,
) -> None:
    setting = go1.task.setting(approach(command=(0.5, 0.2, 1.0)))
    state = starts = go1.reset(setting)
    assert not state.obs["state"][:, -WAY_BACK:].any()
    for _ in range(LENGTH - 2):
        state, step = go1.step(state, setting, starts)
    seen = go1.task.signals.unpack(step.signals)
    turned = np.asarray(seen["yaw"])
    home = -np.asarray(seen["displacement"])  # in the heading that it began with
    cos, sin = np.cos(turned), np.sin(turned)
    way = np.stack([cos * home[:, 0] + sin * home[:, 1], cos * home[:, 1] - sin * home[:, 0]], 1)
    wanted = np.hstack([way / (0.5 + np.abs(way)), sin[:, None], 1 - cos[:, None]])
    assert np.abs(wanted).max(axis=0).min() > 0
    for obs in state.obs.values():
        np.testing.assert_allclose(obs[:, -WAY_BACK:], wanted, atol=1e-5)
    stock = go1.task.setting(None)
    state, _ = go1.step(state, stock, starts)
    assert not state.obs["state"][:, -WAY_BACK:].any()


def test_the_stock_task_draws_its_commands(go1: Robots) -> None:
    state = go1.reset(go1.task.setting(None))
    assert np.unique(np.asarray(state.env.info["command"])[:, 0]).size == ENVS


def test_observations_have_the_shapes_that_networks_are_made_for(go1: Robots) -> None:
    state = go1.reset(go1.task.setting(None))
    assert {name: value.shape[1:] for name, value in state.obs.items()} == go1.task.obs_shapes


@pytest.mark.parametrize(
    ("termination", "falls"),
    [
        (Termination(min_upright=0.3, min_height=0.5), [0, 1, 1]),
        (Termination(min_upright=None, min_height=0.5), [0, 0, 1]),
        (Termination(min_upright=0.3, min_height=None), [0, 1, 0]),
        (Termination(min_upright=None, min_height=None), [0, 0, 0]),
    ],
)
def test_falls_are_what_the_approach_says(
    go1: Robots, termination: Termination, falls: list[int]
) -> None:
    setting = go1.task.setting(approach(termination=termination))
    starts = go1.reset(setting)
    outputs = go1.outputs(starts, setting)
    outputs["qpos"][:, 2] = [0.28, 0.28, 0.12]
    outputs["qpos"][:, 3:7] = [[1, 0, 0, 0], [np.cos(0.7), np.sin(0.7), 0, 0], [1, 0, 0, 0]]
    _, step = go1.settle(starts, outputs, setting, starts)
    np.testing.assert_array_equal(step.done, falls)
    assert not step.truncated.any()


@pytest.mark.parametrize("robot_id", ["FishSwim", "Go1Getup", "SpotGetup"])
def test_who_swims_or_begins_lying_cannot_fall(go1: Robots, robot_id: str) -> None:
    given = approach(termination=Termination(min_upright=0.3, min_height=0.5))
    relaxed = approach(termination=Termination(min_upright=None, min_height=None))
    never, setting = go1.task.setting(relaxed), Task(robot_id, 1, threads=1).setting(given)
    assert (setting.min_upright, setting.min_height) == (never.min_upright, never.min_height)


def test_numbers_that_are_not_finite_end_only_their_own_episode(go1: Robots) -> None:
    setting = go1.task.setting(approach())
    starts = go1.reset(setting)
    outputs = go1.outputs(starts, setting)
    outputs["qvel"][1, 3] = np.nan
    state, step = go1.settle(starts, outputs, setting, starts)
    np.testing.assert_array_equal(step.broken, [0, 1, 0])
    np.testing.assert_array_equal(step.done, [0, 1, 0])
    assert all(np.isfinite(leaf).all() for leaf in jax.tree.leaves(state.obs))


def test_episodes_are_truncated_at_their_length_and_begin_again(go1: Robots) -> None:
    setting = go1.task.setting(approach())
    state = starts = go1.reset(setting)
    for t in range(1, LENGTH + 1):
        before = state
        state, step = go1.step(state, setting, starts)
        np.testing.assert_array_equal(step.steps, [t] * ENVS)
        np.testing.assert_array_equal(step.truncated, [float(t == LENGTH)] * ENVS)
        assert not step.done.any()
    np.testing.assert_array_equal(state.steps, [0] * ENVS)
    poses = np.asarray(starts.env.data["qpos"])
    assert all(row in poses for row in np.asarray(state.env.data["qpos"]))
    # A restart takes everything from the starts but the stream of random numbers.
    begun, continued = state.env.info["rng"], before.env.info["rng"]
    assert not np.any(np.all(np.asarray(begun) == np.asarray(starts.env.info["rng"]), axis=-1))
    assert not np.any(np.all(np.asarray(begun) == np.asarray(continued), axis=-1))


@pytest.mark.parametrize("robot_id", [GO1, nightly("Go1Getup")])
def test_the_canonical_start_is_the_home_pose_at_rest_at_the_origin(robot_id: str) -> None:
    task = Task(robot_id, ENVS, threads=1)
    state = task.reset(jax.random.PRNGKey(1), task.setting(None), canonical=2)
    qpos, qvel = (np.asarray(state.env.data[name]) for name in ("qpos", "qvel"))
    np.testing.assert_array_equal(qpos[:2], [np.float32(task.robot.structure.home_qpos)] * 2)
    np.testing.assert_array_equal(qpos[:2, :2], 0)
    np.testing.assert_array_equal(qvel[:2], 0)
    assert not np.any(np.all(qpos[2:] == qpos[0], axis=1))
    np.testing.assert_array_equal(state.track.start_xy, qpos[:, :2])


def test_a_walker_in_a_plane_begins_near_home_and_ends_with_a_fall() -> None:
    task = Task("WalkerRun", ENVS, threads=1)
    home = np.float32(task.robot.structure.home_qpos)
    key, own, stock = jax.random.PRNGKey(1), task.setting(approach()), task.setting(None)
    state = task.reset(key, own, canonical=2)
    qpos = np.asarray(state.env.data["qpos"])
    np.testing.assert_array_equal(qpos[:2], [home] * 2)
    assert np.all(np.abs(qpos - home) <= 0.0501)
    assert len(np.unique(qpos[1:], axis=0)) == ENVS - 1
    anywhere = task.reset(key, stock)
    assert np.any(np.abs(np.asarray(anywhere.env.data["qpos"]) - home) > 0.3)

    robots = Robots(task)
    outputs = robots.outputs(state, own)
    _, step = robots.settle(state, outputs, own, state)
    assert not step.done.any()
    outputs["xpos"].reshape(ENVS, -1, 3)[0, :, 2] -= 0.7 * task.robot.structure.base_height
    for setting, ends in ((own, True), (stock, False)):
        _, step = robots.settle(state, outputs, setting, state)
        assert step.done[0] == ends
        assert not step.done[1:].any()


def test_hands_and_objects_have_places_at_once_where_a_reset_makes_no_physics_call() -> None:
    task = Task("PandaPickCube", ENVS, threads=1)
    assert not task.split.phases
    setting = task.setting(None)
    state = task.reset(jax.random.PRNGKey(1), setting)
    before = np.asarray(state.track.points)
    assert np.all(np.linalg.norm(before, axis=-1) > 0.3)
    action = jnp.zeros((ENVS, task.action_size))
    outputs = task.physics.step(task.act(state, action, setting), task.split.nstep)
    _, velocity = task.signals.advance(state.track, outputs, action)
    assert np.abs(velocity).max() < 2.0


def test_a_go1_on_its_back_stays_above_the_floor(go1: Robots) -> None:
    setting = go1.task.setting(approach())
    inputs = go1._act(go1.reset(setting), go1.still, setting)
    inputs = {name: np.array(value) for name, value in inputs.items()}
    inputs["qpos"][:, 2], inputs["qpos"][:, 3:7] = 0.2, [0, 1, 0, 0]
    inputs["qvel"][:] = 0
    outputs = go1.task.physics.step(inputs, round(1.0 / go1.task.environment.sim_dt))
    assert np.all(outputs["qpos"][:, 2] > 0.03)


@pytest.mark.nightly
def test_domain_randomisation_reaches_the_physics_and_repeats_by_seed() -> None:
    tasks = [Task(GO1, ENVS, threads=1, randomize=True, seed=seed) for seed in (1, 1, 2)]
    for name in ("body_mass", "geom_friction", "dof_frictionloss"):
        first, again, other = (np.array(task.physics.batch.expand(name)) for task in tasks)
        np.testing.assert_array_equal(first, again)
        assert not np.array_equal(first, other)
        assert not np.array_equal(first[0], first[1])
    rest = Robots(tasks[0])
    setting = tasks[0].setting(approach())
    inputs = {
        k: np.array(v) for k, v in rest._act(rest.reset(setting), rest.still, setting).items()
    }
    for name in ("qpos", "qvel", "ctrl", "qacc_warmstart"):
        inputs[name][:] = inputs[name][:1]
    fell = tasks[0].physics.step(inputs, 20)["qvel"]
    assert not np.allclose(fell[0], fell[1], atol=1e-4)


@pytest.mark.nightly
def test_a_hand_and_its_cube_are_randomised_too() -> None:
    task = Task("LeapCubeReorient", ENVS, threads=1, randomize=True)
    for name in ("body_mass", "actuator_gainprm", "geom_friction"):
        assert np.unique(task.physics.batch.expand(name), axis=0).shape[0] == ENVS


def test_compiled_steps_call_nothing_outside_of_jax(go1: Robots) -> None:
    task, setting = go1.task, go1.task.setting(approach())
    hp = Hyperparameters(num_envs=ENVS, hidden=(8,))
    networks = make_networks(task.obs_shapes, task.action_size, hp.hidden, 1.0)
    ppo = Ppo(task, networks, hp)
    key = jax.random.PRNGKey(0)
    parameters = initialize(networks, task.obs_shapes, key)
    starts = go1.reset(setting)
    outputs = go1.outputs(starts, setting)
    decision, _ = jax.eval_shape(ppo.start, parameters, starts, setting, key)
    step = ppo.step.lower(parameters, starts, decision, outputs, setting, starts, key).as_text()
    start = ppo.start.lower(parameters, starts, setting, key).as_text()
    assert "stablehlo" in step
    assert not [word for word in ("callback", "infeed", "outfeed") if word in step + start]


@pytest.mark.nightly
def test_nothing_pushes_a_robot_that_is_not_randomised() -> None:
    """Playground kicks a Barkour every 1 to 3 s; all of ours do the same after the same start."""
    robots = Robots(Task("BarkourJoystick", ENVS, threads=1))
    setting = robots.task.setting(approach())
    state = robots.reset(setting)
    for _ in range(160):
        state, _ = robots.settle(state, robots.outputs(state, setting), setting, state)
        state = state.replace(steps=jnp.zeros_like(state.steps))
    qpos = robots.outputs(state, setting)["qpos"]
    np.testing.assert_array_equal(qpos, qpos[:1].repeat(ENVS, axis=0))
