"""Who is next: trainings take fair turns among experiments, short jobs have a lane of their own."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from statistics import fmean
from typing import Literal

from tabrl.events import Event
from tabrl.executors.base import Job
from tabrl.spec import JobSpec

Kind = Literal["check", "calibrate", "train", "render"]


@dataclass(eq=False)
class Task:
    """A job that waits or runs.

    Attributes:
        owner: id of its experiment; empty for a job by itself.
        name: the approach's folder.
        make: its specification, made when it starts.
        on_event: called with each event, from the job's own thread.
        on_end: called once, after the last event or when it is dropped.
        ready: false while the steps of a training wait for a measurement.
        left_s: how long it still runs, as far as one can tell, s.
        job: what the executor made of it, once it runs.
        seen: how many trainings ran, each time that it told of its progress.
    """

    kind: Kind
    owner: str
    name: str
    make: Callable[[], JobSpec]
    on_event: Callable[[Event], None]
    on_end: Callable[[], None] = lambda: None
    ready: bool = True
    left_s: float = 60.0
    job: Job | None = None
    seen: list[int] = field(default_factory=list)

    @property
    def beside(self) -> float:
        """How many trainings ran at once while it did, itself included, on average."""
        return fmean(self.seen) if self.seen else 1.0


class Line:
    """Tasks that wait and tasks that run; whoever uses it holds a lock."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.waiting: list[Task] = []
        self.running: list[Task] = []

    def next(self) -> Task | None:
        """The task to start now; None when nothing may."""
        for task in [*self._waiting("calibrate"), *self._waiting("check", "render")]:
            if self._may_start(task):
                return task
        return next((task for task in self.order() if self._may_start(task)), None)

    def order(self) -> list[Task]:
        """The trainings that wait in the order in which they will start: an experiment with fewer
        trainings before them goes first.
        """
        taken = Counter(task.owner for task in self._running("train"))
        rest, ordered = self._waiting("train"), []
        while rest:
            task = min(rest, key=lambda task: taken[task.owner])  # the earliest of equals
            rest.remove(task)
            ordered.append(task)
            taken[task.owner] += 1
        return ordered

    def forecast(self) -> dict[Task, tuple[int, float]]:
        """The place (1 is next) and the seconds until it starts of each training that waits."""
        ends: list[float] = []
        for task in self._running("train", "calibrate"):
            heappush(ends, max(0.0, task.left_s))
        for _ in range(self.capacity - len(ends)):
            heappush(ends, 0.0)
        found = {}
        for place, task in enumerate(self.order(), start=1):
            start = heappop(ends)
            found[task] = (place, round(start, 1))
            heappush(ends, start + task.left_s)
        return found

    def _may_start(self, task: Task) -> bool:
        trainings, measuring = len(self._running("train")), bool(self._running("calibrate"))
        if task.kind == "calibrate":  # measures the machine as one training has it
            return not trainings and not measuring
        if task.kind == "train":
            blocked = measuring or self._waiting("calibrate")
            return task.ready and not blocked and trainings < self.capacity
        short = len(self._running("check", "render"))
        return short < max(1, self.capacity - trainings - measuring)

    def _waiting(self, *kinds: Kind) -> list[Task]:
        return [task for task in self.waiting if task.kind in kinds]

    def _running(self, *kinds: Kind) -> list[Task]:
        return [task for task in self.running if task.kind in kinds]
