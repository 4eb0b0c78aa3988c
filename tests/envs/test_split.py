"""Environments of the catalogue, split: in lockstep with MuJoCo and with itself unsplit."""

import pytest
from lockstep import lockstep
from structures import each_structure, nightly

# The one that does not show its command, and the one that moves a mocap body.
ODD = ("SpotJoystickGaitTracking", "PandaPickCubeCartesian")
LARGE = ("biped", "humanoid", "hand")  # to trace; their structure is a quadruped's, an arm's
NIGHTLY = [nightly(robot_id) for robot_id in ODD]
IDS = [*each_structure(lambda robot: robot.type not in LARGE and robot.id not in ODD), *NIGHTLY]
COMMANDED = [
    *each_structure(lambda robot: robot.structure.takes_command and robot.type not in LARGE),
    *NIGHTLY,
]


@pytest.mark.parametrize("robot_id", IDS)
def test_native_physics_gives_what_mj_step_gives_bit_for_bit(robot_id: str) -> None:
    assert not lockstep(robot_id).physics


@pytest.mark.parametrize("robot_id", IDS)
def test_the_halves_compute_what_the_whole_environment_computes(robot_id: str) -> None:
    assert not lockstep(robot_id).halves


@pytest.mark.parametrize("robot_id", IDS)
def test_no_state_is_rounded_on_its_way_through_jax(robot_id: str) -> None:
    assert lockstep(robot_id).rounded == 0


@pytest.mark.parametrize("robot_id", COMMANDED)
def test_a_held_command_is_never_drawn_again(robot_id: str) -> None:
    assert not lockstep(robot_id).commands


@pytest.mark.parametrize("robot_id", COMMANDED)
def test_a_held_command_shows_in_the_first_observation(robot_id: str) -> None:
    # Playground pays this one for following commands that it does not show.
    assert lockstep(robot_id).shows_command == (robot_id != "SpotJoystickGaitTracking")
