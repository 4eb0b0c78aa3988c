"""Series of trajectories made by hand, and resampling, against what was put in."""

from functools import cache
from pathlib import Path

import mujoco
import numpy as np
import pytest

from tabrl.envs.load import load_env
from tabrl.robots.catalogue import robot
from tabrl.verdict.trajectory import Trajectory, resample, series

GO1 = robot("Go1JoystickFlatTerrain")
TIME = np.arange(500) / 50.0


@cache
def model_of(robot_id: str) -> mujoco.MjModel:
    return load_env(robot_id).mj_model


def quaternion(roll: np.ndarray, pitch: np.ndarray, yaw: np.ndarray) -> np.ndarray:
    """(T, 4): yaw, then pitch, then roll about the body's own axes."""
    axes = [(yaw, (0, 0, 1)), (pitch, (0, 1, 0)), (roll, (1, 0, 0))]
    whole = np.tile([1.0, 0, 0, 0], (len(roll), 1))
    for angles, axis in axes:
        for t, angle in enumerate(angles):
            turn, out = np.zeros(4), np.zeros(4)
            mujoco.mju_axisAngle2Quat(turn, np.array(axis, float), angle)
            mujoco.mju_mulQuat(out, whole[t], turn)
            whole[t] = out
    return whole


def standing() -> Trajectory:
    qpos = np.tile(np.array(GO1.structure.home_qpos), (500, 1))
    return Trajectory(TIME, qpos, np.zeros((500, 18)), np.zeros((500, 12)))


def go1_series(trajectory: Trajectory) -> dict[str, np.ndarray]:
    return series(trajectory, GO1, model_of(GO1.id))


def test_roll_pitch_and_yaw_come_back_as_they_were_put_in() -> None:
    roll, pitch, yaw = 0.3 * np.sin(3 * TIME), 0.2 * np.cos(2 * TIME), 0.8 * TIME - 1.0
    moved = standing()
    moved.qpos[:, 3:7] = quaternion(roll, pitch, yaw)
    values = go1_series(moved)
    np.testing.assert_allclose(values["roll"], roll, atol=1e-9)
    np.testing.assert_allclose(values["pitch"], pitch, atol=1e-9)
    np.testing.assert_allclose(values["yaw"], yaw - yaw[0], atol=1e-9)
    np.testing.assert_allclose(values["upright"], np.cos(roll) * np.cos(pitch), atol=1e-9)
    np.testing.assert_allclose(values["nose_up"], -np.sin(pitch), atol=1e-9)
    np.testing.assert_allclose(values["left_up"], np.sin(roll) * np.cos(pitch), atol=1e-9)


def test_the_way_of_a_circle_is_its_length_and_wobbles_are_no_way() -> None:
    moved = standing()
    moved.qpos[:, 0] = np.sin(0.5 * TIME) + 0.01 * np.sin(12 * np.pi * TIME)
    moved.qpos[:, 1] = 1 - np.cos(0.5 * TIME)
    moved.qpos[:, 3:7] = quaternion(0 * TIME, 0 * TIME, 0.5 * TIME)
    values = go1_series(moved)
    assert values["path"][-1] == pytest.approx(0.5 * TIME[-1], rel=0.02)
    assert values["path"][0] == 0.0
    # The feet turn with the base that they stand under.
    np.testing.assert_allclose(values["foot_forward:FR"], values["foot_forward:FR"][0], atol=1e-9)
    assert values["foot_left:FL"][300] > 0 > values["foot_left:FR"][300]


def test_rates_of_pitch_and_roll_are_summed_up() -> None:
    moved = standing()
    moved.qvel[:, 3], moved.qvel[:, 4] = 0.5, -1.0
    values = go1_series(moved)
    assert values["rolled"][-1] == pytest.approx(5.0)
    assert values["pitched"][-1] == pytest.approx(-10.0)


def test_whole_turns_are_counted_on() -> None:
    moved = standing()
    moved.qpos[:, 3:7] = quaternion(0 * TIME, 0 * TIME, 4.0 * TIME)
    assert go1_series(moved)["yaw"][-1] == pytest.approx(4.0 * TIME[-1])
    moved.qpos[:, 3:7] = quaternion(-3.0 * TIME, 0 * TIME, 0 * TIME)
    assert go1_series(moved)["roll"][-1] == pytest.approx(-3.0 * TIME[-1])


