"""The approach that trains nothing, in experiments of the command line and of the studio."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from dialects import Fault, Say
from spoken import configured, good, purpose, scripted
from test_studio import ROBOT
from waiting import until
from wire import Wire

from tabrl.events import Finished
from tabrl.experiments import Experiment, load, teach
from tabrl.experiments.command import carry_out
from tabrl.experiments.commands import commandable
from tabrl.experiments.engine import Engine, Live
from tabrl.experiments.moves import words
from tabrl.experiments.record import COMMANDS
from tabrl.llm.exchange import FILE
from tabrl.robots.catalogue import robot, robots
from tabrl.settings import Settings
from tabrl.spec import Move
from tabrl.verdict.path import path_metric

SQUARE = "Walk a square, then turn twice"
MOVES = [{"seconds": 2.5, "forward": 0.8}, {"seconds": 1, "turn": 1.2}]
WRITTEN = Say(json.dumps({"name": "Round", "description": "It goes round.", "moves": MOVES}))

pytestmark = pytest.mark.usefixtures("no_keys")


def taught(settings: Settings, out: Path, sentence: str = SQUARE, **options: object) -> Experiment:
    options = {"steps": 61_440, "approaches": 1, "out": out, "settings": settings} | options
    return teach(sentence, ROBOT, **options)


def test_only_robots_whose_base_policy_follows_commands_have_them() -> None:
    able = {known.id for known in robots() if commandable(known)}
    assert ROBOT in able
    assert all(robot(id).structure.takes_command and robot(id).base_policy for id in able)


def test_a_sentence_of_velocity_gives_a_clip_without_training(settings, tmp_path) -> None:
    told = []
    experiment = taught(
        settings, tmp_path / "out", on_event=lambda experiment, event: told.append(event)
    )
    assert experiment.status == "finished"
    commands = load(tmp_path / "out").commands
    assert commands == experiment.commands
    assert (commands.provider, commands.status, len(commands.moves)) == ("builtin", "finished", 9)
    assert "all of it in order" in commands.description
    assert (commands.verdict, commands.numbers) == ("needs review", {"path error (m)": 0.1})
    assert commands.metric == path_metric(commands.moves)
    assert (tmp_path / "out" / commands.files["clip"]).is_file()
    ended = [event.job for event in told if isinstance(event, Finished)]
    assert ended.index(COMMANDS) < ended.index(experiment.approaches[0].folder)


def test_what_ended_before_anybody_waited_for_it_is_told_too(settings, tmp_path) -> None:
    told = []

    def begin(engine: Engine) -> Live:
        live = engine.propose(ROBOT, SQUARE, steps=61_440, approaches=1, out=tmp_path / "out")
        until(lambda: COMMANDS not in live.tasks)
        return live

    carry_out(begin, "local", settings, lambda experiment, event: told.append(event), None)
    assert COMMANDS in [event.job for event in told if isinstance(event, Finished)]


def test_another_sentence_gives_none_and_clears_the_folder(settings, tmp_path) -> None:
    taught(settings, tmp_path / "out")
    experiment = taught(settings, tmp_path / "out", "Keep shaking your hips aloha dude!")
    assert experiment.commands is None
    assert not (tmp_path / "out" / COMMANDS).exists()


def test_commands_that_fail_fail_alone(settings, tmp_path) -> None:
    experiment = taught(settings, tmp_path / "out", "go left, then left, then right")
    assert experiment.status == "finished"
    assert experiment.commands.status == "failed"
    assert experiment.commands.error.message == "It stumbled."


def test_a_language_model_writes_them_and_a_recording_gives_them_again(settings, tmp_path) -> None:
    told = good()
    acts = scripted([Say(told["approaches"])], [Say(told["metric"])], WRITTEN)
    with configured(settings, one=Wire("openai", acts)):
        first = taught(settings, tmp_path / "first", "Dance about", provider="one")
    (settings.home / "providers.toml").unlink()
    again = taught(settings, tmp_path / "again", "Dance", replay=tmp_path / "first" / FILE)
    for experiment in (first, again):
        assert experiment.commands.name == "Round"
        assert experiment.commands.provider == "one"
        assert len(experiment.commands.prompts) == 8
        assert experiment.commands.moves == (
            Move(seconds=2.5, forward=0.8), Move(seconds=1, turn=1.2)
        )  # fmt: skip
        assert experiment.commands.status == "finished"
        assert experiment.commands.metric.name == "as commanded"
    assert first.usage["one"].requests == 3


@pytest.mark.parametrize("act", [Say("No idea."), Fault(400, "commands are off")])
def test_where_no_model_is_heard_the_built_in_reader_stands_in(settings, tmp_path, act) -> None:
    told = good()
    wire = Wire("openai", scripted([Say(told["approaches"])], [Say(told["metric"])], act))
    with configured(settings, one=wire):
        experiment = taught(settings, tmp_path / "out", provider="one")
    assert experiment.status == "finished"
    assert experiment.approaches[0].provider == "one"
    assert experiment.commands.provider == "builtin"
    assert "one wrote no commands: " in experiment.note
    assert sum(purpose(heard) == "commands" for heard in wire.heard) >= 1


def test_a_model_that_says_commands_cannot_do_it_is_believed(settings, tmp_path) -> None:
    told = good()
    wire = Wire("openai", scripted([Say(told["approaches"])], [Say(told["metric"])]))
    with configured(settings, one=wire):
        experiment = taught(settings, tmp_path / "out", provider="one")
    assert experiment.commands is None
    assert "no commands" not in experiment.note


@pytest.mark.parametrize(
    ("move", "said"),
    [
        (Move(seconds=2, forward=0.8), "2.0 s forward at 0.8 m/s"),
        (Move(seconds=0.25, forward=-1.5), "0.2 s backward at 1.5 m/s"),
        (Move(seconds=3, left=-0.4), "3.0 s to the right at 0.4 m/s"),
        (
            Move(seconds=1.6, forward=0.3, turn=1),
            "1.6 s forward at 0.3 m/s, turning left at 1 rad/s",
        ),
        (Move(seconds=1, turn=-1.2), "1.0 s turning right at 1.2 rad/s"),
        (Move(seconds=2), "2.0 s standing still"),
    ],
)
def test_a_command_is_told_in_plain_words(move: Move, said: str) -> None:
    assert words(move) == said


@pytest.fixture
def acts(settings: Settings) -> Settings:
    return replace(settings, handlers="small_acts", max_jobs=1)


def test_the_studio_shows_them_at_once_and_keeps_them(acts: Settings) -> None:
    engine = Engine(acts)
    engine.start()
    live = engine.propose(ROBOT, SQUARE, steps=61_440)
    commands = live.experiment.commands
    until(lambda: commands.status == "finished")
    assert commands.verdict == "pass"
    assert (live.folder / commands.files["poster"]).is_file()
    assert live.experiment.status == "draft"  # nothing was trained
    until(lambda: {a.status for a in live.experiment.approaches} == {"ready"})
    again = engine.duplicate(live.id)
    assert again.experiment.commands.moves == commands.moves
    until(lambda: again.experiment.commands.status == "finished")
    until(lambda: not again.tasks)
    engine.close()
    assert load(live.folder).commands == commands


def test_what_a_stop_interrupted_is_shown_at_the_next_start(acts: Settings) -> None:
    engine = Engine(acts)
    live = engine.propose(ROBOT, SQUARE, steps=61_440)
    engine.close()
    assert load(live.folder).commands.status in ("proposed", "rendering", "finished")
    with_commands = load(live.folder)
    with_commands.commands.status = "rendering"
    with_commands.save()
    engine = Engine(acts)
    engine.start()
    until(lambda: engine.find(live.id).experiment.commands.status == "finished")
    engine.close()


def test_the_studio_asks_a_model_for_them(acts: Settings) -> None:
    told = good()
    told_acts = scripted([Say(told["approaches"])], [Say(told["metric"])], WRITTEN)
    with configured(acts, one=Wire("openai", told_acts)):
        engine = Engine(acts)
        engine.start()
        live = engine.propose(ROBOT, "Dance about", providers=["one"], steps=61_440)
        until(lambda: bool(live.experiment.commands) and not live.proposing)
        until(lambda: live.experiment.commands.status == "finished")
        assert live.experiment.commands.name == "Round"
        assert live.experiment.commands.metric.name == "as commanded"
        engine.close()


def test_nothing_is_left_of_what_was_deleted_while_it_was_drawn(acts: Settings) -> None:
    engine = Engine(acts)
    engine.start()
    live = engine.propose(ROBOT, SQUARE, steps=61_440)
    task = live.tasks[COMMANDS]
    engine.delete(live.id)
    until(lambda: task not in (*engine._runner.queue.running, *engine._runner.queue.waiting))
    until(lambda: not live.folder.exists())
    engine.close()
    assert not live.folder.exists()
