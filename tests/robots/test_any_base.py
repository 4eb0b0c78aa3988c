"""Robots as people write them: how each moves about, and which way it is."""

from pathlib import Path

import mujoco
import numpy as np
import pytest
from written import Make, arm, dog, held, observed, scene

from tabrl.errors import TabRLError
from tabrl.generators.anatomy import Anatomy
from tabrl.generators.kinds import entry_of
from tabrl.robots.actuation import joint_of

# ---- how it moves about -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "turning",
    [
        '<joint type="ball"/>',
        '<joint type="hinge" axis="0 0 1"/><joint axis="0 1 0"/><joint axis="1 0 0"/>',
    ],
    ids=["a ball", "three hinges"],
)
def test_a_base_of_slides_and_turns_floats(make: Make, turning: str) -> None:
    slides = "".join(f'<joint type="slide" axis="{axis}"/>' for axis in ("1 0 0", "0 1 0", "0 0 1"))
    bodies, motors = dog(slides + turning, turn="0 0 .3")
    model, notes = make(scene(bodies, motors))
    assert "they became one free joint" in notes
    entry = entry_of(Anatomy(model), None)
    assert entry["type"] == "quadruped"
    assert (model.nq, model.nv) == (19, 18)
    np.testing.assert_allclose(
        model.key_qpos[0][3:7], [np.cos(0.15), 0, 0, np.sin(0.15)], atol=1e-6
    )


def hopper(ref: str = "") -> str:
    return scene(
        f'<body name="torso" pos="0 0 1"><joint name="along" type="slide" axis="1 0 0"/><joint '
        f'name="up" type="slide" axis="0 0 1" {ref}/><joint name="tilt" axis="0 -1 0"/><geom '
        'type="capsule" fromto="0 0 0 0 0 .3" size=".05"/><body name="thigh"><joint name="hip" '
        'axis="0 -1 0" range="-1 1"/><geom type="capsule" fromto="0 0 0 0 0 -.4" size=".04"/><body '
        'pos="0 0 -.4"><joint name="knee" axis="0 -1 0" range="-1 1"/><geom type="capsule" '
        'fromto="0 0 0 0 0 -.4" size=".03"/><body pos="0 0 -.4"><joint name="ankle" axis="0 -1 0" '
        'range="-1 1"/><geom type="capsule" fromto="-.1 0 0 .2 0 0" size=".04"/></body></body>'
        "</body></body>",
        "".join(f'<motor joint="{j}" ctrlrange="-60 60"/>' for j in ("hip", "knee", "ankle")),
    )


@pytest.mark.parametrize("ref", ["", 'ref="1"'], ids=["from its place", "from the ground"])
def test_a_base_in_an_upright_plane_is_planar(make: Make, tmp_path: Path, ref: str) -> None:
    model, _ = make(hopper(ref))
    entry = entry_of(Anatomy(model), None)
    assert entry["type"] == "planar"
    assert list(entry["feet"]) == ["foot"]
    assert {"root", "hips", "knees", "ankles"} <= entry["groups"].keys()
    np.testing.assert_allclose(model.key_qpos[0][:3], 0, atol=1e-9)
    assert model.joint("rooty").axis[1] == 1
    data = mujoco.MjData(model)
    mujoco.mj_resetDataKeyframe(model, data, 0)
    mujoco.mj_forward(model, data)
    assert data.body("torso").xpos[2] == pytest.approx(0.84, abs=1e-3)
    # How far it has come is not observed; its height is, and its turn as sine and cosine.
    seen = observed(model, next(tmp_path.glob("made*")), "torso")
    assert seen.shape == ((1 + 3) + 2 + 6 + 3,)
    np.testing.assert_allclose(seen[4], np.sin(0.1), atol=1e-6)


def test_ball_joints_are_in_the_observation(make: Make, tmp_path: Path) -> None:
    bob = '<body pos=".1 0 0"><joint type="ball" damping=".01"/><geom size=".02" pos="0 0 -.05"/>'
    text = arm('<position joint="a" kp="60" kv="5"/>').replace(
        "</body></body>", f"{bob}</body></body></body>"
    )
    model, _ = make(text)
    seen = observed(model, next(tmp_path.glob("made*")), "low")
    assert seen.shape == (2 + 2 + 3 + 3 + 2,)
    np.testing.assert_allclose(np.linalg.norm(seen[4:7]), np.sin(0.05 * 3**0.5), atol=1e-6)
    np.testing.assert_allclose(seen[7:10], 0, atol=1e-6)