def test_a_walk_is_measured_in_the_heading_of_its_start() -> None:
    heading, speed = 0.7, 0.5
    moved = standing()
    moved.qpos[:, 3:7] = quaternion(0 * TIME, 0 * TIME, np.full(500, heading))
    moved.qpos[:, 0] = 3.0 + speed * TIME * np.cos(heading)
    moved.qpos[:, 1] = -1.0 + speed * TIME * np.sin(heading)
    moved.qvel[:, 0], moved.qvel[:, 1] = speed * np.cos(heading), speed * np.sin(heading)
    values = go1_series(moved)
    np.testing.assert_allclose(values["displacement_forward"], speed * TIME, atol=1e-9)
    np.testing.assert_allclose(values["displacement_left"], 0.0, atol=1e-9)
    np.testing.assert_allclose(values["distance"], speed * TIME, atol=1e-9)
    np.testing.assert_allclose(values["forward_speed"], speed, atol=1e-9)
    np.testing.assert_allclose(values["left_speed"], 0.0, atol=1e-9)
    np.testing.assert_allclose(values["speed"], speed, atol=1e-9)


def test_a_step_to_the_left_is_positive() -> None:
    moved = standing()
    moved.qpos[:, 1] += 0.2 * TIME
    moved.qvel[:, 1] = 0.2
    values = go1_series(moved)
    assert values["displacement_left"][-1] == pytest.approx(0.2 * TIME[-1])
    assert values["left_speed"][0] == pytest.approx(0.2)


def test_turning_left_is_positive_whatever_the_tilt() -> None:
    moved = standing()
    tilt = np.full(500, 0.5)
    moved.qpos[:, 3:7] = quaternion(0 * TIME, tilt, 2.0 * TIME)
    moved.qvel[:, 3:6] = 2.0 * np.array([-np.sin(0.5), 0.0, np.cos(0.5)])  # body frame
    np.testing.assert_allclose(go1_series(moved)["turn_rate"], 2.0, atol=1e-9)


def test_feet_touch_the_floor_at_home_and_not_when_lifted() -> None:
    home = go1_series(standing())
    np.testing.assert_array_equal(home["feet_down"], 4.0)
    np.testing.assert_array_equal(home["flight"], 0.0)
    lifted = standing()
    lifted.qpos[250:, 2] += 0.2
    values = go1_series(lifted)
    np.testing.assert_array_equal(values["flight"], (TIME >= 5.0).astype(float))
    rise = values["foot_height:FR"] - home["foot_height:FR"]
    np.testing.assert_allclose(rise, 0.2 * (TIME >= 5.0), atol=1e-9)


def test_joints_are_read_by_name_group_and_all_together() -> None:
    moved = standing()
    first, *others = GO1.structure.joints
    moved.qpos[:, first.qpos_adr] = first.home + 0.3
    moved.qvel[:, first.qvel_adr] = 0.6
    values = go1_series(moved)
    count = 1 + len(others)
    np.testing.assert_allclose(values[f"joint:{first.name}"], first.home + 0.3)
    np.testing.assert_allclose(values["pose_error"], 0.3 / np.sqrt(count))
    np.testing.assert_allclose(values["joint_speed"], 0.6 / np.sqrt(count))
    group, members = next((g, n) for g, n in GO1.structure.groups.items() if first.name in n)
    home = np.mean([j.home for j in GO1.structure.joints if j.name in members])
    np.testing.assert_allclose(values[f"group:{group}"], home + 0.3 / len(members))


def test_an_object_is_followed_in_height_way_and_turn() -> None:
    arm = robot("PandaPickCube")
    model = model_of(arm.id)
    address = int(model.joint(model.body("box").jntadr[0]).qposadr[0])
    qpos = np.tile(np.array(arm.structure.home_qpos), (500, 1))
    qpos[:, address : address + 3] += np.stack([0.03 * TIME, 0.04 * TIME, 0.02 * TIME], 1)
    spin = 0.25 * TIME
    qpos[:, address + 3 : address + 7] = quaternion(0 * TIME, 0 * TIME, spin)
    moved = Trajectory(TIME, qpos, np.zeros((500, model.nv)), np.zeros((500, model.nu)))
    values = series(moved, arm, model)
    rise = values["object_height:box"] - values["object_height:box"][0]
    np.testing.assert_allclose(rise, 0.02 * TIME, atol=1e-9)
    np.testing.assert_allclose(values["object_way:box"], 0.05 * TIME, atol=1e-9)
    np.testing.assert_allclose(values["object_turned:box"], spin, atol=1e-6)
    np.testing.assert_allclose(values["body_up:box"], 1.0, atol=1e-9)


