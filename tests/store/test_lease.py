"""The lease of the experiments on a real PostgreSQL: one has it, whoever asks at the same time."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from postgres import PG_CTL, Postgres

from tabrl.errors import BusyError
from tabrl.store import Store
from tabrl.store.database import connect
from tabrl.store.lease import Lease, Leases

pytestmark = pytest.mark.skipif(PG_CTL is None, reason="PostgreSQL is not installed")


@pytest.fixture
def leases(postgresql: Postgres) -> Iterator[Leases]:
    store = Store(connect(postgresql.create().set(drivername="postgresql")))
    yield store.leases()
    store.close()


def of(studio: str) -> Lease:
    return Lease(studio, f"http://{studio}", "home", 0)


def test_of_many_who_see_it_free_one_takes_it(leases):
    seen, took = leases.look(), []
    assert seen.studio == ""
    ready = threading.Barrier(8)

    def take(name: str) -> None:
        ready.wait()
        if leases.take(seen, of(name)):
            took.append(name)

    threads = [threading.Thread(target=take, args=(f"studio-{i}",)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(took) == 1
    assert leases.look().studio == took[0]
    assert leases.look().url == f"http://{took[0]}"


def test_a_sign_of_life_keeps_it_from_who_saw_none(leases):
    assert leases.take(leases.look(), of("a"))
    seen = leases.look()
    assert leases.beat("a")
    assert leases.look() != seen
    assert not leases.take(seen, of("b"))  # it lived after all
    assert leases.take(leases.look(), of("b"))
    assert not leases.beat("a")
    leases.give_back("a")  # has nothing to give
    assert leases.look().studio == "b"
    leases.give_back("b")
    assert leases.look().studio == ""


def test_nobody_takes_it_while_its_holder_writes_and_who_lost_it_writes_no_more(leases):
    assert leases.take(leases.look(), of("a"))
    seen, order = leases.look(), []

    def take() -> None:
        assert leases.take(seen, of("b"))
        order.append("taken")

    taking = threading.Thread(target=take)
    with leases.held("a"):
        taking.start()
        taking.join(0.3)  # long enough, if it did not wait
        order.append("written")
    taking.join()
    assert order == ["written", "taken"]
    with pytest.raises(BusyError), leases.held("a"):
        order.append("written again")
    assert order == ["written", "taken"]


def test_what_another_studio_read_is_known_to_be_old_after_each_change(leases, postgresql):
    store = Store(connect(leases._engine.url))
    row = {"id": "abc", "sentence": "Spin", "robot": "Go1", "status": "draft", "folder": "/out",
           "created": datetime(2026, 1, 2, tzinfo=UTC), "spec": {}, "result": {},
           "approaches": []}  # fmt: skip
    steps = [
        lambda: store.save(**row, moving=True),
        lambda: store.save(**row),
        lambda: store.own("abc", "ada"),
        lambda: store.show("abc", "link"),
        lambda: store.vote("abc", "owner", "a"),
        lambda: store.disown("ada"),
    ]
    counts = []
    for step in steps:
        step()
        counts.append(store.standing("abc"))
    assert [moving for _, moving in counts] == [True, *[False] * 5]
    assert [count for count, _ in counts] == sorted({count for count, _ in counts})
    store.close()
