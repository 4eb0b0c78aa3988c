"""The main story: a sentence goes in, trained robots come out, side by side."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

from tabrl.errors import ConflictError
from tabrl.events import Event, Phase, PhaseStarted
from tabrl.executors.base import Executor
from tabrl.experiments.engine import Engine, Live
from tabrl.experiments.record import Experiment
from tabrl.experiments.stop import Stop, stopped_by_signals
from tabrl.settings import Settings
from tabrl.spec import Hyperparameters, Preset

OnEvent = Callable[[Experiment, Event], None]
Events = SimpleQueue[Event | None]


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
    """Teach a robot what a sentence says: propose, check, plan, train, render, judge, compare.

    An approach that is refused or fails does not stop its siblings. The first Ctrl-C ends the
    trainings early and keeps their best policies; the second ends everything at once. What was
    finished is kept in `experiment.json`, whatever happens.

    Args:
        steps: environment steps of each approach, instead of the preset's.
        approaches: how many each provider proposes; fewer where there would be more than nine.
        randomize: domain randomisation, and at the end a test over friction, mass and pushes.
        coarse_physics: train with physics steps of 4 ms where the robot's own are shorter; None
            does where it has a base policy, which learnt with them.
        provider: who proposes; "all" asks everybody who is ready.
        model: another model than the provider's configured one.
        base_url: another address than the provider's configured one.
        replay: recorded exchanges that answer in place of the providers.
        executor: "local", "ray", "inline", or one that the caller closes.
        out: the experiment's folder; None makes one in the user's data folder.
        on_event: called with the experiment as it stands and each event.
        stop: request it from another thread to end early.

    Raises:
        TabRLError: the request cannot be done; nothing was spent.
        KeyboardInterrupt: the second Ctrl-C.
    """

    def begin(engine: Engine) -> Live:
        return engine.propose(
            robot,
            sentence,
            providers=(provider,) if isinstance(provider, str) else provider,
            model=model,
            base_url=base_url,
            replay=replay,
            approaches=approaches,
            preset=preset,
            steps=steps,
            seed=seed,
            randomize=randomize,
            hyperparameters=Hyperparameters(coarse_physics=coarse_physics),
            out=out,
        )

    return carry_out(begin, executor, settings, on_event, stop)


def carry_out(
    begin: Callable[[Engine], Live],
    executor: str | Executor,
    settings: Settings | None,
    on_event: OnEvent,
    stop: Stop | None,
    propose: Callable[[Engine, Live], None] = lambda engine, live: None,
) -> Experiment:
    """Take a new experiment through all its phases, in an engine of one's own.

    Args:
        begin: makes it.
        propose: fills in approaches that it did not begin with.
    """
    stop = stop or Stop()
    engine = Engine(settings or Settings.from_env(), executor, client="command")
    try:
        with stopped_by_signals(stop):
            events: Events = SimpleQueue()
            engine.listeners.append(lambda live, event: events.put(event))
            run = _Run(engine, begin(engine), events, on_event, stop)
            run.all(propose)
            return run.experiment
    finally:
        engine.close()


class _Run:
    """One experiment on its way through the phases; tells its events in the caller's thread."""

    def __init__(
        self, engine: Engine, live: Live, events: Events, on_event: OnEvent, stop: Stop
    ) -> None:
        self.engine, self.live, self.experiment = engine, live, live.experiment
        self._events, self._on_event, self._stop = events, on_event, stop
        stop.watch(lambda: engine.stop(live))

    def all(self, propose: Callable[[Engine, Live], None]) -> None:
        """Every phase; the record is true however it ends."""
        try:
            with self._phase("proposing"):
                propose(self.engine, self.live)
                self._until(lambda: not self.live.proposing)
            with self._phase("checking"):
                self.engine.promise(self.live, len(self.experiment.approaches), checked=False)
                self._until(self._idle)
            if not self._stop.requested:
                with self._phase("training"):
                    self._train()
            with self._phase("rendering"):
                self.engine.compare(self.live)
        except BaseException as error:
            self.engine.stop(self.live, kill=True)
            if not isinstance(error, KeyboardInterrupt):
                self.experiment.errors.append(str(error))
                self.live.ending = False  # it failed: nobody stopped it
            self.engine.complete(self.live)
            raise
        self.engine.complete(self.live)
        self._tell("done")

    def _train(self) -> None:
        try:
            self.engine.train(self.live.id)
        except ConflictError:  # stopped, or all were refused: each says why
            return
        self._until(self._idle)
        if not self._stop.requested:
            self.engine.note_time(self.live)

    def _idle(self) -> bool:
        return not self.live.tasks

    def _until(self, true: Callable[[], bool]) -> None:
        """Tell events until something holds and all that happened until then was told."""
        while True:
            with self.engine.lock:
                over = true() and self._events.empty()
            if over:
                return
            event = self._events.get()
            if event is not None:
                self._on_event(self.experiment, event)

    @contextmanager
    def _phase(self, phase: Phase) -> Iterator[None]:
        self._tell(phase)
        began = time.monotonic()
        try:
            yield
        finally:
            self.experiment.timings[phase] = round(time.monotonic() - began, 3)

    def _tell(self, phase: Phase) -> None:
        self._on_event(self.experiment, PhaseStarted(job=self.experiment.id, phase=phase))
