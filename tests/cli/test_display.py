import io

import pytest
from rich.console import Console

from tabrl.behaviours.reading import read
from tabrl.cli.display import Board, Lines, display
from tabrl.cli.summary import summary
from tabrl.cli.words import duration, number
from tabrl.events import Evaluated, Failed, PhaseStarted, Progress
from tabrl.experiments.approach_record import ApproachRecord
from tabrl.experiments.collect import apply
from tabrl.experiments.record import Experiment
from tabrl.spec import Approach, Criterion, Judgement, Metric

METRIC = Metric(name="m", question="?", criteria=(Criterion(label="sway", measure="mean"),))


@pytest.fixture
def experiment(tmp_path) -> Experiment:
    made = Experiment(id="x", sentence="[red]Shake", robot="Go1", seed=0, preset=None)
    for index, name in enumerate(("[bold]Hula", "Twist")):
        approach = Approach(name=name, description="", source="", weights={})
        made.approaches.append(ApproachRecord.of(approach, METRIC, index))
    return made


def tell(listener, experiment, *events) -> None:
    for event in events:
        if approach := experiment.find(event.job):
            apply(approach, event, experiment.folder)
        listener(experiment, event)


def progress(job: str) -> Progress:
    return Progress(
        job=job, step=500, num_steps=1000, steps_per_s=10, seconds_left=65, episode_return=12.3,
        episode_length=400, terms={"beat": 0.5, "calm": -0.25},
    )  # fmt: skip


def shown(board: Board) -> str:
    console = Console(file=io.StringIO(), width=200)
    console.print(board.draw())
    return console.file.getvalue()


def test_the_board_shows_each_approach_its_time_left_and_every_term(experiment):
    board = Board()
    judged = Judgement(verdict="needs review", numbers={"sway": 0.125})
    tell(
        board, experiment,
        PhaseStarted(job="x", phase="training"),
        PhaseStarted(job="1-bold-hula", phase="training"),
        progress("1-bold-hula"),
        Evaluated(job="1-bold-hula", step=500, judgement=judged, best=True),
        Failed(job="2-twist", phase="compiling", error="No memory left.", hint="Close a window."),
    )  # fmt: skip
    text = shown(board)
    for words in (
        "[red]Shake", "[bold]Hula", "training", "1 min 05 s left", "return 12.3", "beat 0.5",
        "calm -0.25", "Look for yourself: sway 0.125", "failed", "No memory left. Close a window.",
    ):  # fmt: skip
        assert words in text


def test_the_board_says_that_it_is_stopping(experiment):
    board = Board()
    assert "starting" in shown(board)
    tell(board, experiment, PhaseStarted(job="x", phase="training"))
    experiment.status = "stopping"
    assert "Ctrl-C again" in shown(board)


def test_plain_lines_do_not_repeat_progress_at_once(experiment):
    console = Console(file=io.StringIO(), width=200)
    lines = Lines(console)
    tell(lines, experiment, *[progress("2-twist")] * 3)
    assert console.file.getvalue().splitlines() == [
        "Twist: 500 of 1,000 steps, 1 min 05 s left, return 12.3 (beat 0.5, calm -0.25)"
    ]


def test_what_was_read_is_told_once_before_all_else(experiment, capsys):
    experiment.reading = read("walk 2 m to the left, then sit, zorp")
    with display() as shown:
        tell(
            shown, experiment,
            PhaseStarted(job="x", phase="proposing"),
            PhaseStarted(job="x", phase="checking"),
        )  # fmt: skip
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines()[0] == "I read: walk · to the left · 2 m, then sit; not read: 'zorp'"
    assert err.count("I read") == 1


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.4, "0 s"), (59.4, "59 s"), (65, "1 min 05 s"), (3700, "1 h 01 min")]
)
def test_a_duration_is_told_as_people_do(seconds, words):
    assert duration(seconds) == words


def test_no_number_is_a_dash():
    assert (number(None), number(0.12345), number(0.0)) == ("-", "0.123", "0")


def test_the_table_says_what_was_learned_before_its_steps_were_made(experiment, capsys):
    for approach, step in zip(experiment.approaches, (250, 1000), strict=True):
        approach.status, approach.verdict = "finished", "pass"
        approach.step, approach.num_steps = step, 1000
    summary(experiment)
    text = capsys.readouterr().out
    assert "after 25% of its steps" in text
    assert "100%" not in text
