import numpy as np
import pytest
from PIL import Image

from tabrl.errors import TabRLError
from tabrl.rendering.compare import BAR, MARGIN, gif, side_by_side
from tabrl.rendering.video import decode, probe


def test_three_clips_share_a_row_and_a_clock(plain_clip, tmp_path):
    clips = [plain_clip("a", 30, 40), plain_clip("b", 30, 120), plain_clip("c", 20, 200)]
    side_by_side(clips, ["one", "two", "three"], tmp_path / "compare.mp4")
    width, height = 3 * (64 + MARGIN) + MARGIN, 48 + BAR + 2 * MARGIN
    assert probe(tmp_path / "compare.mp4") == (30, 50.0, width, height, "h264")
    last = list(decode(tmp_path / "compare.mp4"))[-1]
    middles = [last[MARGIN + 24, MARGIN + 32 + k * (64 + MARGIN)].mean() for k in range(3)]
    assert middles == pytest.approx([40, 120, 200], abs=6)


def test_each_label_stands_under_its_clip(plain_clip, tmp_path):
    clip = plain_clip("a", 2, 128)
    side_by_side([clip, clip], ["named", ""], tmp_path / "compare.mp4")
    bar = next(decode(tmp_path / "compare.mp4"))[MARGIN + 48 : MARGIN + 48 + BAR]
    ink = (bar.max(axis=2) < 140).sum(axis=0)
    assert ink[: MARGIN + 64].sum() > 20
    assert ink[MARGIN + 64 + MARGIN :].sum() == 0


@pytest.mark.parametrize(("count", "rows"), [(4, 2), (9, 3)])
def test_more_than_three_clips_make_a_grid(plain_clip, tmp_path, count, rows):
    clip = plain_clip("a", 3, 90)
    side_by_side([clip] * count, ["x"] * count, tmp_path / "compare.mp4")
    size = 3 * (48 + MARGIN) + MARGIN, rows * (36 + BAR + MARGIN) + MARGIN
    assert probe(tmp_path / "compare.mp4") == (3, 50.0, *size, "h264")


@pytest.mark.parametrize(("count", "labels"), [(0, 0), (10, 10), (2, 1)])
def test_a_number_of_clips_that_fits_no_grid_is_refused(plain_clip, tmp_path, count, labels):
    clips = [plain_clip("a", 1, 0)] * count
    with pytest.raises(TabRLError, match="between 1 and 9 clips"):
        side_by_side(clips, ["x"] * labels, tmp_path / "no.mp4")


def test_a_gif_is_small_and_keeps_its_pace(plain_clip, tmp_path):
    gif(plain_clip("a", 50, 77), tmp_path / "a.gif", width=32)
    with Image.open(tmp_path / "a.gif") as image:
        assert image.size == (32, 24)
        assert image.info["loop"] == 0
        total_ms = 0
        for k in range(image.n_frames):
            image.seek(k)
            total_ms += image.info["duration"]
        assert total_ms == pytest.approx(1000, abs=80)
        assert np.asarray(image.convert("RGB")).mean() == pytest.approx(77, abs=5)
