import numpy as np
import pytest
from PIL import Image

from tabrl.errors import TabRLError
from tabrl.rendering.codec import decode, encode, probe
from tabrl.rendering.compare import (
    BAR,
    GIF_BYTES,
    MARGIN,
    SUN,
    Tile,
    gif,
    side_by_side,
    small_gif,
)
from tabrl.rendering.fonts import drawable, font_for

CELL = (160, 120)
UNKNOWN = (
    "\U0001e900\U0001e901"  # letters (Adlam) of which this test makes sure that no font is here
)


@pytest.fixture
def moving(tmp_path):
    """Writes a clip whose grey rises from frame to frame, and returns its path."""

    def write(name: str, frames: int, start: int, per_frame: float = 0.0) -> str:
        path = tmp_path / f"{name}.mp4"
        greys = (start + per_frame * i for i in range(frames))
        encode((np.full((*CELL[::-1], 3), g, np.uint8) for g in greys), path, CELL, 50)
        return str(path)

    return write


def middles(page: np.ndarray, count: int, columns: int, top: int = 0) -> list[float]:
    """The grey in the middle of each clip."""
    pitch = CELL[0] + MARGIN, CELL[1] + BAR + MARGIN
    return [
        page[
            top + MARGIN + CELL[1] // 2 + i // columns * pitch[1],
            MARGIN + CELL[0] // 2 + i % columns * pitch[0],
        ].mean()
        for i in range(count)
    ]


