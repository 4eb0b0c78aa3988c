"""What all that the engine does rests on: experiments in memory, their tasks, and who is told."""

import logging
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from tabrl.errors import BusyError, ConflictError
from tabrl.events import Checked, Event, Failed, Finished, Progress, Rendering
from tabrl.executors.base import Executor
from tabrl.experiments import validate
from tabrl.experiments.approach_record import ApproachRecord
from tabrl.experiments.check import check_spec, refused_at_a_glance
from tabrl.experiments.collect import apply, leave
from tabrl.experiments.commands import apply_commands, follow_spec, leave_commands
from tabrl.experiments.create import clear, taken
from tabrl.experiments.engine import records
from tabrl.experiments.engine.lane import Lane
from tabrl.experiments.engine.library import Library
from tabrl.experiments.engine.live import WHOLE, Live
from tabrl.experiments.engine.queue import Kind, Task
from tabrl.experiments.engine.registry import Registry
from tabrl.experiments.engine.runner import Runner
from tabrl.experiments.engine.tenure import Command, tenure
from tabrl.experiments.engine.writer import Writer
from tabrl.experiments.locking import claim
from tabrl.experiments.record import COMMANDS, FILE, HELD, Experiment
from tabrl.experiments.states import BUSY
from tabrl.settings import Settings
from tabrl.spec import JobSpec
from tabrl.store import open_store

log = logging.getLogger(__name__)
Client = Literal["studio", "command"]
Listener = Callable[[Live, Event | None], None]
"""Called with each event of a job once it is applied, and with None when something has ended. It
holds the engine's lock: it must not wait."""


