"""The engine: everything that can be done with experiments. The studio and `tabrl teach` are its
two clients.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from tabrl.errors import BusyError, NotFoundError, TabRLError
from tabrl.executors.base import Executor
from tabrl.experiments.commands import leave_commands
from tabrl.experiments.compare import compare
from tabrl.experiments.engine import records, resume
from tabrl.experiments.engine.core import Client
from tabrl.experiments.engine.keeping import Keeping
from tabrl.experiments.engine.library import PREFIX
from tabrl.experiments.engine.live import WHOLE, Live, Watcher
from tabrl.experiments.engine.proposing import Proposing
from tabrl.experiments.engine.tenure import LOST_S
from tabrl.experiments.engine.training import Training
from tabrl.experiments.engine.watching import Follower
from tabrl.experiments.states import ExperimentStatus
from tabrl.settings import Settings

TRANSITION = TabRLError(
    "The studio that runs the experiments does not answer.",
    f"Another takes over within {LOST_S:.0f} s.",
)


class Engine(Proposing, Training, Keeping):
    """All of it, with its beginning and its end; see `Core`.

    Attributes:
        on_loss: called when another studio has taken over: this one had better end.
    """

    def __init__(
        self,
        settings: Settings,
        executor: str | Executor = "local",
        *,
        client: Client = "studio",
        url: str = "",
    ) -> None:
        super().__init__(settings, executor, client=client, url=url)
        self.on_loss: Callable[[], None] = lambda: None
        self._follower = Follower(self._registry.follow) if client == "studio" else None

    # -- looking -----------------------------------------------------------------------------------

    def find(self, id: str) -> Live:
        """The experiment of this id; `NotFoundError` where there is none."""
        return self._registry.find(id)

    def shared(self, share_id: str) -> Live:
        """The experiment behind a link, or of the library; `NotFoundError` where there is none."""
        return self._registry.shared(share_id)

    def rests(self, id: str, *, shared: bool = False) -> bool:
        """Whether no studio knows more of an experiment than was kept, by its id or a share's; so
        where there is none.
        """
        try:
            if shared:
                id = id if id.startswith(PREFIX) else self.store.shared(id)
            return id.startswith(PREFIX) or not self.store.standing(id)[1]
        except TabRLError:
            return True

    def knows_clip(self, id: str) -> bool:
        """Whether the store knows the file of a clip or poster, or cannot be asked."""
        try:
            self.store.video(id)
        except NotFoundError:
            return False
        except BusyError:
            return True
        return True

    def living(self) -> list[Live]:
        """The experiments in memory; what waits or runs is always there."""
        return self._registry.all()

    def shipped(self) -> list[Live]:
        """The library: behaviours that were trained in advance, or added here."""
        return [self.find(id) for id in self.library.all()]

    def page(
        self,
        words: str,
        limit: int,
        after: tuple[datetime, str] | None,
        statuses: Sequence[ExperimentStatus] = (),
        owner: str | None = None,
    ) -> tuple[list[Live], tuple[datetime, str] | None]:
        """Experiments that hold all the words, newest first, and where the next page begins;
        of any status, or of one of these; everybody's, or one person's.
        """
        rows = self.store.page(words.split()[:10], limit + 1, after, statuses, owner)
        found = []
        for row in rows[:limit]:
            try:
                found.append(self._registry.find(row.id, row))
            except TabRLError:  # its files are gone
                continue
        last = rows[limit - 1] if len(rows) > limit else None
        return found, (last.created, last.id) if last else None

    def watch(self, id: str, watcher: Watcher) -> Callable[[], None]:
        """Call `watcher` at each change until what is returned is called."""
        with self.lock:
            live = self.find(id)
            live.watchers.append(watcher)

        def end() -> None:
            with self.lock:
                live.watchers.remove(watcher)

        return end

    def jobs(self) -> tuple[int, int, int]:
        """How many trainings run and wait, and how many run at once."""
        with self.lock:
            queue = self._runner.queue
            running = sum(task.kind == "train" for task in queue.running)
            return running, sum(task.kind == "train" for task in queue.waiting), queue.capacity

    @property
    def where(self) -> str:
        """See `Runner.where`."""
        return self._runner.where

    @property
    def spending(self) -> tuple[float, float | None] | None:
        """See `Runner.spending`."""
        return self._runner.spending

    @property
    def trouble(self) -> TabRLError | None:
        """Why experiments are not kept or run at the moment, if they are not."""
        if not self.tenure.leads:
            return TRANSITION
        return self._writer.trouble

    def settle(self) -> None:
        """Keep what has changed, before somebody asks another studio for it."""
        self._writer.settle()

    # -- beginning and end -------------------------------------------------------------------------

    def start(self) -> None:
        """Run the experiments, or look after the studio that does, and take over when it dies.

        Raises:
            TabRLError: there is no such cluster, or the other studios keep their experiments in
                another folder.
        """
        self.tenure.start(self._ready, self._begin, lambda: self.on_loss())

    def _ready(self) -> None:
        """Have jobs run here, and nothing in memory that another studio may have changed."""
        self._runner.open()
        self.timings = self._runner.timings(self.settings)
        self._registry.forget()

    def _begin(self) -> None:
        """Go on with what an earlier studio left: checks and queues as they were, trainings from
        their last policy; what has none is named as interrupted.
        """
        for row in self.store.having(("draft", "queued", "running", "stopping")):
            try:
                live = self.find(row.id)
            except TabRLError:
                continue
            if live.experiment.client == "studio":
                with self.lock:
                    self._go_on(live)

    def stop(self, live: Live, *, kill: bool = False) -> None:
        """End all that is under way for an experiment and begin no more of it; trainings keep their
        best policies, unless they are killed.
        """
        with self.lock:
            live.ending = True
            tasks = list(live.tasks.values())
            live.stopping |= {task.name for task in tasks if task.kind == "train"}
            self.tell(live, WHOLE)
        for task in tasks:
            self._runner.drop(task, kill=kill)

    def compare(self, live: Live) -> None:
        """Put an experiment's clips side by side, in a video and on a page."""
        compare(live.experiment)
        with self.lock:
            self.tell(live, WHOLE)

    def complete(self, live: Live) -> None:
        """Let go of an experiment that a command ran: its record is final.

        Raises:
            TabRLError: it could not be kept.
        """
        with self.lock:
            live.tasks.clear()  # what they still say comes too late
            stopped, experiment = live.ending, live.experiment
            for approach in experiment.approaches:
                if not approach.ended:
                    approach.become("cancelled" if stopped else "failed")
            leave_commands(experiment.commands, stopping=stopped)
            live.asked_at = None
            live.release()
            self.tell(live, WHOLE)
            if stopped or not experiment.approaches:
                experiment.status = "cancelled" if stopped else "failed"
        self._writer.write(live.id)
        if self.trouble:
            raise self.trouble

    def close(self) -> None:
        """Stop; what a studio trains keeps its policy so far and goes on at the next start."""
        with self.lock:
            self.closing = True
        try:
            self._runner.close()
        finally:
            if self._follower:
                self._follower.close()
            self._writer.close()
            self.tenure.close()
            self.store.close()

    def _go_on(self, live: Live) -> None:
        self.follow(live)
        for approach in live.experiment.approaches:
            if approach.status in ("proposed", "checking"):
                self.check_again(live, approach)
            elif approach.status == "queued":
                self.enqueue(live, approach)
            elif approach.status == "training":
                if self._runner.lasting:  # it may go on all the while
                    self.enqueue(live, approach, heard=approach.heard)
                elif resume.prepare(live.experiment, approach):
                    self.enqueue(live, approach)
                else:
                    records.interrupt(approach)
        self.tell(live, WHOLE)