@pytest.mark.parametrize(
    ("count", "columns"), [(1, 1), (2, 2), (3, 3), (4, 2), (5, 3), (6, 3), (9, 3)]
)
def test_every_clip_has_its_place_in_every_frame(moving, tmp_path, count, columns):
    greys = [30 + 20 * i for i in range(count)]
    made = tmp_path / "made.mp4"
    assert side_by_side([Tile(moving(f"{g}", 6, g), f"{g}") for g in greys], made)
    rows = -(-count // columns)
    size = (
        columns * (CELL[0] + MARGIN) + MARGIN,
        rows * (CELL[1] + BAR + MARGIN) + MARGIN,
    )
    assert probe(made) == (6, 50.0, *size, "h264")
    pages = list(decode(made))
    assert len(pages) == 6
    for page in pages:
        assert middles(page, count, columns) == pytest.approx(greys, abs=8)


def test_each_clip_moves_and_a_short_one_holds_its_last_frame(moving, tmp_path):
    tiles = [Tile(moving("long", 40, 40, 2), "a"), Tile(moving("short", 20, 200, -4), "b")]
    side_by_side(tiles, tmp_path / "made.mp4")
    pages = list(decode(tmp_path / "made.mp4"))
    assert len(pages) == 40
    seen = np.array([middles(page, 2, 2) for page in pages])
    assert seen[30] == pytest.approx([100, 124], abs=8)
    assert seen[0] == pytest.approx([40, 200], abs=8)
    assert seen[-1, 1] == pytest.approx(seen[19, 1], abs=4)


def test_the_end_fades_into_the_beginning(moving, tmp_path):
    side_by_side([Tile(moving("rising", 100, 20, 2), "a")], tmp_path / "made.mp4")
    seen = [middles(page, 1, 1)[0] for page in decode(tmp_path / "made.mp4")]
    assert len(seen) == 100
    assert seen[80] == pytest.approx(180, abs=8)
    steps = np.abs(np.diff([*seen[84:], seen[0]]))
    assert steps.max() < 25  # it would jump by 198


def test_the_sentence_stands_above_the_clips_however_long_it_is(moving, tmp_path):
    tiles = [Tile(moving("a", 2, 128), "a")] * 3
    tops = []
    for sentence in ("Shake", "Keep shaking your hips and never stop " * 40):
        made = tmp_path / "made.mp4"
        assert side_by_side(tiles, made, sentence)
        page = next(decode(made))
        top = page.shape[0] - (CELL[1] + BAR + 2 * MARGIN)
        tops.append(top)
        ink = page[:top].max(axis=2) < 110
        assert ink.sum() > 100
        assert not ink[:, :MARGIN].any()
        assert not ink[:, -MARGIN:].any()
        assert middles(page, 3, 3, top) == pytest.approx([128] * 3, abs=8)
    assert 40 < tops[0] < tops[1] < 200


def test_name_provider_verdict_and_crown_stand_below(moving, tmp_path):
    clip = moving("a", 2, 128)
    plain = Tile(clip, "")
    told = Tile(clip, "Aloha Roll", "Claude", "Not yet", "fail", winner=True)
    side_by_side([told, plain], tmp_path / "made.mp4")
    page = next(decode(tmp_path / "made.mp4")).astype(int)
    bar = page[MARGIN + CELL[1] + 2 : MARGIN + CELL[1] + BAR]
    left, right = bar[:, MARGIN : MARGIN + CELL[0]], bar[:, CELL[0] + 2 * MARGIN :]
    assert (left.max(axis=2) < 140).sum() > 60
    assert (right.max(axis=2) < 140).sum() == 0
    assert (np.abs(left[:, :30] - np.array(SUN)).max(axis=2) < 60).sum() > 20  # the crown
    blue = left[:, -70:]
    assert (blue[..., 2] - blue[..., 0] > 12).sum() > 200  # a calm ground, and no red


def test_letters_that_no_font_has_are_left_out_and_said(moving, tmp_path):
    assert font_for(UNKNOWN, 16) is None
    tiles = [Tile(moving("a", 2, 128), UNKNOWN)]
    assert not side_by_side(tiles, tmp_path / "without.mp4", UNKNOWN)
    assert probe(tmp_path / "without.mp4").height == CELL[1] + BAR + 2 * MARGIN
    assert side_by_side(tiles, tmp_path / "with.mp4", "Hello 🕺🏽")


def test_a_font_is_found_for_what_it_can_draw():
    assert font_for("Keep shaking your hips, aloha dude!", 20) is not None
    assert drawable("Dance 🕺 now ✨") in ("Dance 🕺 now ✨", "Dance now")
    assert drawable(UNKNOWN) == ""
    assert drawable("") == ""


@pytest.mark.parametrize("count", [0, 10])
def test_a_number_of_clips_that_fits_no_grid_is_refused(moving, tmp_path, count):
    with pytest.raises(TabRLError, match="between 1 and 9"):
        side_by_side([Tile(moving("a", 1, 0), "a")] * count, tmp_path / "no.mp4")


def test_clips_of_unequal_size_are_refused(moving, plain_clip, tmp_path):
    tiles = [Tile(moving("a", 2, 0), "a"), Tile(str(plain_clip("b", 2, 0)), "b")]
    with pytest.raises(TabRLError, match="differ in size"):
        side_by_side(tiles, tmp_path / "no.mp4")


def test_the_wide_clips_of_a_training_stay_within_a_screen(tmp_path):
    path = tmp_path / "wide.mp4"
    encode((np.full((480, 640, 3), 90, np.uint8) for _ in range(2)), path, (640, 480), 50)
    sizes = []
    for count in (3, 9):
        side_by_side([Tile(str(path), "a")] * count, tmp_path / "made.mp4", "Shake")
        sizes.append(probe(tmp_path / "made.mp4")[2:4])
    assert all(width <= 1920 and height <= 1400 for width, height in sizes)
    assert sizes[0][0] > 1900


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


def test_a_gif_that_would_be_large_gets_narrower(tmp_path):
    rng = np.random.default_rng(0)
    noise = (rng.integers(0, 255, (240, 320, 3), np.uint8) for _ in range(24))
    encode(noise, tmp_path / "noise.mp4", (320, 240), 50)
    small_gif(tmp_path / "noise.mp4", tmp_path / "wide.gif")
    most = (tmp_path / "wide.gif").stat().st_size // 2
    assert most < GIF_BYTES
    small_gif(tmp_path / "noise.mp4", tmp_path / "narrow.gif", most)
    assert (tmp_path / "narrow.gif").stat().st_size <= most
    with Image.open(tmp_path / "narrow.gif") as image:
        assert 160 <= image.width < 320