# ---- which way it is ----------------------------------------------------------------------------


def facing(names: bool) -> tuple[str, str]:
    """The dog, made so that the y axis of its base is forward."""
    bodies, motors = dog()
    for i, corner in enumerate(("FR", "FL", "RR", "RL")):
        for joint in "abc":
            new = f"{corner}_{joint}" if names else f"leg{i}{joint}"
            bodies = bodies.replace(f'"{joint}{i}"', f'"{new}"')
            motors = motors.replace(f'"{joint}{i}"', f'"{new}"')
    inner = bodies.replace("<freejoint/>", "", 1)
    inner = inner[inner.index(">") + 1 : inner.rindex("</body>")]
    for old, new in (("1 0 0", "_"), ("0 1 0", "-1 0 0"), ("_", "0 1 0")):
        inner = inner.replace(f'axis="{old}"', f'axis="{new}"')
    for x, y in [(0.2, -0.1), (0.2, 0.1), (-0.2, -0.1), (-0.2, 0.1)]:
        inner = inner.replace(f'pos="{x} {y} 0"', f'pos="{-y} {x} 0"')
    inner = inner.replace('size=".2 .08 .04"', 'size=".08 .2 .04"')
    return f'<body name="trunk" pos="0 0 .3"><freejoint/>{inner}</body>', motors


def test_forward_is_found_from_names_and_said(make: Make) -> None:
    model, notes = make(scene(*facing(names=True)))
    assert "Forward is y of trunk, by the names of its parts" in notes
    entry = entry_of(Anatomy(model), None)
    assert entry["groups"]["FL"] == "^(FL_a|FL_b|FL_c)$"
    assert entry["groups"]["rear_legs"] == "^(RR_a|RR_b|RR_c|RL_a|RL_b|RL_c)$"
    data = held(model)  # the world is as it was: it looks along y, and stands
    np.testing.assert_allclose(data.body("trunk").xmat[:3], [0, -1, 0], atol=0.05)


def test_forward_is_found_from_the_shape_and_corrected_by_a_person(make: Make) -> None:
    text = scene(*facing(names=False))
    _, notes = make(text)
    assert "Forward is y of trunk, by its shape" in notes
    model, notes = make(text, forward="-y")
    assert "Forward" not in notes
    data = held(model, 0.1)
    np.testing.assert_allclose(data.body("trunk").xmat[:3], [0, 1, 0], atol=0.05)
    with pytest.raises(TabRLError, match="z is up or down for trunk"):
        make(text, forward="z")
    with pytest.raises(TabRLError, match="no axis 'ahead'"):
        make(text, forward="ahead")


def test_turning_a_base_s_frame_changes_nothing_that_it_does(make: Make) -> None:
    bodies, motors = dog()
    inertia = '<inertial pos=".05 .02 0" mass="4" fullinertia=".03 .05 .06 .01 0 0"/>'
    bodies = bodies.replace("<freejoint/>", f"<freejoint/>{inertia}")
    text = scene(bodies, motors)
    places = [held(make(text, forward)[0], 0.4).xpos[1:].copy() for forward in ("x", "-y")]
    np.testing.assert_allclose(*places, atol=1e-4)


def test_a_scene_with_y_up_is_turned(make: Make) -> None:
    bodies, motors = dog(at="0 .3 0", turn="-1.5707963 0 0")
    ground = '<geom type="plane" size="0 0 .1" zaxis="0 1 0"/>'
    more = '<option gravity="0 -9.81 0"/>'
    model, notes = make(scene(bodies, motors, more, ground))
    assert "turned so that z is up" in notes
    np.testing.assert_allclose(model.opt.gravity, [0, 0, -9.81], atol=1e-6)
    assert entry_of(Anatomy(model), None)["type"] == "quadruped"
    assert held(model).qpos[2] == pytest.approx(0.255, abs=0.02)


