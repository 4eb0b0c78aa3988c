"""Where jobs run: an executor takes a JSON spec and gives back an iterator of events."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from itertools import chain
from queue import SimpleQueue
from types import TracebackType
from typing import ClassVar, Literal

from tabrl.errors import TabRLError
from tabrl.events import Event, Failed, Finished, Phase, PhaseStarted
from tabrl.settings import Settings
from tabrl.spec import JobSpec

State = Literal["queued", "running", "finished", "failed", "cancelled"]
EXECUTORS = ("local", "inline")


class Job(ABC):
    """One submitted spec.

    Attributes:
        spec: what was submitted.
        state: where it stands, as far as events have arrived.
        phase: the phase it is in.
        in_caller: whether the work is done inside `events()`, by whoever iterates.
    """

    in_caller: ClassVar[bool] = False

    def __init__(self, spec: JobSpec) -> None:
        self.spec = spec
        self.state: State = "queued"
        self.phase: Phase = "queued"

    @abstractmethod
    def events(self) -> Iterator[Event]:
        """Every event, once, as it comes; ends with the job. A job that dies yields `Failed`."""

    @abstractmethod
    def cancel(self) -> None:
        """Ask the job to finish early and keep what it has; the second time, end it at once.

        A job that has not started yields `Failed` in the phase "queued"; one whose worker had to be
        ended, `Finished` with what it had kept by then.
        """

    def _note(self, event: Event) -> None:
        if isinstance(event, PhaseStarted):
            self.phase = event.phase
        elif isinstance(event, Failed) and self.state != "cancelled":
            self.state = "failed"
        elif isinstance(event, Finished):
            self.state = "cancelled" if event.stopped else "finished"

    def _cancelled_in_queue(self) -> Failed:
        self.state = "cancelled"
        error = "The job was cancelled before it started."
        return Failed(job=self.spec.job, phase="queued", error=error)

    def _end(self) -> None:
        if self.state in ("queued", "running"):
            self.state = "finished"


class Executor(ABC):
    """Runs jobs; a context manager that closes itself."""

    @abstractmethod
    def submit(self, spec: JobSpec) -> Job:
        """Take a job; it runs as soon as there is room for it."""

    @abstractmethod
    def close(self) -> None:
        """Cancel what is left and give back every process. Events that are in can still be read."""

    def __enter__(self) -> "Executor":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def make_executor(name: str, settings: Settings) -> Executor:
    """The executor of this name.

    Raises:
        TabRLError: there is none, or the folders of `settings` cannot be written to.
    """
    if name == "local":
        from tabrl.executors.local import LocalExecutor

        return LocalExecutor(settings)
    if name == "inline":
        from tabrl.executors.inline import InlineExecutor

        return InlineExecutor(settings)
    raise TabRLError(f"There is no executor {name!r}.", f"Use one of: {', '.join(EXECUTORS)}.")


def gather(jobs: Sequence[Job]) -> Iterator[Event]:
    """The events of several jobs, merged as they come; jobs that run in the caller take turns.

    A KeyboardInterrupt while it waits loses nothing: cancel the jobs and read on.
    """
    if any(job.in_caller for job in jobs):
        return chain.from_iterable(job.events() for job in jobs)
    merged: SimpleQueue[Event | None] = SimpleQueue()
    threading.Thread(target=_merge, args=(jobs, merged), daemon=True).start()
    return iter(merged.get, None)


def _merge(jobs: Sequence[Job], merged: "SimpleQueue[Event | None]") -> None:
    pumps = [threading.Thread(target=_pump, args=(job, merged), daemon=True) for job in jobs]
    for pump in pumps:
        pump.start()
    for pump in pumps:
        pump.join()
    merged.put(None)


def _pump(job: Job, merged: "SimpleQueue[Event | None]") -> None:
    try:
        for event in job.events():
            merged.put(event)
    except Exception as error:  # the way to the job broke; its siblings go on
        text = f"The events of job {job.spec.job!r} broke off: {error}"
        merged.put(Failed(job=job.spec.job, phase=job.phase, error=text))