class Core:
    """Owns the executor and all experiments that it runs; every method may be called from any
    thread.

    Args:
        executor: "local", "ray", "inline", or one that the caller closes.
        client: who opens it: a studio runs many experiments from start to start, a command one
            to its end.
        url: where other studios on the same database reach this one.

    Attributes:
        library: behaviours that ship, and those that were added here.
        tenure: whether experiments are this engine's to run.
        lock: hold it while you read an experiment that may be running.
        listeners: told of every event.
        allow: called before somebody's trainings begin, with how many; it may refuse them.
    """

    def __init__(
        self,
        settings: Settings,
        executor: str | Executor = "local",
        *,
        client: Client = "studio",
        url: str = "",
    ) -> None:
        self.settings, self.client = settings.prepare(), client
        self.lock = threading.RLock()
        self.listeners: list[Listener] = []
        self.allow: Callable[[Live, int], None] = lambda live, trainings: None
        self.closing = False
        lasting = client == "studio"
        self.store = open_store(settings)
        self.tenure = tenure(settings, self.store, url) if lasting else Command()
        self._runner = Runner(settings, self.lock, self._tell_places, executor, lasting)
        if self.tenure.leads:
            self._runner.open()
        self.timings = self._runner.timings(settings)
        self.library = Library(settings.library)
        self._registry = Registry(self.store, self.lock, self.library, self.tenure)
        self._writer = Writer(self.store, self.lock, self._registry.held, self.tenure.held)

    # -- tasks -------------------------------------------------------------------------------------

    def begin(self, experiment: Experiment, owner: str | None = None) -> Live:
        """Hold a new experiment, keep it, and check its approaches.

        Args:
            owner: the person whose it is.

        Raises:
            TabRLError: another command writes to its folder, or the person could not be noted: then
                it is the studio's.
        """
        live = Live(experiment)
        if self.client == "command":
            live.held = claim(live.folder / HELD, *taken(live.folder))
        with self.lock:
            self._registry.put(live)
            self.follow(live)
            for approach in experiment.approaches:
                self.check_again(live, approach)
            self.tell(live, WHOLE)
        self._writer.write(experiment.id)
        if owner is not None:
            self.store.own(experiment.id, owner)
            live.owner = owner
        return live

    def check_again(self, live: Live, approach: ApproachRecord) -> None:
        """Have an approach checked; what is refused at a glance takes no worker."""
        approach.become("checking")
        approach.timings.pop("checking", None)
        approach.enter("checking", time.time())
        robot = live.experiment.robot
        if refused := refused_at_a_glance(approach.source, robot):
            event = Checked(job=approach.folder, result=refused)
            apply(approach, event, live.folder)
            self.tell(live, approach.folder)
            self._notify(live, event)
            return

        def spec() -> JobSpec:
            return check_spec(approach.folder, robot, approach.approach())

        self.start_task(live, approach.folder, "check", spec)

    def follow(self, live: Live) -> None:
        """Begin the clip of an experiment's commands, unless it has none or was begun: among the
        short jobs, it waits for no training.
        """
        experiment = live.experiment
        commands = experiment.commands
        if commands and COMMANDS not in live.tasks and commands.status in ("proposed", "rendering"):
            self.start_task(live, COMMANDS, "render", lambda: follow_spec(experiment))

    def start_task(
        self,
        live: Live,
        name: str,
        kind: Kind,
        spec: Callable[[], JobSpec],
        *,
        heard: int | None = None,
    ) -> Task:
        """Put a job of an experiment into the queue; see `Task` for `heard`."""
        task = Task(kind, live.id, name, spec, lambda event: None, heard=heard)
        task.on_event = lambda event: self._take(live, task, event)
        task.on_end = lambda: self._ended(live, task)
        live.tasks[name] = task
        self.tell(live, name)
        self._runner.submit(task)
        return task

    def drop_task(self, live: Live, name: str) -> None:
        """Take what is under way for an approach out of the queue, or end it."""
        task = live.tasks.pop(name, None)
        if task is not None:
            self._runner.drop(task)

    def lane(self, live: Live) -> Executor:
        """Runs an experiment's short jobs in turn with everybody else's."""
        return Lane(self._runner, live.id)

    # -- telling -----------------------------------------------------------------------------------

    def tell(self, live: Live, name: str, *, often: bool = False) -> None:
        """Bring the experiment's status up to date, keep it, and tell those who watch it."""
        status = live.standing()
        if status not in BUSY and not live.held:
            self.note_time(live)
        if status != live.experiment.status:
            live.experiment.status = status
            live.tell(WHOLE)
        live.tell(name, often=often)
        self._writer.note(live.id, often=often)

    def note_time(self, live: Live) -> None:
        """Note how long it took from when the estimate was told, once it is over."""
        if live.asked_at is not None:
            live.experiment.took_s = round(time.monotonic() - live.asked_at, 1)
            live.asked_at = None

    def writable(self, id: str) -> Live:
        """The experiment of this id, which becomes this engine's to change."""
        self.refuse_following()
        live = self._registry.find(id)
        if live.read_only:
            raise ConflictError(
                "This experiment is run by a command.", "It can be changed once that has ended."
            )
        live.experiment.client = self.client
        return live

    def refuse_when_closing(self) -> None:
        """`BusyError` where nothing new may begin."""
        if self.closing:
            raise BusyError("The studio is stopping.", "Start it again with `tabrl serve`.")
        self.refuse_following()

    def refuse_following(self) -> None:
        """`BusyError` where another studio runs the experiments."""
        if not self.tenure.leads:
            raise BusyError("Another studio runs the experiments.", "Try again in a moment.")

    def refuse_when_full(self, live: Live) -> None:
        """`ConflictError` where an experiment holds all the approaches that it may."""
        if len(live.experiment.approaches) >= validate.MAX_KEPT:
            raise ConflictError(
                f"{validate.MAX_KEPT} approaches are the most that an experiment holds.",
                "Duplicate it and go on there.",
            )

    def is_gone(self, live: Live) -> bool:
        """Whether an experiment was deleted."""
        return self._registry.held(live.id) is not live

    def unheard(self, live: Live) -> bool:
        """Whether nobody waits for what language models have to say about it."""
        return self.closing or live.ending or self.is_gone(live)

    def remove_files(self, live: Live) -> None:
        """Remove a deleted experiment's folder; of one elsewhere, only what is ours."""
        own: Path = self.settings.home / "experiments"
        if live.folder.parent == own:
            shutil.rmtree(live.folder, ignore_errors=True)
            return
        clear(live.folder)
        (live.folder / FILE).unlink(missing_ok=True)

    # -- events of tasks ---------------------------------------------------------------------------

    def _take(self, live: Live, task: Task, event: Event) -> None:
        """Apply one event of a task, unless it was dropped or the studio is leaving."""
        with self.lock:
            if live.tasks.get(task.name) is not task:
                return
            if self.closing and isinstance(event, Finished | Failed):
                return  # it goes on at the next start
            if task.lost and isinstance(event, Failed):  # it goes on elsewhere
                why = {"id": live.id, "job": task.name, "why": event.error, "detail": event.detail}
                log.warning("what a training ran on is gone", extra=why)
                task.why = (event.error, event.hint)
                return
            task.told = task.told or isinstance(event, Finished | Failed)
            stopping = live.ending or task.name in live.stopping
            if task.name == COMMANDS:
                if live.experiment.commands:
                    apply_commands(live.experiment.commands, event, live.folder, stopping=stopping)
            elif task.kind == "render":
                records.take_rendering(live.approach(task.name), event, live.folder)
            else:
                approach = live.approach(task.name)
                apply(approach, event, live.folder, stopping=stopping, film_s=task.film_s)
                if task.job and task.kind == "train":
                    records.note_job(approach, task.job)
            self._told_of(live, task, often=isinstance(event, Progress | Rendering))
            self._notify(live, event)

    def _ended(self, live: Live, task: Task) -> None:
        with self.lock:
            if live.tasks.get(task.name) is not task:
                if self.is_gone(live):  # what its job has written since
                    self.remove_files(live)
                return
            if self.closing:
                return
            del live.tasks[task.name]
            stopping = live.ending or task.name in live.stopping
            if task.lost and task.again and not stopping:
                task.again()
                return
            live.losses.pop(task.name, None)
            if task.name == COMMANDS:
                leave_commands(live.experiment.commands, stopping=stopping)
            else:
                approach = live.approach(task.name)
                if approach.status in ("checking", "training"):
                    leave(approach, stopping=stopping)
                if task.kind == "train":
                    if task.job:
                        records.note_job(approach, task.job)
                    self.timings.learn(live.experiment, approach, task.beside)
            live.stopping.discard(task.name)
            self._told_of(live, task)
            self._notify(live, None)

    def _told_of(self, live: Live, task: Task, *, often: bool = False) -> None:
        self.tell(live, WHOLE if task.name == COMMANDS else task.name, often=often)

    def _notify(self, live: Live, event: Event | None) -> None:
        for listener in self.listeners:
            listener(live, event)

    def _tell_places(self) -> None:
        """Tell those who wait where they stand now."""
        places: dict[str, dict[str, tuple[int, float]]] = {}
        for task, place in self._runner.queue.forecast().items():
            places.setdefault(task.owner, {})[task.name] = place
        for live in self._registry.all():
            now = places.get(live.id, {})
            changed = {name for name in live.places.keys() | now.keys()
                       if live.places.get(name) != now.get(name)}  # fmt: skip
            live.places = now
            for name in changed:
                live.tell(name, often=True)
