import json
import math
import re
import resource
from contextlib import contextmanager

import pytest

from tabrl.errors import TabRLError
from tabrl.events import Artifact, Evaluated, Failed, Finished, PhaseStarted, Progress
from tabrl.experiments.approach_record import MAX_POINTS, ApproachRecord, Point
from tabrl.experiments.collect import apply
from tabrl.experiments.create import new_id
from tabrl.experiments.files import write_atomically
from tabrl.experiments.record import Experiment, load
from tabrl.spec import Approach, Criterion, Judgement, Metric, Move, Termination

METRIC = Metric(name="m", question="?", criteria=(Criterion(label="l", measure="mean"),))


def record(name: str = "Hula <b>", index: int = 0) -> ApproachRecord:
    approach = Approach(name=name, description="d", source="def reward(s): ...", weights={"a": 1})
    return ApproachRecord.of(approach, METRIC, index)


def experiment(folder) -> Experiment:
    return Experiment(id="x", sentence="s", robot="r", seed=0, preset="quick", folder=folder)


def progress(step: int, value: float) -> Progress:
    return Progress(
        job="j", step=step, num_steps=10, steps_per_s=1, seconds_left=1, episode_return=value,
        episode_length=1, terms={"a": value},
    )  # fmt: skip


def test_an_id_is_never_read_as_an_option() -> None:
    assert all(re.fullmatch("[A-Za-z0-9]{12}", new_id()) for _ in range(500))


def test_a_record_gives_back_its_approach_whole():
    given = Approach(
        name="Zigzag", description="d", source="def reward(s): ...", weights={"a": 1},
        clock_hz=2.0, command=(0.5, 0.0, 0.0), script=(Move(seconds=2, forward=1.0),),
        termination=Termination(min_upright=None), looks="It zigzags.", pose={"elbow": 0.5},
    )  # fmt: skip
    assert given.model_fields_set == set(Approach.model_fields)
    assert ApproachRecord.of(given, METRIC, 0).approach() == given


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("../../etc/passwd", "1-etc-passwd"),
        ("回転 🤖", "1-approach"),
        ("Señor / Ñandú\0", "1-senor-nandu"),
        ("a" * 60, "1-" + "a" * 40),
        ("-rf *", "1-rf"),
    ],
)
def test_a_folder_name_is_safe_whatever_the_approach_is_called(name, folder):
    assert record(name).folder == folder
    assert re.fullmatch(r"1-[a-z0-9-]{1,40}", record(name).folder)


def test_numbers_that_are_not_finite_become_null_in_the_file(tmp_path):
    approach, made = record(), experiment(tmp_path)
    made.approaches = [approach]
    apply(approach, progress(1, math.nan), tmp_path)
    apply(approach, progress(2, math.inf), tmp_path)
    judged = Judgement(verdict="fail", numbers={"l": math.nan})
    apply(approach, Evaluated(job="j", step=2, judgement=judged, best=False), tmp_path)
    made.save()
    curve = json.loads((tmp_path / "experiment.json").read_text())["approaches"][0]["curve"]
    assert [point["episode_return"] for point in curve] == [None, None]
    assert curve[1]["numbers"] == {"l": None}
    assert load(tmp_path).approaches[0].curve == approach.curve


def test_an_evaluation_joins_the_point_of_its_step():
    approach = record()
    apply(approach, progress(5, 1.0), None)
    judged = Judgement(verdict="pass", numbers={"l": 2.0})
    apply(approach, Evaluated(job="j", step=5, judgement=judged, best=True), None)
    apply(approach, Evaluated(job="j", step=7, judgement=judged, best=True), None)
    assert [(p.step, p.episode_return, p.verdict) for p in approach.curve] == [
        (5, 1.0, "pass"),
        (7, None, "pass"),
    ]


def test_a_long_curve_keeps_its_evaluations_and_its_ends():
    approach = record()
    for step in range(10 * MAX_POINTS):
        approach.add_point(Point(step=step, numbers={"l": 1.0} if step % 500 == 77 else {}))
    steps = [point.step for point in approach.curve]
    assert len(steps) <= MAX_POINTS
    assert steps == sorted(steps)
    assert steps[0] == 0
    assert steps[-1] == 10 * MAX_POINTS - 1
    assert [p.step for p in approach.curve if p.numbers] == list(range(77, 6000, 500))


def test_each_phase_gets_its_wall_time_even_where_the_training_fails():
    approach = record()
    apply(approach, PhaseStarted(job="j", phase="compiling", at=100.0), None)
    apply(approach, PhaseStarted(job="j", phase="training", at=104.0), None)
    apply(approach, Failed(job="j", phase="training", error="NaN", at=110.5), None)
    assert approach.timings == {"compiling": 4.0, "training": 6.5}
    assert approach.status == "failed"


def test_a_failure_after_a_stop_counts_as_cancelled():
    approach = record()
    apply(approach, Failed(job="j", phase="queued", error="cancelled"), None, stopping=True)
    assert approach.status == "cancelled"


def test_paths_are_relative_to_the_experiment(tmp_path):
    approach = record()
    path = str(tmp_path / approach.folder / "clip.mp4")
    apply(approach, Artifact(job="j", name="clip", path=path), tmp_path)
    assert approach.files["clip"] == f"{approach.folder}/clip.mp4"


def test_a_stopped_training_keeps_its_verdict():
    approach = record()
    judged = Judgement(verdict="needs review", numbers={"l": 1.0}, reasons=("l is low",))
    end = Finished(job="j", step=5, seconds={"training": 3.0}, judgement=judged, stopped=True)
    apply(approach, end, None)
    assert (approach.status, approach.verdict) == ("cancelled", "needs review")
    assert approach.reasons == ["l is low"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"id": 1}', "\xff"])
def test_a_damaged_file_is_told_in_words(tmp_path, content):
    (tmp_path / "experiment.json").write_text(content, "latin-1")
    with pytest.raises(TabRLError) as caught:
        load(tmp_path)
    assert str(tmp_path) in caught.value.message


@contextmanager
def no_room():
    """No file may grow over 1000 bytes, as on a disk that is nearly full; a test's log neither."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_without_room_leaves_the_old_file_as_it_was(tmp_path):
    path = tmp_path / "experiment.json"
    write_atomically(path, "old")
    with pytest.raises(TabRLError) as caught, no_room():
        write_atomically(path, "x" * 5000)
    assert f"Could not write {path}" in caught.value.message
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["experiment.json"]
