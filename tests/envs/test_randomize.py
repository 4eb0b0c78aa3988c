"""Simulations that differ, for robots whose randomiser is ours."""

import jax
import jax.numpy as jnp
import mujoco
import numpy as np
import pytest
from lockstep import quick_jit
from mujoco_playground import registry

from tabrl.envs import randomize
from tabrl.envs.load import load_env
from tabrl.envs.mjx import MjxPhysics
from tabrl.envs.native import NativePhysics
from tabrl.envs.randomize import FRICTION, MASS, STRENGTH, draw, scaled
from tabrl.envs.split import INPUTS
from tabrl.envs.task import Task, TaskState
from tabrl.robots.catalogue import robot, robots
from tabrl.spec import Approach

SPOT = "SpotFlatTerrainJoystick"
ENVS = 12
COMMAND = Approach(name="Any", description="", source="", weights={})


@pytest.fixture(scope="module")
def spot() -> Task:
    return Task(SPOT, ENVS, threads=1, randomize=True, seed=3)


def test_what_is_drawn_stays_in_its_ranges_and_repeats_by_seed() -> None:
    env, known = load_env(SPOT), robot(SPOT)
    first, again, other = (draw(env, known, 200, seed) for seed in (1, 1, 2))
    model = env.mj_model
    floor = first.fields["geom_friction"][:, :, 0] / model.geom_friction[:, 0]
    assert np.ptp(floor, axis=1).max() < 1e-6
    near(floor, FRICTION)
    base = model.body(known.structure.base_body).id
    legs = [i for i in range(1, model.nbody) if i != base and model.body_mass[i] > 0]
    near(first.fields["body_mass"][:, legs] / model.body_mass[legs], MASS)
    near(first.fields["actuator_gainprm"][..., 0] / model.actuator_gainprm[:, 0], STRENGTH)
    assert 0.3 < first.late.mean() < 0.7
    for name, values in first.fields.items():
        np.testing.assert_array_equal(values, again.fields[name])
        assert not np.array_equal(values, other.fields[name])


def near(values: np.ndarray, bounds: tuple[float, float]) -> None:
    """Whether values fill their bounds and leave them nowhere."""
    low, high = bounds
    width = high - low
    assert low <= values.min() < low + 0.1 * width
    assert high - 0.1 * width < values.max() <= high


def test_muscles_keep_their_numbers() -> None:
    model = mujoco.MjModel.from_xml_string("""
<mujoco><worldbody><body><joint name="bend" range="-1 1" limited="true"/><geom size="0.1"/></body>
</worldbody><actuator><motor joint="bend"/>
<muscle joint="bend" lengthrange="0.1 1"/></actuator></mujoco>""")
    gains = scaled(model, strength=np.full((2, 2), 0.5))["actuator_gainprm"]
    np.testing.assert_array_equal(gains[:, 0], [model.actuator_gainprm[0] * 0.5] * 2)
    np.testing.assert_array_equal(gains[:, 1], [model.actuator_gainprm[1]] * 2)


@pytest.mark.parametrize(
    "scale",
    [{"friction": np.array([0.1, 1.0])}, {"strength": np.array([[0.5], [1.0]])}],
    ids=["friction", "strength"],
)
@pytest.mark.parametrize("impl", ["native", pytest.param("mjx", marks=pytest.mark.nightly)])
def test_friction_and_strength_change_where_a_pushed_block_goes(
    scale: dict[str, np.ndarray], impl: str
) -> None:
    model = mujoco.MjModel.from_xml_string(BLOCK)
    went = slide(model, scaled(model, **scale), impl)
    assert abs(went[0] - went[1]) > 0.02
    plain = slide(model, {}, impl)
    assert went[1] == pytest.approx(plain[1], abs=1e-4)


