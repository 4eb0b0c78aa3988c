from collections.abc import Callable, Iterator

import small_jobs as jobs

from tabrl.events import Event, Failed, PhaseStarted
from tabrl.executors import Job, gather
from tabrl.executors.local import LocalExecutor
from tabrl.settings import Settings
from tabrl.spec import TrainSpec


class FarJob(Job):
    """A job on a machine whose line breaks."""

    def events(self) -> Iterator[Event]:
        started = PhaseStarted(job=self.spec.job, phase="training")
        self._note(started)
        yield started
        raise ConnectionResetError("reset by peer")

    def cancel(self) -> None:
        raise ConnectionResetError("reset by peer")


def test_no_job_has_no_event():
    assert list(gather([])) == []


def test_a_broken_line_fails_its_job_alone(
    settings: Settings, spec: Callable[[str, int], TrainSpec]
):
    with LocalExecutor(settings) as executor:
        near = executor.submit(spec("near", jobs.QUICK))
        events = list(gather([FarJob(spec("far", jobs.QUICK)), near]))
    (failed,) = (event for event in events if isinstance(event, Failed))
    assert (failed.job, failed.phase) == ("far", "training")
    assert "reset by peer" in failed.error
    assert [event.kind for event in events if event.job == "near"][-1] == "finished"
