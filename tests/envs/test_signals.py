"""Signals against MuJoCo's own numbers, against known motions and against the verdict's series."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import jax
import jax.numpy as jnp
import mujoco
import numpy as np
import pytest
from structures import each_structure, nightly

from tabrl.envs.load import load_env
from tabrl.envs.signals import SignalComputer
from tabrl.envs.split import OUTPUTS
from tabrl.rewards.vocabulary import shape_of, signals_for
from tabrl.robots.catalogue import Robot, Site, robot
from tabrl.robots.sites import is_solid, lowest_point
from tabrl.verdict.trajectory import Trajectory, series

WALKERS = ("Go1JoystickFlatTerrain", "G1JoystickFlatTerrain")
ONE_WALKER = (WALKERS[0], nightly(WALKERS[1]))
IN_A_PLANE = ("CheetahRun", "WalkerRun", "HopperHop")
ON_TWO_LEGS = (
    "G1JoystickFlatTerrain",
    "H1JoystickGaitTracking",
    "T1JoystickFlatTerrain",
    "ApolloJoystickFlatTerrain",
    "BerkeleyHumanoidJoystickFlatTerrain",
    "Op3Joystick",
    "HumanoidWalk",
)
ROUGH = "Go1JoystickRoughTerrain"
POSES = 6


@dataclass(frozen=True)
class Scene:
    """A robot, its model and its signals."""

    robot: Robot
    model: mujoco.MjModel
    signals: SignalComputer

    def at(self, qpos: np.ndarray, qvel: np.ndarray) -> list[mujoco.MjData]:
        """MuJoCo's numbers for poses (n, nq) and velocities (n, nv)."""
        out = []
        for position, velocity in zip(qpos, qvel, strict=True):
            data = mujoco.MjData(self.model)
            data.qpos, data.qvel = position, velocity
            mujoco.mj_forward(self.model, data)
            out.append(data)
        return out

    def along(self, *steps: list[mujoco.MjData]) -> Iterator[dict[str, np.ndarray]]:
        """The signals after each of these control steps but the first, where an episode begins."""
        batch, actions = len(steps[0]), self.robot.structure.action_size
        track = self.signals.begin(_outputs(steps[0]), actions)
        clock = (jnp.float32(1.5), jnp.zeros(batch), jnp.zeros((batch, 3)))
        for step in steps[1:]:
            outputs = _outputs(step)
            track, velocity = self.signals.advance(track, outputs, jnp.zeros((batch, actions)))
            signals = self.signals.compute(track, velocity, outputs, *clock)
            yield {name: np.asarray(value) for name, value in signals.items()}

    def seen(self, *steps: list[mujoco.MjData]) -> dict[str, np.ndarray]:
        """The signals after the last of these steps; a robot seen once has not moved."""
        return deque(self.along(steps[0], *(steps[1:] or steps)), maxlen=1)[0]


@cache
def scene(robot_id: str) -> Scene:
    model = load_env(robot_id).mj_model
    return Scene(robot(robot_id), model, SignalComputer(robot(robot_id), model))


@pytest.mark.parametrize("robot_id", WALKERS)
def test_positions_are_those_of_mujoco(robot_id: str) -> None:
    walker = scene(robot_id)
    poses = walker.at(*_random_poses(walker))
    seen, s, model = walker.seen(poses), walker.robot.structure, walker.model
    for i, data in enumerate(poses):
        base = data.body(s.base_body)
        rotation = base.xmat.reshape(3, 3)
        assert seen["height"][i] == pytest.approx(base.xpos[2], abs=1e-5)
        upward = [seen[name][i] for name in ("nose_up", "left_up", "upright")]
        np.testing.assert_allclose(upward, rotation[2], atol=1e-5)
        for k, foot in enumerate(s.feet):
            place = _place(data, foot)
            if len(s.feet) == 4:  # on balls
                assert seen["foot_height"][i, k] == pytest.approx(place[2] - foot.radius, abs=1e-5)
            ahead = rotation.T @ (place - base.xpos)
            np.testing.assert_allclose(seen["foot_pos_b"][i, k], ahead, atol=1e-5)
        ids = [model.body(name).id for name in s.bodies]
        np.testing.assert_allclose(seen["body_pos"][i], data.xpos[ids], atol=1e-5)
        np.testing.assert_allclose(seen["body_up"][i], data.xmat[ids, 8], atol=1e-5)
        joints = [data.joint(joint.name).qpos[0] for joint in s.joints]
        np.testing.assert_allclose(seen["joint_pos"][i], joints, atol=1e-6)


