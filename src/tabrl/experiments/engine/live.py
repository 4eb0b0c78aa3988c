"""An experiment that the engine holds in memory, with those who watch it."""

from collections import Counter
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import IO, Literal

from tabrl.errors import NotFoundError
from tabrl.experiments.approach_record import ApproachRecord
from tabrl.experiments.engine.library import PREFIX
from tabrl.experiments.engine.queue import Task
from tabrl.experiments.record import HELD, Experiment
from tabrl.experiments.states import ExperimentStatus, standing

WHOLE = ""  # the key of the experiment itself; an approach's is its folder
GONE = "\0"
OWNER = "owner"  # its vote is the winner; a browser's name is longer
Visibility = Literal["private", "link", "public"]
Watcher = Callable[[str, bool], None]
"""Called with the key of what changed, and whether that was only progress. It must not wait."""


class Live:
    """One experiment; whoever uses it holds the engine's lock.

    Attributes:
        tasks: what waits or runs for each approach.
        stopping: approaches whose training was asked to end early.
        proposing: providers that have not answered yet.
        ballots: the approach that each voter chose.
        places: where each approach that waits stands: place and seconds until it starts.
        held: what tells other processes that a command of this one runs it.
        ending: whether no more of it shall begin.
        asked_at: when its trainings were asked for, s of the monotonic clock; None once they ended.
        losses: how often what an approach trained on went away.
        read_only: shipped or run by a command: it can be watched, duplicated and shared.
        changes: how often each key changed.
        texts: what watchers were told of it, with the change that it tells of.
        owner: the person whose it is; None: the studio's, which is everybody's where nobody has an
            account.
        visibility: who else may see it.
        hidden: whether an owner of the studio keeps it from everybody else.
    """

    def __init__(self, experiment: Experiment, *, read_only: bool = False) -> None:
        self.experiment = experiment
        self.read_only = read_only
        self.share_id: str | None = None
        self.owner: str | None = None
        self.visibility: Visibility = "private"
        self.hidden = False
        self.ballots: dict[str, str] = {}
        self.tasks: dict[str, Task] = {}
        self.stopping: set[str] = set()
        self.proposing: list[str] = []
        self.held: IO[str] | None = None
        self.ending = False
        self.losses: Counter[str] = Counter()
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
    def shipped(self) -> bool:
        """Whether it is of the library."""
        return self.id.startswith(PREFIX)

    @property
    def open(self) -> bool:
        """Whether it can be seen by who has its link."""
        return self.visibility != "private" and not self.hidden

    @property
    def busy(self) -> bool:
        """Whether it must stay in memory."""
        return bool(self.tasks or self.proposing or self.watchers)

    @property
    def moving(self) -> bool:
        """Whether more is known of it than its record tells: what waits, who proposes."""
        return bool(self.tasks or self.proposing or self.held)

    def occupied(self, name: str) -> bool:
        """Whether something waits or runs for an approach."""
        task = self.tasks.get(name)
        return task is not None and not task.told

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
        """The experiment's status, which follows from its approaches'; a command runs until it has
        ended.
        """
        if self.held:
            return "stopping" if self.ending else "running"
        approaches = self.experiment.approaches
        stopping = [i for i, a in enumerate(approaches) if a.folder in self.stopping]
        return standing([approach.status for approach in approaches], stopping=stopping)

    def release(self) -> None:
        """Let go of the experiment that a command ran."""
        if self.held:
            (self.folder / HELD).unlink(missing_ok=True)
            self.held.close()
            self.held = None
