"""The catalogue as others read it: complete, consistent, light."""

import math
import pickle
import subprocess
import sys

import pytest

from tabrl.errors import UnknownRobotError
from tabrl.robots.catalogue import Robot, robot, robots

ALL = robots()
every_robot = pytest.mark.parametrize("entry", ALL, ids=lambda entry: entry.id)


def test_go1_comes_first_of_54() -> None:
    assert ALL[0].id == "Go1JoystickFlatTerrain"
    assert len(ALL) == len({entry.id for entry in ALL}) == 54


def test_names_tell_robots_apart() -> None:
    assert len({entry.name for entry in ALL}) == len({entry.description for entry in ALL}) == 54


def test_every_machine_that_is_built_names_its_maker() -> None:
    nameless = {entry.category for entry in ALL if not entry.maker}
    assert nameless == {"dm_control_suite"}
    unitree = {entry.name.split(",")[0] for entry in ALL if entry.maker == "Unitree"}
    assert unitree == {"Go1", "G1", "H1"}


def test_go1_has_the_twelve_joints_of_its_datasheet() -> None:
    go1 = robot("Go1JoystickFlatTerrain")
    assert (go1.type, go1.category, go1.dof, go1.base_policy) == (
        "quadruped",
        "locomotion",
        12,
        "go1",
    )
    assert go1.structure.free_base
    assert go1.structure.base_height == pytest.approx(0.278)
    assert go1.structure.mass == pytest.approx(12.74, abs=0.01)
    assert [foot.radius for foot in go1.structure.feet] == [0.023] * 4
    assert go1.structure.groups["FR"] == ("FR_hip_joint", "FR_thigh_joint", "FR_calf_joint")


def test_a_joint_that_no_motor_moves_is_not_a_degree_of_freedom() -> None:
    cartpole = robot("CartpoleSwingup")
    assert [(j.name, j.actuated) for j in cartpole.structure.joints] == [
        ("slider", True),
        ("hinge_1", False),
    ]
    assert cartpole.dof == 1


def test_tendons_move_all_the_joints_they_cross() -> None:
    aero = robot("AeroCubeRotateZAxis")
    assert (aero.structure.nu, aero.dof) == (7, 16)


@every_robot
def test_addresses_and_home_agree(entry: Robot) -> None:
    structure = entry.structure
    assert len(structure.home_qpos) == structure.nq
    assert len(structure.actuators) == structure.nu
    for joint in structure.joints:
        assert structure.home_qpos[joint.qpos_adr] == joint.home
        assert 0 <= joint.qvel_adr < structure.nv


@every_robot
def test_groups_name_joints_of_the_robot(entry: Robot) -> None:
    joints = {joint.name for joint in entry.structure.joints}
    assert all(members and joints >= set(members) for members in entry.structure.groups.values())


@every_robot
def test_every_moved_joint_is_in_a_group(entry: Robot) -> None:
    grouped = {name for members in entry.structure.groups.values() for name in members}
    assert {j.name for j in entry.structure.joints if j.actuated} <= grouped


@pytest.mark.parametrize("entry", robots(), ids=lambda r: r.id)
def test_who_takes_commands_says_how_fast(entry: Robot) -> None:
    ranges = entry.structure.command_ranges
    assert len(ranges) == (3 if entry.structure.takes_command else 0)
    assert all(low < 0 < high for low, high in ranges)


@pytest.mark.parametrize("entry", [r for r in ALL if r.type == "quadruped"], ids=lambda r: r.id)
def test_quadrupeds_share_names_for_legs_and_feet(entry: Robot) -> None:
    groups = entry.structure.groups
    assert {foot.name for foot in entry.structure.feet} == {"FR", "FL", "RR", "RL"}
    assert all(len(groups[leg]) == 3 for leg in ("FR", "FL", "RR", "RL"))
    assert set(groups["front_legs"]) == set(groups["FR"]) | set(groups["FL"])
    assert set(groups["right_legs"]) == set(groups["FR"]) | set(groups["RR"])
    assert set(groups["legs"]) == set(groups["hips"] + groups["thighs"] + groups["knees"])


@pytest.mark.parametrize("entry", [r for r in ALL if r.type == "humanoid"], ids=lambda r: r.id)
def test_humanoids_have_mirrored_limbs(entry: Robot) -> None:
    groups = entry.structure.groups
    assert {foot.name for foot in entry.structure.feet} == {"left", "right"}
    assert {hand.name for hand in entry.structure.hands} == {"left", "right"}
    assert len(groups["left_leg"]) == len(groups["right_leg"]) >= 5
    assert len(groups["left_arm"]) == len(groups["right_arm"]) >= 3
    assert {"hips", "knees", "ankles", "shoulders", "elbows"} <= groups.keys()


@every_robot
def test_cameras_look_from_above_the_floor(entry: Robot) -> None:
    camera = entry.camera
    eye = camera.height - camera.distance * math.sin(math.radians(camera.elevation))
    assert eye > 0.1
    assert camera.follow == (entry.category == "locomotion" or entry.type in MOVERS)


MOVERS = ("planar", "swimmer", "humanoid")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("go1", "Go1JoystickFlatTerrain"), ("cheeta", "CheetahRun"), ("SpotGetUp", "SpotGetup")],
)
def test_an_unknown_robot_leads_to_near_ones(typed: str, meant: str) -> None:
    with pytest.raises(UnknownRobotError) as caught:
        robot(typed)
    assert repr(typed) in caught.value.message
    assert meant in caught.value.hint


def test_an_unknown_robot_like_no_other_leads_to_the_list() -> None:
    with pytest.raises(UnknownRobotError) as caught:
        robot("zzz")
    assert caught.value.hint == "`tabrl robots` lists all 54."


def test_errors_survive_a_process_boundary() -> None:
    error = UnknownRobotError("go1", ["Go1Getup"])
    again = pickle.loads(pickle.dumps(error))
    assert (again.message, again.hint) == (error.message, error.hint)


def test_reading_the_catalogue_loads_no_physics() -> None:
    heavy = "{'jax', 'mujoco', 'numpy', 'brax'}"
    code = (
        "import sys, tabrl.robots.catalogue as c;"
        f"assert len(c.robots()) == 54; print({heavy} & sys.modules.keys())"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "set()"
