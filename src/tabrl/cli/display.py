"""Live progress of an experiment: a table that redraws itself, or plain lines now and then."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from tabrl.behaviours.reading.wording import sentence
from tabrl.cli.words import MARKS, duration, number
from tabrl.events import (
    Evaluated,
    Event,
    Failed,
    Finished,
    PhaseStarted,
    Progress,
    Rendering,
)
from tabrl.experiments.approach_record import ApproachRecord
from tabrl.experiments.record import COMMANDS, NOT_TRAINED, CommandsRecord, Experiment
from tabrl.verdict.words import says

PLAIN_PAUSE_S = 10.0
OnEvent = Callable[[Experiment, Event], None]


@contextmanager
def display() -> Iterator[OnEvent]:
    """Shows on stderr what it is told, in the way that fits the terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _reading_first(console, Lines(console))
        return
    board = Board()
    with Live(get_renderable=board.draw, console=console, refresh_per_second=6, transient=True):
        yield _reading_first(console, board)


def _reading_first(console: Console, shown: OnEvent) -> OnEvent:
    """Says once what the sentence was read as, and passes all on."""
    said = False

    def tell(experiment: Experiment, event: Event) -> None:
        nonlocal said
        if experiment.reading and not said and not experiment.parent:
            console.print(Text(sentence(experiment.reading)), soft_wrap=True)
        said = True
        shown(experiment, event)

    return tell


class Board:
    """The live table: one row per approach."""

    def __init__(self) -> None:
        self._experiment: Experiment | None = None
        self._phase = "proposing"
        self._progress: dict[str, Progress] = {}
        self._rendered: dict[str, float] = {}

    def __call__(self, experiment: Experiment, event: Event) -> None:
        self._experiment = experiment
        if isinstance(event, PhaseStarted) and event.job == experiment.id:
            self._phase = event.phase
        elif isinstance(event, Progress):
            self._progress[event.job] = event
        elif isinstance(event, Rendering):
            self._rendered[event.job] = event.fraction

    def draw(self) -> RenderableType:
        """What to show now."""
        experiment = self._experiment
        if experiment is None:
            return Text("starting …", style="dim")
        table = Table.grid(padding=(0, 2))
        for approach in list(experiment.approaches):
            table.add_row(*self._row(approach))
            table.add_row("", "", self._terms(approach))
        if experiment.commands:
            table.add_row(*_commands_row(experiment.commands))
        return Group(self._head(experiment), table)

    def _head(self, experiment: Experiment) -> Text:
        head = Text.assemble((experiment.sentence[:100], "bold"), f"  {experiment.robot}")
        if experiment.status == "stopping":
            return head.append(
                "  stopping: keeping the best so far (Ctrl-C again: at once)", "yellow"
            )
        return head.append(f"  {self._phase}", "cyan")

    def _row(self, approach: ApproachRecord) -> tuple[RenderableType, ...]:
        word = approach.status if approach.ended else approach.phase
        told = self._progress.get(approach.folder)
        left = f"{duration(told.seconds_left)} left" if told and word == "training" else ""
        value = f"return {number(told.episode_return)}" if told else ""
        return (
            Text(approach.name[:40], "bold"),
            Text(word, MARKS.get(word, "cyan")),
            ProgressBar(1.0, self._fraction(approach), width=24),
            Text(left),
            Text(value),
            _judged(approach),
        )

    def _fraction(self, approach: ApproachRecord) -> float:
        if approach.ended:
            return 1.0
        if approach.phase == "rendering":
            return self._rendered.get(approach.folder, 0.0)
        told = self._progress.get(approach.folder)
        return min(1.0, told.step / told.num_steps) if told else 0.0

    def _terms(self, approach: ApproachRecord) -> Text:
        if approach.error:
            return Text(f"{approach.error.message} {approach.error.hint}", "red")
        told = self._progress.get(approach.folder)
        terms = told.terms if told else {}
        return Text("  ".join(f"{name} {number(pay)}" for name, pay in terms.items()), "dim")


class Lines:
    """Plain lines: every change of phase, and progress every ten seconds."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._last: dict[str, float] = {}

    def __call__(self, experiment: Experiment, event: Event) -> None:
        text = self._words(experiment, event)
        if text:
            approach = experiment.find(event.job)
            name = approach.name if approach else experiment.title or experiment.sentence[:60]
            name = f"Commands ({NOT_TRAINED})" if event.job == COMMANDS else name
            self._console.print(Text(f"{name}: {text}"), soft_wrap=True)

    def _words(self, experiment: Experiment, event: Event) -> str:
        if isinstance(event, PhaseStarted):
            return event.phase
        if isinstance(event, Progress):
            return self._progress(event)
        if isinstance(event, Evaluated):
            return f"{says(event.judgement.verdict)} · {_numbers(event.judgement.numbers)}"
        if event.job == COMMANDS and experiment.commands:
            return _commanded(experiment.commands, event)
        approach = experiment.find(event.job)
        if approach and approach.ended and approach.error:
            return f"{approach.status}. {approach.error.message} {approach.error.hint}".strip()
        return ""

    def _progress(self, event: Progress) -> str:
        now = time.monotonic()
        if now - self._last.get(event.job, -PLAIN_PAUSE_S) < PLAIN_PAUSE_S:
            return ""
        self._last[event.job] = now
        terms = ", ".join(f"{name} {number(pay)}" for name, pay in event.terms.items())
        return (
            f"{event.step:,} of {event.num_steps:,} steps, {duration(event.seconds_left)} left, "
            f"return {number(event.episode_return)} ({terms})"
        )


def _commands_row(commands: CommandsRecord) -> tuple[RenderableType, ...]:
    ended = commands.status in ("finished", "failed", "cancelled")
    verdict = commands.verdict or ""
    return (
        Text(commands.name[:40], "bold"),
        Text(commands.status, MARKS.get(commands.status, "cyan")),
        ProgressBar(1.0, 1.0 if ended else commands.progress or 0.0, width=24),
        Text(NOT_TRAINED, "yellow"),
        Text(""),
        Text(verdict and f"{says(verdict)}: {_numbers(commands.numbers)}", MARKS.get(verdict, "")),
    )


def _commanded(commands: CommandsRecord, event: Event) -> str:
    """How it ended, in plain words; nothing before its end."""
    if isinstance(event, Failed) and commands.error:
        return f"{commands.status}. {commands.error.message} {commands.error.hint}".strip()
    if isinstance(event, Finished):
        return f"{says(commands.verdict or commands.status)} · {_numbers(commands.numbers)}"
    return ""


def _judged(approach: ApproachRecord) -> Text:
    """The latest evaluation in a few words."""
    point = next((p for p in reversed(approach.curve) if p.verdict), None)
    if point is None:
        return Text("")
    verdict = point.verdict or ""
    return Text(f"{says(verdict)}: {_numbers(point.numbers)}", MARKS.get(verdict, ""))


def _numbers(numbers: dict[str, float | None] | dict[str, float]) -> str:
    return ", ".join(f"{label} {number(value)}" for label, value in numbers.items())
