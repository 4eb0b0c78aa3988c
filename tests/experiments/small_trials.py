"""Trainings whose worth follows from their weights: the best sway weighs four times as much."""

import math
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event as Flag

from small_lessons import baseline, check, render, stress
from small_lessons import train as taught

from tabrl.errors import TabRLError
from tabrl.events import Evaluated, Event, Finished, PhaseStarted
from tabrl.spec import Judgement, TrainSpec

__all__ = ["baseline", "check", "render", "stress", "train"]
LOOKS = 4


def train(spec: TrainSpec, *, stop: Flag) -> Iterator[Event]:
    """A trial looks at itself four times; everything else is `small_lessons`'s."""
    if not spec.job.startswith("trial-"):
        yield from taught(spec, stop=stop)
        return
    assert spec.approach is not None
    assert not spec.clip
    yield PhaseStarted(job=spec.job, phase="training")
    sway = spec.approach.weights["roll"]
    if spec.approach.clock_hz == 5.0 and sway > 4.0:
        raise TabRLError("A term became NaN.", "Weigh less.")
    (Path(spec.out)).mkdir(parents=True, exist_ok=True)
    reached = max(0.0, 0.2 - 0.1 * abs(math.log2(sway / 8.0)))
    for look in range(1, LOOKS + 1):
        if spec.approach.clock_hz == 4.0:  # one that is waited for
            while not stop.is_set():
                time.sleep(0.01)
        numbers = {"hip swing (rad)": reached * look / LOOKS}
        judged = Judgement(verdict="fail", numbers=numbers)
        step = spec.num_steps * look // LOOKS
        yield Evaluated(job=spec.job, step=step, judgement=judged, best=True)
        if stop.wait(0.1):
            break
    yield Finished(job=spec.job, step=spec.num_steps, seconds={}, stopped=stop.is_set())
