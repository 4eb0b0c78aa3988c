"""What a person is told about the time, from what trainings took here."""

import pytest

from tabrl.experiments.approach_record import ApproachRecord
from tabrl.experiments.estimates import KEPT, Timings
from tabrl.experiments.record import Experiment
from tabrl.robots.catalogue import robots
from tabrl.spec import Approach, Criterion, Hyperparameters, Metric

GO1, RATES = "Go1JoystickFlatTerrain", Hyperparameters()
STEPS = 645_120
METRIC = Metric(name="m", question="?", criteria=(Criterion(label="x", measure="mean"),))
IDEA = Approach(name="Any", description="", source="", weights={})


def took(rate: float, **values: object) -> tuple[Experiment, ApproachRecord]:
    """An experiment of one approach that trained at `rate` steps a second."""
    record = ApproachRecord.of(IDEA, METRIC, 0)
    record.status, record.num_steps, record.step, record.steps_per_s = (
        "finished",
        STEPS,
        STEPS,
        rate,
    )
    record.files = {"clip": "clip.mp4"}
    updates = STEPS / rate
    record.timings = {"checking": 4.0, "compiling": 9.0, "training": updates + 3, "rendering": 8.0}
    for name, value in values.items():
        setattr(record, name, value)
    experiment = Experiment(id="x", sentence="?", robot=GO1, seed=0, preset=None)
    experiment.approaches = [record]
    return experiment, record


@pytest.fixture
def timings(settings) -> Timings:
    settings.prepare()
    return Timings(settings)


def learn(timings: Timings, *rates: float, beside: float = 3, **values: object) -> None:
    for rate in rates:
        timings.learn(*took(rate, **values), beside)


def test_every_robot_has_an_estimate_before_anything_was_trained(timings):
    for robot in robots():
        told = timings.estimate(robot.id, RATES, STEPS, 3)
        assert told.guess
        assert 10 < told.seconds < 3600


def test_the_estimate_holds_all_that_a_person_waits_for(timings):
    learn(timings, 5_000.0)
    told = timings.estimate(GO1, RATES, STEPS, 3)
    assert told.parts == {"check": 12.0, "start": 12.0, "train": 129.0, "film": 8.0}
    assert told.seconds == pytest.approx(161.0, abs=0.2)
    assert not told.guess
    assert timings.estimate(GO1, RATES, STEPS, 3, checked=True).parts["check"] == 0


def test_trainings_that_end_early_shorten_what_is_told_of_a_preset(timings):
    learn(timings, 5_000.0, step=STEPS // 2, max_steps=2 * STEPS)
    told = timings.estimate(GO1, RATES, STEPS, 3, limit=2 * STEPS)
    assert told.parts["train"] == pytest.approx(64.5, abs=0.1)
    assert told.at_most_s == pytest.approx(told.seconds + 1.5 * 129, abs=0.5)
    assert timings.estimate(GO1, RATES, STEPS, 3).parts["train"] == pytest.approx(129, abs=0.1)
    learn(timings, 5_000.0, step=2 * STEPS, max_steps=2 * STEPS)
    told = timings.estimate(GO1, RATES, STEPS, 3, limit=2 * STEPS)
    assert told.parts["train"] == pytest.approx(1.25 * 129, abs=0.1)


def test_the_same_sentence_takes_as_long_again(timings):
    learn(timings, 5_000.0, step=2 * STEPS, max_steps=2 * STEPS)
    other, record = took(5_000.0, step=STEPS // 4, max_steps=2 * STEPS)
    other.sentence = "Take a  bow"
    timings.learn(other, record, 3)
    for said, share in (("take a bow", 0.25), ("?", 2.0), ("Sing", 1.125)):
        told = timings.estimate(GO1, RATES, STEPS, 3, limit=2 * STEPS, sentence=said)
        assert told.parts["train"] == pytest.approx(share * 129, abs=0.2)


def test_more_trainings_than_fit_take_turns(timings):
    learn(timings, 5_000.0)
    three, nine = (timings.estimate(GO1, RATES, STEPS, n, checked=True) for n in (3, 9))
    assert nine.seconds == pytest.approx(3 * three.seconds, rel=0.01)


def test_a_training_alone_is_faster_than_one_of_three(timings):
    learn(timings, 5_000.0)
    assert timings.steps_per_s(GO1, RATES, STEPS, 1) == 15_000
    learn(timings, 13_000.0, beside=1)
    assert timings.steps_per_s(GO1, RATES, STEPS, 1) == 13_000
    assert timings.steps_per_s(GO1, RATES, STEPS, 3) == 5_000


@pytest.mark.parametrize("order", [(500.0, 5_000.0), (5_000.0, 500.0), (5_000.0, 5_100.0, 300.0)])
def test_one_slow_training_changes_nothing(timings, order):
    learn(timings, *order)
    assert timings.steps_per_s(GO1, RATES, STEPS, 3) >= 5_000


def test_a_machine_that_became_slower_is_noticed(timings):
    learn(timings, *[5_000.0] * KEPT)
    learn(timings, *[1_000.0] * KEPT)
    assert timings.steps_per_s(GO1, RATES, STEPS, 3) == 1_000


@pytest.mark.parametrize(
    "values", [{"status": "cancelled"}, {"resume": "1/2/start"}, {"files": {}}]
)
def test_what_did_not_go_its_whole_way_teaches_nothing(timings, values):
    learn(timings, 5_000.0, **values)
    assert timings.estimate(GO1, RATES, STEPS, 3).guess


def test_another_robot_is_guessed_by_how_fast_this_machine_is(timings):
    before = timings.steps_per_s("CheetahRun", RATES, STEPS, 3)
    there = timings.steps_per_s(GO1, RATES, STEPS, 3)
    learn(timings, there / 4)
    assert timings.steps_per_s("CheetahRun", RATES, STEPS, 3) == pytest.approx(before / 4, rel=0.01)


@pytest.mark.parametrize("content", ["", "[1]", '{"a": "fast"}', '{"a": [{"beside": -1}]}'])
def test_a_damaged_file_counts_as_none(settings, timings, content):
    settings.timings.write_text(content)
    assert timings.estimate(GO1, RATES, STEPS, 3).guess
    learn(timings, 5_000.0)
    assert not timings.estimate(GO1, RATES, STEPS, 3).guess


def test_what_cannot_be_kept_stops_nobody(settings, timings):
    settings.timings.mkdir()
    learn(timings, 5_000.0)
    assert timings.estimate(GO1, RATES, STEPS, 3).guess


def test_going_on_to_the_limit_takes_longer_and_is_told(timings):
    learn(timings, 5_000.0)
    told = timings.estimate(GO1, RATES, STEPS, 3, limit=2 * STEPS)
    assert told.at_most_s == pytest.approx(told.seconds + STEPS / 5_000, abs=0.2)
