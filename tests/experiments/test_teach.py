import json
import threading
from pathlib import Path

import pytest
import small_lessons as lessons

from tabrl.errors import TabRLError
from tabrl.events import Evaluated, Event, Finished, PhaseStarted
from tabrl.experiments import Experiment, Stop, load, teach
from tabrl.experiments.engine import proposing
from tabrl.experiments.propose import behaviour
from tabrl.experiments.record import FILE
from tabrl.settings import Settings
from tabrl.spec import Behaviour
from tabrl.store import open_store

SENTENCE = "Keep shaking your hips aloha dude!"


def lesson(settings: Settings, tmp_path: Path, **options: object) -> Experiment:
    options = {"executor": "inline", "steps": 61_440, "out": tmp_path / "out"} | options
    return teach(SENTENCE, settings=settings, **options)


def test_three_approaches_are_trained_judged_and_compared(settings, tmp_path):
    experiment = lesson(settings, tmp_path)
    folder = tmp_path / "out"
    assert experiment.status == "finished"
    assert len(experiment.approaches) == 3
    assert (folder / "compare.mp4").stat().st_size > 0
    assert (folder / "compare.html").read_text("utf-8").count("<video") == 3
    for approach in experiment.approaches:
        assert (folder / approach.files["reward"]).read_text("utf-8") == approach.source
        assert (folder / approach.files["clip"]).is_file()
        assert approach.verdict == "pass"
        assert approach.numbers.trained["roll amplitude (rad)"] == 0.25
        assert approach.numbers.base["roll amplitude (rad)"] == 0.003
        assert approach.timings["training"] == 1.5
        assert "checking" in approach.timings


def test_the_file_says_what_the_experiment_says(settings, tmp_path):
    experiment = lesson(settings, tmp_path)
    data = json.loads((tmp_path / "out" / FILE).read_text("utf-8"))
    assert data["sentence"] == SENTENCE
    assert data["versions"]["mujoco"] == experiment.versions["mujoco"]
    approach = data["approaches"][0]
    assert approach["metric"]["criteria"]
    assert [point["step"] for point in approach["curve"]] == [20_480, 40_960, 61_440]
    assert approach["curve"][2]["numbers"] == {"roll amplitude (rad)": 0.25}
    assert not any(Path(path).is_absolute() for path in approach["files"].values())
    assert load(tmp_path / "out").model_dump() == experiment.model_dump()


def test_the_time_is_told_before_and_compared_after_and_the_next_time_it_is_known(
    settings, tmp_path
):
    first = lesson(settings, tmp_path, preset="quick", steps=None, approaches=2)
    again = lesson(settings, tmp_path, preset="quick", steps=None, approaches=2)
    assert (first.steps, again.steps) == (163_840, 163_840)
    assert (first.estimate.guess, again.estimate.guess) == (True, False)
    assert again.estimate.parts["train"] == 2 * round(163_840 / lessons.STEPS_PER_S, 1)
    assert 0 <= again.took_s < 60


def test_steps_that_could_teach_nothing_are_refused_before_anything_is_spent(settings, tmp_path):
    with pytest.raises(TabRLError) as caught:
        lesson(settings, tmp_path, steps=20_480)
    assert "too short to learn" in caught.value.message
    assert not (tmp_path / "out" / FILE).exists()


@pytest.mark.parametrize("executor", ["inline", "local"])
def test_a_failed_training_is_named_and_its_siblings_go_on(settings, tmp_path, executor):
    experiment = lesson(settings, tmp_path, seed=lessons.BROKEN, executor=executor)
    assert [a.status for a in experiment.approaches] == ["finished", "failed", "finished"]
    assert experiment.status == "incomplete"
    assert experiment.approaches[1].error.message == "The reward is not finite."
    assert (tmp_path / "out" / "compare.html").read_text("utf-8").count("<video") == 2


def test_a_killed_worker_fails_one_approach(settings, tmp_path):
    experiment = lesson(settings, tmp_path, seed=lessons.KILLED, executor="local")
    assert [a.status for a in experiment.approaches] == ["finished", "failed", "finished"]
    assert "SIGKILL" in experiment.approaches[1].error.message


def test_a_refused_reward_is_not_trained(settings, tmp_path, monkeypatch):
    def spoilt(experiment: Experiment, count: int, *known: object) -> Behaviour:
        proposed = behaviour(experiment, count)
        first, *rest = proposed.approaches
        bad = first.model_copy(update={"source": f"{first.source}# refuse me"})
        return proposed.model_copy(update={"approaches": (bad, *rest)})

    monkeypatch.setattr(proposing, "behaviour", spoilt)
    experiment = lesson(settings, tmp_path)
    refused, *others = experiment.approaches
    assert refused.status == "refused"
    assert refused.error.message == "There is no signal 'bogus'."
    assert refused.findings[0].line == 2
    assert not refused.curve
    assert {a.status for a in others} == {"finished"}
    assert experiment.status == "incomplete"


