"""Trainings: begun, ended early, tried again, gone on with, and their clips drawn again."""

import time
from collections.abc import Sequence

from tabrl.errors import ConflictError
from tabrl.experiments import validate
from tabrl.experiments.approach_record import ApproachRecord
from tabrl.experiments.engine import records, resume
from tabrl.experiments.engine.core import Core
from tabrl.experiments.engine.live import Live
from tabrl.experiments.engine.queue import Task
from tabrl.experiments.launch import assign_steps, decide_steps, train_spec
from tabrl.experiments.states import TRIED
from tabrl.spec import Hyperparameters, JobSpec, Preset, RenderSpec

MOST_LOSSES = 3
"""Times that a training goes on elsewhere: one that kills its machines does not go on for ever."""
GONE = (
    "What it trained on went away.",
    "Try again once the cluster is well: it goes on from its last policy.",
)


class Training(Core):
    """Puts approaches in the queue and takes them out again."""

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
        """Put approaches in the queue: those of these ids, or all that passed their check.

        Raises:
            ConflictError: one cannot be trained now, or none can.
        """
        self.refuse_when_closing()
        with self.lock:
            live = self.writable(id)
            if live.ending:
                raise ConflictError("This experiment was stopped.", "Nothing more of it begins.")
            chosen = records.chosen(live, names)
            self.allow(live, len(chosen))
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
            if not live.held:  # a command has promised before its checks
                self.promise(live, len(chosen), checked=True)
            for approach in chosen:
                if approach.status in TRIED:
                    records.begin_anew(approach)
                else:
                    records.forget_training(approach)
                self.enqueue(live, approach)
        self._writer.write(id)  # what was promised outlives a power cut
        return live

    def cancel(self, id: str, name: str) -> None:
        """End a training early; what it learned is kept. One that waits leaves the queue."""
        with self.lock:
            live = self.writable(id)
            approach = live.approach(name)
            task = live.tasks.get(name)
            if approach.status not in ("queued", "training") or task is None:
                raise ConflictError(f"{approach.name} does not train.", "There is nothing to end.")
            if name in live.stopping:
                return
            if approach.status == "training":
                live.stopping.add(name)
            else:
                approach.become("cancelled")
            self.tell(live, name)
        self._runner.drop(task)

    def retry(self, id: str, name: str) -> None:
        """Check or train again what failed, was cancelled or interrupted."""
        self.refuse_when_closing()
        with self.lock:
            live = self.writable(id)
            approach = live.approach(name)
            if approach.status not in ("failed", "cancelled", "interrupted"):
                raise ConflictError(
                    f"{approach.name} is {approach.status}.",
                    "Only what failed, was cancelled or interrupted can be tried again.",
                )
            if approach.error and approach.error.phase == "checking":
                records.forget_training(approach)
                self.check_again(live, approach)
                return
            self.allow(live, 1)
            was_interrupted = approach.status == "interrupted"
            if not (was_interrupted and resume.prepare(live.experiment, approach)):
                records.begin_anew(approach)
            self.enqueue(live, approach)

    def train_on(self, id: str, name: str) -> None:
        """Train an approach further from its best policy, for as long again; what it showed stays
        until there is something newer.
        """
        self.refuse_when_closing()
        with self.lock:
            live = self.writable(id)
            approach = live.approach(name)
            records.refuse_when_busy(approach)
            if live.occupied(name) or not resume.prepare(live.experiment, approach):
                raise ConflictError(
                    f"{approach.name} has no policy to go on from, or is being checked.",
                    "Train it first.",
                )
            self.allow(live, 1)
            approach.keep_version()
            records.lengthen(approach, decide_steps(live.experiment).steps)
            self.promise(live, 1, checked=True)
            self.enqueue(live, approach)
        self._writer.write(id)

    def show_version(self, id: str, name: str, version: int) -> Live:
        """Go back to what an earlier training of an approach showed, or forth again.

        Raises:
            ConflictError: it trains, or has no such version.
        """
        with self.lock:
            live = self.writable(id)
            approach = live.approach(name)
            records.refuse_when_busy(approach)
            if live.occupied(name):
                raise ConflictError(f"{approach.name} is being checked.", "Wait until it is.")
            if not approach.show_version(version):
                there = ", ".join(str(kept.version) for kept in approach.versions) or "none"
                raise ConflictError(
                    f"{approach.name} has no version {version} to go back to.",
                    f"There is {there}.",
                )
            self.tell(live, name)
        self._writer.write(id)
        return live

    def render(self, id: str, name: str) -> None:
        """Render the clip of a kept policy again."""
        self.refuse_when_closing()
        with self.lock:
            live = self.writable(id)
            approach = live.approach(name)
            records.refuse_when_busy(approach)
            policy = live.folder / approach.policy
            if not (policy / "policy.json").is_file() or live.occupied(name):
                raise ConflictError(
                    f"{approach.name} has no policy to render, or is being checked.",
                    "Train it first.",
                )
            spec = RenderSpec(
                job=name,
                policy=str(policy),
                out=str(policy.parent),
                seed=live.experiment.seed,
            )
            self.start_task(live, name, "render", lambda: spec)

    def promise(self, live: Live, trainings: int, *, checked: bool) -> None:
        """Say how long it will take from now on; `checked` where no check is left to make."""
        experiment = live.experiment
        decided = decide_steps(experiment)
        experiment.estimate = self.timings.estimate(
            experiment.robot,
            experiment.hyperparameters,
            decided.steps,
            trainings,
            checked=checked,
            limit=decided.max_steps,
            sentence=experiment.sentence,
        )
        experiment.took_s, live.asked_at = None, time.monotonic()

    def enqueue(self, live: Live, approach: ApproachRecord, *, heard: int | None = None) -> None:
        """Put a training in the queue, or hear the rest of one that an earlier studio began and
        that told `heard` events to it.
        """
        if heard is None:
            approach.become("queued")
            approach.enter("queued", time.time())
        live.stopping.discard(approach.folder)

        def spec() -> JobSpec:
            approach.become("training")
            self.tell(live, approach.folder)
            threads = self._runner.threads(len(records.trainable(live)))
            previews = self.client == "studio"  # nobody sees a command's
            return train_spec(live.experiment, approach, threads, previews=previews)

        assign_steps(live.experiment, approach)
        task = self.start_task(live, approach.folder, "train", spec, heard=heard)
        task.again = lambda: self._go_on_elsewhere(live, approach, task)
        told = self.timings.estimate(  # among as many others as fit
            live.experiment.robot,
            live.experiment.hyperparameters,
            max(0, (approach.num_steps or 0) - approach.step),
            1,
            beside=self._runner.queue.capacity,
            checked=True,
        )
        task.left_s, task.film_s = told.seconds, told.parts["film"]

    def _go_on_elsewhere(self, live: Live, approach: ApproachRecord, task: Task) -> None:
        """Begin another attempt of a training whose machine is gone, from the last policy that it
        left; after a few, leave it at that.
        """
        live.losses[approach.folder] += 1
        if task.job:
            records.note_job(approach, task.job)
        if self._runner.away or live.losses[approach.folder] > MOST_LOSSES:
            del live.losses[approach.folder]
            message, hint = task.why
            records.interrupt(approach, f"{GONE[0]} {message}".strip(), hint or GONE[1])
            self.tell(live, approach.folder)
            return
        if not resume.prepare(live.experiment, approach):
            records.begin_anew(approach)
        self.enqueue(live, approach)
