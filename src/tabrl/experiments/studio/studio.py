"""The studio: everything that a person can do with experiments, each phase by itself."""

import shutil
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from tabrl.errors import BusyError, ConflictError, TabRLError
from tabrl.events import Checked, Event, Failed, Finished, Progress, Rendering
from tabrl.experiments import validate
from tabrl.experiments.authors import authors, shares
from tabrl.experiments.check import check_spec, refused_at_a_glance
from tabrl.experiments.collect import apply, leave
from tabrl.experiments.commands import propose_commands
from tabrl.experiments.create import clear, create
from tabrl.experiments.estimates import Timings
from tabrl.experiments.improve import Editor, Wish
from tabrl.experiments.launch import (
    assign_steps,
    decide_steps,
    threads_each,
    train_spec,
)
from tabrl.experiments.locking import claim
from tabrl.experiments.propose import add, behaviour, write_reward
from tabrl.experiments.record import (
    FILE,
    ApproachRecord,
    CommandsRecord,
    Estimate,
    Experiment,
    ExperimentStatus,
    Parent,
)
from tabrl.experiments.studio import records, resume
from tabrl.experiments.studio.asking import Asking
from tabrl.experiments.studio.cabinet import Cabinet
from tabrl.experiments.studio.follower import Follower
from tabrl.experiments.studio.following import Following
from tabrl.experiments.studio.keeper import Keeper
from tabrl.experiments.studio.library import shelf
from tabrl.experiments.studio.line import Task
from tabrl.experiments.studio.live import GONE, WHOLE, Live, Watcher
from tabrl.experiments.studio.panel import Lane
from tabrl.experiments.studio.runner import Runner
from tabrl.llm.providers import BUILTIN
from tabrl.robots.catalogue import robot as find_robot
from tabrl.settings import Settings
from tabrl.spec import (
    Approach,
    CheckResult,
    Hyperparameters,
    JobSpec,
    Preset,
    RenderSpec,
)
from tabrl.store import open_store

CHECK_TIMEOUT_S = 120.0
BUSY = ("queued", "running", "stopping")


