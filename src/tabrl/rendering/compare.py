"""Several clips as one: side by side with their names, or one as a small GIF."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from tabrl.errors import TabRLError
from tabrl.rendering.codec import decode, encode, probe

COLUMNS = 3
MOST = 9
MARGIN = 8  # pixels around each clip
BAR = 40  # pixels below it, for the name
PAPER = (250, 247, 242)
INK = (58, 50, 44)


def side_by_side(clips: Sequence[Path], labels: Sequence[str], path: Path) -> None:
    """Writes up to nine clips of one size, three in a row, each label under its clip.

    Clips that end early hold their last frame, so the result is as long as the longest.

    Raises:
        TabRLError: no clips, over nine, clips of unequal size, or not one label for each.
    """
    if not 1 <= len(clips) <= MOST or len(labels) != len(clips):
        raise TabRLError(
            f"There are {len(clips)} clips and {len(labels)} labels.",
            f"Give between 1 and {MOST} clips and one label for each.",
        )
    about = [probe(clip) for clip in clips]
    if len({(each.width, each.height, each.fps) for each in about}) > 1:
        raise TabRLError("The clips differ in size or rate.", "Render them again alike.")
    # A grid of more than one row is drawn at three quarters, to stay near the size of a screen.
    scale = 1.0 if len(clips) <= COLUMNS else 0.75
    cell = _even(about[0].width * scale), _even(about[0].height * scale)
    sheet, corners = _sheet(labels, cell)
    path.parent.mkdir(parents=True, exist_ok=True)
    size = sheet.shape[1], sheet.shape[0]
    encode(_compose(clips, sheet, corners, cell), path, size, round(about[0].fps), threads=0)


def gif(clip: Path, path: Path, width: int = 320, fps: float = 12.5) -> None:
    """Writes every so manieth frame of `clip` as an endless GIF, `width` pixels wide."""
    about = probe(clip)
    step = max(1, round(about.fps / fps))
    size = width, round(width * about.height / about.width)
    frames = [
        Image.fromarray(frame).resize(size, Image.Resampling.LANCZOS)
        for i, frame in enumerate(decode(clip))
        if i % step == 0
    ]
    # One palette for all frames: colours do not flicker, and unchanged pixels are not stored.
    palette = frames[len(frames) // 2].quantize(128)
    drawn = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    duration_ms = round(1000 * step / about.fps)
    drawn[0].save(path, save_all=True, append_images=drawn[1:], duration=duration_ms, loop=0)


def _even(pixels: float) -> int:
    return 2 * round(pixels / 2)


def _sheet(
    labels: Sequence[str], cell: tuple[int, int]
) -> tuple[np.ndarray, list[tuple[int, int]]]:
    """The paper with all labels, RGB, and each clip's (row, column) of its upper left pixel."""
    columns = min(len(labels), COLUMNS)
    rows = -(-len(labels) // columns)
    pitch = cell[0] + MARGIN, cell[1] + BAR + MARGIN
    page = Image.new("RGB", (columns * pitch[0] + MARGIN, rows * pitch[1] + MARGIN), PAPER)
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(22)
    corners = []
    for i, label in enumerate(labels):
        x, y = MARGIN + i % columns * pitch[0], MARGIN + i // columns * pitch[1]
        corners.append((y, x))
        middle = x + cell[0] / 2, y + cell[1] + BAR / 2
        draw.text(middle, _shorten(label, font, cell[0]), fill=INK, font=font, anchor="mm")
    return np.asarray(page), corners


def _shorten(label: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: int) -> str:
    shown = label
    while font.getlength(shown) > width and len(shown) > 1:
        shown = shown.rstrip("…")[:-1] + "…"
    return shown


def _compose(
    clips: Sequence[Path],
    sheet: np.ndarray,
    corners: Sequence[tuple[int, int]],
    cell: tuple[int, int],
) -> Iterator[np.ndarray]:
    page = sheet.copy()
    for frames in zip_longest(*(decode(clip) for clip in clips)):
        for frame, (y, x) in zip(frames, corners, strict=True):
            if frame is not None:
                page[y : y + cell[1], x : x + cell[0]] = _fit(frame, cell)
        yield page


def _fit(frame: np.ndarray, cell: tuple[int, int]) -> np.ndarray:
    if frame.shape[1::-1] == cell:
        return frame
    return np.asarray(Image.fromarray(frame).resize(cell, Image.Resampling.BILINEAR))