def test_a_base_whose_frame_has_y_up_is_read_with_z_up(make: Make) -> None:
    bodies, motors = dog()
    twisted = bodies.replace('euler="0 0 0">', 'euler="1.5707963 0 0">', 1)
    start = twisted.index("<geom")
    inner = f'<frame euler="-1.5707963 0 0">{twisted[start:-7]}</frame></body>'
    model, _ = make(scene(twisted[:start] + inner, motors))
    assert entry_of(Anatomy(model), None)["type"] == "quadruped"
    data = held(model)
    assert data.body("trunk").xmat[8] > 0.95


def test_its_camera_is_placed_for_the_field_of_view_that_it_has(make: Make) -> None:
    lens = '<visual><global fovy="100" orthographic="true"/></visual>'
    model, _ = make(scene(*dog(), more=lens))
    assert (model.vis.global_.fovy, model.vis.global_.orthographic) == (45, 0)
    camera = Anatomy(model).camera()
    radius = camera["distance"] * np.sin(np.deg2rad(45 / 2))
    assert 0.5 * np.linalg.norm([0.44, 0.24, 0.295]) < radius < 0.4  # what a ball around it takes


def test_legs_of_two_joints_are_legs_of_a_quadruped(make: Make) -> None:
    bodies, motors = dog()
    for i in range(4):
        hip = f'<joint name="a{i}" axis="1 0 0" range="-.5 .5" armature=".01"/>'
        bodies = bodies.replace(hip, "")
        motors = motors.replace(f'<position joint="a{i}" kp="30" kv="1" forcerange="-20 20"/>', "")
    model, _ = make(scene(bodies, motors))
    entry = entry_of(Anatomy(model), None)
    assert entry["type"] == "quadruped"
    assert "hips" not in entry["groups"]
    assert entry["groups"]["knees"] == "^(c0|c1|c2|c3)$"


def test_a_total_mass_is_kept(make: Make) -> None:
    bodies, motors = dog()
    bodies = bodies.replace(
        "<freejoint/>", '<freejoint/><inertial pos="0 0 0" mass="4" diaginertia=".03 .05 .06"/>'
    )
    text = scene(bodies, motors)
    light, _ = make(text)
    heavy, _ = make(text.replace('angle="radian"', 'angle="radian" settotalmass="12"'))
    assert heavy.body_mass.sum() == pytest.approx(12, rel=1e-4)
    factor = 12 / light.body_mass.sum()
    np.testing.assert_allclose(heavy.body_mass, light.body_mass * factor, rtol=1e-4)
    np.testing.assert_allclose(heavy.body_inertia, light.body_inertia * factor, rtol=1e-3)


def test_the_physics_step_may_be_any(make: Make, tmp_path: Path) -> None:
    from tabrl.envs.custom import CustomEnv

    bodies, motors = dog()
    make(scene(bodies, motors).replace('timestep="0.004"', 'timestep="0.007"'))
    (path,) = tmp_path.glob("made*/scene.xml")
    env = CustomEnv(path, "trunk")
    assert env.n_substeps == 3
    assert env.dt == pytest.approx(0.021)


def test_a_keyframe_beside_replicate_is_refused_with_the_way_out(make: Make) -> None:
    spokes = (
        '<body name="hub" pos="0 0 .2"><freejoint/><geom size=".05"/><replicate count="3" '
        'euler="0 0 2.1"><body pos=".1 0 0"><joint name="s"/><geom size=".02"/></body>'
        "</replicate></body>"
    )
    key = '<keyframe><key qpos="0 0 .2 1 0 0 0 0 0 0"/></keyframe>'
    with pytest.raises(TabRLError, match="before it makes the copies") as caught:
        make(scene(spokes, '<position joint="s0"/>').replace("</mujoco>", f"{key}</mujoco>"))
    assert "put the keyframe into that file" in caught.value.hint


def test_an_actuator_of_a_tendon_or_a_site_drives_no_joint() -> None:
    model = mujoco.MjModel.from_xml_string("""
        <mujoco>
          <worldbody>
            <body><joint name="hinge"/><geom size="0.1"/><site name="tip"/></body>
          </worldbody>
          <tendon><fixed name="cable"><joint joint="hinge" coef="1"/></fixed></tendon>
          <actuator><motor joint="hinge"/><motor tendon="cable"/><motor site="tip"/></actuator>
        </mujoco>
    """)
    assert [joint_of(model, i) for i in range(model.nu)] == [0, None, None]
