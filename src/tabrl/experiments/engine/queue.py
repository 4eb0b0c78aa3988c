"""Who is next: trainings and checks take fair turns among experiments, and short jobs wait for no
training.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from statistics import fmean
from typing import Literal

from tabrl.events import Event
from tabrl.executors.base import Job
from tabrl.spec import JobSpec

Kind = Literal["check", "baseline", "train", "render"]
_OTHERS: tuple[Kind, ...] = ("baseline", "render")


@dataclass(eq=False)
class Task:
    """A job that waits or runs.

    Attributes:
        owner: id of its experiment; empty for a job by itself.
        name: the approach's folder.
        make: its specification, made when it starts.
        on_event: called with each event, from the job's own thread.
        on_end: called once, after the last event or when it is dropped.
        left_s: how long it still runs, as far as one can tell, s.
        film_s: what a training's clip takes of that.
        job: what the executor made of it, once it runs.
        heard: how many events of it are known already, of one that another process began; None for
            one that is to begin.
        told: whether its job has said how it ended: all that is left is to give back its place.
        again: called in place of the end of one that was lost.
        why: what was said of its loss: message and hint.
        seen: how many trainings ran, each time that it told of its progress.
    """

    kind: Kind
    owner: str
    name: str
    make: Callable[[], JobSpec]
    on_event: Callable[[Event], None]
    on_end: Callable[[], None] = lambda: None
    left_s: float = 60.0
    film_s: float = 0.0
    job: Job | None = None
    heard: int | None = None
    told: bool = False
    again: Callable[[], None] | None = None
    why: tuple[str, str] = ("", "")
    seen: list[int] = field(default_factory=list)

    @property
    def lost(self) -> bool:
        """Whether it can go on elsewhere, since what it ran on is gone."""
        return self.again is not None and self.job is not None and self.job.lost

    @property
    def beside(self) -> float:
        """How many trainings ran at once while it did, itself included, on average."""
        return fmean(self.seen) if self.seen else 1.0


class Queue:
    """Tasks that wait and tasks that run; whoever uses it holds a lock."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.waiting: list[Task] = []
        self.running: list[Task] = []
        self._turns: dict[str, int] = {}
        self._turn = count(1)

    def next(self) -> Task | None:
        """The task to start now; None when nothing may."""
        ordered = [*self._checks(), *self._waiting(*_OTHERS), *self.order()]
        found = next((task for task in ordered if self._may_start(task)), None)
        if found and found.kind == "check":
            self._turns[found.owner] = next(self._turn)
        return found

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
        for task in self._running("train"):
            heappush(ends, max(0.0, task.left_s))
        for _ in range(self.capacity - len(ends)):
            heappush(ends, 0.0)
        found = {}
        for place, task in enumerate(self.order(), start=1):
            start = heappop(ends)
            found[task] = (place, round(start, 1))
            heappush(ends, start + task.left_s)
        return found

    def _checks(self) -> list[Task]:
        """The checks that wait: whose turn was longest ago goes first, the earliest of equals."""
        waiting = self._waiting("check")
        owners = {task.owner for task in waiting}
        self._turns = {owner: turn for owner, turn in self._turns.items() if owner in owners}
        return sorted(waiting, key=lambda task: self._turns.get(task.owner, 0))

    def _may_start(self, task: Task) -> bool:
        """A person waits for a check: one always has room, whatever trains or is drawn; so has
        one of the other short jobs.
        """
        if task.kind == "train":
            return len(self._running("train")) < self.capacity
        alike: tuple[Kind, ...] = ("check",) if task.kind == "check" else _OTHERS
        mine = len(self._running(*alike))
        return mine < max(1, self.capacity - len(self.running) + mine)

    def _waiting(self, *kinds: Kind) -> list[Task]:
        return [task for task in self.waiting if task.kind in kinds]

    def _running(self, *kinds: Kind) -> list[Task]:
        return [task for task in self.running if task.kind in kinds]
