"""What becomes of an experiment beside its training: copies, shares, votes, its end."""

from tabrl.experiments.create import create
from tabrl.experiments.engine import records
from tabrl.experiments.engine.core import Core
from tabrl.experiments.engine.live import GONE, WHOLE, Live
from tabrl.experiments.propose import write_reward
from tabrl.experiments.record import CommandsRecord, Parent


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

    def duplicate(self, id: str) -> Live:
        """A draft with the same sentence and approaches."""
        live = self._registry.find(id)
        return self._copy(live, Parent(how="duplicate", id=live.id, title=live.experiment.title))

    def fork(self, share_id: str) -> Live:
        """A draft of one's own from a shared experiment."""
        live = self._registry.shared(share_id)
        title = live.experiment.title
        return self._copy(live, Parent(how="fork", share_id=share_id, title=title))

    def share(self, id: str) -> str:
        """The id under which an experiment can be seen; the same one each time."""
        live = self._registry.find(id)
        if live.share_id is None:
            live.share_id = self.store.share(id)
            with self.lock:
                live.tell(WHOLE)
        return live.share_id

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

    def _copy(self, live: Live, parent: Parent) -> Live:
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
        return self.begin(experiment)
