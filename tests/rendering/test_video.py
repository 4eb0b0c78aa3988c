from dataclasses import replace

import mujoco
import numpy as np
import pytest

from tabrl.errors import TabRLError
from tabrl.rendering.video import STEADY_DROP, decode, probe, render_clip, smooth
from tabrl.robots.catalogue import Camera

SIZE = (160, 120)


@pytest.fixture(scope="module")
def clips(go1, camera, sway, tmp_path_factory):
    """A swaying Go1, and one that walks ahead from the same start state."""
    folder = tmp_path_factory.mktemp("clips")
    walk = np.tile(sway[0], (len(sway), 1))
    walk[:, 0] += 1.0 * np.arange(len(walk)) / 50
    reports = []
    for name, qpos, processes in (("sway", sway, 2), ("walk", walk, 1)):
        render_clip(
            go1, qpos, folder / f"{name}.mp4", camera=camera, base_body="trunk", size=SIZE,
            processes=processes, poster=folder / f"{name}.jpg", on_progress=reports.append,
        )  # fmt: skip
    return folder, reports


@pytest.fixture(scope="module")
def frames(clips):
    folder, _ = clips
    return {name: np.stack(list(decode(folder / f"{name}.mp4"))) for name in ("sway", "walk")}


def top_level_boxes(path):
    data, at, names = path.read_bytes(), 0, []
    while at < len(data):
        names.append(data[at + 4 : at + 8].decode())
        at += int.from_bytes(data[at : at + 4], "big")
    return names


def robot_pixels(frame):
    """Go1 is nearly black; the floor, its shadow and the sky are not."""
    return frame.max(axis=2) < 75


def test_a_clip_holds_every_frame_once(frames, sway):
    assert frames["sway"].shape == (len(sway), 120, 160, 3)
    assert frames["walk"].shape == (len(sway), 120, 160, 3)


@pytest.mark.parametrize("name", ["sway", "walk"])
def test_a_clip_is_h264_at_fifty_frames_a_second_and_streams(clips, sway, name):
    path = clips[0] / f"{name}.mp4"
    assert probe(path) == (len(sway), 50.0, 160, 120, "h264")
    boxes = top_level_boxes(path)
    assert boxes.index("moov") < boxes.index("mdat")


def test_the_robot_is_in_the_middle_of_every_picture(frames):
    for clip in frames.values():
        for frame in clip:
            rows, columns = np.nonzero(robot_pixels(frame))
            assert 0.01 < len(rows) / frame[..., 0].size < 0.2
            assert 30 < rows.mean() < 90
            assert 40 < columns.mean() < 120


def test_a_sway_is_seen(frames):
    masks = [robot_pixels(frame) for frame in frames["sway"]]
    moved = [np.logical_xor(mask, masks[0]).sum() / masks[0].sum() for mask in masks]
    assert max(moved) > 0.3


def test_the_camera_walks_along_and_the_floor_passes_below(frames):
    first, last = frames["walk"][[0, -1]]
    column, later = (np.nonzero(robot_pixels(frame))[1].mean() for frame in (first, last))
    assert abs(later - column) < 8
    floor = np.s_[100:]
    assert np.abs(first[floor].astype(int) - last[floor]).mean() > 3


def test_the_camera_goes_down_with_a_robot_that_sinks_and_sees_its_shadow_where_it_is(
    go1, camera, sway, tmp_path
):
    down = np.tile(sway[0], (100, 1))
    down[:, 2] += np.interp(np.arange(100), [20, 40], [0.5, 0.0])
    high, low = (
        replace(camera, height=height) for height in (0.72, 0.72 - (0.5 - STEADY_DROP * 0.72))
    )
    pictures = []
    for name, qpos, view in (("sunk", down, high), ("lies", down[-60:], low)):
        path = tmp_path / f"{name}.mp4"
        render_clip(go1, qpos, path, camera=view, base_body="trunk", size=SIZE, processes=1)
        pictures.append(list(decode(path))[-1].astype(int))
    assert np.abs(pictures[0] - pictures[1]).mean() < 3  # the moving clip is softer


@pytest.mark.nightly
def test_a_camera_that_follows_nobody_stays_wherever_the_robot_starts(go1, camera, sway, tmp_path):
    columns = []
    for name, x in (("middle", 0.0), ("aside", 0.4)):
        start = sway[:2] + x * (np.arange(sway.shape[1]) == 0)
        path, fixed = tmp_path / f"{name}.mp4", replace(camera, follow=False)
        render_clip(go1, start, path, camera=fixed, base_body="trunk", size=SIZE, processes=1)
        columns.append(np.nonzero(robot_pixels(next(decode(path))))[1].mean())
    assert abs(columns[1] - columns[0]) > 15


def test_who_watches_a_clip_that_is_rendered_again_sees_the_old_one_whole(
    go1, camera, sway, tmp_path
):
    files = [tmp_path / name for name in ("clip.mp4", "poster.jpg")]
    for file in files:
        file.write_bytes(b"old")
    watched = [file.open("rb") for file in files]
    where = {"camera": camera, "base_body": "trunk", "size": SIZE, "processes": 1}
    render_clip(go1, sway[:2], files[0], poster=files[1], **where)
    assert [file.read() for file in watched] == [b"old", b"old"]
    assert probe(files[0]).frames == 2
    assert sorted(tmp_path.iterdir()) == files


