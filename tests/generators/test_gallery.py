"""The gallery's pictures that ship, and the motions that they show."""

import mujoco
import numpy as np
import pytest
from PIL import Image
from structures import each_structure, nightly

from tabrl.envs.load import load_env
from tabrl.generators.gallery import MEDIA, PREVIEW, THUMBNAIL
from tabrl.rendering.loop import FPS, FRAMES, ground_height, loop
from tabrl.rendering.motions import motion_of
from tabrl.rendering.video import decode, probe
from tabrl.robots.catalogue import Robot, robot, robots

ROOM = 12e6  # bytes, of all pictures: they are committed, and ship in the wheel
ALL = robots()
every_robot = pytest.mark.parametrize("entry", ALL, ids=lambda entry: entry.id)


def plain(picture: np.ndarray) -> bool:
    """Whether a picture has hardly any contrast, or hardly any light."""
    return picture.mean() < 60 or np.ptp(np.percentile(picture, [1, 99])) < 40


def test_every_robot_has_a_thumbnail_and_a_preview_and_nobody_else() -> None:
    files = {f"{entry.id}.{kind}" for entry in ALL for kind in ("webp", "mp4")}
    assert {path.name for path in MEDIA.iterdir()} == files
    assert sum(path.stat().st_size for path in MEDIA.iterdir()) < ROOM


@every_robot
def test_a_thumbnail_shows_something(entry: Robot) -> None:
    with Image.open(MEDIA / f"{entry.id}.webp") as picture:
        assert (picture.format, picture.size) == ("WEBP", THUMBNAIL)
        assert not plain(np.asarray(picture.convert("RGB")))


@every_robot
def test_a_preview_moves_and_its_end_leads_to_its_start(entry: Robot) -> None:
    path = MEDIA / f"{entry.id}.mp4"
    assert probe(path) == (FRAMES, FPS, *PREVIEW, "h264")
    frames = np.stack(list(decode(path))).astype(np.int16)
    assert len(frames) == FRAMES
    assert not plain(frames)
    steps = np.abs(np.diff(frames, axis=0)).mean(axis=(1, 2, 3))
    again = np.abs(frames[0] - frames[-1]).mean()
    assert np.abs(frames - frames[0]).mean(axis=(1, 2, 3)).max() > 0.5
    assert again < 2 * steps.max() + 0.5


def posed(robot_id: str) -> tuple[Robot, mujoco.MjModel, np.ndarray]:
    entry = robot(robot_id)
    model = load_env(robot_id).mj_model
    return entry, model, loop(entry, model, motion_of(entry))


@pytest.mark.parametrize(
    "robot_id",
    [
        "SpotFlatTerrainJoystick",
        *map(nightly, ("G1JoystickFlatTerrain", "BerkeleyHumanoidJoystickRoughTerrain")),
    ],
)
def test_planted_feet_stay_on_the_ground_while_the_body_moves(robot_id: str) -> None:
    entry, model, poses = posed(robot_id)
    data = mujoco.MjData(model)
    places = []
    for qpos in poses:
        data.qpos[:] = qpos
        mujoco.mj_kinematics(model, data)
        places.append([data.site(foot.object_name).xpos.copy() for foot in entry.structure.feet])
    feet = np.array(places)
    assert np.ptp(feet, axis=0).max() < 5e-3
    for place, foot in zip(feet[0], entry.structure.feet, strict=True):
        assert place[2] == pytest.approx(
            ground_height(model, data, place[:2]) + foot.radius, abs=5e-3
        )
    assert np.ptp(poses[:, :3], axis=0).max() > 0.02


@pytest.mark.parametrize("robot_id", ["H1InplaceGaitTracking", "T1JoystickRoughTerrain"])
def test_feet_that_march_are_lifted_in_turn(robot_id: str) -> None:
    entry, model, poses = posed(robot_id)
    data = mujoco.MjData(model)
    heights = []
    for qpos in poses:
        data.qpos[:] = qpos
        mujoco.mj_kinematics(model, data)
        feet = [(data.site(foot.object_name).xpos, foot.radius) for foot in entry.structure.feet]
        heights.append([at[2] - radius - ground_height(model, data, at[:2]) for at, radius in feet])
    lift = np.array(heights)
    assert (lift.max(axis=0) > 0.05).all()
    assert np.abs(lift.min(axis=1)).max() < 0.01


@pytest.mark.parametrize("robot_id", each_structure())
def test_a_loop_stays_within_the_joints_ranges(robot_id: str) -> None:
    entry = robot(robot_id)
    motion = motion_of(entry)
    if motion.walks:
        return
    model = load_env(entry.id).mj_model
    poses = loop(entry, model, motion)
    assert poses.shape == (FRAMES, entry.structure.nq)
    assert np.isfinite(poses).all()
    for joint in entry.structure.joints:
        low, high = joint.range or (-np.inf, np.inf)
        values = poses[:, joint.qpos_adr]
        assert values.min() >= min(low, joint.home) - 1e-6, joint.name
        assert values.max() <= max(high, joint.home) + 1e-6, joint.name
