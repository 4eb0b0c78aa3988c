import pytest

from tabrl.experiments.engine.queue import Queue, Task


def task(kind: str, owner: str = "", **fields: object) -> Task:
    return Task(kind, owner, f"{owner}-{kind}", lambda: None, lambda event: None, **fields)


def trainings(owner: str, count: int) -> list[Task]:
    return [task("train", owner) for _ in range(count)]


def started(line: Queue) -> list[Task]:
    """What may start now, in order; it runs from then on."""
    found = []
    while (next_one := line.next()) is not None:
        line.waiting.remove(next_one)
        line.running.append(next_one)
        found.append(next_one)
    return found


def test_as_many_trainings_run_as_the_machine_has_room_for():
    line = Queue(3)
    line.waiting += trainings("a", 5)
    assert len(started(line)) == 3
    assert started(line) == []


def test_experiments_take_turns_however_many_trainings_each_has():
    line = Queue(2)
    line.waiting += trainings("greedy", 6) + trainings("modest", 1) + trainings("late", 2)
    assert [t.owner for t in line.order()][:5] == ["greedy", "modest", "late", "greedy", "late"]
    assert [t.owner for t in started(line)] == ["greedy", "modest"]
    line.running.pop(0)
    assert [t.owner for t in started(line)] == ["greedy"]
    line.running.pop(0)
    assert [t.owner for t in started(line)] == ["late"]


def test_one_whose_trainings_run_waits_behind_one_who_has_none():
    line = Queue(3)
    line.waiting += trainings("first", 6)
    started(line)
    line.waiting += trainings("second", 3)
    line.running.pop()
    assert [t.owner for t in started(line)] == ["second"]


@pytest.mark.parametrize("capacity", [1, 2])
def test_a_check_waits_neither_for_trainings_nor_for_a_clip(capacity: int):
    line = Queue(capacity)
    line.waiting += [*trainings("a", 4), task("render", "a")]
    started(line)
    assert len(line.running) == capacity + 1
    line.waiting += [task("check", "b"), task("check", "b")]
    assert [t.kind for t in started(line)] == ["check"]


def test_checks_use_room_that_no_training_needs():
    line = Queue(3)
    line.waiting += [task("check", "a") for _ in range(5)]
    assert len(started(line)) == 3


def test_what_a_person_waits_for_goes_before_appraisals_and_clips():
    line = Queue(1)
    line.waiting += [task("appraise", "a"), task("render", "a"), task("check", "b")]
    first = line.next()
    assert first is not None
    assert first.kind == "check"


def test_checks_of_two_experiments_take_turns_however_many_each_has():
    line = Queue(1)
    line.waiting += [task("check", "greedy") for _ in range(16)]
    order = [started(line)[0].owner]
    line.waiting += [task("check", "modest") for _ in range(2)]
    for _ in range(5):
        line.running.clear()
        order += [t.owner for t in started(line)]
    assert order == ["greedy", "modest", "greedy", "modest", "greedy", "greedy"]


@pytest.mark.parametrize(("capacity", "starts"), [(1, [30.0, 50.0]), (2, [0.0, 20.0])])
def test_the_forecast_counts_what_runs_and_what_goes_before(capacity, starts):
    line = Queue(capacity)
    line.running = [task("train", "a", left_s=30.0)]
    line.waiting = [task("train", "b", left_s=20.0), task("train", "c", left_s=5.0)]
    forecast = line.forecast()
    assert [forecast[t] for t in line.waiting] == [(1, starts[0]), (2, starts[1])]