def test_clips_from_the_same_state_start_with_the_same_picture(frames):
    start, end = (np.abs(frames["sway"][k].astype(int) - frames["walk"][k]).mean() for k in (0, -1))
    assert start < 2
    assert end > start + 1


def test_the_floor_is_bright_and_the_sky_turns_blue_above(frames):
    frame = frames["sway"][0].astype(int)
    assert frame[100:].mean() > 180
    red, _, blue = frame[0].mean(axis=0)
    assert blue > red + 5


def test_the_shadow_lies_on_the_floor(frames):
    """It is bluer than the floor that it darkens, and right of the robot: the light is left."""
    frame = frames["sway"][0].astype(int)[60:110]
    brightness, warmth = frame.mean(axis=2), frame[..., 0] - frame[..., 2]
    shade = (brightness > 110) & (brightness < 150) & (warmth < 30)
    assert shade.sum() > 60
    robot = np.nonzero(robot_pixels(frame))[1].mean()
    assert np.nonzero(shade)[1].mean() > robot + 5


def test_progress_rises_to_one(clips):
    _, reports = clips
    half = reports.index(1.0) + 1
    assert reports[:half] == sorted(reports[:half])
    assert reports[-1] == 1.0


def test_the_poster_is_the_most_tilted_frame(clips, frames, sway):
    from PIL import Image

    poster = np.asarray(Image.open(clips[0] / "sway.jpg")).astype(int)
    distances = [np.abs(poster - frame).mean() for frame in frames["sway"]]
    assert abs(sway[np.argmin(distances), 4]) > 0.9 * abs(sway[:, 4]).max()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda qpos: qpos[:, :-1], r"\(24, 18\).*\(24, 19\)"),
        (lambda qpos: qpos[:0], r"\(0, 19\).*one row a frame"),
        (lambda qpos: np.where(np.arange(24)[:, None] == 3, np.nan, qpos), "not finite"),
    ],
)
def test_a_motion_that_does_not_fit_is_refused(go1, camera, sway, tmp_path, spoil, said):
    with pytest.raises(TabRLError, match=said):
        render_clip(go1, spoil(sway), tmp_path / "no.mp4", camera=camera, base_body="trunk")


def test_a_body_that_is_not_there_is_named(go1, camera, sway, tmp_path):
    with pytest.raises(TabRLError, match="no body 'tail'"):
        render_clip(go1, sway, tmp_path / "no.mp4", camera=camera, base_body="tail")


def test_without_a_driver_the_remedy_is_named(go1, camera, sway, tmp_path, monkeypatch):
    monkeypatch.setenv("__EGL_VENDOR_LIBRARY_FILENAMES", str(tmp_path / "none.json"))
    with pytest.raises(TabRLError, match="libegl1 libgl1-mesa-dri libopengl0"):
        render_clip(go1, sway[:2], tmp_path / "no.mp4", camera=camera, base_body="trunk")
    assert not (tmp_path / "no.mp4").exists()


def test_smoothing_follows_a_walk_and_ignores_a_shake():
    time = np.arange(500) / 50
    walk = np.stack([0.8 * time, -0.3 * time], axis=1)
    shake = 0.05 * np.sin(2 * np.pi * 1.5 * time)[:, None]
    smoothed = smooth(walk + shake, 50)
    assert np.abs(smoothed - walk).max() < 0.02
    assert smoothed[0] == pytest.approx(walk[0] + shake[0])
    assert smooth(walk[:1], 50) == pytest.approx(walk[:1])


TABLE = """<mujoco><worldbody>
  <geom type="plane" size="3 3 .1"/>
  <geom type="box" size="0.5 0.5 0.02" pos="0 0 0.5" rgba="0.9 0.9 0.9 1"/>
  <body name="ball"><freejoint/><geom size="0.08" rgba="0.8 0.1 0.1 1"/></body>
</worldbody></mujoco>"""


def test_a_ball_over_a_table_throws_its_shadow_there_and_below_it_is_hidden(tmp_path):
    model = mujoco.MjModel.from_xml_string(TABLE)
    above, beside, below = (0.0, 0.0, 0.8), (9.0, 0.0, 0.8), (0.0, 0.0, 0.2)
    qpos = np.array([(*place, 1, 0, 0, 0) for place in (above, beside, below)])
    view = Camera(azimuth=90, elevation=-40, distance=2.0, height=0.5)
    render_clip(
        model, qpos, tmp_path / "ball.mp4", camera=view, base_body=None, size=SIZE, processes=1
    )
    with_ball, bare, hidden = (f.astype(int) for f in decode(tmp_path / "ball.mp4"))
    red = with_ball[..., 0] > with_ball[..., 1] + 60
    assert red.sum() > 50
    darker = (bare - with_ball).min(axis=2) > 25
    assert (darker & ~red).sum() > 50
    rows = np.nonzero(darker & ~red)[0]
    assert rows.mean() > np.nonzero(red)[0].mean()  # on the table, below the ball
    assert abs(hidden - bare).max(axis=2).mean() < 3
