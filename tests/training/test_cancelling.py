"""A training in a worker of its own that somebody cancels: soon over, and nothing is red."""

import time
from collections.abc import Iterator
from pathlib import Path

import lessons
import pytest

from tabrl.events import Artifact, Event, Failed, Finished, PhaseStarted, Progress
from tabrl.executors.base import Job
from tabrl.executors.local import LocalExecutor
from tabrl.policies import checkpoint
from tabrl.settings import Settings
from tabrl.verdict.trajectory import Trajectory

SOON_S = 10.0  # half of what a worker is given before it is ended; 1 s where nothing else runs


@pytest.fixture(scope="module")
def executor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalExecutor]:
    home = tmp_path_factory.mktemp("home")
    with LocalExecutor(Settings(home, home / "cache", max_jobs=1)) as executor:
        yield executor


def cancelled(job: Job, at: type[Event]) -> tuple[list[Event], float]:
    """All events of a job that is cancelled at its first of a kind, and how long that took, s."""
    events, asked = [], 0.0
    for event in job.events():
        if isinstance(event, at) and not asked:
            asked = time.monotonic()
            job.cancel()
        events.append(event)
    return events, time.monotonic() - asked


def endless(out: Path) -> lessons.TrainSpec:
    return lessons.spec(out, num_steps=10**9, metric=lessons.METRIC, clip=True, previews=True)


def test_a_training_that_is_cancelled_keeps_its_policy_and_ends_soon(
    executor: LocalExecutor, out: Path
) -> None:
    job = executor.submit(endless(out))
    events, seconds = cancelled(job, Progress)
    *_, finished = events
    assert isinstance(finished, Finished)
    assert finished.stopped
    assert finished.step > 0
    assert finished.judgement is not None
    assert job.state == "cancelled"
    assert seconds < SOON_S
    left = {event.name for event in events if isinstance(event, Artifact)}
    assert left == {"policy", "trajectory"}
    assert checkpoint.read_card(out / "policy")["steps"] == finished.step
    assert len(Trajectory.load(out / "trajectory.npz").qpos) == 500


def test_a_training_that_is_cancelled_as_it_compiles_ends_at_once_with_nothing(
    executor: LocalExecutor, out: Path
) -> None:
    job = executor.submit(endless(out))
    events, seconds = cancelled(job, PhaseStarted)
    *_, finished = events
    assert isinstance(finished, Finished)
    assert (finished.step, finished.stopped) == (0, True)
    assert not any(isinstance(event, Failed | Artifact) for event in events)
    assert seconds < SOON_S
    assert not out.exists()
