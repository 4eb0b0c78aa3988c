"""Teach: from a sentence to three clips, the whole story on warm caches.

python -m benchmarks.teach [--preset standard] [--steps N] [--runs N] [--out DIR]
"""

import argparse
import json
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import cast

from benchmarks.machine import Memory, machine
from tabrl.events import Event
from tabrl.experiments import Experiment, teach
from tabrl.settings import Settings
from tabrl.spec import Preset

GO1 = "Go1JoystickFlatTerrain"
SENTENCE = "Keep shaking your hips aloha dude!"
WARM_UP = "Take a deep bow"


def warm_up(robot: str, settings: Settings) -> None:
    """Leave compiled functions, meshes and what a training takes here in the caches."""
    with TemporaryDirectory() as folder:
        teach(WARM_UP, robot, preset="quick", approaches=3, out=Path(folder), settings=settings)


def measure(
    robot: str, preset: Preset, steps: int | None, out: Path, settings: Settings
) -> tuple[Experiment, float, Memory]:
    """The experiment, its wall time in s, and the most memory that its workers held."""
    memory = Memory()

    def on_event(experiment: Experiment, event: Event) -> None:
        memory.sample()

    began = time.perf_counter()
    experiment = teach(
        SENTENCE, robot, preset=preset, steps=steps, out=out, settings=settings, on_event=on_event
    )
    return experiment, time.perf_counter() - began, memory


def main(
    robot: str = GO1,
    *,
    preset: Preset = "standard",
    steps: int | None = None,
    runs: int = 3,
    out: Path | None = None,
) -> dict:
    """Wall time from the sentence to three clips over what was told before, several times; the
    median error of the estimate is what a person may count on.
    """
    settings = Settings.from_env()
    print("Warming up.", file=sys.stderr, flush=True)
    warm_up(robot, settings)
    told = []
    for _ in range(runs):
        with TemporaryDirectory() as scratch:
            experiment, seconds, memory = measure(
                robot, preset, steps, out or Path(scratch), settings
            )
        assert experiment.estimate is not None
        told.append(
            {
                "estimate_s": experiment.estimate.seconds,
                "took_s": experiment.took_s,
                "error": abs(1 - experiment.estimate.seconds / (experiment.took_s or seconds)),
            }
        )
    error = median(run["error"] for run in told)
    return {
        "what": f"{robot}, {preset}: seconds from a sentence to three clips, and what was told "
        "before",
        "figure": round(seconds, 1),
        "baseline": told[-1]["estimate_s"],
        "ratio": round(seconds / told[-1]["estimate_s"], 2),
        "median_error": round(error, 3),
        "runs": told,
        "clips": sum("clip" in approach.files for approach in experiment.approaches),
        "steps": experiment.steps,
        "phases_s": experiment.timings,
        "approaches": [
            {"name": a.name, "status": a.status, "verdict": a.verdict, "phases_s": a.timings}
            for a in experiment.approaches
        ],
        "workers_gib": round(memory.peak / 2**30, 2),
        "machine": machine(),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--robot", default=GO1, metavar="ID")
    parser.add_argument("--preset", choices=["quick", "standard", "quality"], default="standard")
    parser.add_argument("--steps", type=int, help="of each approach, instead of the preset's time")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--out", type=Path, help="keep the experiment in this folder")
    args = parser.parse_args()
    found = main(
        args.robot,
        preset=cast(Preset, args.preset),
        steps=args.steps,
        runs=args.runs,
        out=args.out,
    )
    print(json.dumps(found, indent=1))