def test_a_base_without_a_free_joint_gets_its_speeds_from_its_places() -> None:
    walker = robot("WalkerWalk")
    model = model_of(walker.id)
    joints = {joint.name: joint.qpos_adr for joint in walker.structure.joints}
    qpos = np.tile(np.array(walker.structure.home_qpos), (500, 1))
    qpos[:, joints["rootx"]] = 0.8 * TIME
    qpos[:, joints["rooty"]] = 0.4 * TIME
    moved = Trajectory(TIME, qpos, np.zeros((500, model.nv)), np.zeros((500, model.nu)))
    values = series(moved, walker, model)
    np.testing.assert_allclose(values["distance"], 0.8 * TIME, atol=1e-9)
    np.testing.assert_allclose(values["speed"], 0.8, atol=1e-6)
    np.testing.assert_allclose(np.abs(values["pitch_rate"][1:-1]), 0.4, atol=1e-3)


@pytest.mark.parametrize("dt", [0.0025, 0.005, 0.02, 0.025, 0.05])
def test_any_control_period_becomes_500_samples_at_50_hz(dt: float) -> None:
    model = model_of(GO1.id)
    fine = np.arange(round(10 / dt) + 1) * dt
    qpos = np.tile(np.array(GO1.structure.home_qpos), (len(fine), 1))
    qpos[:, 0], qpos[:, 7] = 0.5 * fine, 0.1 * fine
    qpos[:, 3:7] = quaternion(0 * fine, 0 * fine, 3.0 * fine)
    qvel, ctrl = np.tile(fine[:, None], 18), np.tile(fine[:, None], 12)
    out = resample(model, dt, Trajectory(fine, qpos, qvel, ctrl), 500)
    assert (out.qpos.shape, out.qvel.shape, out.ctrl.shape) == ((500, 19), (500, 18), (500, 12))
    np.testing.assert_allclose(out.time, TIME)
    np.testing.assert_allclose(out.qpos[:, 0], 0.5 * TIME, atol=1e-9)
    np.testing.assert_allclose(out.qvel[:, 0], TIME, atol=1e-9)
    np.testing.assert_allclose(np.linalg.norm(out.qpos[:, 3:7], axis=1), 1.0, atol=1e-9)
    turned = go1_series(out)["yaw"]
    np.testing.assert_allclose(turned, 3.0 * TIME, atol=1e-6)
    assert (out.ctrl[:, 0] <= TIME + 1e-9).all()
    assert (out.ctrl[:, 0] > TIME - dt - 1e-9).all()


def test_a_rotation_goes_the_short_way_between_opposite_signs() -> None:
    turn = quaternion(np.zeros(2), np.zeros(2), np.array([0.1, 0.2]))
    turn[1] *= -1  # the same rotation
    qpos = np.tile(np.array(GO1.structure.home_qpos), (2, 1))
    qpos[:, 3:7] = turn
    raw = Trajectory(np.array([0, 0.04]), qpos, np.zeros((2, 18)), np.zeros((2, 12)))
    out = resample(model_of(GO1.id), 0.04, raw, 3)
    np.testing.assert_allclose(go1_series(out)["yaw"], [0.0, 0.05, 0.1], atol=1e-9)


def test_a_roll_that_was_cut_short_holds_its_last_sample() -> None:
    part = standing()
    part.qpos[:, 0] = TIME
    short = Trajectory(TIME[:100], part.qpos[:100], part.qvel[:100], part.ctrl[:100])
    out = resample(model_of(GO1.id), 0.02, short, 500)
    np.testing.assert_allclose(out.qpos[:, 0], np.minimum(TIME, TIME[99]))


def test_a_saved_trajectory_comes_back_and_holds_no_pickle(tmp_path: Path) -> None:
    moved = standing()
    moved.qpos[:, 0] = TIME
    moved.save(tmp_path / "deep" / "trajectory.npz")
    back = Trajectory.load(tmp_path / "deep" / "trajectory.npz")
    for name in ("time", "qpos", "qvel", "ctrl"):
        np.testing.assert_array_equal(getattr(back, name), getattr(moved, name))
