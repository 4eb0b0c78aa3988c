"""Jobs in this process, in the caller's own iteration: a debugger steps through them."""

import os
import threading
from collections.abc import Iterator

from tabrl.events import Event
from tabrl.executors.base import Executor, Job
from tabrl.executors.environment import compute_environment
from tabrl.settings import Settings
from tabrl.spec import JobSpec


class InlineJob(Job):
    """A job that runs while its events are read."""

    def __init__(self, spec: JobSpec, handlers: str | None, one: threading.Lock) -> None:
        super().__init__(spec)
        self._handlers, self._one = handlers, one
        self._stop = threading.Event()

    def events(self) -> Iterator[Event]:
        from tabrl import worker  # the far side of the process boundary, here on purpose

        if self.state != "queued":
            return
        with self._one:
            if self._stop.is_set():
                yield self._cancelled_in_queue()
                return
            self.state = "running"
            for event in worker.run(self.spec, self._stop, self._handlers):
                self._note(event)
                yield event
            self._end()

    def cancel(self) -> None:
        """Ask the job to finish early; a second call changes nothing: the caller is the job."""
        self._stop.set()


class InlineExecutor(Executor):
    """Runs each job in the process and thread that reads its events, one at a time."""

    places = 1

    def __init__(self, settings: Settings) -> None:
        self._handlers = settings.prepare().handlers
        self._jobs: list[InlineJob] = []
        self._one = threading.Lock()
        for name, value in compute_environment(settings).items():
            os.environ.setdefault(name, value)

    def submit(self, spec: JobSpec) -> InlineJob:
        job = InlineJob(spec, self._handlers, self._one)
        self._jobs.append(job)
        return job

    def close(self) -> None:
        for job in self._jobs:
            job.cancel()
