"""Robots as people write them: each kind of model that was once misread, as a few lines of MJCF."""

from collections.abc import Callable
from pathlib import Path

import mujoco
import numpy as np
import pytest

from tabrl.errors import TabRLError
from tabrl.generators.anatomy import Anatomy
from tabrl.generators.kinds import entry_of
from tabrl.generators.teachable import make_teachable
from tabrl.robots.actuation import joint_of, targets
from tabrl.robots.ground import Ground

PLANE = '<geom name="floor" type="plane" size="0 0 .1"/>'
Made = tuple[mujoco.MjModel, str]
Make = Callable[..., Made]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """The model of the scene that is made of a file, and what is told of it."""

    def made(text: str, forward: str | None = None, name: str = "thing.xml") -> Made:
        (tmp_path / name).write_text(text)
        folder = tmp_path / f"made{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        model, notes, *_ = make_teachable(tmp_path / name, folder, forward)
        return model, " ".join(notes)

    return made


def scene(bodies: str, actuators: str, more: str = "", ground: str = PLANE) -> str:
    return (
        f'<mujoco><compiler angle="radian"/><option timestep="0.004"/>{more}'
        f"<worldbody>{ground}{bodies}</worldbody><actuator>{actuators}</actuator></mujoco>"
    )


def dog(base: str = "<freejoint/>", at: str = "0 0 .3", turn: str = "0 0 0") -> tuple[str, str]:
    """Four legs of three joints on a long box: its bodies and actuators; x is forward."""
    legs, motors = "", ""
    for i, (x, y) in enumerate([(0.2, -0.1), (0.2, 0.1), (-0.2, -0.1), (-0.2, 0.1)]):
        legs += (
            f'<body pos="{x} {y} 0"><joint name="a{i}" axis="1 0 0" range="-.5 .5" armature=".01"/>'
            f'<geom size=".02"/><body><joint name="b{i}" axis="0 1 0" range="-1 1" armature=".01"/>'
            '<geom type="capsule" fromto="0 0 0 0 0 -.12" size=".02"/><body pos="0 0 -.12">'
            f'<joint name="c{i}" axis="0 1 0" range="-1 1" armature=".01"/><geom type="capsule" '
            'fromto="0 0 0 0 0 -.12" size=".015"/></body></body></body>'
        )
        motors += "".join(
            f'<position joint="{n}{i}" kp="30" kv="1" forcerange="-20 20"/>' for n in "abc"
        )
    trunk = (
        f'<body name="trunk" pos="{at}" euler="{turn}">{base}<geom type="box" size=".2 .08 .04"/>'
    )
    return f"{trunk}{legs}</body>", motors


def arm(first: str, limits: str = 'range="-2 2"') -> str:
    """Two links that a joint `a` and a joint `b` turn, with one actuator each."""
    return scene(
        f'<body name="low" pos="0 0 .2"><joint name="a" axis="0 1 0" damping=".5" {limits}/>'
        '<geom type="capsule" fromto="0 0 0 .2 0 0" size=".02"/><body name="high" pos=".2 0 0">'
        '<joint name="b" axis="0 1 0" damping=".2" range="-2 2"/><geom type="capsule" '
        'fromto="0 0 0 .1 0 0" size=".02"/></body></body>',
        f'{first}<position name="second" joint="b" kp="10"/>',
    )


def held(model: mujoco.MjModel, seconds: float = 1.0) -> mujoco.MjData:
    """The model after it has held its home for some time."""
    data = mujoco.MjData(model)
    mujoco.mj_resetDataKeyframe(model, data, 0)
    mujoco.mj_step(model, data, round(seconds / model.opt.timestep))
    return data


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


def observed(made: mujoco.MjModel, path: Path, base: str) -> np.ndarray:
    """What a policy sees of the robot at home, with all joints but a base's turned by 0.1."""
    from tabrl.envs.custom import CustomEnv

    env = CustomEnv(path / "scene.xml", base)
    data = mujoco.MjData(made)
    mujoco.mj_resetDataKeyframe(made, data, 0)
    mujoco.mj_integratePos(made, data.qpos, np.where(np.arange(made.nv) < env._free * 6, 0, 0.1), 1)
    return np.asarray(env._observe(data, np.zeros(made.nu)))


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
