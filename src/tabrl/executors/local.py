"""Jobs in warm worker processes on this machine, as many at once as fit; the rest wait in order."""

import json
import threading
import time
from collections.abc import Iterator
from queue import SimpleQueue

from tabrl import events
from tabrl.errors import TabRLError
from tabrl.events import Event, Failed, Finished, Progress
from tabrl.executors.base import Executor, Job
from tabrl.executors.environment import jobs_that_fit
from tabrl.executors.process import WorkerProcess, get_ready
from tabrl.settings import Settings
from tabrl.spec import JobSpec

CLOSE_S = 25.0  # a little more than a worker gives its job to stop


class LocalJob(Job):
    """A job that waits for a worker, or has one."""

    def __init__(self, spec: JobSpec) -> None:
        super().__init__(spec)
        self._lock = threading.Lock()
        self._worker: WorkerProcess | None = None
        self._cancelled = False
        self._step = 0
        self._events: SimpleQueue[Event | None] = SimpleQueue()

    def events(self) -> Iterator[Event]:
        while (event := self._events.get()) is not None:
            yield event
        self._events.put(None)  # who asks again finds the end

    def cancel(self) -> None:
        with self._lock:
            if self._cancelled and self._worker:
                self._worker.kill()
        self.stop()

    def stop(self) -> None:
        """Ask the job to finish early, no more than once.

        A training that still compiles has nothing to keep, and its compiler does not look up.
        """
        with self._lock:
            if self.state == "queued":
                self._put(self._cancelled_in_queue())
                self._events.put(None)
            elif self._worker and not self._cancelled:
                if self.spec.do == "train" and self.phase in ("queued", "compiling"):
                    self._worker.kill()
                else:
                    self._worker.send(json.dumps({"cancel": self.spec.job}))
            self._cancelled = True

    def start(self, worker: WorkerProcess) -> bool:
        """Hand the spec to a worker, unless the job was cancelled meanwhile."""
        with self._lock:
            if self.state != "queued":
                return False
            self.state, self._worker = "running", worker
            worker.send(self.spec.model_dump_json())
            return True

    def follow(self, worker: WorkerProcess) -> None:
        """Take in events until the job has ended; whatever happens, it ends."""
        try:
            self._listen(worker)
        except Exception as error:  # not a line of ours: this worker cannot be trusted any more
            worker.kill()
            self._fail(f"The worker of job {self.spec.job!r} said what is not an event: {error}")
        with self._lock:
            self._worker = None
            self._end()
            self._events.put(None)

    def fail(self, error: str, hint: str = "") -> None:
        """End a job that no worker could be had for."""
        with self._lock:
            if self.state == "queued":
                self._fail(error, hint)
                self._events.put(None)

    def _listen(self, worker: WorkerProcess) -> None:
        for line in worker.lines():
            said = json.loads(line)
            if said["kind"] == "end":
                if said["leaves"]:
                    worker.leave()
                return
            self._put(events.loads(line))
        what, hint, detail = worker.death()
        if self.state != "running":  # it had said how the job ended
            return
        if self._cancelled:
            self._put(Finished(job=self.spec.job, step=self._step, seconds={}, stopped=True))
            return
        self._fail(f"The worker of job {self.spec.job!r} {what}.", hint, detail)

    def _put(self, event: Event) -> None:
        self._note(event)
        if isinstance(event, Progress):
            self._step = event.step
        self._events.put(event)

    def _fail(self, error: str, hint: str = "", detail: str = "") -> None:
        self._put(
            Failed(job=self.spec.job, phase=self.phase, error=error, hint=hint, detail=detail)
        )


class LocalExecutor(Executor):
    """Slots of one thread and one worker each, made when a job finds none free.

    Args:
        name: what the workers' logs are called; a number follows.
    """

    def __init__(self, settings: Settings, name: str = "worker") -> None:
        self._settings, self._name = settings.prepare(), name
        self._max_jobs = settings.max_jobs or jobs_that_fit()
        self._waiting: SimpleQueue[LocalJob | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._slots: list[threading.Thread] = []
        self._workers: dict[int, WorkerProcess] = {}
        self._jobs: list[LocalJob] = []
        self._closed = False
        get_ready(self._settings)

    def submit(self, spec: JobSpec) -> LocalJob:
        job = LocalJob(spec)
        with self._lock:
            if self._closed:
                raise TabRLError("This executor is closed.", "Make another one.")
            self._jobs = [other for other in self._jobs if other.state in ("queued", "running")]
            self._jobs.append(job)
            self._waiting.put(job)
            if len(self._slots) < min(self._max_jobs, len(self._jobs)):
                self._open_slot()
        return job

    def renew(self) -> None:
        for worker in list(self._workers.values()):
            worker.leave()  # once its job has ended

    def close(self) -> None:
        with self._lock:
            self._closed = True
        deadline = time.monotonic() + CLOSE_S
        try:
            for job in self._jobs:
                job.stop()
            for _ in self._slots:
                self._waiting.put(None)
            for slot in self._slots:
                slot.join(max(0.0, deadline - time.monotonic()))
        finally:  # also when Ctrl-C comes a second time
            for worker in list(self._workers.values()):
                worker.kill()

    def _open_slot(self) -> None:
        number = len(self._slots) + 1
        # Daemons: a parent that is not closed can still exit, and its workers end with it.
        slot = threading.Thread(target=self._serve, args=(number,), daemon=True)
        self._slots.append(slot)
        slot.start()

    def _serve(self, number: int) -> None:
        """Run jobs in one worker after another until the executor closes."""
        while (job := self._waiting.get()) is not None:
            if job.state != "queued":
                continue
            try:
                worker = self._worker(number)
            except OSError as error:
                job.fail(f"No worker could be started: {error}.", "Is the system out of memory?")
                continue
            if job.start(worker):
                job.follow(worker)
        if number in self._workers:
            self._workers.pop(number).close()

    def _worker(self, number: int) -> WorkerProcess:
        worker = self._workers.get(number)
        if worker and not worker.alive:
            self._workers.pop(number).close()
        if number not in self._workers:
            log = self._settings.logs / f"{self._name}-{number}.log"
            self._workers[number] = WorkerProcess(self._settings, log)
        return self._workers[number]
