"""Runs tasks: as many as the queue lets start, each followed by a thread."""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from tabrl.errors import BusyError, TabRLError
from tabrl.events import Failed, Progress
from tabrl.executors.base import Executor, Job, make_executor
from tabrl.executors.environment import jobs_that_fit
from tabrl.experiments.engine.queue import Queue, Task
from tabrl.experiments.estimates import Timings
from tabrl.experiments.launch import threads_each
from tabrl.settings import Settings
from tabrl.spec import JobSpec

log = logging.getLogger(__name__)


class Nowhere(Executor):
    """Runs nothing: of a studio that leaves that to another."""

    def submit(self, spec: JobSpec) -> Job:
        raise BusyError("Another studio runs the experiments.", "Ask it.")

    def close(self) -> None:
        """There is nothing to give back."""


class Runner:
    """The only user of an executor, which it closes where it made it.

    TABRL_MAX_JOBS bounds trainings; one check and one other short job have room beside them.
    """

    def __init__(
        self,
        settings: Settings,
        lock: threading.RLock,
        on_move: Callable[[], None],
        executor: str | Executor,
        lasting: bool = False,
    ) -> None:
        self._fit, self._most = settings.max_jobs or jobs_that_fit(), settings.max_jobs
        self._settings = replace(settings, max_jobs=self._fit + 2)
        self._own, self._lasting = isinstance(executor, str), lasting
        self._given = executor
        self._executor: Executor = Nowhere()
        self.queue = Queue(self._places())
        self._lock = lock
        self._on_move = on_move
        self._closed = False

    def open(self) -> None:
        """Have jobs run from now on; `TabRLError` where they cannot."""
        given = self._given
        self._executor = (
            make_executor(given, self._settings, lasting=self._lasting)
            if isinstance(given, str)
            else given
        )
        self.queue.capacity = self._places()

    @property
    def lasting(self) -> bool:
        """Whether trainings outlive this process."""
        return self._executor.lasting

    @property
    def spending(self) -> tuple[float, float | None] | None:
        """USD that this month's trainings have cost, about, and the cap on them; None where nothing
        is charged.
        """
        spent = self._executor.spent_usd
        return None if spent is None else (spent, self._executor.cap_usd)

    @property
    def away(self) -> bool:
        """Whether there is no cluster to go on in."""
        return self._executor.places == 0

    def threads(self, trainings: int) -> int:
        """Physics threads of each of several trainings of an experiment."""
        return self._executor.cores or threads_each(min(self.queue.capacity, trainings))

    def timings(self, settings: Settings) -> Timings:
        """What trainings took where these run."""
        where = self._executor.where
        return Timings(settings, self.queue.capacity if where else None, where)

    @property
    def where(self) -> str:
        """Where trainings run, in words; empty for this machine."""
        return self._executor.where

    def submit(self, task: Task) -> None:
        """Put a task in the queue; one that another process began runs already."""
        with self._lock:
            if task.heard is None:
                self.queue.waiting.append(task)
            else:
                self._start(task)
        self.move()

    def drop(self, task: Task, *, kill: bool = False) -> None:
        """Take a task out of the queue, or ask its job to end early (`kill`: at once)."""
        with self._lock:
            waiting = task in self.queue.waiting
            if waiting:
                self.queue.waiting.remove(task)
            job = task.job
        if waiting:
            task.on_end()
            self.move()
        elif job is not None:
            job.cancel()
            if kill:
                job.cancel()

    def move(self) -> None:
        """Start what may start, and tell that places have changed."""
        with self._lock:
            self.queue.capacity = self._places()
            while not self._closed and (task := self.queue.next()):
                self.queue.waiting.remove(task)
                self._start(task)
            self._on_move()

    def renew(self) -> None:
        """Begin later jobs in workers that know no robot yet."""
        self._executor.renew()

    def close(self) -> None:
        """End every job, keeping what it has, and give back the processes."""
        with self._lock:
            self._closed = True
        if self._own:
            self._executor.close()

    def _places(self) -> int:
        """Trainings at once: nodes of a cluster come and go."""
        places = self._executor.places or self._fit
        return min(places, self._most or places)

    def _start(self, task: Task) -> None:
        self.queue.running.append(task)
        threading.Thread(target=self._follow, args=(task,), daemon=True).start()

    def _follow(self, task: Task) -> None:
        try:
            self._run(task)
        except TabRLError as error:
            self._tell_failure(task, error.message, error.hint)
        except Exception as error:  # ours to mend; the others' tasks go on
            log.exception("a task broke off", extra={"task": task.name})
            self._tell_failure(task, f"The studio met an error of its own: {error}")
        with self._lock:
            self.queue.running.remove(task)
        with suppress(Exception):
            task.on_end()
        self.move()

    def _run(self, task: Task) -> None:
        with self._lock:
            spec = task.make()
            if task.heard is None:
                task.job = self._executor.submit(spec)
            else:
                task.job = self._executor.attach(spec, task.heard)
        for event in task.job.events():
            if isinstance(event, Progress):
                task.left_s = event.seconds_left + task.film_s
                task.seen.append(sum(other.kind == "train" for other in self.queue.running))
            task.on_event(event)

    def _tell_failure(self, task: Task, message: str, hint: str = "") -> None:
        with suppress(Exception):
            task.on_event(Failed(job=task.name, phase="queued", error=message, hint=hint))
