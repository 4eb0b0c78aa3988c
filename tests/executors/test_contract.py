"""What every executor promises; over Ray, on a real cluster, and over Modal's SDK in a night."""

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
import small_jobs as jobs
from clusters import Cluster, cluster
from gathering import gather
from modal_loopback import at_modal  # noqa: F401

from tabrl.errors import TabRLError
from tabrl.events import Artifact, Event, Failed, Finished, PhaseStarted
from tabrl.executors import Executor, make_executor
from tabrl.settings import Settings
from tabrl.spec import TrainSpec

Spec = Callable[[str, int], TrainSpec]
HERE = str(Path(__file__).parent)


@pytest.fixture(scope="module")
def ray(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("node")
    with cluster(PYTHONPATH=HERE, TABRL_CACHE=str(folder), TABRL_HOME=str(folder)) as made:
        yield made


@pytest.fixture(
    params=["local", *(pytest.param(name, marks=pytest.mark.nightly) for name in ("ray", "modal"))]
)
def make(request: pytest.FixtureRequest, settings: Settings) -> Callable[..., Executor]:
    """Makes an executor with places for two trainings."""
    if request.param == "ray":
        settings = replace(settings, ray=request.getfixturevalue("ray").address)

    if request.param == "modal":
        request.getfixturevalue("at_modal")

    def make(**changes: object) -> Executor:
        return make_executor(request.param, replace(settings, **changes))

    return make


@pytest.fixture
def executor(make: Callable[..., Executor]) -> Iterator[Executor]:
    with make() as executor:
        yield executor


def kinds(events: list[Event]) -> list[str]:
    return [event.kind for event in events]


def started(job_events: Iterator[Event]) -> None:
    """Read up to the moment when the job is in its work."""
    assert isinstance(next(job_events), PhaseStarted)
    assert isinstance(next(job_events), Artifact)


def test_a_job_gives_its_events_in_order_and_then_ends(executor: Executor, spec: Spec):
    job = executor.submit(spec("a", jobs.QUICK))
    events = list(job.events())
    assert kinds(events) == ["phase", "artifact", "finished"]
    assert events[-1].step == 7
    assert job.state == "finished"
    assert list(job.events()) == []


def test_a_job_waits_for_a_free_slot(executor: Executor, spec: Spec):
    busy = [executor.submit(spec(name, jobs.UNTIL_STOPPED)) for name in "ab"]
    last = executor.submit(spec("last", jobs.QUICK))
    for job in busy:
        started(job.events())
    assert last.state == "queued"
    busy[0].cancel()
    assert kinds(list(last.events())) == ["phase", "artifact", "finished"]


def test_a_cancelled_job_still_finishes(executor: Executor, spec: Spec):
    job = executor.submit(spec("a", jobs.UNTIL_STOPPED))
    events = job.events()
    started(events)
    job.cancel()
    (finished,) = events
    assert isinstance(finished, Finished)
    assert finished.stopped
    assert job.state == "cancelled"


def test_a_second_cancel_ends_a_stubborn_job(executor: Executor, spec: Spec):
    job = executor.submit(spec("stubborn", jobs.STUBBORN))
    events = job.events()
    started(events)
    job.cancel()
    job.cancel()
    (finished,) = events
    assert isinstance(finished, Finished)
    assert finished.stopped
    assert job.state == "cancelled"


def test_a_training_that_compiles_is_cancelled_at_once_and_the_next_job_runs(
    executor: Executor, spec: Spec
):
    job = executor.submit(spec("compiling", jobs.COMPILING))
    events = job.events()
    started(events)
    job.cancel()
    (finished,) = events
    assert isinstance(finished, Finished)
    assert (finished.step, finished.stopped) == (0, True)
    assert job.state == "cancelled"
    after = executor.submit(spec("after", jobs.QUICK))
    assert kinds(list(after.events())) == ["phase", "artifact", "finished"]


def test_a_job_cancelled_in_the_queue_never_starts(executor: Executor, spec: Spec):
    busy = [executor.submit(spec(name, jobs.UNTIL_STOPPED)) for name in "ab"]
    for job in busy:
        started(job.events())
    waiting = executor.submit(spec("waiting", jobs.QUICK))
    waiting.cancel()
    (failed,) = waiting.events()
    assert isinstance(failed, Failed)
    assert failed.phase == "queued"
    assert waiting.state == "cancelled"
    for job in busy:
        job.cancel()
    assert kinds(list(gather(busy))) == ["finished"] * 2


def test_a_failure_is_told_in_its_words_and_its_sibling_goes_on(executor: Executor, spec: Spec):
    refused, broken = (
        executor.submit(spec(n, s)) for n, s in (("a", jobs.REFUSED), ("b", jobs.BROKEN))
    )
    told, error = list(refused.events())[-1], list(broken.events())[-1]
    assert isinstance(told, Failed)
    assert isinstance(error, Failed)
    assert (told.error, told.hint) == (
        "The reward is not finite.",
        "Divide by something larger than 0.",
    )
    assert error.error == "ZeroDivisionError: no steps to divide by"
    assert "_broken" in error.detail
    assert (refused.state, broken.state) == ("failed", "failed")


def test_a_killed_worker_is_named_and_the_next_job_runs(executor: Executor, spec: Spec):
    victim = executor.submit(spec("victim", jobs.UNTIL_STOPPED))
    events = victim.events()
    started(events)
    os.kill(jobs.seen(victim.spec)["pid"], signal.SIGKILL)
    (failed,) = events
    assert isinstance(failed, Failed)
    assert (failed.job, failed.phase) == ("victim", "training")
    assert "SIGKILL" in failed.error
    after = executor.submit(spec("after", jobs.QUICK))
    assert kinds(list(after.events())) == ["phase", "artifact", "finished"]


def test_what_a_job_prints_is_no_event(executor: Executor, spec: Spec):
    job = executor.submit(spec("talkative", jobs.TALKATIVE))
    assert kinds(list(job.events())) == ["phase", "artifact", "finished"]


def test_a_worker_has_no_secrets(
    make: Callable[..., Executor], spec: Spec, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SOMEBODYS_API_KEY", "secret")
    with make() as executor:
        job = executor.submit(spec("a", jobs.QUICK))
        list(job.events())
    assert "secret" not in jobs.seen(job.spec)["environment"].values()


def test_closing_ends_what_runs_and_its_end_can_still_be_read(
    make: Callable[..., Executor], spec: Spec
):
    with make() as executor:
        job = executor.submit(spec("a", jobs.UNTIL_STOPPED))
        started(job.events())
    (finished,) = job.events()
    assert isinstance(finished, Finished)
    assert finished.stopped
    assert not psutil.pid_exists(jobs.seen(job.spec)["pid"])
    with pytest.raises(TabRLError, match="closed"):
        executor.submit(spec("late", jobs.QUICK))


def test_what_cannot_be_imported_is_named(make: Callable[..., Executor], spec: Spec):
    with make(handlers="no_such_module") as executor:
        (failed,) = executor.submit(spec("a", jobs.QUICK)).events()
    assert isinstance(failed, Failed)
    assert "no_such_module" in failed.error
