"""URDF becomes a robot: it floats or is fixed, and its limits become motors."""

from collections.abc import Callable
from pathlib import Path

import mujoco
import numpy as np
import pytest

from tabrl.errors import TabRLError
from tabrl.generators.anatomy import Anatomy
from tabrl.generators.kinds import entry_of
from tabrl.generators.teachable import make_teachable
from tabrl.robots.actuation import driven_by_velocity

Made = tuple[mujoco.MjModel, str]
Make = Callable[..., Made]
PYRAMID = "v 0 0 0\nv .1 0 0\nv 0 .1 0\nv 0 0 .1\nf 1 3 2\nf 1 2 4\nf 2 3 4\nf 1 4 3\n"
BOX = '<geometry><box size="{}"/></geometry>'


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """What becomes of links and joints in a package with a mesh."""
    package = tmp_path / "my_robot"
    (package / "meshes").mkdir(parents=True)
    (package / "urdf").mkdir()
    (package / "meshes" / "shell.obj").write_text(PYRAMID)

    def made(parts: str, base: str | None = None) -> Made:
        path = package / "urdf" / "robot.urdf"
        path.write_text(f'<robot name="r">{parts}<gazebo><plugin name="x"/></gazebo></robot>')
        folder = tmp_path / f"made{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        model, notes, *_ = make_teachable(path, folder, None, base)
        return model, " ".join(notes)

    return made


def link(name: str, size: str = ".04 .04 .2", at: str = "0 0 -.1", visual: str = "") -> str:
    return (
        f'<link name="{name}"><inertial><origin xyz="{at}"/><mass value="1"/><inertia ixx=".004" '
        f'iyy=".004" izz=".002" ixy="0" ixz="0" iyz="0"/></inertial><collision><origin xyz="{at}"/>'
        f"{BOX.format(size)}</collision>{visual}</link>"
    )


def joint(child: str, parent: str, at: str, more: str = "", kind: str = "revolute") -> str:
    limit = '<limit lower="-1" upper="1" effort="20" velocity="8"/>'
    more = more if "<limit" in more or kind == "fixed" else more + limit
    return (
        f'<joint name="{child}_joint" type="{kind}"><parent link="{parent}"/>'
        f'<child link="{child}"/>'
        f'<origin xyz="{at}"/><axis xyz="0 1 0"/>{more}</joint>'
    )


def dog() -> str:
    mesh = '<mesh filename="package://my_robot/meshes/shell.obj"/>'
    shell = f"<visual><geometry>{mesh}</geometry></visual>"
    parts = link("torso", ".4 .2 .1", "0 0 0", shell)
    for side, y in (("l", 0.1), ("r", -0.1)):
        for end, x in (("f", 0.15), ("h", -0.15)):
            name = f"{end}{side}"
            parts += link(f"{name}_hip", ".02 .02 .02", "0 0 0") + link(f"{name}_thigh")
            parts += link(f"{name}_shin") + joint(f"{name}_hip", "torso", f"{x} {y} 0")
            parts += joint(f"{name}_thigh", f"{name}_hip", "0 0 0")
            parts += joint(f"{name}_shin", f"{name}_thigh", "0 0 -.2")
    return parts


def arm(more: str = "", kind: str = "revolute") -> str:
    parts, below = link("base", ".2 .2 .1", "0 0 .05"), "base"
    for i in range(4):
        parts += link(f"part{i}", at="0 0 .1")
        last = (more, kind) if i == 3 else ("", "revolute")
        parts += joint(f"part{i}", below, "0 0 .1" if i == 0 else "0 0 .2", *last)
        below = f"part{i}"
    return parts


