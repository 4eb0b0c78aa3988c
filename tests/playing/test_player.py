"""Robots that the server runs: what a person does to them, and what is told of them."""

import json
import queue
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from tiny import model, scenes, write

from tabrl.export.box import FALL_S
from tabrl.playing.asks import PlayFrame
from tabrl.playing.player import Player
from tabrl.playing.robot import FALLEN_S, PlayedRobot
from tabrl.playing.scenes import Scenes

ON_ITS_SIDE = [0.0, 0.0, 0.2, 0.70710678, 0.70710678, 0.0, 0.0]
PATIENCE_S = 20.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def robot(folder: Path) -> PlayedRobot:
    return PlayedRobot(folder, scenes(), None)


class Page:
    """A player in a thread, and what a page has of it."""

    def __init__(self, robots: list[PlayedRobot]) -> None:
        self.asks: queue.SimpleQueue = queue.SimpleQueue()
        self.frames: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self.player = Player(robots, self.asks, self.frames.put)
        self._thread = threading.Thread(target=self.player.run, daemon=True)
        self._thread.start()

    def next(self) -> tuple[PlayFrame, np.ndarray]:
        """The next frame and its poses."""
        frame = self.frames.get(timeout=PATIENCE_S)
        _, size = struct.unpack("<II", frame[:8])
        assert size % 4 == 0
        poses = np.frombuffer(frame[8 + size :], np.float32).reshape(-1, 7)
        return PlayFrame.model_validate_json(frame[8 : 8 + size]), poses

    def until_heard(self, count: int) -> tuple[PlayFrame, np.ndarray]:
        """The first frame that takes account of so many asks."""
        while True:
            frame, poses = self.next()
            if frame.heard >= count:
                return frame, poses

    def end(self) -> None:
        """Have it end."""
        self.asks.put(None)
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()


@pytest.fixture
def page(folder: Path) -> Iterator[Page]:
    shared = scenes()
    page = Page([PlayedRobot(folder, shared, None) for _ in range(2)])
    yield page
    page.end()


def test_a_command_moves_it_and_frames_say_that_it_was_heard(page: Page) -> None:
    first, poses = page.next()
    assert (first.heard, first.robots[0].time, len(first.robots)) == (0, 0.0, 2)
    assert poses.shape == (2 * 4, 7)
    assert np.isnan(poses[[3, 7]]).all()  # no box lies there
    page.asks.put({"kind": "steer", "command": [1.0, 0.0, 0.0]})
    page.until_heard(1)
    for _ in range(5):
        _, poses = page.next()
    np.testing.assert_array_equal(poses[:4], poses[4:])  # in lockstep
    assert abs(poses[2, 6]) > 1e-3  # the arm turns


def test_it_stands_while_it_is_paused_and_goes_a_step_at_a_time(page: Page) -> None:
    page.asks.put({"kind": "pause", "paused": True})
    time.sleep(0.1)
    page.asks.put({"kind": "single"})
    frame, _ = page.until_heard(2)
    page.asks.put({"kind": "single"})
    after, _ = page.until_heard(3)
    assert after.robots[0].time == pytest.approx(frame.robots[0].time + 0.02)
    with pytest.raises(queue.Empty):
        page.frames.get(timeout=0.2)


def test_a_connection_that_comes_back_goes_on_where_the_last_one_ended(
    page: Page, folder: Path
) -> None:
    page.asks.put({"kind": "steer", "command": [1.0, 0.0, 0.0]})
    kept = None
    while kept is None or kept.memory is None or kept.memory[0].steps < 5:
        kept, poses = page.next()
    memory = json.loads(kept.model_dump_json())["memory"]
    shared = scenes()
    other = Page([PlayedRobot(folder, shared, None) for _ in range(2)])
    other.asks.put({"kind": "resume", "robots": memory})
    while (found := other.next())[0].robots[0].time < kept.robots[0].time:
        pass
    other.end()
    assert found[0].heard == 0  # it is nothing that a person did
    np.testing.assert_allclose(found[1], poses, atol=0.05)  # poses are a physics step old


def test_a_memory_is_the_whole_of_it(robot: PlayedRobot, folder: Path) -> None:
    robot.command = [1.0, 0.0, 0.0]
    for _ in range(10):
        robot.play()
    other = PlayedRobot(folder, scenes(), None)
    other.command = robot.command
    other.resume(json.loads(json.dumps(robot.memory())))
    for each in (robot, other):
        each.play()
    np.testing.assert_allclose(other.data.qpos, robot.data.qpos, atol=1e-9)
    assert other.state["state.count"] == robot.state["state.count"] == 11
    for wrong in ({"physics": [1.0]}, {"state": {}}, {"state": {"state.count": [1.0, 2.0]}}):
        other.begin()
        other.resume({**robot.memory(), **wrong})
        assert other.steps == 0  # another robot's: it begins anew


def test_pushes_end_and_pulls_are_let_go(robot: PlayedRobot) -> None:
    robot.push([20.0, 0.0, 0.0], 0.1)
    robot.hold([0.0, 5.0, 0.0], 2)
    robot.hold([0.0, 5.0, 0.0], 99)  # no body of this robot: nothing is pulled
    robot.hold([0.0, 5.0, 0.0], 2)
    forces = []
    for _ in range(7):
        robot.play()
        forces.append(robot.data.xfrc_applied[1:, :2].tolist())
    assert forces[4] == [[20.0, 0.0], [0.0, 5.0]]
    assert forces[5] == [[0.0, 0.0], [0.0, 5.0]]
    robot.hold(None, 2)
    robot.play()
    assert not robot.data.xfrc_applied.any()
    assert robot.doing()["way"] > 0


