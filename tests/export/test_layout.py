"""What an exported policy says of its observation is what a robot was seen to observe."""

import json

import numpy as np
import pytest

from tabrl.envs.task import Task
from tabrl.export.instance import STANDS
from tabrl.export.layout import _longest, _Quantity, layout
from tabrl.policies.added import ADDED


def _layout(robot_id: str) -> list[dict]:
    task = Task(robot_id, 1, threads=1)
    found = json.loads(json.dumps(list(layout(task, task.setting(STANDS)))))
    (size,) = task.obs_shapes["state"]
    ends = [0, *(each["to"] for each in found)]
    assert [each["from"] for each in found] == ends[:-1]
    assert ends[-1] == size - ADDED
    assert all(each["shape"] == [each["to"] - each["from"]] for each in found)
    return found


def test_the_numbers_of_a_classic_robot_have_names() -> None:
    places, speeds = _layout("CheetahRun")
    assert (places["is"], speeds["is"]) == ("joint positions", "joint velocities")
    assert places["of"] == speeds["of"][1:]  # it does not see how far it has come
    assert speeds["of"][:4] == ["rootx", "rootz", "rooty", "bthigh"]


@pytest.mark.nightly
def test_the_numbers_of_go1_have_names_units_and_frames() -> None:
    found = _layout("Go1JoystickFlatTerrain")
    said = {(each["from"], each["to"]): each for each in found}
    assert said[0, 3]["is"] == "sensor local_linvel: velocity"
    assert (said[3, 6]["unit"], said[3, 6]["frame"]) == ("rad/s", "frame of its site")
    assert said[6, 9]["is"] == "which way is down"
    assert said[9, 21]["is"] == "joint positions relative to the home pose"
    assert said[9, 21]["of"][:2] == ["FR_hip_joint", "FR_thigh_joint"]
    assert said[21, 33]["is"] == "joint velocities"
    assert "action" in said[33, 45]["is"]
    assert said[45, 48]["unit"] == "m/s, m/s, rad/s"


def test_the_longest_run_counts_and_nothing_that_stands_still() -> None:
    states = np.random.default_rng(0).normal(size=(6, 5))
    short = _Quantity(states[:, :2], "short", "", "", ())
    long = _Quantity(np.hstack([np.zeros((6, 1)), states[:, :3]]), "long", "", "", ())
    still = _Quantity(np.ones((6, 4)), "still", "", "", ())
    assert _longest(states, [short, long]) == (long, 1, 3)
    assert _longest(states[:, 3:], [short, long]) is None
    assert _longest(np.ones((6, 4)), [still]) is None
