"""A sheet for a blind reader: frames of clips that passed, and not a word.

`python docs/blind.py SHEET.jpg EXPERIMENT...` takes one passing approach of each experiment, in an
order drawn by chance, numbers the rows, and prints which is which. Give the sheet and the sentences
to somebody who has seen neither, and count the right answers.
"""

import random
import sys
from pathlib import Path

from PIL import Image, ImageDraw

from tabrl.experiments import load
from tabrl.experiments.approach_record import ApproachRecord
from tabrl.experiments.record import Experiment
from tabrl.rendering.video import decode

FRAMES, WIDTH, HEIGHT, MARGIN = 8, 200, 150, 24


def frames(clip: Path) -> list[Image.Image]:
    """So many pictures of a clip, as far apart as they can be."""
    every = list(decode(clip, (WIDTH, HEIGHT)))
    return [Image.fromarray(every[i * (len(every) - 1) // (FRAMES - 1)]) for i in range(FRAMES)]


def sheet(clips: list[Path]) -> Image.Image:
    """A row for each clip, with its number."""
    page = Image.new("RGB", (MARGIN + FRAMES * WIDTH, len(clips) * HEIGHT), "white")
    pen = ImageDraw.Draw(page)
    for row, clip in enumerate(clips):
        pen.text((6, row * HEIGHT + HEIGHT // 2), str(row + 1), fill="black")
        for column, picture in enumerate(frames(clip)):
            page.paste(picture, (MARGIN + column * WIDTH, row * HEIGHT))
    return page


def passing(experiment: Experiment) -> ApproachRecord:
    """The first approach that passed."""
    return next(each for each in experiment.approaches if each.verdict == "pass")


def main(out: str, *folders: str) -> None:
    """Write the sheet and print the key."""
    chosen = [load(Path(folder)) for folder in folders]
    random.shuffle(chosen)
    clips = [each.folder / passing(each).files["clip"] for each in chosen]
    sheet(clips).save(out, quality=80)
    for number, experiment in enumerate(chosen, 1):
        print(f"{number}: {experiment.sentence} ({passing(experiment).name}, {experiment.robot})")


if __name__ == "__main__":
    main(*sys.argv[1:])