def test_another_world_is_one_s_own(folder: Path) -> None:
    shared = model()
    mine, yours = (
        PlayedRobot(folder, Scenes(shared, lambda: model(boxed=True)), None) for _ in range(2)
    )
    page = Page([mine])
    world = {"friction": 0.5, "mass": 2.0, "strength": 0.1}
    page.asks.put({"kind": "world", "world": world})
    page.until_heard(1)
    assert yours.model is shared
    assert mine.model.body_mass[1] == 2 * shared.body_mass[1] == 4.0
    assert mine.model.geom_friction[0, 0] == 0.5 * shared.geom_friction[0, 0]
    assert mine.model.actuator_gainprm[0, 0] == pytest.approx(0.1)
    page.asks.put({"kind": "world", "world": dict.fromkeys(world, 1.0)})
    page.until_heard(2)
    page.end()
    assert mine.model.body_mass[1] == shared.body_mass[1]


def test_one_that_fell_lies_a_while_and_begins_again(robot: PlayedRobot) -> None:
    robot.data.qpos[:7] = ON_ITS_SIDE
    robot.steps = 1
    for _ in range(round(FALLEN_S / 0.02) - 1):
        robot.play()
    assert (robot.fallen, robot.doing()["falls"]) == (True, 0)
    robot.play()
    robot.play()
    assert (robot.fallen, robot.doing()["falls"], robot.steps) == (False, 1, 1)


def test_one_that_is_no_longer_a_number_is_told_in_numbers(robot: PlayedRobot) -> None:
    robot.data.xpos[1, 2] = np.nan
    assert robot.fallen
    robot.data.qpos[0] = np.nan
    assert robot.memory()["physics"] == []
    json.dumps(robot.doing(), allow_nan=False)


def test_a_box_falls_in_its_way_lies_there_and_is_bumped_into(robot: PlayedRobot) -> None:
    robot.command = [1.0, 0.0, 0.0]
    for _ in range(10):
        robot.play()
    before = robot.data.qpos.copy()
    robot.drop_box()
    np.testing.assert_array_equal(robot.data.qpos[:8], before)
    assert robot.doing()["box"]
    ahead = robot.poses()[3]
    assert ahead[0] == pytest.approx(before[0] + 0.4, abs=1e-3)
    for _ in range(50):
        robot.play()
    lies = robot.poses()[3]
    assert lies[2] == pytest.approx(0.04, abs=1e-3)  # on the floor
    robot.push([60.0, 0.0, 0.0], 0.5)
    for _ in range(50):
        robot.play()
    assert robot.poses()[3][0] > lies[0] + 0.05  # it is pushed along
    robot.drop_box()
    where = robot.data.xpos[1, 0] + 0.4 + FALL_S * robot.data.qvel[0]  # while it falls, it comes
    assert robot.data.qpos[8] == pytest.approx(where, abs=0.05)
    robot.lift_box()
    assert (robot.data.qpos.size, robot.doing()["box"]) == (8, False)
    robot.drop_box()
    robot.begin()
    assert not robot.doing()["box"]


def test_after_a_box_it_moves_as_one_that_never_saw_any(folder: Path) -> None:
    one, other = (PlayedRobot(folder, scenes(), None) for _ in range(2))
    one.drop_box()
    one.play()
    one.begin()
    for each in (one, other):
        for _ in range(30):
            each.play()
    np.testing.assert_array_equal(one.data.qpos, other.data.qpos)


def test_a_box_is_part_of_the_memory(robot: PlayedRobot, folder: Path) -> None:
    robot.drop_box()
    for _ in range(10):
        robot.play()
    other = PlayedRobot(folder, scenes(), None)
    other.resume(json.loads(json.dumps(robot.memory())))
    assert other.doing()["box"]
    np.testing.assert_allclose(other.data.qpos, robot.data.qpos, atol=1e-9)
    other.resume({**robot.memory(), "physics": [1.0]})
    assert (other.steps, other.doing()["box"]) == (0, False)


def test_a_person_drops_it_and_takes_it_away_in_the_world_of_the_sliders(page: Page) -> None:
    page.asks.put({"kind": "world", "world": {"friction": 0.5, "mass": 2.0, "strength": 1.0}})
    page.asks.put({"kind": "box", "there": True})
    frame, poses = page.until_heard(2)
    assert all(robot.box for robot in frame.robots)
    assert np.isfinite(poses).all()
    page.asks.put({"kind": "hold", "force": [0.0, 0.0, 0.0], "body": 3})  # a person holds it
    boxed = page.player._robots[0].model
    assert boxed.body_mass[1:].tolist() == [4.0, 0.2, 0.2]  # twice the robot's, not the box's
    assert boxed.geom_friction[:, 0].tolist() == [0.5] * 4
    page.asks.put({"kind": "box", "there": False})
    frame, poses = page.until_heard(4)
    assert not any(robot.box for robot in frame.robots)
    assert np.isnan(poses[[3, 7]]).all()
    page.next()


def test_a_robot_without_room_for_a_box_goes_on_without(robot: PlayedRobot) -> None:
    robot.facts["box"] = None
    robot.drop_box()
    assert not robot.doing()["box"]
    assert robot.poses().shape == (3, 7)
