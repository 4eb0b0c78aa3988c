"""Robots as people write them: each kind of model that was once misread, as a few lines of MJCF."""

from pathlib import Path

import mujoco
import numpy as np
import pytest
from written import PLANE, Make, arm, dog, held, observed, scene

from tabrl.errors import TabRLError
from tabrl.generators.anatomy import Anatomy
from tabrl.generators.kinds import entry_of
from tabrl.robots.actuation import targets
from tabrl.robots.ground import Ground

# ---- what drives it -----------------------------------------------------------------------------


def rover(actuator: str) -> str:
    wheels = "".join(
        f'<body pos="{x} {y} 0"><joint name="w{x}{y}" axis="0 1 0" damping=".01"/><geom type='
        '"cylinder" size=".07 .02" zaxis="0 1 0" mass=".3"/></body>'
        for x in (0.1, -0.1)
        for y in (0.12, -0.12)
    )
    motors = "".join(f'<{actuator} joint="w{x}{y}"/>' for x in (0.1, -0.1) for y in (0.12, -0.12))
    return scene(
        '<body name="deck" pos="0 0 .07"><freejoint/><geom type="box" size=".15 .08 .03" mass="3"/>'
        f"{wheels}</body>",
        motors,
    )


@pytest.mark.parametrize(
    "actuator", ['motor ctrlrange="-2 2"', 'velocity kv=".3" ctrlrange="-12 12"']
)
def test_wheels_are_driven_by_velocity_and_carry_it_away(make: Make, actuator: str) -> None:
    model, notes = make(rover(actuator))
    assert ("velocity actuators" in notes) == ("motor" in actuator)
    entry = entry_of(Anatomy(model), None)
    assert (entry["type"], entry["feet"]) == ("other", {})
    assert entry["groups"]["left_wheels"] == r"^(w0\.1\.?0\.12|w\-0\.10\.12)$".replace(r"\.?", "")
    meant = targets(model, free_base=True)
    np.testing.assert_array_equal(meant.home, 0)
    data = mujoco.MjData(model)
    mujoco.mj_resetDataKeyframe(model, data, 0)
    data.ctrl[:] = meant.span
    mujoco.mj_step(model, data, 500)
    assert 0.5 < data.qpos[0] < 0.07 * meant.span[0] * 2.0  # m in 2 s, by wheels of 0.07 m


def test_of_what_turns_for_ever_sine_and_cosine_are_seen(make: Make, tmp_path: Path) -> None:
    model, _ = make(rover('motor ctrlrange="-2 2"'))
    seen = observed(model, next(tmp_path.glob("made*")), "deck")
    assert seen.shape == (9 + 4 + 4 + 4 + 4,)  # base, sines, cosines, speeds, last action
    np.testing.assert_allclose(seen[9:13], np.sin(0.1), atol=1e-6)
    np.testing.assert_allclose(seen[13:17], np.cos(0.1), atol=1e-6)


def test_controls_in_degrees_are_found_and_said(make: Make) -> None:
    model, notes = make(arm('<position name="first" joint="a" kp="10" ctrlrange="-110 110"/>'))
    assert "The controls of first are written in degrees" in notes
    np.testing.assert_allclose(
        model.actuator("first").ctrlrange, np.deg2rad([-110, 110]), rtol=1e-5
    )


def test_ranges_of_many_turns_are_told(make: Make) -> None:
    _, notes = make(arm('<position joint="a" kp="10"/>', 'range="-170 170"'))
    assert (
        "The ranges of a are many turns: if they are degrees, the file should say <compiler"
        in notes
    )


def test_controls_beyond_what_a_joint_can_do_are_refused(make: Make) -> None:
    with pytest.raises(TabRLError, match="'first' can be asked for 3 to 5") as caught:
        make(arm('<position name="first" joint="a" kp="10" ctrlrange="3 5"/>'))
    assert "within its joint's range" in caught.value.hint


# ---- where it begins ----------------------------------------------------------------------------


def test_a_keyframe_keeps_its_controls(make: Make) -> None:
    text = arm('<position name="first" joint="a" kp="10"/>').replace(
        "</mujoco>", '<keyframe><key qpos="0 0" ctrl="-.4 -.1"/></keyframe></mujoco>'
    )
    model, _ = make(text)
    np.testing.assert_allclose(model.key_ctrl[0], [-0.4, -0.1])


