import pytest

from tabrl.experiments.engine.queue import Queue, Task


def task(kind: str, owner: str = "", **fields: object) -> Task:
    return Task(kind, owner, f"{owner}-{kind}", lambda: None, lambda event: None, **fields)


def trainings(owner: str, count: int) -> list[Task]:
    return [task("train", owner) for _ in range(count)]


def started(queue: Queue) -> list[Task]:
    """What may start now, in order; it runs from then on."""
    found = []
    while (next_one := queue.next()) is not None:
        queue.waiting.remove(next_one)
        queue.running.append(next_one)
        found.append(next_one)
    return found


def test_as_many_trainings_run_as_the_machine_has_room_for():
    queue = Queue(3)
    queue.waiting += trainings("a", 5)
    assert len(started(queue)) == 3
    assert started(queue) == []


def test_experiments_take_turns_however_many_trainings_each_has():
    queue = Queue(2)
    queue.waiting += trainings("greedy", 6) + trainings("modest", 1) + trainings("late", 2)
    assert [t.owner for t in queue.order()][:5] == ["greedy", "modest", "late", "greedy", "late"]
    assert [t.owner for t in started(queue)] == ["greedy", "modest"]
    queue.running.pop(0)
    assert [t.owner for t in started(queue)] == ["greedy"]
    queue.running.pop(0)
    assert [t.owner for t in started(queue)] == ["late"]


def test_one_whose_trainings_run_waits_behind_one_who_has_none():
    queue = Queue(3)
    queue.waiting += trainings("first", 6)
    started(queue)
    queue.waiting += trainings("second", 3)
    queue.running.pop()
    assert [t.owner for t in started(queue)] == ["second"]


@pytest.mark.parametrize("capacity", [1, 2])
def test_a_check_waits_neither_for_trainings_nor_for_a_clip(capacity: int):
    queue = Queue(capacity)
    queue.waiting += [*trainings("a", 4), task("render", "a")]
    started(queue)
    assert len(queue.running) == capacity + 1
    queue.waiting += [task("check", "b"), task("check", "b")]
    assert [t.kind for t in started(queue)] == ["check"]


def test_checks_use_room_that_no_training_needs():
    queue = Queue(3)
    queue.waiting += [task("check", "a") for _ in range(5)]
    assert len(started(queue)) == 3


def test_what_a_person_waits_for_goes_before_baselines_and_clips():
    queue = Queue(1)
    queue.waiting += [task("baseline", "a"), task("render", "a"), task("check", "b")]
    first = queue.next()
    assert first is not None
    assert first.kind == "check"


def test_checks_of_two_experiments_take_turns_however_many_each_has():
    queue = Queue(1)
    queue.waiting += [task("check", "greedy") for _ in range(16)]
    order = [started(queue)[0].owner]
    queue.waiting += [task("check", "modest") for _ in range(2)]
    for _ in range(5):
        queue.running.clear()
        order += [t.owner for t in started(queue)]
    assert order == ["greedy", "modest", "greedy", "modest", "greedy", "greedy"]


@pytest.mark.parametrize(("capacity", "starts"), [(1, [30.0, 50.0]), (2, [0.0, 20.0])])
def test_the_forecast_counts_what_runs_and_what_goes_before(capacity, starts):
    queue = Queue(capacity)
    queue.running = [task("train", "a", left_s=30.0)]
    queue.waiting = [task("train", "b", left_s=20.0), task("train", "c", left_s=5.0)]
    forecast = queue.forecast()
    assert [forecast[t] for t in queue.waiting] == [(1, starts[0]), (2, starts[1])]
