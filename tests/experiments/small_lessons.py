"""Jobs that learn nothing but leave real files: the seed decides about the second approach."""

import os
import signal
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from threading import Event as Flag

import av
import numpy as np

from tabrl.errors import TabRLError
from tabrl.events import (
    Artifact,
    BaselinesJudged,
    Checked,
    Evaluated,
    Event,
    Finished,
    PhaseStarted,
    Progress,
    Stressed,
)
from tabrl.spec import (
    BaselineSpec,
    CheckResult,
    CheckSpec,
    Finding,
    Judgement,
    RenderSpec,
    Robustness,
    StressSpec,
    TrainSpec,
    Verdict,
)

FINE, BROKEN, KILLED, UNTIL_STOPPED, STUBBORN = range(5)
STEPS_PER_S = 20_000.0
ROBUSTNESS = (
    Robustness(what="friction", levels=(0.5, 1.0), passes=(0, 5), tries=5),
    Robustness(what="push", levels=(0.25, 1.5), passes=(5, 3), tries=5),
)


def check(spec: CheckSpec, *, stop: Flag) -> Iterator[Event]:
    """Every reward is valid, unless it says "refuse me"."""
    yield PhaseStarted(job=spec.job, phase="checking")
    if "refuse me" in spec.approach.source:
        finding = Finding(line=2, message="There is no signal 'bogus'.", hint="Did you mean roll?")
        yield Checked(job=spec.job, result=CheckResult(valid=False, findings=(finding,)))
    else:
        means = {"still": {"sway": 0.1}, "random": {"sway": 0.3}, "base": {"sway": 0.2}}
        yield Checked(
            job=spec.job, result=CheckResult(valid=True, terms=("sway",), term_means=means)
        )


def baseline(spec: BaselineSpec, *, stop: Flag) -> Iterator[Event]:
    """Baselines fail every metric, unless it is called "lazy"."""
    verdict: Verdict = "pass" if "lazy" in spec.metric.name else "fail"
    yield BaselinesJudged(
        job=spec.job, baselines={"a still robot": Judgement(verdict=verdict, numbers={})}
    )


def train(spec: TrainSpec, *, stop: Flag) -> Iterator[Event]:
    """Three points of a curve, one evaluation, a clip of ten frames."""
    yield PhaseStarted(job=spec.job, phase="training")
    for point in range(1, 4):
        yield _progress(spec, point)
    if spec.job.startswith("2-"):
        _misfortune(spec.seed, stop)
    judged = Judgement(verdict="pass", numbers={"roll amplitude (rad)": 0.25})
    yield Evaluated(job=spec.job, step=spec.num_steps, judgement=judged, best=True)
    yield PhaseStarted(job=spec.job, phase="rendering")
    yield Artifact(job=spec.job, name="clip", path=str(clip(Path(spec.out) / "clip.mp4")))
    if spec.randomize:
        yield Stressed(job=spec.job, robustness=ROBUSTNESS)
    yield Finished(
        job=spec.job,
        step=spec.num_steps,
        seconds={"training": 1.5, "rendering": 0.5},
        judgement=judged,
        base_judgement=Judgement(verdict="fail", numbers={"roll amplitude (rad)": 0.003}),
        stopped=stop.is_set(),
    )


def render(spec: RenderSpec, *, stop: Flag) -> Iterator[Event]:
    """A small clip; a third move to the right is one too many."""
    yield PhaseStarted(job=spec.job, phase="rendering")
    if any(move.left < 0 for move in spec.moves[2:]):
        raise TabRLError("It stumbled.", "Walk more carefully.")
    yield Artifact(job=spec.job, name="clip", path=str(clip(Path(spec.out) / "clip.mp4")))
    judged = (
        Judgement(verdict="needs review", numbers={"path error (m)": 0.1}) if spec.moves else None
    )
    yield Finished(job=spec.job, step=0, seconds={"rendering": 0.1}, judgement=judged)


def stress(spec: StressSpec, *, stop: Flag) -> Iterator[Event]:
    """Slips on half the friction."""
    yield Stressed(job=spec.job, robustness=ROBUSTNESS)


def clip(path: Path, frames: int = 10) -> Path:
    """Write a small real MP4, 50 frames a second, and put it in its place once it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name("part.mp4")
    with av.open(str(part), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(50))
        stream.width, stream.height, stream.pix_fmt = 128, 96, "yuv420p"
        for index in range(frames):
            image = np.full((96, 128, 3), 20 * index, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(stream.encode())
    return part.replace(path)


def _progress(spec: TrainSpec, point: int) -> Progress:
    return Progress(
        job=spec.job,
        step=spec.num_steps * point // 3,
        num_steps=spec.num_steps,
        steps_per_s=STEPS_PER_S,
        seconds_left=3.0 - point,
        episode_return=5.0 * point,
        episode_length=500.0,
        terms={"sway": 0.1 * point},
    )


def _misfortune(seed: int, stop: Flag) -> None:
    if seed == BROKEN:
        raise TabRLError("The reward is not finite.", "Divide by something larger than 0.")
    if seed == KILLED:
        os.kill(os.getpid(), signal.SIGKILL)
    while seed == STUBBORN or (seed == UNTIL_STOPPED and not stop.is_set()):
        time.sleep(0.01)