@pytest.mark.parametrize("robot_id", ONE_WALKER)
def test_velocities_are_those_of_mujoco_in_each_frame(robot_id: str) -> None:
    walker = scene(robot_id)
    poses = walker.at(*_random_poses(walker))
    seen, model = walker.seen(poses), walker.model
    base = model.body(walker.robot.structure.base_body).id
    for i, data in enumerate(poses):
        world, body = (_velocity(model, data, base, local) for local in (0, 1))
        np.testing.assert_allclose(seen["lin_vel_w"][i], world[3:], atol=1e-4)
        np.testing.assert_allclose(seen["lin_vel_b"][i], body[3:], atol=1e-4)
        np.testing.assert_allclose(seen["ang_vel_b"][i], body[:3], atol=1e-4)
        assert seen["turn_rate"][i] == pytest.approx(world[2], abs=1e-4)
        ahead = data.xmat[base].reshape(3, 3)[:2, 0]
        ahead = ahead / np.linalg.norm(ahead)
        assert seen["forward_speed"][i] == pytest.approx(ahead @ world[3:5], abs=1e-4)
        aside = np.array([-ahead[1], ahead[0]])
        assert seen["left_speed"][i] == pytest.approx(aside @ world[3:5], abs=1e-4)
        assert seen["up_speed"][i] == pytest.approx(world[5], abs=1e-4)


@pytest.mark.parametrize("robot_id", ONE_WALKER)
def test_speeds_of_feet_follow_from_their_way(robot_id: str) -> None:
    walker = scene(robot_id)
    qpos, qvel = _random_poses(walker)
    later = qpos.copy()
    dt = walker.robot.structure.control_dt
    for before, after, velocity in zip(qpos, later, 0.2 * qvel, strict=True):
        mujoco.mj_integratePos(walker.model, after, velocity, dt)
        assert not np.array_equal(before, after)
    first, second = walker.at(qpos, qvel), walker.at(later, qvel)
    seen = walker.seen(first, second)
    for i, (a, b) in enumerate(zip(first, second, strict=True)):
        for k, foot in enumerate(walker.robot.structure.feet):
            way = np.linalg.norm((_place(b, foot) - _place(a, foot))[:2])
            assert seen["foot_speed"][i, k] == pytest.approx(way / dt, abs=1e-3)


@pytest.mark.parametrize(
    ("axis", "name", "lower"),
    [(0, "roll", ("left_up", 1)), (1, "pitch", ("nose_up", -1)), (2, "yaw", ("upright", 1))],
)
def test_positive_angles_lean_right_nose_down_and_turn_left(
    axis: int, name: str, lower: tuple[str, int]
) -> None:
    go1 = scene(WALKERS[0])
    level, turned = go1.at(*_home(go1, 1)), go1.at(*_home(go1, 1, axis, 0.3))
    seen = go1.seen(level, turned)
    assert seen[name][0] == pytest.approx(0.3, abs=1e-5)
    others = {"roll", "pitch", "yaw"} - {name}
    assert all(seen[other][0] == pytest.approx(0, abs=1e-5) for other in others)
    signal, sign = lower
    assert sign * seen[signal][0] > 0.25
    front = turned[0].body("trunk").xmat.reshape(3, 3)[:, 0]
    assert (front[1] > 0.25) == (name == "yaw")


def test_displacement_is_measured_where_the_robot_faced_first() -> None:
    go1 = scene(WALKERS[0])
    begin = _home(go1, 1, 2, np.pi / 2)
    end = _home(go1, 1, 2, np.pi)
    end[0][0, :2] += [-0.25, 2.0]  # facing +y: two ahead and a quarter to the left
    seen = go1.seen(go1.at(*begin), go1.at(*end))
    np.testing.assert_allclose(seen["displacement"][0], [2.0, 0.25], atol=1e-5)
    assert seen["yaw"][0] == pytest.approx(np.pi / 2, abs=1e-5)


@pytest.mark.parametrize(("axis", "name"), [(0, "rolled"), (1, "pitched"), (2, "turned")])
def test_whole_turns_add_up(axis: int, name: str) -> None:
    go1 = scene(WALKERS[0])
    dt, rate = go1.robot.structure.control_dt, 25.0
    count = round(4 * np.pi / (rate * dt))
    steps = [_home(go1, 1, axis, rate * dt * k) for k in range(count + 1)]
    for _, qvel in steps:
        qvel[0, 3 + axis] = rate
    seen = go1.seen(*(go1.at(*step) for step in steps))
    assert seen[name][0] == pytest.approx(count * rate * dt, rel=1e-4)
    assert seen["time"][0] == pytest.approx(count * dt, rel=1e-4)
    assert -np.pi <= seen["yaw"][0] <= np.pi


