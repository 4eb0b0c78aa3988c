import pytest

from tabrl.experiments.studio.line import Line, Task


def task(kind: str, owner: str = "", **fields: object) -> Task:
    return Task(kind, owner, f"{owner}-{kind}", lambda: None, lambda event: None, **fields)


def trainings(owner: str, count: int) -> list[Task]:
    return [task("train", owner) for _ in range(count)]


def started(line: Line) -> list[Task]:
    """What may start now, in order; it runs from then on."""
    found = []
    while (next_one := line.next()) is not None:
        line.waiting.remove(next_one)
        line.running.append(next_one)
        found.append(next_one)
    return found


def test_as_many_trainings_run_as_the_machine_has_room_for():
    line = Line(3)
    line.waiting += trainings("a", 5)
    assert len(started(line)) == 3
    assert started(line) == []


def test_experiments_take_turns_however_many_trainings_each_has():
    line = Line(2)
    line.waiting += trainings("greedy", 6) + trainings("modest", 1) + trainings("late", 2)
    assert [t.owner for t in line.order()][:5] == ["greedy", "modest", "late", "greedy", "late"]
    assert [t.owner for t in started(line)] == ["greedy", "modest"]
    line.running.pop(0)
    assert [t.owner for t in started(line)] == ["greedy"]
    line.running.pop(0)
    assert [t.owner for t in started(line)] == ["late"]


def test_one_whose_trainings_run_waits_behind_one_who_has_none():
    line = Line(3)
    line.waiting += trainings("first", 6)
    started(line)
    line.waiting += trainings("second", 3)
    line.running.pop()
    assert [t.owner for t in started(line)] == ["second"]


def test_checks_do_not_wait_for_trainings():
    line = Line(2)
    line.waiting += trainings("a", 4)
    started(line)
    line.waiting += [task("check", "b"), task("check", "b")]
    assert [t.kind for t in started(line)] == ["check"]


def test_checks_use_room_that_no_training_needs():
    line = Line(3)
    line.waiting += [task("check", "a") for _ in range(5)]
    assert len(started(line)) == 3


def test_a_measurement_has_the_machine_to_itself():
    line = Line(3)
    line.waiting += trainings("a", 1)
    started(line)
    line.waiting += [task("calibrate"), *trainings("b", 1)]
    assert started(line) == []  # it waits for the training, and the next training for it
    line.running.clear()
    assert [t.kind for t in started(line)] == ["calibrate"]
    line.running.clear()
    assert [t.kind for t in started(line)] == ["train"]


def test_a_training_without_its_steps_does_not_start():
    line = Line(3)
    line.waiting += [task("train", "a", ready=False), task("train", "b")]
    assert [t.owner for t in started(line)] == ["b"]


@pytest.mark.parametrize(("capacity", "starts"), [(1, [30.0, 50.0]), (2, [0.0, 20.0])])
def test_the_forecast_counts_what_runs_and_what_goes_before(capacity, starts):
    line = Line(capacity)
    line.running = [task("train", "a", left_s=30.0)]
    line.waiting = [task("train", "b", left_s=20.0), task("train", "c", left_s=5.0)]
    forecast = line.forecast()
    assert [forecast[t] for t in line.waiting] == [(1, starts[0]), (2, starts[1])]
