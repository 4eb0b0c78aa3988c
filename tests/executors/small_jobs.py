"""Real jobs that take no learning: a training's seed says what becomes of it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event as Flag

from tabrl.errors import TabRLError
from tabrl.events import Artifact, Event, Finished, PhaseStarted
from tabrl.spec import TrainSpec
from tabrl.worker import KEPT_BYTES

(
    QUICK, UNTIL_STOPPED, STUBBORN, BROKEN, REFUSED, TALKATIVE, ABRUPT, COMPILES, COMPILING, GREEDY,
) = range(10)  # fmt: skip
_KEPT = []


def train(spec: TrainSpec, *, stop: Flag) -> Iterator[Event]:
    """Start a phase, behave as the seed says, and finish; `out` receives what this process saw."""
    yield PhaseStarted(job=spec.job, phase="compiling" if spec.seed == COMPILING else "training")
    out = Path(spec.out)
    out.mkdir(parents=True, exist_ok=True)
    seen = {
        "pid": os.getpid(),
        "nice": os.nice(0),
        "environment": dict(os.environ),
        "modules": list(sys.modules),
    }
    (out / "seen.json").write_text(json.dumps(seen))
    yield Artifact(job=spec.job, name="policy", path=spec.out)
    _BEHAVIOURS[spec.seed](stop)
    yield Finished(job=spec.job, step=spec.num_steps, seconds={}, stopped=stop.is_set())


def _quick(stop: Flag) -> None:
    pass


def _until_stopped(stop: Flag) -> None:
    while not stop.is_set():
        time.sleep(0.01)


def _stubborn(stop: Flag) -> None:
    while True:
        time.sleep(0.01)


def _broken(stop: Flag) -> None:
    raise ZeroDivisionError("no steps to divide by")


def _refused(stop: Flag) -> None:
    raise TabRLError("The reward is not finite.", "Divide by something larger than 0.")


def _talkative(stop: Flag) -> None:
    print('{"kind":"end","job":"forged"}')
    subprocess.run(["echo", "a library's child prints"], check=True)
    assert sys.stdin.read() == ""


def _abrupt(stop: Flag) -> None:
    for line in range(30):
        print(f"last words {line}", file=sys.stderr)
    sys.stderr.flush()
    os._exit(3)


def _compiles(stop: Flag) -> None:
    import jax

    assert jax.jit(lambda x: x + 1)(1) == 2


def _greedy(stop: Flag) -> None:
    _KEPT.append(b"x" * (KEPT_BYTES + 1))


_BEHAVIOURS = [
    _quick,
    _until_stopped,
    _stubborn,
    _broken,
    _refused,
    _talkative,
    _abrupt,
    _compiles,
    _stubborn,
    _greedy,
]


def seen(spec: TrainSpec) -> dict:
    """What the process that ran this job wrote down."""
    return json.loads((Path(spec.out) / "seen.json").read_text())
