"""A custom robot, from its MJCF to a clip: `pup`, a small four-legged one of primitives."""

import json
import math
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from lockstep import lockstep
from mujoco import MjModel
from PIL import Image

from tabrl.errors import ConflictError, TabRLError, UnknownRobotError
from tabrl.experiments.robots import add, remove
from tabrl.generators.adopt import adopt, keep_licence
from tabrl.generators.gallery import PREVIEW, THUMBNAIL
from tabrl.rendering.loop import FPS, FRAMES
from tabrl.rendering.video import probe
from tabrl.robots.catalogue import custom_robots_folder, name_of, robot, robots
from tabrl.settings import Settings

PUP = Path(__file__).parent / "pup"
LEGS = ("FR", "FL", "RR", "RL")


@pytest.fixture(scope="module", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A home of one's own with the pup in it."""
    folder = tmp_path_factory.mktemp("custom")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TABRL_HOME", str(folder / "home"))
        patch.setenv("TABRL_CACHE", str(folder / "cache"))
        settings = Settings.from_env()
        add(str(PUP), settings=settings)
        yield settings


def test_it_is_in_the_catalogue_after_those_that_ship() -> None:
    assert [each.id for each in robots()][54:] == ["pup"]
    pup = robot("pup")
    assert (pup.name, pup.type, pup.category, pup.dof) == ("Pup", "quadruped", "custom", 12)
    assert pup.structure.mass == pytest.approx(5.32)
    assert pup.structure.head is not None


def test_its_words_are_those_of_other_quadrupeds() -> None:
    structure = robot("pup").structure
    assert tuple(foot.name for foot in structure.feet) == LEGS
    assert [foot.radius for foot in structure.feet] == [0.018] * 4
    assert structure.groups["FR"] == ("FR_abduct", "FR_swing", "FR_bend")
    assert set(structure.groups["hips"]) == {f"{leg}_abduct" for leg in LEGS}
    assert set(structure.groups["rear_legs"]) == {
        joint.name for joint in structure.joints if joint.name.startswith("R")
    }


def test_home_is_the_keyframe_of_that_name() -> None:
    assert robot("pup").structure.home_qpos[2] == 0.262
    assert robot("pup").structure.home_qpos[7:10] == (0.0, 0.6, -1.2)


def test_its_camera_sees_it_from_above_the_floor() -> None:
    camera = robot("pup").camera
    assert camera.follow
    assert camera.height - camera.distance * math.sin(math.radians(camera.elevation)) > 0.1


def test_its_folder_needs_no_other() -> None:
    import mujoco

    folder = custom_robots_folder() / "pup"
    assert {path.name for path in folder.iterdir()} == {
        "assets", "pup.mp4", "pup.webp", "robot.json", "scene.xml"
    }  # fmt: skip
    assert [path.name for path in (folder / "assets").iterdir()] == ["snout.obj"]
    model = mujoco.MjModel.from_xml_path(str(folder / "scene.xml"))
    assert model.geom("floor").type == mujoco.mjtGeom.mjGEOM_PLANE


def test_its_thumbnail_shows_it_and_its_preview_moves() -> None:
    folder = custom_robots_folder() / "pup"
    with Image.open(folder / "pup.webp") as picture:
        assert picture.size == THUMBNAIL
        pixels = np.asarray(picture.convert("RGB")).astype(int)
    blue = pixels[..., 2] - pixels[..., 0] > 40
    lower = blue[THUMBNAIL[1] // 3 :]  # where no sky is
    assert 0.01 < lower.mean() < 0.5
    assert probe(folder / "pup.mp4") == (FRAMES, FPS, *PREVIEW, "h264")


def test_motors_became_critically_damped_position_actuators() -> None:
    import mujoco

    from tabrl.envs.load import load_env

    model = load_env("pup").mj_model
    knee = model.actuator("FR_bend")
    assert model.opt.integrator == mujoco.mjtIntegrator.mjINT_IMPLICITFAST
    np.testing.assert_allclose(knee.forcerange, [-12, 12])
    # All of the torque where it is off by 0.5 rad.
    np.testing.assert_allclose(knee.gainprm[0] * 0.5, 12)
    np.testing.assert_allclose(knee.biasprm[1], -knee.gainprm[0])
    hip = model.actuator("FR_swing")
    np.testing.assert_allclose([hip.gainprm[0], *hip.biasprm[:3]], [40, 0, -40, -1])


def test_an_action_of_zero_holds_its_home_pose() -> None:
    import mujoco

    from tabrl.envs.load import load_env

    env = load_env("pup")
    data = mujoco.MjData(env.mj_model)
    mujoco.mj_resetDataKeyframe(env.mj_model, data, 0)
    mujoco.mj_step(env.mj_model, data, 500)
    assert data.qpos[2] == pytest.approx(0.262, abs=0.03)
    np.testing.assert_allclose(data.qpos[7:], env._init_q[7:], atol=0.2)


def test_split_over_native_physics_it_steps_as_mj_step_does() -> None:
    report = lockstep("pup")
    assert report.physics == []
    assert report.halves == []


@pytest.mark.nightly
def test_mjx_steps_it_too() -> None:
    import jax

    from tabrl.envs.task import Task

    task = Task("pup", 2, impl="mjx")
    state = task.reset(jax.random.PRNGKey(0), task.setting(None), canonical=1)
    action = np.zeros((2, 12), np.float32)
    inputs = task.act(state, action, task.setting(None))
    outputs = task.physics.step(inputs, task.split.nstep)
    native = Task("pup", 2, threads=1)
    same = native.physics.step({k: np.array(v) for k, v in inputs.items()}, native.split.nstep)
    np.testing.assert_allclose(outputs["qpos"], same["qpos"], atol=2e-3)


def test_it_is_randomised_as_others_are() -> None:
    from tabrl.envs.task import Task

    task = Task("pup", 3, threads=1, randomize=True)
    for name in ("body_mass", "geom_friction", "actuator_gainprm"):
        assert np.unique(task.physics.batch.expand(name), axis=0).shape[0] == 3


@pytest.mark.nightly
def test_workers_check_a_reward_for_it(home: Settings) -> None:
    from tabrl.experiments import check_reward

    source = 'def reward(s):\n    return {"up": s.height, "paw": s.foot("FR")[2]}\n'
    result = check_reward(source, "pup", home)
    assert result.valid
    assert result.term_means["still"]["up"] == pytest.approx(0.25, abs=0.03)


@pytest.mark.nightly
def test_it_learns(home: Settings, tmp_path: Path) -> None:
    from tabrl.events import Artifact, Progress
    from tabrl.spec import Approach, Hyperparameters, TrainSpec
    from tabrl.worker import run

    source = 'def reward(s):\n    return {"turn": near(s.turn_rate, 1.5, 0.7)}\n'
    spec = TrainSpec(
        job="turn",
        robot="pup",
        approach=Approach(name="Turn", description="", source=source, weights={}),
        num_steps=64 * 20 * 60,
        hyperparameters=Hyperparameters(num_envs=64, hidden=(32, 32), episode_length=200),
        out=str(tmp_path),
        clip=False,
    )
    seen = list(run(spec))
    returns = [event.episode_return for event in seen if isinstance(event, Progress)]
    assert max(returns[-3:]) > 1.5 * returns[0]
    assert any(isinstance(event, Artifact) and event.name == "policy" for event in seen)


def test_every_behaviour_that_fits_it_passes_the_lint() -> None:
    from tabrl.behaviours.library import primitives_for
    from tabrl.behaviours.modifiers import read
    from tabrl.rewards.lint import lint

    pup = robot("pup")
    fitting = primitives_for(pup)
    assert len(fitting) > 10
    for primitive in fitting:
        for idea in primitive.build(pup, read("")).ideas:
            assert lint(idea.source(), pup) == [], primitive.name


def test_the_gallery_has_its_pictures_and_its_scene(home: Settings) -> None:
    from tabrl.experiments.scene import scene
    from tabrl.server import gallery

    (card,) = [card for card in gallery.cards() if card.id == "pup"]
    assert card.category == "custom"
    assert card.preview
    assert gallery.media("pup", "webp").is_file()
    with zipfile.ZipFile(scene("pup", home)) as bundle:
        bundle.extractall(home.cache / "unpacked")
    assert MjModel.from_xml_path(str(home.cache / "unpacked" / "scene.xml")).nkey == 1


# ---- what is refused ---------------------------------------------------------------------------


@pytest.fixture
def edited(tmp_path: Path) -> Callable[..., str]:
    """A copy of the pup with other words in one of its files."""

    def edit(old: str, new: str, file: str = "parts/pup.xml") -> str:
        folder = Path(shutil.copytree(PUP, tmp_path / "copy" / "pup"))
        text = (folder / file).read_text("utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new), "utf-8")
        return str(folder)

    return edit


PART = "parts/pup.xml"
KNEE = '<motor joint="FL_bend" gear="12" ctrlrange="-1 1"/>'
ACTUATED = '<position joint="FL_abduct" kp="40" kv="1" forcerange="-12 12"/>'
REFUSED = {
    "not XML": ("</worldbody>", "", PART, "pup.xml is not XML"),
    "a missing mesh": ("snout.obj", "nose.obj", PART, "The mesh nose.obj is missing"),
    "a missing part": ("parts/pup.xml", "parts/cat.xml", "scene.xml", "includes 'parts/cat.xml'"),
    "a plugin": ("<asset>", '<extension><plugin plugin="x"/></extension><asset>', PART, "plugins"),
    "a file from elsewhere": ('"snout.obj"', '"/etc/passwd"', PART, "outside of its"),
    "an unstable step": ('timestep="0.004"', 'timestep="0.08"', PART, "exploded"),
    "a motor without limit": (KNEE, '<motor joint="FL_bend"/>', PART, "'FL_bend' has no limit"),
    "a muscle": (KNEE, '<muscle joint="FL_bend"/>', PART, "(on a joint, dynamics muscle"),
    "a damper": (KNEE, '<damper joint="FL_bend" ctrlrange="0 1"/>', PART, "'FL_bend' (on a"),
    "a strange name": ('"FR_thigh"', "\"it's\"", PART, "name that rewards cannot use"),
}  # fmt: skip


@pytest.fixture
def refused(tmp_path: Path) -> Callable[[str], TabRLError]:
    """What is said of a source, without the process of its own in which `add` looks at it."""

    def look(source: str) -> TabRLError:
        folder = tmp_path / "made"
        folder.mkdir()
        with pytest.raises(TabRLError) as caught:
            adopt(source, "copy", folder)
        assert caught.value.hint
        return caught.value

    return look


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_taught_is_refused_by_name(
    case: str, edited: Callable[..., str], refused: Callable[[str], TabRLError]
) -> None:
    *edit, said = REFUSED[case]
    assert said in refused(edited(*edit)).message


def test_what_is_refused_leaves_nothing(edited: Callable[..., str], home: Settings) -> None:
    *edit, said = REFUSED["a missing mesh"]
    with pytest.raises(TabRLError, match=said) as caught:
        add(edited(*edit), robot_id="copy", settings=home)
    assert caught.value.hint
    assert [path.name for path in custom_robots_folder().iterdir()] == ["pup"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('<robot name="r"><link name="l"/></robot>', "The model has no actuators"),
        ("<svg/>", "its root is <svg>"),
        (
            "<mujoco><worldbody><body><joint/><geom size='1'/></body></worldbody></mujoco>",
            "no actu",
        ),
        ("<mujoco><worldbody><body><joint/></body></worldbody></mujoco>", "MuJoCo cannot take"),
    ],
    ids=["URDF without joints", "another language", "no actuators", "no mass"],
)
def test_files_that_hold_no_robot_are_refused(
    text: str, said: str, tmp_path: Path, refused: Callable[[str], TabRLError]
) -> None:
    (tmp_path / "thing.xml").write_text(text)
    assert said in refused(str(tmp_path / "thing.xml")).message


def test_too_many_joints_are_refused(tmp_path: Path, refused: Callable[[str], TabRLError]) -> None:
    links = "<body pos='0 0 .1'><joint/><geom size='.05'/>" * 130 + "</body>" * 130
    (tmp_path / "rope.xml").write_text(f"<mujoco><worldbody>{links}</worldbody></mujoco>")
    assert "130 degrees of freedom" in refused(str(tmp_path / "rope.xml")).message


def test_a_large_mesh_is_refused_before_it_is_read(
    edited: Callable[..., str], refused: Callable[[str], TabRLError]
) -> None:
    folder = edited("snout.obj", "big.obj")
    with Path(folder, "meshes/big.obj").open("wb") as file:
        file.truncate(65 * 2**20)
    assert "big.obj is larger than 64 MB" in refused(folder).message


@pytest.mark.parametrize("name", ["pup", "Pup", "go1joystickflatterrain"])
def test_a_name_that_is_taken_is_refused(name: str, home: Settings) -> None:
    with pytest.raises(ConflictError):
        add(str(PUP), robot_id=name, settings=home)


@pytest.mark.parametrize("name", ["..", "a/b", "", ".x", "1st", "é"])
def test_a_name_that_is_no_id_is_refused(name: str, home: Settings) -> None:
    with pytest.raises(TabRLError):
        add(str(PUP), robot_id=name or "/", settings=home)
    with pytest.raises(UnknownRobotError):
        robot(name)


def test_the_licence_beside_a_model_is_kept(tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_text("MIT License\n\nCopyright ...")
    (tmp_path / "made").mkdir()
    assert keep_licence(tmp_path, tmp_path / "made") == [
        "The model's licence is kept with it as LICENSE: MIT License"
    ]
    assert (tmp_path / "made" / "LICENSE").read_text().startswith("MIT")


@pytest.mark.nightly
def test_a_kind_that_it_is_not_is_refused(home: Settings) -> None:
    with pytest.raises(TabRLError, match="it needs two legs"):
        add(str(PUP), robot_id="copy", kind="humanoid", settings=home)
    with pytest.raises(TabRLError, match="no kind 'cat'"):
        add(str(PUP), robot_id="copy", kind="cat", settings=home)


@pytest.mark.nightly
def test_without_keyframe_it_stands_in_its_zero_pose(
    edited: Callable[..., str], home: Settings
) -> None:
    text = (PUP / "scene.xml").read_text("utf-8")
    keys = text[text.index("<keyframe>") : text.index("</mujoco>")]
    made, notes = add(edited(keys, "", "scene.xml"), robot_id="stiff", settings=home)
    try:
        assert any("no keyframe" in note for note in notes)
        assert any("beyond their range: FL_bend" in note for note in notes)
        assert made.structure.base_height == pytest.approx(0.15 + 0.15 + 0.018)
    finally:
        remove("stiff")
    assert not (custom_robots_folder() / "stiff").exists()


def test_only_robots_of_one_s_own_are_removed() -> None:
    with pytest.raises(ConflictError):
        remove("CheetahRun")
    for name in ("nobody", "..", "../robots"):
        with pytest.raises(UnknownRobotError):
            remove(name)
    assert (custom_robots_folder() / "pup").is_dir()


def test_a_robot_that_is_gone_keeps_its_id_as_name() -> None:
    assert (name_of("pup"), name_of("nobody")) == ("Pup", "nobody (removed)")


def test_a_card_that_calls_its_category_own_is_read() -> None:
    path = custom_robots_folder() / "pup" / "robot.json"
    card = path.read_text()
    assert '"category": "custom"' in card
    try:
        path.write_text(card.replace('"category": "custom"', '"category": "own"'))
        assert robot("pup").category == "custom"
    finally:
        path.write_text(card)


def test_a_broken_card_hides_only_its_own_robot() -> None:
    broken = custom_robots_folder() / "broken"
    broken.mkdir()
    try:
        (broken / "robot.json").write_text(json.dumps({"id": "broken"}))
        assert "broken" not in {each.id for each in robots()}
        with pytest.raises(TabRLError, match="card of broken"):
            robot("broken")
    finally:
        remove("broken")
