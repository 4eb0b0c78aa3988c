"""An experiment that the studio holds in memory, with those who watch it."""

from collections import Counter
from collections.abc import Callable, Hashable
from pathlib import Path

from tabrl.errors import NotFoundError
from tabrl.experiments.record import ApproachRecord, Experiment, ExperimentStatus
from tabrl.experiments.studio.line import Task

WHOLE = ""  # the key of the experiment itself; an approach's is its folder
GONE = "\0"
OWNER = "owner"  # its vote is the winner; a browser's name is longer
Watcher = Callable[[str, bool], None]
"""Called with the key of what changed, and whether that was only progress. It must not wait."""


class Live:
    """One experiment; whoever uses it holds the studio's lock.

    Attributes:
        tasks: what waits or runs for each approach.
        stopping: approaches whose training was asked to end early.
        proposing: providers that have not answered yet.
        ballots: the approach that each voter chose.
        places: where each approach that waits stands: place and seconds until it starts.
        asked_at: when its trainings were asked for, s of the monotonic clock; None once they ended.
        read_only: shipped or run by a command: it can be watched, duplicated and shared.
        changes: how often each key changed.
        texts: what watchers were told of it, with the change that it tells of.
    """

    def __init__(self, experiment: Experiment, *, read_only: bool = False) -> None:
        self.experiment = experiment
        self.read_only = read_only
        self.share_id: str | None = None
        self.ballots: dict[str, str] = {}
        self.tasks: dict[str, Task] = {}
        self.stopping: set[str] = set()
        self.proposing: list[str] = []
        self.asked_at: float | None = None
        self.places: dict[str, tuple[int, float]] = {}
        self.changes: Counter[str] = Counter()
        self.texts: dict[Hashable, tuple[int, str]] = {}
        self.watchers: list[Watcher] = []

    @property
    def id(self) -> str:
        return self.experiment.id

    @property
    def folder(self) -> Path:
        return self.experiment.folder

    @property
    def busy(self) -> bool:
        """Whether it must stay in memory."""
        return bool(self.tasks or self.proposing or self.watchers)

    def approach(self, name: str) -> ApproachRecord:
        """The approach of this id; `NotFoundError` where there is none."""
        found = self.experiment.find(name)
        if found is None:
            raise NotFoundError("There is no such approach in this experiment.")
        return found

    def votes(self) -> dict[str, int]:
        """How many chose each approach that is still there."""
        there = {approach.folder for approach in self.experiment.approaches}
        return dict(Counter(choice for choice in self.ballots.values() if choice in there))

    @property
    def winner(self) -> str | None:
        """The approach that its owner chose, if it is still there."""
        choice = self.ballots.get(OWNER)
        return choice if choice and self.experiment.find(choice) else None

    def tell(self, key: str, *, often: bool = False) -> None:
        """Tell those who watch that something changed."""
        self.changes[key] += 1
        for watcher in list(self.watchers):
            watcher(key, often)

    def standing(self) -> ExperimentStatus:
        """The experiment's status, which follows from its approaches'."""
        statuses = [approach.status for approach in self.experiment.approaches]
        running = {a.folder for a in self.experiment.approaches if a.status == "training"}
        if running:
            return "stopping" if running <= self.stopping else "running"
        if "queued" in statuses:
            return "queued"
        tried = [s for s in statuses if s in ("finished", "failed", "cancelled", "interrupted")]
        if not tried:
            return "draft"
        if "interrupted" in tried:
            return "interrupted"
        if "finished" in tried:
            return "finished" if set(tried) == {"finished"} else "incomplete"
        return "cancelled" if set(tried) == {"cancelled"} else "failed"
