"""Runs tasks: as many as the queue lets start, each followed by a thread."""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from tabrl.errors import TabRLError
from tabrl.events import Failed, Progress
from tabrl.executors.base import Executor, make_executor
from tabrl.executors.environment import jobs_that_fit
from tabrl.experiments.engine.queue import Queue, Task
from tabrl.settings import Settings

log = logging.getLogger(__name__)


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
    ) -> None:
        capacity = settings.max_jobs or jobs_that_fit()
        self._own = isinstance(executor, str)
        if isinstance(executor, str):
            executor = make_executor(executor, replace(settings, max_jobs=capacity + 2))
        self.queue = Queue(1 if executor.in_caller else capacity)
        self._executor = executor
        self._lock = lock
        self._on_move = on_move
        self._closed = False

    def submit(self, task: Task) -> None:
        """Put a task in the queue."""
        with self._lock:
            self.queue.waiting.append(task)
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
            while not self._closed and (task := self.queue.next()):
                self.queue.waiting.remove(task)
                self.queue.running.append(task)
                threading.Thread(target=self._follow, args=(task,), daemon=True).start()
            self._on_move()

    def close(self) -> None:
        """End every job, keeping what it has, and give back the processes."""
        with self._lock:
            self._closed = True
        if self._own:
            self._executor.close()

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
            task.job = self._executor.submit(spec)
        for event in task.job.events():
            if isinstance(event, Progress):
                task.left_s = event.seconds_left + task.film_s
                task.seen.append(sum(other.kind == "train" for other in self.queue.running))
            task.on_event(event)

    def _tell_failure(self, task: Task, message: str, hint: str = "") -> None:
        with suppress(Exception):
            task.on_event(Failed(job=task.name, phase="queued", error=message, hint=hint))