def test_what_its_limbs_carry_floats_and_stands(make: Make) -> None:
    model, notes = make(dog())
    assert "Its base was taken to be floating; say fixed if that is wrong." in notes
    assert "falls" not in notes
    entry = entry_of(Anatomy(model), None)
    assert (entry["type"], entry["base"]) == ("quadruped", "torso")
    assert model.key_qpos[0][2] == pytest.approx(0.4, abs=2e-3)
    assert model.body("torso").mass[0] == 1.0
    data = mujoco.MjData(model)
    mujoco.mj_resetDataKeyframe(model, data, 0)
    mujoco.mj_step(model, data, 500)
    assert data.qpos[2] == pytest.approx(0.4, abs=0.02)


def test_its_meshes_are_found_through_the_package_and_hide_what_collides(make: Make) -> None:
    model, _ = make(dog())
    assert model.nmesh == 1
    torso = model.geom_bodyid == model.body("torso").id
    shown = {int(t) for t in model.geom_type[torso & (model.geom_group < 3)]}
    assert shown == {int(mujoco.mjtGeom.mjGEOM_MESH)}


def test_what_stands_on_its_base_is_fixed(make: Make) -> None:
    model, notes = make(arm())
    assert "Its base was taken to be fixed; say floating if that is wrong." in notes
    assert entry_of(Anatomy(model), None)["type"] == "arm"
    floating, notes = make(arm(), "floating")
    assert (model.nv, floating.nv) == (4, 10)
    assert "taken to be" not in notes


def test_efforts_and_velocities_become_gains_and_speeds(make: Make) -> None:
    model, _ = make(arm('<limit effort="3" velocity="6"/>', "continuous"))
    held, turned = model.actuator("part0_joint"), model.actuator("part3_joint")
    np.testing.assert_allclose(held.forcerange, [-20, 20])
    np.testing.assert_allclose(held.gainprm[0], 20 / 0.5)
    assert model.joint("part0_joint").armature[0] == pytest.approx(20 / 0.5 / 100**2)
    assert driven_by_velocity(model) == {model.joint("part3_joint").id}
    np.testing.assert_allclose(turned.ctrlrange, [-6, 6])
    np.testing.assert_allclose(turned.forcerange, [-3, 3])


def test_an_effort_that_is_not_said_is_guessed_and_told(make: Make) -> None:
    model, notes = make(arm('<limit lower="-1" upper="1" effort="0" velocity="0"/>'))
    assert "No effort is said of part3_joint: it was guessed" in notes
    np.testing.assert_allclose(model.actuator("part3_joint").forcerange[1], 0.25 * 9.81 * 5 * 0.1)


def test_what_mimics_has_no_motor_and_follows(make: Make) -> None:
    model, _ = make(arm('<mimic joint="part2_joint" multiplier="-1"/>'))
    assert model.nu == 3
    data = mujoco.MjData(model)
    mujoco.mj_resetDataKeyframe(model, data, 0)
    data.ctrl[2] = 0.5
    mujoco.mj_step(model, data, 1000)
    assert data.qpos[2] == pytest.approx(0.5, abs=0.1)
    assert data.qpos[3] == pytest.approx(-data.qpos[2], abs=0.02)


def test_home_is_within_the_ranges_of_its_joints(make: Make) -> None:
    model, notes = make(arm('<limit lower="-2" upper="-.7" effort="9" velocity="1"/>'))
    assert model.key_qpos[0][3] == pytest.approx(-0.7)
    assert "beyond" not in notes


@pytest.mark.parametrize(
    ("file", "said"),
    [("hull.dae", "MuJoCo does not read the mesh hull.dae"), ("gone.stl", "gone.stl is missing")],
)
def test_a_mesh_that_cannot_be_had_is_refused_by_name(make: Make, file: str, said: str) -> None:
    parts = arm().replace(BOX.format(".2 .2 .1"), f'<geometry><mesh filename="{file}"/></geometry>')
    with pytest.raises(TabRLError, match=said):
        make(parts)


def test_the_base_of_mjcf_is_not_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<mujoco/>")
    with pytest.raises(TabRLError, match="of a URDF file") as caught:
        make_teachable(tmp_path / "a.xml", tmp_path / "made", None, "fixed")
    assert "freejoint" in caught.value.hint
