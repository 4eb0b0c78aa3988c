"""From a sentence to checked approaches: proposing, editing, improving."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tabrl.behaviours.reading import Reading
from tabrl.errors import BusyError, ConflictError, TabRLError
from tabrl.events import Checked
from tabrl.executors.base import answer
from tabrl.experiments import validate
from tabrl.experiments.approach_record import ApproachRecord
from tabrl.experiments.authors import Authors, ask, authors, shares, take_part
from tabrl.experiments.check import check_spec, refused_at_a_glance
from tabrl.experiments.commands import propose_commands, take_commands
from tabrl.experiments.create import create
from tabrl.experiments.editing import Edit, Editor, Wish, adopt
from tabrl.experiments.engine import records
from tabrl.experiments.engine.core import Core
from tabrl.experiments.engine.lane import Lane
from tabrl.experiments.engine.live import WHOLE, Live
from tabrl.experiments.propose import add, behaviour, reading_of, write_reward
from tabrl.llm.panel import Part, Script
from tabrl.llm.providers import BUILTIN
from tabrl.robots.catalogue import robot as find_robot
from tabrl.spec import Approach, CheckResult, Hyperparameters, Preset

CHECK_TIMEOUT_S = 120.0


class Proposing(Core):
    """Proposals, edits and improvements; language models are asked in threads of their own."""

    def propose(
        self,
        robot: str,
        sentence: str,
        *,
        reading: Reading | None = None,
        providers: Sequence[str] = (BUILTIN,),
        model: str | None = None,
        base_url: str | None = None,
        replay: Path | None = None,
        approaches: int = 3,
        preset: Preset | None = None,
        steps: int | None = None,
        seed: int | None = None,
        randomize: bool | None = None,
        hyperparameters: Hyperparameters | None = None,
        out: Path | None = None,
        owner: str | None = None,
    ) -> Live:
        """A draft with proposed approaches, whose checks are on their way.

        Args:
            reading: what the sentence asks for, where a person corrected it.
            providers: who proposes; "all" asks everybody who is ready.
            model: another model than the provider's configured one.
            base_url: another address than the provider's configured one.
            replay: recorded exchanges that answer in place of the providers.
            approaches: how many each provider proposes; fewer where there would be too many.
            out: the experiment's folder; None makes one in the user's data folder.
            owner: the person whose it will be.

        Raises:
            TabRLError: the request cannot be done; nothing was spent.
        """
        self.refuse_when_closing()
        who = authors(providers, self.settings, model=model, base_url=base_url, replay=replay)
        counts = shares(approaches, who.names, validate.MAX_APPROACHES)
        experiment = create(
            sentence,
            robot,
            preset=preset or "standard",
            steps=steps,
            approaches=approaches,
            seed=seed or 0,
            provider=", ".join(who.names),
            out=out,
            settings=self.settings,
            client=self.client,
            status="draft",
            reading=reading_of(validate.sentence(sentence), robot, reading),
            randomize=bool(randomize),
            hyperparameters=hyperparameters,
        )
        if counts.get(BUILTIN):
            known = self.library.own().values()
            add(experiment, behaviour(experiment, counts[BUILTIN], known), BUILTIN)
        if not who.models:
            propose_commands(experiment)
        live = self.begin(experiment, owner)
        if who.models:
            with self.lock:
                live.proposing = [name for name in who.models if counts.get(name)]
            _start(self._ask, live, who, counts)
        return live

    def edit(self, id: str, name: str, changes: dict[str, Any]) -> Live:
        """Change an approach and check it again; what it had learned is no longer shown.

        Raises:
            ConflictError: it waits or trains.
            TabRLError: the change is not valid.
        """
        with self.lock:
            live = self.writable(id)
            approach = live.approach(name)
            records.refuse_when_busy(approach)
            changed = records.changed(approach, changes)
            self.drop_task(live, name)
            approach.proposed_weights = approach.proposed_weights or dict(approach.weights)
            for field in Approach.model_fields:
                setattr(approach, field, getattr(changed, field))
            records.forget_training(approach)
            approach.versions = []  # of another reward
            records.tell_difference(live, approach)
            write_reward(live.experiment, approach)
            self.check_again(live, approach)
        return live

    def improve(
        self,
        id: str,
        name: str,
        *,
        wish: str = "",
        best: str | None = None,
        worst: str | None = None,
        provider: str = BUILTIN,
    ) -> Live:
        """Have a trained approach edited: a new approach that trains on from its policy.

        Args:
            wish: what the person says about the result.
            best: the approach that the person likes best; `worst` likewise.

        Raises:
            ConflictError: it has no policy, or there are as many approaches as can be.
            TabRLError: the built-in proposer finds nothing to change.
        """
        self.refuse_when_closing()
        editor = Editor(authors((provider,), self.settings))
        with self.lock:
            live = self.writable(id)
            parent = live.approach(name)
            records.refuse_when_busy(parent)
            if "policy" not in parent.files:
                raise ConflictError(
                    f"{parent.name} has no policy to go on from.", "Train it first."
                )
            self.refuse_when_full(live)
            asked = Wish(
                wish, *(live.approach(other).name if other else "" for other in (best, worst))
            )
            if edit := editor.at_once(parent, asked):
                self._adopt(live, parent, edit, asked)
            else:
                live.proposing.append(editor.name)
                self.tell(live, WHOLE)
                _start(self._have_edited, live, parent.model_copy(deep=True), asked, editor)
        self._writer.write(id)
        return live

    def add(self, live: Live, record: ApproachRecord) -> None:
        """Add an approach to an experiment and have it checked."""
        with self.lock:
            live.experiment.approaches = [*live.experiment.approaches, record]
            self.check_again(live, record)
            self.tell(live, WHOLE)

    def check(self, robot: str, source: str, weights: dict[str, float]) -> CheckResult:
        """What a check with rollouts finds about a reward; waits for it.

        Raises:
            BusyError: it took too long.
        """
        known = find_robot(robot).id
        if refused := refused_at_a_glance(source, known):
            return refused
        self.refuse_when_closing()
        approach = Approach(name="reward", description="", source=source, weights=weights)
        job = Lane(self._runner).submit(check_spec("check", known, approach))
        timer = threading.Timer(CHECK_TIMEOUT_S, job.cancel)
        timer.start()
        try:
            return answer(job, Checked).result
        except TabRLError as error:
            said = "The check took too long." if timer.finished.is_set() else error.message
            raise BusyError(said, error.hint or "Try again in a moment.") from error
        finally:
            timer.cancel()

    # -- language models ---------------------------------------------------------------------------

    def _ask(self, live: Live, who: Authors, counts: dict[str, int]) -> None:
        """Have language models propose; what each gives is shown as soon as it is there."""

        def take(part: Part) -> None:
            with self.lock:
                if not self.unheard(live):
                    for approach in take_part(live.experiment, part):
                        self.check_again(live, approach)
                    live.proposing = [name for name in live.proposing if name != part.asked]
                    self.tell(live, WHOLE)

        def script(script: Script) -> None:
            with self.lock:
                if not self.unheard(live):
                    take_commands(live.experiment, script)
                    self.follow(live)
                    self.tell(live, WHOLE)

        problem = ""
        try:
            ask(
                live.experiment,
                who,
                counts,
                self.lane(live),
                on_part=take,
                on_script=script,
                stopped=lambda: self.unheard(live),
            )
        except Exception as error:
            problem = f"The language models could not be asked: {error}"
        self._asked(live, who.models, problem)

    def _have_edited(self, live: Live, parent: ApproachRecord, wish: Wish, editor: Editor) -> None:
        edit, problem = None, ""
        try:
            edit = editor.ask(live.experiment, parent, wish, self.lane(live))
        except Exception as error:
            said = error.message if isinstance(error, TabRLError) else str(error)
            problem = f"{parent.name} stays as it is: {said}"
        with self.lock:
            if edit and not self.unheard(live):
                self._adopt(live, parent, edit, wish)
        self._asked(live, (editor.name,), problem)

    def _adopt(self, live: Live, parent: ApproachRecord, edit: Edit, wish: Wish) -> None:
        self.add(live, adopt(live.experiment, live.experiment, parent, edit, wish))

    def _asked(self, live: Live, names: Sequence[str], problem: str) -> None:
        """Note that these were asked and have answered, or could not."""
        with self.lock:
            live.proposing = [name for name in live.proposing if name not in names]
            if not self.is_gone(live):
                live.experiment.errors += [problem] if problem else []
                self.tell(live, WHOLE)
            self._notify(live, None)


def _start(work: Callable[..., None], *arguments: object) -> None:
    threading.Thread(target=work, args=arguments, daemon=True).start()
