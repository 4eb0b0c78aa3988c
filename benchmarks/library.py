"""The library of behaviours that ships with TabRL, from what `benchmarks.behaviours` taught.

python -m benchmarks.library out/behaviours/ROBOT/standard [--into src/tabrl/library]

Keeps what the page shows and the best policy of each behaviour; clips are encoded smaller.
"""

import argparse
import shutil
from pathlib import Path

import av

from tabrl.experiments.approach_record import ApproachRecord
from tabrl.experiments.record import Experiment, load

INTO = Path("src/tabrl/library")
_ORDER = ("fail", "needs review", "pass")
_CODING = {"crf": "30", "preset": "veryslow", "g": "50"}  # a key frame every second


def ship(source: Path, into: Path) -> int:
    """Copy an experiment to a folder of its name in `into`; its size there in bytes."""
    experiment, target = load(source), into / source.name
    shutil.rmtree(target, ignore_errors=True)
    best = max(experiment.approaches, key=lambda a: _ORDER.index(a.verdict or "fail"))
    for approach in experiment.approaches:
        _copy(experiment, approach, target, with_policy=approach is best)
    experiment.files, experiment.folder = {}, target
    experiment.save()
    return sum(file.stat().st_size for file in target.rglob("*") if file.is_file())


def _copy(
    experiment: Experiment, approach: ApproachRecord, target: Path, *, with_policy: bool
) -> None:
    kept = ("clip", "poster", "reward", *(("policy",) if with_policy else ()))
    approach.files = {name: path for name, path in approach.files.items() if name in kept}
    for name, path in approach.files.items():
        old, new = experiment.folder / path, target / path
        new.parent.mkdir(parents=True, exist_ok=True)
        if name == "clip":
            _encode_smaller(old, new)
        else:
            (shutil.copytree if old.is_dir() else shutil.copy)(old, new)


def _encode_smaller(old: Path, new: Path) -> None:
    with (
        av.open(str(old)) as clip,
        av.open(str(new), "w", options={"movflags": "+faststart"}) as smaller,
    ):
        video = clip.streams.video[0]
        stream = smaller.add_stream("libx264", rate=video.average_rate, options=_CODING)
        stream.width, stream.height, stream.pix_fmt = video.width, video.height, "yuv420p"
        for frame in clip.decode(video):
            smaller.mux(stream.encode(frame))
        smaller.mux(stream.encode())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, help="the folder with the experiments")
    parser.add_argument("--into", type=Path, default=INTO)
    args = parser.parse_args()
    for folder in sorted(path.parent for path in args.source.glob("*/experiment.json")):
        print(folder.name, f"{ship(folder, args.into) / 2**20:.2f} MiB", flush=True)