def test_a_stop_keeps_what_was_learned(settings, tmp_path):
    stop = Stop()
    began, ended = set(), set()

    def halt(experiment: Experiment, event: Event) -> None:
        if isinstance(event, PhaseStarted) and event.phase == "training":
            began.update({event.job} - {experiment.id})
        if isinstance(event, Finished):
            ended.add(event.job)
        # The one that waits for it is the last.
        if (len(began), len(ended)) == (3, 2) and not stop.requested:
            threading.Thread(target=stop.request).start()

    experiment = lesson(
        settings, tmp_path, seed=lessons.UNTIL_STOPPED, executor="local", stop=stop, on_event=halt
    )
    assert experiment.status == "cancelled"
    assert experiment.approaches[1].status == "cancelled"
    assert experiment.approaches[1].verdict == "pass"
    assert all((tmp_path / "out" / a.files["clip"]).is_file() for a in experiment.approaches)


@pytest.mark.parametrize("phase", ["proposing", "checking", "training"])
def test_a_stop_at_the_start_of_any_phase_ends_the_experiment(settings, tmp_path, phase):
    stop = Stop()

    def halt(experiment: Experiment, event: Event) -> None:
        if isinstance(event, PhaseStarted) and event.job == experiment.id and event.phase == phase:
            stop.request()

    experiment = lesson(settings, tmp_path, preset="quick", steps=None, stop=stop, on_event=halt)
    assert experiment.status == "cancelled"
    assert load(tmp_path / "out").status == "cancelled"
    assert all(a.ended for a in experiment.approaches)


def test_an_interrupt_leaves_a_true_record(settings, tmp_path):
    def interrupt(experiment: Experiment, event: Event) -> None:
        if isinstance(event, Evaluated):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        lesson(settings, tmp_path, executor="local", on_event=interrupt)
    experiment = load(tmp_path / "out")
    assert experiment.status == "cancelled"
    assert all(a.ended for a in experiment.approaches)


def test_what_was_taught_is_in_the_store(settings, tmp_path):
    experiment = lesson(settings, tmp_path)
    row = open_store(settings).find(experiment.id)
    assert row.sentence == SENTENCE
    assert row.status == "finished"
    assert [a.verdict for a in row.approaches] == ["pass"] * 3
    assert Path(row.folder) == tmp_path / "out"


def test_a_second_experiment_replaces_the_first_in_its_folder(settings, tmp_path):
    lesson(settings, tmp_path, approaches=3)
    note = tmp_path / "out" / "mine.txt"
    note.write_text("keep")
    experiment = lesson(settings, tmp_path, approaches=1)
    folders = [path.name for path in (tmp_path / "out").iterdir() if path.is_dir()]
    assert folders == [experiment.approaches[0].folder]
    assert note.read_text() == "keep"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"robot": "Go1Joystik"}, "no robot 'Go1Joystik'"),
        ({"sentence": " \n\t "}, "empty"),
        ({"sentence": "x" * 2001}, "2001 characters"),
        ({"approaches": 0}, "0 approaches"),
        ({"steps": 0}, "0 steps"),
        ({"seed": -1}, "-1 is not a seed"),
        ({"provider": "oracle"}, "no provider 'oracle'"),
        ({"executor": "cloud"}, "no executor 'cloud'"),
        ({"out": Path("/dev/null/inside")}, "Cannot write to /dev/null/inside"),
        ({"out": Path("a\0b")}, "Cannot write"),
        ({"out": Path("x" * 300)}, "Cannot write"),
    ],
)
def test_a_request_that_cannot_be_done_is_refused_in_words(
    settings, tmp_path, options, words, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    request = {"sentence": SENTENCE, "settings": settings, "executor": "inline", "steps": 61_440}
    with pytest.raises(TabRLError) as caught:
        teach(**request | options)
    assert words in caught.value.message
    assert caught.value.hint
    assert not (settings.home / "experiments").exists() or "executor" in options


@pytest.mark.parametrize(
    "sentence",
    [
        "<script>alert(1)</script>",
        "../../etc/passwd",
        "回転して 🤖",
        "a\0b \ud800",
        "%s %d {x} {{y}}",
    ],
)
def test_any_sentence_makes_an_experiment(settings, sentence):
    experiment = teach(sentence, settings=settings, executor="inline", steps=61_440, approaches=1)
    assert experiment.status == "finished"
    assert experiment.folder.parent == settings.home / "experiments"
    assert load(experiment.folder).sentence == experiment.sentence
