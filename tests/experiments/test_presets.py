import pytest

from tabrl.errors import TabRLError
from tabrl.experiments import validate
from tabrl.experiments.base import decided
from tabrl.experiments.presets import (
    fewest_steps,
    plan,
    planned,
    preset_steps,
    refuse_too_short,
    round_to_batch,
)
from tabrl.robots.catalogue import robot, robots
from tabrl.spec import Hyperparameters

USUAL = Hyperparameters()
RATES = Hyperparameters(num_envs=10, unroll_length=10)
GO1, G1, CHEETAH = map(robot, ("Go1JoystickFlatTerrain", "G1JoystickFlatTerrain", "CheetahRun"))


def test_a_preset_promises_steps_whatever_the_machine():
    assert list(preset_steps(GO1).values()) == [163_840, 645_120, 1_290_240]
    assert preset_steps(G1)["quick"] == 2 * preset_steps(GO1)["quick"]
    assert preset_steps(CHEETAH)["standard"] == 2 * preset_steps(GO1)["standard"]


def test_no_preset_of_any_robot_is_too_short_to_learn():
    for each in robots():
        for steps in preset_steps(each).values():
            refuse_too_short(steps, USUAL)


@pytest.mark.parametrize(
    ("steps", "envs"), [(61_440, 64), (81_920, 128), (163_840, 256), (645_120, 512), (10**8, 512)]
)
def test_fewer_steps_take_fewer_simulations_so_that_updates_are_left(steps, envs):
    rates = planned(USUAL, steps)
    assert rates == USUAL.model_copy(update={"num_envs": envs})
    assert steps / (envs * rates.unroll_length) >= 32


def test_few_simulations_that_were_asked_for_stay():
    assert planned(RATES, 1) == RATES
    odd = Hyperparameters(num_envs=130, num_minibatches=10)
    assert planned(odd, 1) == odd.model_copy(update={"num_envs": 130})  # 65 would not split


def test_too_few_steps_are_refused_with_those_that_would_do():
    fewest = fewest_steps(USUAL)
    refuse_too_short(fewest, USUAL)
    with pytest.raises(TabRLError) as caught:
        refuse_too_short(fewest - 1, USUAL, steps_per_s=6_000.0)
    assert caught.value.message == "61,439 steps are too short to learn."
    assert caught.value.hint == "Take at least 61,440 steps (about 10 s), or a preset."


def test_a_preset_goes_on_and_a_number_of_steps_does_not():
    promised, asked = plan(GO1, USUAL, "quick", None), plan(GO1, USUAL, None, 100_000)
    assert (promised.steps, promised.max_steps, promised.rates.num_envs) == (163_840, 327_680, 256)
    assert (asked.steps, asked.max_steps, asked.rates.num_envs) == (99_840, None, 128)


@pytest.mark.parametrize(("asked", "given"), [(1, 100), (149, 100), (151, 200), (1000, 1000)])
def test_steps_are_whole_iterations(asked, given):
    assert round_to_batch(asked, RATES) == given


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
