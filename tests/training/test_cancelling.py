"""A training in a worker of its own that somebody cancels: it ends, and nothing is red."""

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


@pytest.fixture(scope="module")
def executor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalExecutor]:
    home = tmp_path_factory.mktemp("home")
    with LocalExecutor(Settings(home, home / "cache", max_jobs=1)) as executor:
        yield executor


def cancelled(job: Job, at: type[Event]) -> list[Event]:
    """All events of a job that is cancelled at its first of a kind."""
    events: list[Event] = []
    for event in job.events():
        if isinstance(event, at) and not any(isinstance(before, at) for before in events):
            job.cancel()
        events.append(event)
    return events


def endless(out: Path) -> lessons.TrainSpec:
    return lessons.spec(out, num_steps=10**9, metric=lessons.METRIC, clip=True, previews=True)


@pytest.mark.nightly
def test_a_training_that_is_cancelled_keeps_its_policy_and_ends(
    executor: LocalExecutor, out: Path
) -> None:
    job = executor.submit(endless(out))
    *events, finished = cancelled(job, Progress)
    assert isinstance(finished, Finished)
    assert finished.stopped
    assert finished.step > 0
    assert finished.judgement is not None
    assert job.state == "cancelled"
    left = {event.name for event in events if isinstance(event, Artifact)}
    assert left == {"policy", "trajectory"}
    assert checkpoint.read_card(out / "policy")["steps"] == finished.step
    assert len(Trajectory.load(out / "trajectory.npz").qpos) == 500


def test_a_training_that_is_cancelled_as_it_compiles_ends_with_nothing(
    executor: LocalExecutor, out: Path
) -> None:
    job = executor.submit(endless(out))
    *events, finished = cancelled(job, PhaseStarted)
    assert isinstance(finished, Finished)
    assert (finished.step, finished.stopped) == (0, True)
    assert not any(isinstance(event, Failed | Artifact) for event in events)
    assert not out.exists()