BLOCK = """
<mujoco><worldbody><geom type="plane" size="5 5 1"/>
<body pos="0 0 0.1"><joint name="x" type="slide" axis="1 0 0"/>
<joint type="slide" axis="0 0 1"/><geom type="box" size="0.1 0.1 0.1"/></body>
</worldbody><actuator><motor joint="x" gear="100"/></actuator></mujoco>"""


def slide(model: mujoco.MjModel, fields: dict[str, np.ndarray], impl: str) -> np.ndarray:
    """How far (m) two blocks slide in 0.4 s."""
    data = mujoco.MjData(model)
    row = {name: np.atleast_1d(np.float32(getattr(data, name))) for name in INPUTS}
    inputs = {name: np.repeat(value[None], 2, 0) for name, value in row.items()}
    inputs["ctrl"][:] = 1.0
    physics = (NativePhysics if impl == "native" else MjxPhysics)(
        model, 2, ("qpos",), randomized=fields
    )
    return np.array(physics.step(inputs, 200)["qpos"])[:, 0]


@pytest.mark.nightly
def test_late_actions_come_one_step_later(spot: Task) -> None:
    late = spot._differ.late
    assert late.any()
    assert not late.all()
    setting = spot.setting(COMMAND)
    state = spot.reset(jax.random.PRNGKey(0), setting)
    old, new = jnp.full((ENVS, spot.action_size), 0.1), jnp.full((ENVS, spot.action_size), -0.3)
    state = state.replace(track=state.track.replace(action=old))
    ctrl = np.asarray(spot.act(state, new, setting)["ctrl"])
    before, now = (
        np.asarray(spot.split.pre(state.env, action, setting.commands[0])["ctrl"])
        for action in (old, new)
    )
    np.testing.assert_array_equal(ctrl, np.where(late[:, None], before, now))
    assert not np.allclose(before, now)


def test_a_push_is_a_velocity_that_the_base_gets_once(
    spot: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tabrl.envs.task.PUSH_EVERY", spot.environment.dt)  # at every step
    setting = spot.setting(COMMAND)
    state = starts = spot.reset(jax.random.PRNGKey(0), setting)
    np.testing.assert_array_equal(state.push, 0)
    action = jnp.zeros((ENVS, spot.action_size))
    inputs = spot.act(state, action, setting)
    outputs = spot.physics.step(inputs, spot.split.nstep)
    settle = quick_jit(spot.settle, static_argnums=6)
    following, _ = settle(state, action, outputs, setting, starts, jax.random.PRNGKey(5), 100)
    assert_pushed(spot, following)
    plain = spot.act(following.replace(push=jnp.zeros((ENVS, 2))), action, setting)["qvel"]
    pushed = spot.act(following, action, setting)["qvel"]
    np.testing.assert_allclose((pushed - plain)[:, :2], following.push, atol=1e-6)
    np.testing.assert_array_equal(pushed[:, 2:], plain[:, 2:])


def assert_pushed(task: Task, state: TaskState) -> None:
    speed = np.linalg.norm(state.push, axis=1)
    assert np.all(speed > 0)
    assert np.all(speed <= randomize.PUSH)
    assert np.unique(speed).size == task.num_envs


@pytest.mark.parametrize("robot_id", ["CheetahRun", "PandaPickCube"])
def test_robots_without_a_floating_base_differ_too_and_are_not_pushed(robot_id: str) -> None:
    task = Task(robot_id, ENVS, threads=1, randomize=True)
    assert task._differ.push == 0
    assert np.unique(task.physics.batch.expand("body_mass"), axis=0).shape[0] == ENVS


def test_every_robot_has_something_to_randomise() -> None:
    ours = [known for known in robots() if registry.get_domain_randomizer(known.id) is None]
    assert len(ours) > 30
    for known in ours[:: len(ours) // 4]:
        fields = draw(load_env(known.id), known, 3, 0).fields
        assert {"body_mass", "body_inertia"} <= set(fields)
        assert all(np.isfinite(values).all() for values in fields.values())
