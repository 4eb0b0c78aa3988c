"""What becomes of an experiment beside its training: copies, shares, votes, its end, and that of
its robot.
"""

from contextlib import suppress

from tabrl.errors import ConflictError, NotFoundError
from tabrl.experiments import robots
from tabrl.experiments.create import create
from tabrl.experiments.engine import records
from tabrl.experiments.engine.core import Core
from tabrl.experiments.engine.library import PREFIX
from tabrl.experiments.engine.live import GONE, WHOLE, Live, Visibility
from tabrl.experiments.propose import write_reward
from tabrl.experiments.record import CommandsRecord, Credit, Parent
from tabrl.experiments.states import BUSY
from tabrl.robots.catalogue import Robot


class Keeping(Core):
    """Copies, shares and deletes experiments, and counts votes."""

    def delete(self, id: str) -> None:
        """Delete an experiment with all its files."""
        with self.lock:
            live = self.writable(id)
            tasks = list(live.tasks.values())
            live.tasks.clear()
            self._registry.drop(id)
            live.tell(GONE)
        self._writer.forget(id)
        for task in tasks:
            self._runner.drop(task, kill=True)
        self.remove_files(live)

    def remove_robot(self, robot_id: str) -> None:
        """Remove a custom robot; what was taught to it stays.

        Raises:
            UnknownRobotError: there is none of this id.
            ConflictError: it came with TabRL, or is learning.
        """
        for row in self.store.of_robot(robot_id):
            if row.status in BUSY:
                raise ConflictError(
                    f"{robot_id} is learning “{row.sentence[:60]}”.",
                    "Cancel that first, or wait for its end.",
                )
        robots.remove(robot_id)
        self._runner.renew()

    def correct_robot(self, robot_id: str, listener: robots.Listener, **said: str) -> Robot:
        """Make a custom robot again, with another `kind`, `forward` or `base`.

        Raises:
            UnknownRobotError: there is no custom robot of this id.
            ConflictError: something was taught to it, which would no longer fit.
            TabRLError: it cannot be made so; it stays as it was.
        """
        self.refuse_taught(robot_id)
        made = robots.correct(robot_id, self.settings, listener, **said)
        self._runner.renew()
        return made

    def refuse_taught(self, robot_id: str) -> None:
        """Let nobody change a robot that somebody taught.

        Raises:
            ConflictError: somebody did.
        """
        if taught := len(self.store.of_robot(robot_id)):
            raise ConflictError(
                f"{robot_id} has {taught} experiment{'s' * (taught > 1)}, which another body would "
                "not fit.",
                "Add the model once more, under another id.",
            )

    def duplicate(self, id: str, owner: str | None = None) -> Live:
        """A draft with the same sentence and approaches, which is the owner's."""
        live = self._registry.find(id)
        parent = Parent(how="duplicate", id=live.id, title=live.experiment.title)
        return self._copy(live, parent, owner)

    def fork(self, share_id: str, owner: str | None = None) -> Live:
        """A draft of one's own from a shared experiment."""
        live = self._registry.shared(share_id)
        credit = live.experiment.credit
        theirs = live.owner if live.visibility == "public" else None  # else nobody is told whose
        parent = Parent(
            how="fork",
            share_id=share_id,
            title=live.experiment.title,
            owner=credit.owner if credit else theirs,
        )
        return self._copy(live, parent, owner)

    def share(self, id: str) -> str:
        """The id under which an experiment can be seen; the same one each time."""
        live = self._registry.find(id)
        if live.share_id is None or not live.open:
            self.show(live, "link")
        assert live.share_id is not None
        return live.share_id

    def show(self, live: Live, visibility: Visibility) -> None:
        """Say who else may see an experiment; its link stays the same, and opens it or not."""
        live.share_id = self.store.show(live.id, visibility)
        with self.lock:
            live.visibility = visibility
            live.tell(WHOLE)

    def hide(self, live: Live, hidden: bool) -> None:
        """Have nobody but its owner and the studio's see an experiment any more, not in the library
        either; or have everybody see it again who could.

        Raises:
            ConflictError: it is of the library.
        """
        if live.shipped:
            raise ConflictError(
                "What is in the library is not hidden.", "Remove it from the library."
            )
        self.store.exhibits.hide(live.id, hidden)
        with self.lock:
            live.hidden = hidden
            live.tell(WHOLE)
        if hidden:
            self.take_back(live.id)

    def add_to_library(
        self, live: Live, name: str, *, licence: str = "", by: str = "", called: str | None = None
    ) -> Live:
        """Copy an approach into the library, where everybody finds it; see `Library.add`."""
        credit = Credit(source=live.id, owner=live.owner, licence=licence, by=by)
        made = self.library.add(live.experiment, live.approach(name), credit, called)
        return self._registry.find(PREFIX + made)

    def remove_from_library(self, name: str) -> None:
        """Remove what was added to the library, with its votes; see `Library.remove`."""
        self.library.remove(name)
        self.store.delete(PREFIX + name)
        with suppress(NotFoundError):
            self._registry.find(PREFIX + name)  # tells those who watch it

    def take_back(self, id: str) -> None:
        """Remove from the library what was copied from an experiment."""
        for name in self.library.copies(id):
            self.remove_from_library(name)

    def disown(self, owner: str) -> None:
        """Have what belongs to a person belong to the studio, for nobody else to see."""
        self.store.disown(owner)
        with self.lock:
            for live in self._registry.all():
                if live.owner == owner:
                    live.owner, live.visibility = None, "private"
                    live.tell(WHOLE)

    def vote(self, live: Live, name: str | None, voter: str) -> Live:
        """Set or take back the one vote of a voter."""
        if name is not None:
            live.approach(name)
        self.store.vote(live.id, voter, name)
        with self.lock:
            if name is None:
                live.ballots.pop(voter, None)
            else:
                live.ballots[voter] = name
            live.tell(WHOLE)
        return live

    def _copy(self, live: Live, parent: Parent, owner: str | None) -> Live:
        self.refuse_when_closing()
        with self.lock:
            given = live.experiment
            experiment = create(
                given.sentence,
                given.robot,
                seed=given.seed,
                settings=self.settings,
                client=self.client,
                status="draft",
                reading=given.reading,
                randomize=given.randomize,
                hyperparameters=given.hyperparameters,
                parent=parent,
                title=given.title,
                note=given.note,
            )
            experiment.preset, experiment.steps = given.preset, given.steps
            experiment.approaches = [records.fresh(approach) for approach in given.approaches]
            if given.commands:
                told = given.commands
                experiment.commands = CommandsRecord.of(
                    told.commands(), told.provider, told.prompts
                )
            for approach in experiment.approaches:
                write_reward(experiment, approach)
        return self.begin(experiment, owner)
