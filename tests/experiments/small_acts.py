"""Jobs for the studio that learn nothing but leave real files; words in a reward's source say what
becomes of its training: "slowly", "broken", "silent" (keeps no policy before its end).
"""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event as Flag

import small_lessons
from small_lessons import STEPS_PER_S, clip

from tabrl.errors import TabRLError
from tabrl.events import Artifact, Evaluated, Event, Finished, PhaseStarted, Progress
from tabrl.spec import CheckSpec, Judgement, RenderSpec, TrainSpec

__all__ = ["check", "render", "train"]
POINTS = 8
PASSED = Judgement(verdict="pass", numbers={"roll amplitude (rad)": 0.25})
BASE = Judgement(verdict="fail", numbers={"roll amplitude (rad)": 0.003})


def check(spec: CheckSpec, *, stop: Flag) -> Iterator[Event]:
    """Every reward is valid, unless it says "refuse me"; what else it says changes nothing."""
    stop.set()
    return small_lessons.check(spec, stop=stop)


def train(spec: TrainSpec, *, stop: Flag) -> Iterator[Event]:
    """Eight points of a curve with an evaluation at each second one, then a clip."""
    source, out = spec.approach.source if spec.approach else "", Path(spec.out)
    yield PhaseStarted(job=spec.job, phase="training")
    step = _steps_of(Path(spec.resume)) if spec.resume else 0
    while step < spec.num_steps and not stop.is_set():
        step = min(spec.num_steps, step + max(1, spec.num_steps // POINTS))
        yield _progress(spec, step)
        if "broken" in source:
            raise TabRLError("The reward is not finite.", "Divide by something larger than 0.")
        if (step * POINTS // spec.num_steps) % 2 == 0 and "silent" not in source:
            _keep(out / "policy", step)
            yield Evaluated(job=spec.job, step=step, judgement=PASSED, best=True)
            if spec.previews and step < spec.num_steps:
                path = str(clip(out / f"preview-{step}.mp4"))
                yield Artifact(job=spec.job, name="preview", path=path, step=step)
        stop.wait(0.5 * source.count("slowly"))
    if "silent" in source and stop.is_set():
        raise TabRLError("It was stopped before its first policy.")
    _keep(out / "policy", step)
    yield Artifact(job=spec.job, name="policy", path=str(out / "policy"))
    yield from _rendered(spec.job, out)
    yield Finished(
        job=spec.job,
        step=step,
        seconds={"training": 1.5},
        judgement=PASSED,
        base_judgement=BASE,
        stopped=step < spec.num_steps,
    )


def render(spec: RenderSpec, *, stop: Flag) -> Iterator[Event]:
    """The clip again, or that of commands."""
    yield from _rendered(spec.job, Path(spec.out))
    if spec.moves:
        yield Finished(job=spec.job, step=0, seconds={"rendering": 0.1}, judgement=PASSED)
        return
    yield Finished(job=spec.job, step=_steps_of(Path(spec.policy)), seconds={"rendering": 0.1})


def _rendered(job: str, out: Path) -> Iterator[Event]:
    yield PhaseStarted(job=job, phase="rendering")
    out.mkdir(parents=True, exist_ok=True)
    (out / "trajectory.npz").write_bytes(b"PK")
    (out / "poster.jpg").write_bytes(b"\xff\xd8 a picture")
    yield Artifact(job=job, name="trajectory", path=str(out / "trajectory.npz"))
    yield Artifact(job=job, name="clip", path=str(clip(out / "clip.mp4")))
    yield Artifact(job=job, name="poster", path=str(out / "poster.jpg"))


def _keep(folder: Path, step: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "policy.safetensors").write_bytes(b"numbers")
    (folder / "policy.json").write_text(json.dumps({"steps": step, "at": time.time()}))


def _steps_of(policy: Path) -> int:
    return int(json.loads((policy / "policy.json").read_text())["steps"])


def _progress(spec: TrainSpec, step: int) -> Progress:
    return Progress(
        job=spec.job,
        step=step,
        num_steps=spec.num_steps,
        steps_per_s=STEPS_PER_S,
        seconds_left=(spec.num_steps - step) / STEPS_PER_S,
        episode_return=5.0 * step,
        episode_length=500.0,
        terms={"sway": 0.1},
    )
