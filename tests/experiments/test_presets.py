import json

import pytest

from tabrl.errors import TabRLError
from tabrl.executors import make_executor
from tabrl.experiments import validate
from tabrl.experiments.base import decided
from tabrl.experiments.presets import round_to_batch, steps_each, training_seconds
from tabrl.experiments.stop import Stop
from tabrl.experiments.throughput import throughput
from tabrl.robots.catalogue import robot
from tabrl.spec import Hyperparameters

RATES = Hyperparameters(num_envs=10, unroll_length=10)


def test_a_preset_is_the_time_of_the_whole_experiment():
    go1, g1 = robot("Go1JoystickFlatTerrain"), robot("G1JoystickFlatTerrain")
    assert training_seconds(go1, from_scratch=False)["quick"] == 30
    assert training_seconds(g1, from_scratch=False)["quick"] == 60
    assert training_seconds(g1, from_scratch=True)["quality"] == 480


def test_approaches_share_the_time():
    assert steps_each(30, 1000, 3, RATES) == 10_000
    assert steps_each(30, 1000, 1, RATES) == 30_000


@pytest.mark.parametrize(("asked", "given"), [(1, 100), (149, 100), (151, 200), (1000, 1000)])
def test_steps_are_whole_iterations(asked, given):
    assert round_to_batch(asked, RATES) == given


@pytest.mark.parametrize("content", ["", "[1]", '{"a": "fast"}', '{"a": -1}'])
def test_a_damaged_file_of_speeds_is_measured_anew(settings, content):
    settings.prepare()
    settings.throughput.write_text(content)
    with make_executor("inline", settings) as executor:
        assert throughput("Go1Getup", executor, settings.throughput, Stop()) == 20_000
    assert list(json.loads(settings.throughput.read_text()).values()) == [20_000]


def test_each_robot_has_its_own_speed(settings):
    with make_executor("inline", settings) as executor:
        for robot in ("Go1Getup", "CheetahRun"):
            throughput(robot, executor, settings.throughput, Stop())
    keys = list(json.loads(settings.throughput.read_text()))
    assert [key.split(" | ")[0] for key in keys] == ["Go1Getup", "CheetahRun"]


def test_a_disk_with_too_little_room_is_told_before_anything_is_spent(tmp_path):
    with pytest.raises(TabRLError) as caught:
        validate.folder(tmp_path, needed=2**60)
    assert "are free in" in caught.value.message
    assert "--out" in caught.value.hint


@pytest.mark.parametrize("chosen", [True, False, None])
@pytest.mark.parametrize(("name", "usual"), [("G1JoystickFlatTerrain", True), ("HopperHop", False)])
def test_physics_is_as_coarse_as_asked_or_as_the_base_policy_s(settings, name, usual, chosen):
    rates = decided(Hyperparameters(coarse_physics=chosen, num_epochs=2), robot(name))
    asked = usual if chosen is None else chosen
    assert rates == Hyperparameters(coarse_physics=asked, num_epochs=2)
