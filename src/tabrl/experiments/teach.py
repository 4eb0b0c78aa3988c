"""The main story: a sentence goes in, trained robots come out, side by side."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tabrl.events import Event, Phase, PhaseStarted
from tabrl.executors.base import Executor, Job, gather, make_executor
from tabrl.experiments.authors import authors, propose
from tabrl.experiments.check import check
from tabrl.experiments.collect import OnEvent, collect
from tabrl.experiments.commands import follow_spec, leave_commands
from tabrl.experiments.compare import compare
from tabrl.experiments.create import create, taken
from tabrl.experiments.estimates import Timings
from tabrl.experiments.journal import Journal
from tabrl.experiments.launch import decide_steps, launch
from tabrl.experiments.locking import held
from tabrl.experiments.record import HELD, Experiment
from tabrl.experiments.stop import Stop, stopped_by_signals
from tabrl.settings import Settings
from tabrl.spec import Hyperparameters, Preset


def teach(
    sentence: str,
    robot: str = "Go1JoystickFlatTerrain",
    *,
    preset: Preset = "standard",
    steps: int | None = None,
    approaches: int = 3,
    seed: int = 0,
    randomize: bool = False,
    coarse_physics: bool | None = None,
    provider: str | Sequence[str] = "builtin",
    model: str | None = None,
    base_url: str | None = None,
    replay: Path | None = None,
    executor: str | Executor = "local",
    out: Path | None = None,
    settings: Settings | None = None,
    on_event: OnEvent = lambda experiment, event: None,
    stop: Stop | None = None,
) -> Experiment:
    """Teach a robot what a sentence says: propose, check, train, render, judge, compare.

    An approach that is refused or fails does not stop its siblings. The first Ctrl-C ends the
    trainings early and keeps their best policies; the second ends everything at once. What was
    finished is kept in `experiment.json`, whatever happens.

    Args:
        steps: environment steps of each approach, instead of the preset's time.
        approaches: how many each provider proposes; fewer where there would be more than nine.
        randomize: domain randomisation, and at the end a test over friction, mass and pushes.
        coarse_physics: train with physics steps of 4 ms where the robot's own are shorter; None
            does where it has a base policy, which learnt with them.
        provider: who proposes; "all" asks everybody who is ready.
        model: another model than the provider's configured one.
        base_url: another address than the provider's configured one.
        replay: recorded exchanges that answer in place of the providers.
        executor: "local", "inline", or one that the caller closes.
        out: the experiment's folder; None makes one in the user's data folder.
        on_event: called with the experiment as it stands and each event.
        stop: request it from another thread to end early.

    Raises:
        TabRLError: the request cannot be done; nothing was spent.
        KeyboardInterrupt: the second Ctrl-C.
    """
    settings = settings or Settings.from_env()
    names = (provider,) if isinstance(provider, str) else provider
    who = authors(names, settings, model=model, base_url=base_url, replay=replay)
    experiment = create(
        sentence,
        robot,
        preset=preset,
        steps=steps,
        approaches=approaches,
        seed=seed,
        randomize=randomize,
        hyperparameters=Hyperparameters(coarse_physics=coarse_physics),
        provider=", ".join(who.names),
        out=out,
        settings=settings,
    )
    stop = stop or Stop()

    def ask(workers: Executor) -> None:
        propose(experiment, who, approaches, workers, lambda: stop.requested)

    return carry_out(experiment, ask, executor, settings, on_event, stop)


def carry_out(
    experiment: Experiment,
    propose: Callable[[Executor], None],
    executor: str | Executor,
    settings: Settings,
    on_event: OnEvent,
    stop: Stop,
) -> Experiment:
    """Take a new experiment through all its phases; `propose` fills in its approaches."""
    run = _Run(experiment, settings, on_event, stop)
    ours = held(experiment.folder / HELD, *taken(experiment.folder))
    with ours, stopped_by_signals(run.stop), run.recorded(), _opened(executor, settings) as workers:
        run.all(workers, propose)
    return experiment


class _Run:
    """One experiment on its way through the phases."""

    def __init__(
        self, experiment: Experiment, settings: Settings, on_event: OnEvent, stop: Stop
    ) -> None:
        self.experiment, self.settings, self.stop = experiment, settings, stop
        from tabrl.store import open_store  # slow to import, and a check has no need of it

        self._on_event = on_event
        self._journal = Journal(experiment, open_store(settings))
        self._timings = Timings(settings)
        stop.on_request = self._stopping

    def all(self, executor: Executor, propose: Callable[[Executor], None]) -> None:
        with self._phase("proposing"):
            propose(executor)
        began = time.monotonic()
        self._estimate()
        with self._phase("checking"):
            self._do(self._first_jobs(executor))
        if not self.stop.requested:
            with self._phase("training"):
                self._train(executor)
        if not self.stop.requested:
            self.experiment.took_s = round(time.monotonic() - began, 1)
        with self._phase("rendering"):
            compare(self.experiment)

    @contextmanager
    def recorded(self) -> Iterator[None]:
        """Leave a true record, however the run ends."""
        self._journal.write()
        try:
            yield
        except KeyboardInterrupt:
            self._end("cancelled")
            raise
        except BaseException as error:
            self.experiment.errors.append(str(error))
            self._end("failed")
            raise
        else:
            self._end(_outcome(self.experiment, self.stop))

    def _first_jobs(self, executor: Executor) -> list[Job]:
        """The clip of the commands, which needs no training, and the checks."""
        experiment = self.experiment
        shown = [executor.submit(follow_spec(experiment))] if experiment.commands else []
        return shown + check(experiment.approaches, experiment.robot, executor)

    def _estimate(self) -> None:
        """Say how long it will take, checks and clips included."""
        taught = self.experiment
        decided = decide_steps(taught)
        if taught.approaches:
            taught.estimate = self._timings.estimate(
                taught.robot,
                taught.hyperparameters,
                decided.steps,
                len(taught.approaches),
                limit=decided.max_steps,
            )

    def _train(self, executor: Executor) -> None:
        jobs = launch(self.experiment, executor)
        self._do(jobs)
        beside = 1 if any(job.in_caller for job in jobs) else self._timings.at_once(len(jobs))
        for approach in self.experiment.approaches:
            self._timings.learn(self.experiment, approach, beside)

    def _do(self, jobs: list[Job]) -> None:
        self.stop.watch(jobs)
        try:
            collect(self.experiment, gather(jobs), self._journal, self._on_event, self.stop)
        except BaseException:  # a second request ends a job at once
            for job in jobs:
                job.cancel()
            raise

    @contextmanager
    def _phase(self, phase: Phase) -> Iterator[None]:
        self._tell(PhaseStarted(job=self.experiment.id, phase=phase))
        began = time.monotonic()
        try:
            yield
        finally:
            self.experiment.timings[phase] = round(time.monotonic() - began, 3)
        self._journal.write()

    def _end(self, status: Any) -> None:
        for approach in self.experiment.approaches:
            if not approach.ended:
                approach.status = "cancelled" if status == "cancelled" else "failed"
        leave_commands(self.experiment.commands, stopping=status == "cancelled")
        self.experiment.status = status
        self._journal.write()
        self._tell(PhaseStarted(job=self.experiment.id, phase="done"))

    def _stopping(self) -> None:
        self.experiment.status = "stopping"

    def _tell(self, event: Event) -> None:
        self._on_event(self.experiment, event)


def _outcome(experiment: Experiment, stop: Stop) -> str:
    """How it went: finished only where every approach did."""
    if stop.requested:
        return "cancelled"
    done = [approach.status == "finished" for approach in experiment.approaches]
    return "finished" if all(done) else "incomplete" if any(done) else "failed"


@contextmanager
def _opened(executor: str | Executor, settings: Settings) -> Iterator[Executor]:
    """The executor; one that was named is closed again, a given one is its owner's."""
    if isinstance(executor, str):
        with make_executor(executor, settings) as made:
            yield made
    else:
        yield executor
