"""`python -m tabrl.rendering.joining`: `side_by_side` or `small_gif` in a process that gives way.

Reads {"tiles": [...], "sentence": "..."} or {"clip": "..."}, and "path", as JSON from stdin.
"""

import json
import os
import sys
from pathlib import Path

from tabrl.rendering.compare import Tile, side_by_side, small_gif

NICE = 10  # as trainings: pages are answered first


def main() -> None:
    """Draw what stdin asks for; a file stands at its path only once it is whole."""
    if hasattr(os, "nice"):
        os.nice(NICE)
    asked = json.load(sys.stdin)
    path = Path(asked["path"])
    part = path.with_name(f".{os.getpid()}-{path.name}")
    try:
        if "clip" in asked:
            small_gif(Path(asked["clip"]), part)
        else:
            side_by_side([Tile(**tile) for tile in asked["tiles"]], part, asked["sentence"])
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