def test_objects_start_where_the_scene_has_them_and_do_not_fall_for_the_robot(make: Make) -> None:
    ball = '<body name="ball" pos=".3 .1 .5"><freejoint/><geom size=".03"/></body>'
    text = arm('<position joint="a" kp="60" kv="5"/>').replace(
        "</worldbody>", f"{ball}</worldbody>"
    )
    for qpos in ("0 .2", "0 .2 0 0 0 0 0 0 0"):  # MuJoCo pads a robot's own keyframe so
        model, notes = make(
            text.replace("</mujoco>", f'<keyframe><key qpos="{qpos}"/></keyframe></mujoco>')
        )
        np.testing.assert_allclose(model.key_qpos[0], [0, 0.2, 0.3, 0.1, 0.5, 1, 0, 0, 0])
        assert "falls" not in notes
        assert entry_of(Anatomy(model), None)["objects"] == ["ball"]


def test_a_loop_is_closed_at_home_by_what_nothing_drives(make: Make) -> None:
    link = 'type="capsule" size=".01" contype="0" conaffinity="0"'
    crank = (
        '<body name="crank" pos="-.1 0 .3"><joint name="drive" axis="0 1 0" range="-1 1" '
        f'armature=".01"/><geom {link} fromto="0 0 0 0 0 .1"/><body name="rod" pos="0 0 .1"><joint '
        f'name="rod" axis="0 1 0" damping=".05"/><geom {link} fromto="0 0 0 .2 0 0"/></body></body>'
        '<body name="rocker" pos=".1 0 .3"><joint name="rocker" axis="0 1 0" damping=".05"/>'
        f'<geom {link} fromto="0 0 0 0 0 .1"/></body>'
    )
    loop = '<equality><connect body1="rod" body2="rocker" anchor=".2 0 0"/></equality>'
    key = '<keyframe><key qpos=".4 0 0"/></keyframe>'
    text = scene(crank, '<position joint="drive" kp="20" kv="1"/>')
    model, notes = make(text.replace("</mujoco>", f"{loop}{key}</mujoco>"))
    data = mujoco.MjData(model)
    mujoco.mj_resetDataKeyframe(model, data, 0)
    mujoco.mj_forward(model, data)
    assert np.abs(data.efc_pos[: data.ne]).max() < 1e-4
    np.testing.assert_allclose(data.qpos, [0.4, -0.4, 0.4], atol=0.01)  # a parallelogram
    assert "what moved to close them: rod, rocker" in notes


@pytest.mark.parametrize(
    ("ground", "height"),
    [
        ('<geom type="box" size="2 2 .1" pos="0 0 .4"/>', 0.0),
        ('<geom type="plane" size="0 0 .1" pos="0 0 -.7"/>', 0.0),
        ('<geom type="box" size="2 2 .1" pos="0 0 .4"/>' + PLANE, 0.0),
    ],
    ids=["a box", "a lower plane", "a box on a plane"],
)
def test_a_level_ground_is_brought_to_height_0_with_the_robot_on_it(
    make: Make, ground: str, height: float
) -> None:
    bodies, motors = dog(at="0 0 0")
    model, notes = make(scene(bodies, motors, ground=ground))
    assert "Its ground was at" in notes
    assert "falls" not in notes
    assert model.key_qpos[0][2] == pytest.approx(0.255, abs=2e-3)
    assert held(model).qpos[2] == pytest.approx(0.255, abs=0.02)


@pytest.mark.parametrize(
    "ground",
    [
        '<geom type="hfield" hfield="hill" pos="0 0 .2"/>',
        '<geom type="plane" size="0 0 .1" euler="0 .15 0"/>',
    ],
    ids=["a hill", "a slope"],
)
def test_on_rough_ground_it_stands_on_what_is_below_it(make: Make, ground: str) -> None:
    rise = 'nrow="3" ncol="3" size="2 2 .3 .1" elevation="0 0 0 0 1 0 0 0 0"'
    hill = f'<asset><hfield name="hill" {rise}/></asset>'
    bodies, motors = dog()
    model, notes = make(scene(bodies, motors, hill, ground))
    assert "falls" not in notes
    at = model.key_qpos[0][:3]
    assert Ground(model).rough
    assert 0.22 < at[2] - Ground(model).below(at) < 0.3


def test_a_home_inside_the_ground_is_lifted_and_one_above_it_put_down(make: Make) -> None:
    bodies, motors = dog()
    joints = " ".join(["0"] * 12)
    for z, said in ((0.1, "inside the ground"), (0.6, "above the ground")):
        key = f'<keyframe><key qpos="0 0 {z} 1 0 0 0 {joints}"/></keyframe>'
        model, notes = make(scene(bodies, motors).replace("</mujoco>", f"{key}</mujoco>"))
        assert model.key_qpos[0][2] == pytest.approx(0.255, abs=2e-3)
        assert said in notes