class Studio:
    """Owns the executor and all experiments that it runs; every method may be called from any
    thread.

    Attributes:
        lock: hold it while you read an experiment that may be running.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings.prepare()
        # Two would train the same experiments.
        self._claim = claim(
            settings.home / "studio.lock",
            f"Another studio uses {settings.home}.",
            "Stop it first, or set TABRL_HOME to another folder.",
        )
        self.lock = threading.RLock()
        self.store = open_store(settings)
        self.timings = Timings(settings)
        self._cabinet = Cabinet(self.store, self.lock)
        self._keeper = Keeper(self.store, self.lock, self._cabinet.peek)
        self._follower = Follower(self._cabinet.follow)
        self._runner = Runner(settings, self.lock, self._places)
        self._following = Following(self._runner, self.lock, self._unheard, self._tell, self._clean)
        self._asking = Asking(
            Lane(self._runner), self.lock, self._unheard, self._check, self._following.start,
            self._tell,
        )  # fmt: skip
        self.closing = False

    # -- looking ---------------------------------------------------------------------------

    def find(self, id: str) -> Live:
        """The experiment of this id; `NotFoundError` where there is none."""
        return self._cabinet.find(id)

    def shared(self, share_id: str) -> Live:
        """The experiment behind a link, or of the library; `NotFoundError` where there is none."""
        return self._cabinet.shared(share_id)

    def library(self) -> list[Live]:
        """Behaviours trained in advance."""
        return [self.find(id) for id in shelf()]

    def page(
        self,
        words: str,
        limit: int,
        after: tuple[datetime, str] | None,
        statuses: Sequence[ExperimentStatus] = (),
    ) -> tuple[list[Live], tuple[datetime, str] | None]:
        """Experiments that hold all the words, newest first, and where the next page begins;
        of any status, or of one of these.
        """
        rows = self.store.page(words.split()[:10], limit + 1, after, statuses)
        found = []
        for row in rows[:limit]:
            try:
                found.append(self.find(row.id))
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
            line = self._runner.line
            running = sum(task.kind == "train" for task in line.running)
            return running, sum(task.kind == "train" for task in line.waiting), line.capacity

    @property
    def trouble(self) -> TabRLError | None:
        """Why experiments are not kept at the moment, if they are not."""
        return self._keeper.trouble

    # -- proposing and checking --------------------------------------------------------------

    def propose(
        self,
        robot: str,
        sentence: str,
        *,
        providers: Sequence[str] = ("builtin",),
        approaches: int = 3,
        preset: Preset | None = None,
        steps: int | None = None,
        seed: int | None = None,
        randomize: bool | None = None,
        hyperparameters: Hyperparameters | None = None,
    ) -> Live:
        """A draft with proposed approaches, whose checks are on their way.

        Raises:
            TabRLError: the request cannot be done; nothing was spent.
        """
        self._refuse_when_closing()
        who = authors(providers, self.settings)
        counts = shares(approaches, who.names, validate.MAX_APPROACHES)
        experiment = create(
            sentence,
            robot,
            preset=preset or "standard",
            steps=steps,
            approaches=approaches,
            seed=seed or 0,
            provider=", ".join(who.names),
            settings=self.settings,
            keeper="studio",
            status="draft",
            randomize=bool(randomize),
            hyperparameters=hyperparameters,
        )
        if counts.get(BUILTIN):
            add(experiment, behaviour(experiment, counts[BUILTIN]), BUILTIN)
        if not who.models:
            propose_commands(experiment)
        live = self._begin(experiment)
        if who.models:
            self._asking.propose(live, who, counts)
        return live

    def edit(self, id: str, name: str, changes: dict[str, Any]) -> Live:
        """Change an approach and check it again; what it had learned is no longer shown.

        Raises:
            ConflictError: it waits or trains.
            TabRLError: the change is not valid.
        """
        with self.lock:
            live = self._writable(id)
            approach = live.approach(name)
            records.refuse_when_busy(approach)
            changed = records.changed(approach, changes)
            self._drop(live, name)
            approach.proposed_weights = approach.proposed_weights or dict(approach.weights)
            for field in Approach.model_fields:
                setattr(approach, field, getattr(changed, field))
            records.forget_training(approach)
            records.tell_difference(live, approach)
            write_reward(live.experiment, approach)
            self._check(live, approach)
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
        self._refuse_when_closing()
        editor = Editor(authors((provider,), self.settings))
        with self.lock:
            live = self._writable(id)
            parent = live.approach(name)
            records.refuse_when_busy(parent)
            if "policy" not in parent.files:
                raise ConflictError(
                    f"{parent.name} has no policy to go on from.", "Train it first."
                )
            if len(live.experiment.approaches) >= validate.MAX_KEPT:
                raise ConflictError(
                    f"{validate.MAX_KEPT} approaches are the most that an experiment holds.",
                    "Duplicate it and go on there.",
                )
            liked = [live.approach(other).name if other else "" for other in (best, worst)]
            self._asking.improve(live, parent, Wish(wish, *liked), editor)
        self._keeper.write(id)
        return live

    def check(self, robot: str, source: str, weights: dict[str, float]) -> CheckResult:
        """What a check with rolls finds about a reward; waits for it.

        Raises:
            BusyError: it took too long.
        """
        known = find_robot(robot).id
        if refused := refused_at_a_glance(source, known):
            return refused
        approach = Approach(name="reward", description="", source=source, weights=weights)
        answers: list[Event] = []
        done = threading.Event()
        task = Task(
            "check", "", "check", lambda: check_spec("check", known, approach), answers.append,
            done.set,
        )  # fmt: skip
        self._refuse_when_closing()
        self._runner.submit(task)
        if not done.wait(CHECK_TIMEOUT_S):
            self._runner.drop(task)
            raise BusyError("The check took too long.", "Try again in a moment.")
        for event in answers:
            if isinstance(event, Checked):
                return event.result
            if isinstance(event, Failed):
                raise BusyError(f"The check did not finish: {event.error}", event.hint)
        raise BusyError("The check ended without a result.", "Try again in a moment.")

    # -- training ------------------------------------------------------------------------------

    def train(
        self,
        id: str,
        names: Sequence[str] | None = None,
        *,
        preset: Preset | None = None,
        steps: int | None = None,
        seed: int | None = None,
        randomize: bool | None = None,
        hyperparameters: Hyperparameters | None = None,
    ) -> Live:
        """Put approaches in the line: those of these ids, or all that passed their check.

        Raises:
            ConflictError: one cannot be trained now, or none can.
        """
        self._refuse_when_closing()
        with self.lock:
            live = self._writable(id)
            chosen = records.chosen(live, names)
            experiment = live.experiment
            rates = hyperparameters or experiment.hyperparameters
            validate.hyperparameters(rates, experiment.robot)
            asked = steps or (None if preset or experiment.preset else experiment.steps)
            if asked is not None:
                self.timings.refuse_too_short(experiment.robot, asked, rates)
            experiment.hyperparameters = rates
            experiment.seed = experiment.seed if seed is None else seed
            experiment.randomize = experiment.randomize if randomize is None else randomize
            if preset or steps:
                experiment.preset, experiment.steps = preset, steps
            self._promise(live, len(chosen))
            for approach in chosen:
                if approach.status in records.TRIED:
                    approach.attempt += 1
                records.forget_training(approach)
                self._queue(live, approach)
        self._keeper.write(id)  # what was promised outlives a power cut
        return live

    def cancel(self, id: str, name: str) -> None:
        """End a training early; what it learned is kept. One that waits leaves the line."""
        with self.lock:
            live = self._writable(id)
            approach = live.approach(name)
            task = live.tasks.get(name)
            if approach.status not in ("queued", "training") or task is None:
                raise ConflictError(f"{approach.name} does not train.", "There is nothing to end.")
            if name in live.stopping:
                return
            if approach.status == "training":
                live.stopping.add(name)
            else:
                approach.status = "cancelled"
            self._tell(live, name)
        self._runner.drop(task)

    def retry(self, id: str, name: str) -> None:
        """Check or train again what failed, was cancelled or interrupted."""
        self._refuse_when_closing()
        with self.lock:
            live = self._writable(id)
            approach = live.approach(name)
            if approach.status not in ("failed", "cancelled", "interrupted"):
                raise ConflictError(
                    f"{approach.name} is {approach.status}.",
                    "Only what failed, was cancelled or interrupted can be tried again.",
                )
            if approach.error and approach.error.phase == "checking":
                records.forget_training(approach)
                self._check(live, approach)
                return
            was_interrupted = approach.status == "interrupted"
            if not (was_interrupted and resume.prepare(live.experiment, approach)):
                approach.attempt += 1
                records.forget_training(approach)
            self._queue(live, approach)

    def train_on(self, id: str, name: str) -> None:
        """Train an approach further from its best policy, for as long again; what it showed stays
        until there is something newer.
        """
        self._refuse_when_closing()
        with self.lock:
            live = self._writable(id)
            approach = live.approach(name)
            records.refuse_when_busy(approach)
            if name in live.tasks or not resume.prepare(live.experiment, approach):
                raise ConflictError(
                    f"{approach.name} has no policy to go on from, or is being checked.",
                    "Train it first.",
                )
            records.lengthen(approach, decide_steps(live.experiment).steps)
            self._promise(live, 1)
            self._queue(live, approach)
        self._keeper.write(id)

    def render(self, id: str, name: str) -> None:
        """Render the clip of a kept policy again."""
        self._refuse_when_closing()
        with self.lock:
            live = self._writable(id)
            approach = live.approach(name)
            records.refuse_when_busy(approach)
            folder = live.folder / approach.out
            if not (folder / "policy" / "policy.json").is_file() or name in live.tasks:
                raise ConflictError(
                    f"{approach.name} has no policy to render, or is being checked.",
                    "Train it first.",
                )
            spec = RenderSpec(
                job=name,
                policy=str(folder / "policy"),
                out=str(folder),
                seed=live.experiment.seed,
            )
            self._start(live, approach, "render", lambda: spec)

    # -- keeping -------------------------------------------------------------------------------

    def delete(self, id: str) -> None:
        """Delete an experiment with all its files."""
        with self.lock:
            live = self._writable(id)
            tasks = list(live.tasks.values())
            live.tasks.clear()
            self._cabinet.drop(id)
            live.tell(GONE)
        self._keeper.forget(id)
        for task in tasks:
            self._runner.drop(task, kill=True)
        self._remove_files(live)

    def duplicate(self, id: str) -> Live:
        """A draft with the same sentence and approaches."""
        live = self.find(id)
        return self._copy(live, Parent(how="duplicate", id=live.id, title=live.experiment.title))

    def fork(self, share_id: str) -> Live:
        """A draft of one's own from a shared experiment."""
        live = self.shared(share_id)
        title = live.experiment.title
        return self._copy(live, Parent(how="fork", share_id=share_id, title=title))

    def share(self, id: str) -> str:
        """The id under which an experiment can be seen; the same one each time."""
        live = self.find(id)
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

    # -- beginning and end ---------------------------------------------------------------------

    def start(self) -> None:
        """Go on with what an earlier studio left: checks and queues as they were, trainings from
        their last policy; what has none is named as interrupted.
        """
        for row in self.store.having(("draft", "queued", "running", "stopping")):
            try:
                live = self.find(row.id)
            except TabRLError:
                continue
            if live.experiment.keeper == "studio":
                with self.lock:
                    self._go_on(live)

    def close(self) -> None:
        """Stop; what trains keeps its policy so far and goes on at the next start."""
        with self.lock:
            self.closing = True
        try:
            self._runner.close()
        finally:
            self._follower.close()
            self._keeper.close()
            self.store.close()
            self._claim.close()

    # -- within --------------------------------------------------------------------------------

    def _begin(self, experiment: Experiment) -> Live:
        """Hold a new draft, keep it, and check it."""
        with self.lock:
            live = self._cabinet.put(Live(experiment))
            self._following.start(live)
            for approach in experiment.approaches:
                self._check(live, approach)
        self._keeper.write(experiment.id)
        return live

    def _copy(self, live: Live, parent: Parent) -> Live:
        self._refuse_when_closing()
        with self.lock:
            given = live.experiment
            experiment = create(
                given.sentence,
                given.robot,
                seed=given.seed,
                settings=self.settings,
                keeper="studio",
                status="draft",
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
        return self._begin(experiment)

    def _promise(self, live: Live, trainings: int) -> None:
        """Say how long it will take."""
        experiment = live.experiment
        decided = decide_steps(experiment)
        experiment.estimate = self.timings.estimate(
            experiment.robot,
            experiment.hyperparameters,
            decided.steps,
            trainings,
            checked=True,
            limit=decided.max_steps,
        )
        experiment.took_s, live.asked_at = None, time.monotonic()

    def _writable(self, id: str) -> Live:
        live = self.find(id)
        if live.read_only:
            raise ConflictError(
                "This experiment is run by a command.", "It can be changed once that has ended."
            )
        live.experiment.keeper = "studio"
        return live

    def _refuse_when_closing(self) -> None:
        if self.closing:
            raise BusyError("The studio is stopping.", "Start it again with `tabrl serve`.")

    def _check(self, live: Live, approach: ApproachRecord) -> None:
        approach.status = "checking"
        approach.enter("checking", time.time())
        robot = live.experiment.robot
        if refused := refused_at_a_glance(approach.source, robot):
            apply(approach, Checked(job=approach.folder, result=refused), live.folder)
            self._tell(live, approach.folder)
            return

        def spec() -> JobSpec:
            return check_spec(approach.folder, robot, approach.approach())

        self._start(live, approach, "check", spec)

    def _queue(self, live: Live, approach: ApproachRecord) -> None:
        """Put a training in the line."""
        approach.status = "queued"
        approach.enter("queued", time.time())
        live.stopping.discard(approach.folder)

        def spec() -> JobSpec:
            approach.status = "training"
            self._tell(live, approach.folder)
            threads = threads_each(min(self._runner.line.capacity, len(records.trainable(live))))
            return train_spec(live.experiment, approach, threads, previews=True)

        assign_steps(live.experiment, approach)
        task = self._start(live, approach, "train", spec)
        told = self._told(live, approach)
        task.left_s, task.film_s = told.seconds, told.parts["film"]

    def _start(
        self,
        live: Live,
        approach: ApproachRecord,
        kind: Any,
        spec: Callable[[], JobSpec],
    ) -> Task:
        task = Task(kind, live.id, approach.folder, spec, lambda event: None)
        task.on_event = lambda event: self._take(live, task, event)
        task.on_end = lambda: self._ended(live, task)
        live.tasks[approach.folder] = task
        self._tell(live, approach.folder)
        self._runner.submit(task)
        return task

    def _drop(self, live: Live, name: str) -> None:
        task = live.tasks.pop(name, None)
        if task is not None:
            self._runner.drop(task)

    def _take(self, live: Live, task: Task, event: Event) -> None:
        """Apply one event of a task, unless it was dropped or the studio is leaving."""
        with self.lock:
            if live.tasks.get(task.name) is not task:
                return
            if self.closing and isinstance(event, Finished | Failed):
                return  # it goes on at the next start
            approach = live.approach(task.name)
            if task.kind == "render":
                records.take_rendering(approach, event, live.folder)
            else:
                stopping = task.name in live.stopping
                apply(approach, event, live.folder, stopping=stopping, film_s=task.film_s)
            self._tell(live, task.name, often=isinstance(event, Progress | Rendering))

    def _ended(self, live: Live, task: Task) -> None:
        with self.lock:
            if live.tasks.get(task.name) is not task:
                self._clean(live)
                return
            if self.closing:
                return
            del live.tasks[task.name]
            approach = live.approach(task.name)
            if approach.status in ("checking", "training"):
                leave(approach, stopping=task.name in live.stopping)
            if task.kind == "train":
                self.timings.learn(live.experiment, approach, task.beside)
            live.stopping.discard(task.name)
            self._tell(live, task.name)

    def _tell(self, live: Live, name: str, *, often: bool = False) -> None:
        status = live.standing()
        if live.asked_at is not None and status not in BUSY:
            live.experiment.took_s = round(time.monotonic() - live.asked_at, 1)
            live.asked_at = None
        if status != live.experiment.status:
            live.experiment.status = status
            live.tell(WHOLE)
        live.tell(name, often=often)
        self._keeper.note(live.id, often=often)

    def _places(self) -> None:
        """Tell those who wait where they stand now."""
        forecast = self._runner.line.forecast()
        places: dict[str, dict[str, tuple[int, float]]] = {}
        for task, place in forecast.items():
            places.setdefault(task.owner, {})[task.name] = place
        for live in self._cabinet.all():
            now = places.get(live.id, {})
            changed = {name for name in live.places.keys() | now.keys()
                       if live.places.get(name) != now.get(name)}  # fmt: skip
            live.places = now
            for name in changed:
                live.tell(name, often=True)

    def _told(self, live: Live, approach: ApproachRecord) -> Estimate:
        """How long a training will run among as many others as fit."""
        experiment, steps = live.experiment, approach.num_steps or 0
        return self.timings.estimate(
            experiment.robot,
            experiment.hyperparameters,
            max(0, steps - approach.step),
            1,
            beside=self._runner.line.capacity,
            checked=True,
        )

    def _go_on(self, live: Live) -> None:
        self._following.start(live)
        for approach in live.experiment.approaches:
            if approach.status in ("proposed", "checking"):
                self._check(live, approach)
            elif approach.status == "queued":
                self._queue(live, approach)
            elif approach.status == "training":
                if resume.prepare(live.experiment, approach):
                    self._queue(live, approach)
                else:
                    records.interrupt(approach)
        self._tell(live, WHOLE)

    def _is_gone(self, live: Live) -> bool:
        return self._cabinet.peek(live.id) is not live.experiment

    def _unheard(self, live: Live) -> bool:
        """Whether nobody waits for what language models have to say about it."""
        return self.closing or self._is_gone(live)

    def _clean(self, live: Live) -> None:
        """Remove what a job has written after its experiment was deleted."""
        if self._is_gone(live):
            self._remove_files(live)

    def _remove_files(self, live: Live) -> None:
        """Remove a deleted experiment's folder; of one elsewhere, only what is ours."""
        own: Path = self.settings.home / "experiments"
        if live.folder.parent == own:
            shutil.rmtree(live.folder, ignore_errors=True)
            return
        clear(live.folder)
        (live.folder / FILE).unlink(missing_ok=True)
