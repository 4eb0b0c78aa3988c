import os
from collections.abc import Callable
from dataclasses import replace

import pytest
import small_jobs as jobs
from gathering import gather

from tabrl.events import Failed, Finished
from tabrl.executors import make_executor
from tabrl.executors.inline import InlineExecutor
from tabrl.settings import Settings
from tabrl.spec import TrainSpec

Spec = Callable[[str, int], TrainSpec]


@pytest.fixture(autouse=True)
def _environment_restored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", os.environ.copy())


def test_a_job_runs_in_this_process_as_it_is_read(settings: Settings, spec: Spec):
    with make_executor("inline", settings) as executor:
        job = executor.submit(spec("a", jobs.QUICK))
        assert job.state == "queued"
        events = job.events()
        next(events)
        assert job.state == "running"
        assert isinstance(list(events)[-1], Finished)
        assert job.state == "finished"
        assert list(job.events()) == []
    assert jobs.seen(job.spec)["pid"] == os.getpid()


def test_a_failure_does_not_stop_the_siblings(settings: Settings, spec: Spec):
    with InlineExecutor(settings) as executor:
        three = [
            executor.submit(spec("a", jobs.REFUSED)),
            executor.submit(spec("b", jobs.BROKEN)),
            executor.submit(spec("c", jobs.QUICK)),
        ]
        events = list(gather(three))
    refused, broken = (event for event in events if isinstance(event, Failed))
    assert (refused.job, refused.phase) == ("a", "training")
    assert (refused.error, refused.detail) == ("The reward is not finite.", "")
    assert refused.hint == "Divide by something larger than 0."
    assert broken.error == "ZeroDivisionError: no steps to divide by"
    assert [job.state for job in three] == ["failed", "failed", "finished"]


def test_a_job_cancelled_while_it_runs_finishes_early(settings: Settings, spec: Spec):
    executor = InlineExecutor(settings)
    job = executor.submit(spec("a", jobs.UNTIL_STOPPED))
    events = job.events()
    next(events)
    executor.close()
    assert list(events)[-1].stopped
    assert job.state == "cancelled"


def test_it_computes_in_the_same_environment_as_a_worker(
    settings: Settings, spec: Spec, nothing_compiled: None
):
    with make_executor("inline", settings) as executor:
        job = executor.submit(spec("a", jobs.QUICK))
        list(job.events())
    found = jobs.seen(job.spec)["environment"]
    assert found["JAX_COMPILATION_CACHE_DIR"] == str(settings.jax_cache)


def test_a_job_cancelled_before_it_is_read_never_starts(settings: Settings, spec: Spec):
    with InlineExecutor(replace(settings)) as executor:
        job = executor.submit(spec("a", jobs.QUICK))
        job.cancel()
        (failed,) = job.events()
    assert isinstance(failed, Failed)
    assert failed.phase == "queued"
    assert job.state == "cancelled"
