"""Short jobs of one experiment, in turn with everybody else's."""

import threading
from collections.abc import Iterator
from queue import SimpleQueue

from tabrl.events import Event
from tabrl.executors.base import Executor, Job
from tabrl.experiments.engine.queue import Task
from tabrl.experiments.engine.runner import Runner
from tabrl.spec import JobSpec


class Lane(Executor):
    """The engine's runner as an executor of an experiment's checks and baselines."""

    def __init__(self, runner: Runner, owner: str = "") -> None:
        self._runner, self._owner = runner, owner

    def submit(self, spec: JobSpec) -> "LaneJob":
        job = LaneJob(spec, self._runner, self._owner)
        self._runner.submit(job.task)
        return job

    def close(self) -> None:
        """The runner is the engine's: nothing to give back."""


class LaneJob(Job):
    """A short job in the engine's queue."""

    def __init__(self, spec: JobSpec, runner: Runner, owner: str) -> None:
        super().__init__(spec)
        self._runner = runner
        self._events: SimpleQueue[Event | None] = SimpleQueue()
        self._ended = threading.Event()
        self.task = Task(
            "baseline" if spec.do == "baseline" else "check",
            owner, spec.job, lambda: spec, self._take, self._finish,
        )  # fmt: skip

    def events(self) -> Iterator[Event]:
        while (event := self._events.get()) is not None:
            yield event
        self._events.put(None)  # who asks again finds the end

    def cancel(self) -> None:
        if not self._ended.is_set():
            self._runner.drop(self.task)

    def _take(self, event: Event) -> None:
        self._note(event)
        self._events.put(event)

    def _finish(self) -> None:
        self._ended.set()
        self._end()
        self._events.put(None)
