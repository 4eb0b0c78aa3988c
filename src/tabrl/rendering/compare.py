"""Several clips as one: side by side under their sentence, or one as a small GIF."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from tabrl.errors import TabRLError
from tabrl.rendering.codec import decode, encode, probe
from tabrl.rendering.fonts import Font, drawable, font_for

MOST = 9
MARGIN = 12  # pixels around each clip
BAR = 44  # pixels below it, for what it is
MAX_WIDTH, GRID_WIDTH = 1920, 1440  # of one row, and of several
GIF_BYTES = 8_000_000
LEAP_FRAMES = 15  # of the end that fade into the beginning, so that a loop does not jump

PAPER, INK, SOFT, SUN = (252, 247, 239), (36, 28, 46), (101, 90, 109), (255, 197, 61)
TONES = {
    "pass": ((20, 112, 63), (217, 242, 226)),
    "needs review": ((122, 78, 0), (253, 235, 196)),
    "fail": ((43, 74, 134), (224, 234, 251)),
}
"""Ink and ground of a verdict, as on the page."""


@dataclass(frozen=True)
class Tile:
    """One clip and what stands below it.

    Attributes:
        says: the verdict in words.
        tone: the verdict, whose colours `says` has.
    """

    clip: str
    name: str
    provider: str = ""
    says: str = ""
    tone: str = ""
    winner: bool = False


@dataclass(frozen=True)
class _Grid:
    columns: int
    cell: tuple[int, int]  # width, height of a clip
    top: int  # height of the band with the sentence
    size: tuple[int, int]

    def corner(self, i: int) -> tuple[int, int]:
        """x and y of a clip's upper left pixel."""
        x = MARGIN + i % self.columns * (self.cell[0] + MARGIN)
        return x, self.top + MARGIN + i // self.columns * (self.cell[1] + BAR + MARGIN)


def side_by_side(tiles: Sequence[Tile], path: Path, sentence: str = "") -> bool:
    """Writes up to nine clips of one size as one that loops, each over its name and verdict.

    Clips that end early hold their last frame, so the result is as long as the longest; its last
    frames fade into the first.

    Returns:
        Whether the sentence stands above them: it is left out where no font has its letters.

    Raises:
        TabRLError: no clips, over nine, or clips of unequal size or rate.
    """
    if not 1 <= len(tiles) <= MOST:
        raise TabRLError(f"There are {len(tiles)} clips.", f"Give between 1 and {MOST}.")
    about = [probe(Path(tile.clip)) for tile in tiles]
    if len({(each.width, each.height, each.fps) for each in about}) > 1:
        raise TabRLError("The clips differ in size or rate.", "Render them again alike.")
    words = drawable(sentence)
    sheet, grid = _sheet(tiles, (about[0].width, about[0].height), words)
    frames = max(each.frames for each in about)
    path.parent.mkdir(parents=True, exist_ok=True)
    fps = round(about[0].fps)
    encode(_looping(_compose(tiles, sheet, grid), frames), path, grid.size, fps, threads=0)
    return bool(words) or not sentence


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


def small_gif(clip: Path, path: Path, most_bytes: int = GIF_BYTES) -> None:
    """Writes a clip as the widest GIF, up to 800 pixels, that is smaller than `most_bytes`."""
    width = min(800, probe(clip).width)
    gif(clip, path, width)
    while (size := path.stat().st_size) > most_bytes and width > 160:
        width = int(width * max(0.5, 0.94 * (most_bytes / size) ** 0.5))
        gif(clip, path, width)


def _columns(count: int) -> int:
    return {1: 1, 2: 2, 4: 2}.get(count, 3)


