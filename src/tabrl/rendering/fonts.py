"""Fonts that have the letters of a text, from what Pillow and this machine bring."""

import sys
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from PIL import ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

_MISSING = "\uffff"  # no font has it: what is drawn is the font's box for such letters
_FOLDERS = {
    "linux": ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts"),
    "darwin": ("/System/Library/Fonts", "/Library/Fonts", "~/Library/Fonts"),
    "win32": ("C:/Windows/Fonts", "~/AppData/Local/Microsoft/Windows/Fonts"),
}
_LAST = ("mono", "italic", "oblique", "serif", "condensed", "light", "math", "emoji")
_TRIED = 600  # font files at most


def font_for(text: str, size: float) -> Font | None:
    """A font with every letter of a text, Pillow's own before those of the system; else None."""
    return next((font for font in _fonts(size) if _draws(font, text)), None)


def drawable(text: str) -> str:
    """A text that some font here draws: pictures such as emoji go first; empty where none does."""
    for told in (text, _without_pictures(text)):
        if told and font_for(told, 16):
            return told
    return ""


def _fonts(size: float) -> Iterator[Font]:
    yield ImageFont.load_default(size)
    for path in _files():
        try:
            yield ImageFont.truetype(path, size)
        except OSError:  # a bitmap font of another size, or no font at all
            continue


@cache
def _files() -> tuple[str, ...]:
    """The system's font files: bold ones without serifs first."""
    folders = [Path(name).expanduser() for name in _FOLDERS.get(sys.platform, _FOLDERS["linux"])]
    found = [
        path
        for folder in folders
        for kind in ("ttf", "otf", "ttc")
        for path in folder.rglob(f"*.{kind}")
    ]

    def rank(path: Path) -> tuple[int, bool, str]:
        name = path.stem.lower()
        return sum(word in name for word in _LAST), "bold" not in name, name

    return tuple(str(path) for path in sorted(found, key=rank)[:_TRIED])


def _draws(font: Font, text: str) -> bool:
    box = _drawn(font, _MISSING)
    letters = {letter for letter in text if _seen(letter)}
    return all(_drawn(font, letter) not in (box, None) for letter in letters)


def _drawn(font: Font, letter: str) -> tuple[tuple[int, int], bytes] | None:
    mask = font.getmask(letter)
    return (mask.size, bytes(mask)) if mask.getbbox() else None


def _seen(letter: str) -> bool:
    """Whether a letter leaves ink by itself."""
    return unicodedata.category(letter)[0] in "LNPS"


def _without_pictures(text: str) -> str:
    kept = [c for c in text if unicodedata.category(c) not in ("So", "Sk", "Cf", "Mn", "Me", "Cs")]
    return " ".join("".join(kept).split())
