"""The gallery's pictures: `python -m tabrl.generators.gallery [ID ...]` draws a thumbnail and a
clip that repeats for each robot, into `robots/media`, which ships with the package.
"""

import argparse
import os
from pathlib import Path

from tabrl.rendering.gl import gl_environment

MEDIA = Path(__file__).parents[1] / "robots" / "media"
THUMBNAIL, PREVIEW = (480, 360), (320, 240)  # pixels


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("robots", nargs="*", metavar="ID", help="all, unless some are named")
    args = parser.parse_args()
    os.environ.update(gl_environment())  # MuJoCo reads it once, when it is imported
    from tabrl.envs.load import load_env
    from tabrl.generators.portrait import portray
    from tabrl.robots.catalogue import CUSTOM, robot, robots

    MEDIA.mkdir(exist_ok=True)
    shipped = (entry for entry in robots() if entry.category != CUSTOM)
    for entry in map(robot, args.robots) if args.robots else shipped:
        portray(entry, load_env(entry.id).mj_model, MEDIA)
        print(entry.id, flush=True)


if __name__ == "__main__":
    main()
