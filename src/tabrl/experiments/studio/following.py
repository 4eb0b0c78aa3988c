"""Clips of base policies that follow commands, for the studio's experiments: nothing is trained."""

import threading
from collections.abc import Callable

from tabrl.events import Event, Failed, Finished, Rendering
from tabrl.experiments.commands import JOB, apply_commands, follow_spec, leave_commands
from tabrl.experiments.studio.line import Task
from tabrl.experiments.studio.live import WHOLE, Live
from tabrl.experiments.studio.runner import Runner


class Following:
    """Has commands followed and drawn, among the short jobs: they wait for no training.

    Args:
        lock: held while an experiment is changed.
        gone: whether nobody waits for the end of a job any more.
        tell: tells those who watch that something changed.
        clean: removes what a job wrote into the folder of an experiment that was deleted.
    """

    def __init__(
        self,
        runner: Runner,
        lock: threading.RLock,
        gone: Callable[[Live], bool],
        tell: Callable[..., None],
        clean: Callable[[Live], None],
    ) -> None:
        self._runner, self._lock, self._gone = runner, lock, gone
        self._tell, self._clean = tell, clean

    def start(self, live: Live) -> None:
        """Begin the clip of an experiment's commands, unless it has none or was begun."""
        experiment = live.experiment
        if experiment.commands is None or JOB in live.tasks:
            return
        if experiment.commands.status not in ("proposed", "rendering"):
            return
        task = Task("render", live.id, JOB, lambda: follow_spec(experiment), lambda event: None)
        task.on_event = lambda event: self._take(live, task, event)
        task.on_end = lambda: self._ended(live, task)
        live.tasks[JOB] = task
        self._runner.submit(task)

    def _take(self, live: Live, task: Task, event: Event) -> None:
        with self._lock:
            commands = live.experiment.commands
            if live.tasks.get(JOB) is not task or commands is None:
                return
            if isinstance(event, Finished | Failed) and self._gone(live):
                return  # it runs again at the next start
            apply_commands(commands, event, live.folder)
            self._tell(live, WHOLE, often=isinstance(event, Rendering))

    def _ended(self, live: Live, task: Task) -> None:
        with self._lock:
            if live.tasks.get(JOB) is not task:
                self._clean(live)
            elif not self._gone(live):
                del live.tasks[JOB]
                leave_commands(live.experiment.commands, stopping=False)
                self._tell(live, WHOLE)
