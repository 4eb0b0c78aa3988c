"""Language models at work for the studio's experiments, each request in a thread of its own."""

import threading
from collections.abc import Callable

from tabrl.errors import TabRLError
from tabrl.experiments.authors import Authors, ask, take_part
from tabrl.experiments.commands import take_commands
from tabrl.experiments.improve import Edit, Editor, Wish, adopt
from tabrl.experiments.record import ApproachRecord
from tabrl.experiments.studio.live import WHOLE, Live
from tabrl.experiments.studio.panel import Lane
from tabrl.llm.panel import Part, Script


class Asking:
    """Asks, and hands what comes back to the studio.

    Args:
        lane: where the answers' checks run.
        lock: held while an experiment is changed.
        gone: whether nobody waits for an experiment's answers any more.
        check: has a new approach checked.
        follow: has new commands followed, once there is a metric.
        tell: tells those who watch that something changed.
    """

    def __init__(
        self,
        lane: Lane,
        lock: threading.RLock,
        gone: Callable[[Live], bool],
        check: Callable[[Live, ApproachRecord], None],
        follow: Callable[[Live], None],
        tell: Callable[[Live, str], None],
    ) -> None:
        self._lane, self._lock, self._gone = lane, lock, gone
        self._check, self._follow, self._tell = check, follow, tell

    def propose(self, live: Live, who: Authors, counts: dict[str, int]) -> None:
        """Have language models propose; what each gives is shown as soon as it is there."""
        with self._lock:
            live.proposing = [name for name in who.models if counts.get(name)]
        _start(self._propose, live, who, counts)

    def improve(self, live: Live, parent: ApproachRecord, wish: Wish, editor: Editor) -> None:
        """Have an approach edited; the built-in proposer has done it when this returns."""
        edit = editor.at_once(parent, wish)
        with self._lock:
            if edit:
                self._adopt(live, parent, edit, wish)
                return
            live.proposing.append(editor.name)
            self._tell(live, WHOLE)
            _start(self._improve, live, parent.model_copy(deep=True), wish, editor)

    def _propose(self, live: Live, who: Authors, counts: dict[str, int]) -> None:
        def take(part: Part) -> None:
            with self._lock:
                if not self._gone(live):
                    added = take_part(live.experiment, part)
                    for approach in added:
                        self._check(live, approach)
                    live.proposing = [name for name in live.proposing if name != part.asked]
                    self._tell(live, WHOLE)

        def script(script: Script) -> None:
            with self._lock:
                if not self._gone(live):
                    take_commands(live.experiment, script)
                    self._follow(live)
                    self._tell(live, WHOLE)

        problem = ""
        try:
            ask(
                live.experiment,
                who,
                counts,
                self._lane.of(live.id),
                on_part=take,
                on_script=script,
                stopped=lambda: self._gone(live),
            )
        except Exception as error:
            problem = f"The language models could not be asked: {error}"
        with self._lock:
            live.proposing = [name for name in live.proposing if name not in who.models]
            self._end(live, problem)

    def _improve(self, live: Live, parent: ApproachRecord, wish: Wish, editor: Editor) -> None:
        edit, problem = None, ""
        try:
            edit = editor.ask(live.experiment, parent, wish, self._lane.of(live.id))
        except Exception as error:
            said = error.message if isinstance(error, TabRLError) else str(error)
            problem = f"{parent.name} stays as it is: {said}"
        with self._lock:
            if editor.name in live.proposing:
                live.proposing.remove(editor.name)
            if edit and not self._gone(live):
                self._adopt(live, parent, edit, wish)
            self._end(live, problem)

    def _adopt(self, live: Live, parent: ApproachRecord, edit: Edit, wish: Wish) -> None:
        experiment = live.experiment
        child = adopt(experiment, experiment, parent, edit, wish)
        experiment.approaches = [*experiment.approaches, child]
        self._check(live, child)
        self._tell(live, WHOLE)

    def _end(self, live: Live, problem: str) -> None:
        if not self._gone(live):
            live.experiment.errors += [problem] if problem else []
            self._tell(live, WHOLE)


def _start(work: Callable[..., None], *arguments: object) -> None:
    threading.Thread(target=work, args=arguments, daemon=True).start()