@pytest.mark.parametrize("robot_id", [*ONE_WALKER, nightly(ROUGH)])
def test_contact_says_what_mujoco_says_of_a_robot_that_stands_or_flies(robot_id: str) -> None:
    walker = scene(robot_id)
    data = walker.at(*_home(walker, 1))[0]
    data.ctrl = walker.model.key("home").ctrl if walker.model.nkey else data.ctrl
    mujoco.mj_step(walker.model, data, round(0.3 / walker.model.opt.timestep))
    mujoco.mj_forward(walker.model, data)
    feet = len(walker.robot.structure.feet)
    assert _touches_floor(walker.model, data)
    assert walker.seen([data])["feet_down"][0] == feet
    qpos, qvel = data.qpos[None].copy(), data.qvel[None].copy()
    qpos[0, 2] += 0.03
    flying = walker.at(qpos, qvel)
    assert not _touches_floor(walker.model, flying[0])
    seen = walker.seen(flying, flying, flying)
    assert seen["feet_down"][0] == 0
    air_time = 2 * walker.robot.structure.control_dt
    np.testing.assert_allclose(seen["foot_air_time"][0], air_time, rtol=1e-5)


@pytest.mark.parametrize(
    "robot_id",
    [
        IN_A_PLANE[0],
        ON_TWO_LEGS[1],
        *map(nightly, (*IN_A_PLANE[1:], ON_TWO_LEGS[0], *ON_TWO_LEGS[2:])),
    ],
)
def test_the_lowest_point_of_a_foot_is_its_sole(robot_id: str) -> None:
    """On its toes, on an edge or upside down: nothing else of these bodies can touch the floor."""
    walker = scene(robot_id)
    model, feet = walker.model, walker.robot.structure.feet
    qpos = np.random.default_rng(0).uniform(-1, 1, (POSES, model.nq))
    poses = walker.at(qpos, np.zeros((POSES, model.nv)))
    solid = is_solid(model)
    things = [getattr(model, foot.object_type)(foot.object_name) for foot in feet]
    bodies = [thing.id if hasattr(thing, "inertia") else thing.bodyid[0] for thing in things]
    geoms = [np.flatnonzero(solid & (model.geom_bodyid == body)) for body in bodies]
    soles = [
        [min(lowest_point(model, data, int(geom)) for geom in each) for each in geoms]
        for data in poses
    ]
    np.testing.assert_allclose(walker.seen(poses)["foot_height"], soles, atol=1e-5)
    still = Trajectory(np.arange(POSES) / 50, qpos, 0 * qpos, np.zeros((POSES, model.nu)))
    told = series(still, walker.robot, model)
    judged = np.stack([told[f"foot_height:{foot.name}"] for foot in feet], axis=1)
    np.testing.assert_allclose(judged, soles, atol=1e-5)


@pytest.mark.parametrize("robot_id", [*ONE_WALKER, nightly(ROUGH)])
def test_the_verdict_reads_the_same_numbers_from_a_trajectory(robot_id: str) -> None:
    walker = scene(robot_id)
    count = 12
    qpos, qvel = _tumble(walker, count)
    told = series(
        Trajectory(np.arange(count) / 50, qpos, qvel, np.zeros((count, walker.model.nu))),
        walker.robot,
        walker.model,
    )
    moments = [[data] for data in walker.at(qpos, qvel)]
    for t, seen in enumerate(walker.along(*moments), start=1):
        for name, value in _as_series(walker.robot, seen).items():
            assert value == pytest.approx(told[name][t], abs=2e-4), f"{name} at sample {t}"


@pytest.mark.parametrize(
    "robot_id", [WALKERS[0], nightly("HumanoidWalk"), nightly("PandaPickCube")]
)
def test_power_is_what_mujoco_says_that_motors_do(robot_id: str) -> None:
    mover = scene(robot_id)
    qpos, qvel = np.tile(mover.robot.structure.home_qpos, (2, 1)), np.ones((2, mover.model.nv))
    poses = mover.at(qpos, qvel * [[0.5], [-2.0]])
    for data in poses:
        data.ctrl[:] = 0.3
        mujoco.mj_forward(mover.model, data)
    power = [np.abs(data.actuator_force * data.actuator_velocity).sum() for data in poses]
    assert min(power) > 0.01
    np.testing.assert_allclose(mover.seen(poses)["power"], power, rtol=1e-4)