def _sheet(tiles: Sequence[Tile], clip: tuple[int, int], sentence: str) -> tuple[np.ndarray, _Grid]:
    """The paper with all words, RGB, and where the clips go."""
    columns = _columns(len(tiles))
    rows = -(-len(tiles) // columns)
    wide = ((MAX_WIDTH if rows == 1 else GRID_WIDTH) - MARGIN) / columns - MARGIN
    scale = min(1.0, wide / clip[0])
    cell = _even(clip[0] * scale), _even(clip[1] * scale)
    width = _even(columns * (cell[0] + MARGIN) + MARGIN)
    lines, font = _lines(sentence, width - 4 * MARGIN)
    pitch = round(1.22 * getattr(font, "size", 16)) if font else 0
    top = len(lines) * pitch + 2 * MARGIN if lines else 0
    size = width, _even(top + rows * (cell[1] + BAR + MARGIN) + MARGIN)
    grid = _Grid(columns, cell, top, size)
    page = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(page)
    for i, line in enumerate(lines):
        middle = width / 2, 1.5 * MARGIN + (i + 0.5) * pitch
        draw.text(middle, line, fill=INK, font=font, anchor="mm", stroke_width=1, stroke_fill=INK)
    for i, tile in enumerate(tiles):
        _caption(draw, tile, grid.corner(i), cell)
    return np.asarray(page), grid


def _lines(sentence: str, width: int) -> tuple[list[str], Font | None]:
    """A sentence in quotes, as large as four lines let it be; a very long one is cut."""
    if not sentence:
        return [], None
    text = f"“{' '.join(sentence.split())}”"
    if drawable(text) != text:
        text = text[1:-1]
    lines: list[str] = []
    font: Font | None = None
    for size in (max(24, min(52, width // 18)), 34, 26, 20):
        font = font_for(text, size)
        lines = _wrapped(text, font, width) if font else []
        if len(lines) <= max(2, 4 if size <= 34 else 2):
            return lines, font
    kept = lines[:4]
    return [*kept[:3], _shorten(f"{kept[3]}…", font, width)] if font else kept, font


def _wrapped(text: str, font: Font, width: int) -> list[str]:
    """Lines of words; a word that is wider than a line, as in scripts without spaces, is split."""
    lines, line = [], ""
    for word in text.split(" "):
        longer = f"{line} {word}".strip()
        if font.getlength(longer) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while font.getlength(line) > width:
            cut = next(n for n in range(len(line), 0, -1) if font.getlength(line[:n]) <= width)
            lines.append(line[:cut])
            line = line[cut:]
    return [*lines, line]


def _caption(
    draw: ImageDraw.ImageDraw, tile: Tile, corner: tuple[int, int], cell: tuple[int, int]
) -> None:
    """Below a clip: crown, name and provider at its left, the verdict at its right."""
    left, middle = corner[0] + 2, corner[1] + cell[1] + BAR / 2
    right = corner[0] + cell[0]
    small = font_for(tile.says, 17)
    if tile.says and small:
        ink, ground = TONES.get(tile.tone, (SOFT, PAPER))
        begin = right - small.getlength(tile.says) - 22
        draw.rounded_rectangle((begin, middle - 14, right, middle + 14), 14, fill=ground)
        draw.text((right - 11, middle), tile.says, fill=ink, font=small, anchor="rm")
        right = int(begin) - 8
    if tile.winner:
        _crown(draw, left, middle)
        left += 34
    who = font_for(tile.provider, 17)
    kept = who.getlength(tile.provider) + 10 if tile.provider and who else 0
    name = drawable(tile.name)
    font = font_for(name, 22)
    if name and font:
        shown = _shorten(name, font, right - left - kept)
        draw.text((left, middle), shown, fill=INK, font=font, anchor="lm")
        left += int(font.getlength(shown)) + 10
    if kept:
        draw.text((left, middle + 1), tile.provider, fill=SOFT, font=who, anchor="lm")


def _crown(draw: ImageDraw.ImageDraw, x: float, y: float) -> None:
    points = ((0, -8), (6, -1), (13, -11), (20, -1), (26, -8), (23, 9), (3, 9))
    draw.polygon([(x + dx, y + dy) for dx, dy in points], fill=SUN, outline=INK)


def _shorten(text: str, font: Font, width: float) -> str:
    shown = text
    while font.getlength(shown) > width and len(shown) > 1:
        shown = shown.rstrip("…")[:-1] + "…"
    return shown


def _even(pixels: float) -> int:
    return 2 * round(pixels / 2)


def _compose(tiles: Sequence[Tile], sheet: np.ndarray, grid: _Grid) -> Iterator[np.ndarray]:
    page = sheet.copy()
    width, height = grid.cell
    corners = [grid.corner(i) for i in range(len(tiles))]
    for frames in zip_longest(*(decode(Path(tile.clip), grid.cell) for tile in tiles)):
        for frame, (x, y) in zip(frames, corners, strict=True):
            if frame is not None:
                page[y : y + height, x : x + width] = frame
        yield page


def _looping(pages: Iterator[np.ndarray], count: int) -> Iterator[np.ndarray]:
    """The pages, the last of which fade into the first; a short clip stays as it is."""
    first: np.ndarray | None = None
    begin = count - LEAP_FRAMES if count > 4 * LEAP_FRAMES else count
    for i, page in enumerate(pages):
        if first is None:
            first = page.astype(np.float32)
        share = max(0, i - begin + 1) / (LEAP_FRAMES + 1)
        yield page if share == 0 else (page * (1 - share) + first * share).astype(np.uint8)