@pytest.mark.parametrize("robot_id", each_structure())
def test_every_signal_has_the_shape_that_the_vocabulary_says(robot_id: str) -> None:
    env = load_env(robot_id)
    known = robot(robot_id)
    signals = SignalComputer(known, env.mj_model)
    data = mujoco.MjData(env.mj_model)
    batch = 3
    fields = {name: _abstract(batch, *np.shape(getattr(data, name))) for name in signals.reads}
    action = _abstract(batch, known.structure.action_size)

    def step(outputs: dict, action: jax.Array, phase: jax.Array, command: jax.Array) -> dict:
        track = signals.begin(outputs, action.shape[1])
        track, velocity = signals.advance(track, outputs, action)
        return signals.compute(track, velocity, outputs, phase[0], phase, command)

    shapes = jax.eval_shape(step, fields, action, _abstract(batch), _abstract(batch, 3))
    expected = {signal.name: shape_of(signal, known) for signal in signals_for(known)}
    assert {name: value.shape[1:] for name, value in shapes.items()} == expected
    packed = jax.eval_shape(signals.pack, shapes)
    assert packed.shape == (batch, signals.size)
    again = jax.eval_shape(signals.unpack, packed)
    assert again == shapes


def _abstract(*shape: int) -> jax.ShapeDtypeStruct:
    return jax.ShapeDtypeStruct(shape, np.float32)


def _outputs(poses: list[mujoco.MjData]) -> dict[str, jax.Array]:
    return {
        name: jnp.stack([jnp.array(getattr(data, name), jnp.float32) for data in poses])
        for name in OUTPUTS
    }


def _random_poses(walker: Scene) -> tuple[np.ndarray, np.ndarray]:
    """Any rotation, place and velocity; joints near home."""
    draws = np.random.default_rng(1)
    qpos, qvel = _home(walker, POSES)
    qpos += draws.normal(0, 0.3, qpos.shape)
    qpos[:, 3:7] = draws.normal(size=(POSES, 4))
    qpos[:, 3:7] /= np.linalg.norm(qpos[:, 3:7], axis=1, keepdims=True)
    return qpos, qvel + draws.normal(size=qvel.shape)


def _home(
    walker: Scene, count: int, axis: int = 0, angle: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """The home pose at rest, turned about one axis (rad)."""
    qpos = np.tile(walker.robot.structure.home_qpos, (count, 1))
    qpos[:, 3:7] = 0
    qpos[:, 3], qpos[:, 4 + axis] = np.cos(angle / 2), np.sin(angle / 2)
    return qpos, np.zeros((count, walker.model.nv))


def _tumble(walker: Scene, count: int) -> tuple[np.ndarray, np.ndarray]:
    """A robot thrown into the air with a spin and limp joints, at 50 Hz: (T, nq), (T, nv)."""
    data = walker.at(*_home(walker, 1, 2, 0.4))[0]
    data.qpos[2] += 0.4
    data.qvel[:6] = [1.0, -0.5, 0.5, 2.0, -1.0, 3.0]
    states = []
    for _ in range(count):
        states.append((data.qpos.copy(), data.qvel.copy()))
        mujoco.mj_step(walker.model, data, round(0.02 / walker.model.opt.timestep))
    qpos, qvel = zip(*states, strict=True)
    return np.stack(qpos), np.stack(qvel)


def _as_series(known: Robot, seen: dict[str, np.ndarray]) -> dict[str, float]:
    """Signals of the first environment under the names that the verdict gives them."""
    same = """height roll pitch yaw upright nose_up left_up forward_speed left_speed up_speed
        turn_rate feet_down head_height""".split()
    out = {name: float(seen[name][0]) for name in same if name in seen}
    out["displacement_forward"], out["displacement_left"] = map(float, seen["displacement"][0])
    out["roll_rate"], out["pitch_rate"] = map(float, seen["ang_vel_b"][0, :2])
    for k, joint in enumerate(known.structure.joints):
        out[f"joint:{joint.name}"] = float(seen["joint_pos"][0, k])
    for k, foot in enumerate(known.structure.feet):
        out[f"foot_height:{foot.name}"] = float(seen["foot_height"][0, k])
        out[f"contact:{foot.name}"] = float(seen["foot_contact"][0, k])
    for k, hand in enumerate(known.structure.hands):
        out[f"hand_height:{hand.name}"] = float(seen["hand_pos"][0, k, 2])
    return out


def _place(data: mujoco.MjData, site: Site) -> np.ndarray:
    found = getattr(data, site.object_type)(site.object_name)
    return np.array(found.xpos)


def _velocity(model: mujoco.MjModel, data: mujoco.MjData, body: int, local: int) -> np.ndarray:
    """(6,): angular, then linear velocity of a body's frame, in the world or in that frame."""
    out = np.zeros(6)
    mujoco.mj_objectVelocity(model, data, mujoco.mjtObj.mjOBJ_XBODY, body, out, local)
    return out


def _touches_floor(model: mujoco.MjModel, data: mujoco.MjData) -> bool:
    floor = {g for g in range(model.ngeom) if model.geom_bodyid[g] == 0}
    return any(set(contact.geom) & floor for contact in data.contact[: data.ncon])
