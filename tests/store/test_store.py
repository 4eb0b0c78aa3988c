from datetime import UTC, datetime, timedelta

import pytest

from tabrl.errors import TabRLError
from tabrl.store import Store
from tabrl.store.database import connect

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
def store(url):
    store = Store(connect(url))
    yield store
    store.close()


def row(id: str, **changes: object) -> dict:
    return {
        "id": id, "sentence": "Robert'); DROP TABLE experiments;-- 🤖", "robot": "Go1",
        "status": "running", "folder": "/out", "created": NOW, "spec": {"seed": 0},
        "result": {}, "approaches": [],
    } | changes  # fmt: skip


def approach(name: str, verdict: str | None = None) -> dict:
    return {
        "name": name, "status": "finished", "verdict": verdict, "folder": name,
        "numbers": {"trained": {"roll": 0.25}},
    }  # fmt: skip


def test_what_is_saved_is_found(store):
    store.save(**row("abc", approaches=[approach("a", "pass"), approach("b")]))
    found = store.find("abc")
    assert found.sentence == row("abc")["sentence"]
    assert found.spec == {"seed": 0}
    assert [(a.name, a.verdict) for a in found.approaches] == [("a", "pass"), ("b", None)]
    assert found.approaches[0].numbers == {"trained": {"roll": 0.25}}


def test_saving_again_brings_up_to_date(store):
    store.save(**row("abc", approaches=[approach("a"), approach("b")]))
    store.save(**row("abc", status="finished", approaches=[approach("a", "pass")]))
    (found,) = store.recent()
    assert found.status == "finished"
    assert [(a.name, a.verdict) for a in found.approaches] == [("a", "pass")]


def test_the_newest_come_first(store):
    for age in (2, 0, 1):
        store.save(**row(f"id{age}", created=NOW - timedelta(days=age)))
    assert [found.id for found in store.recent()] == ["id0", "id1", "id2"]
    assert [found.id for found in store.recent(limit=1)] == ["id0"]


def test_the_beginning_of_an_id_is_enough_where_it_is_the_only_one(store):
    store.save(**row("abcdef"))
    store.save(**row("abxyz"))
    assert store.find("abc").id == "abcdef"
    for unclear in ("ab", "zzz", "%", "_", ""):
        with pytest.raises(TabRLError) as caught:
            store.find(unclear)
        assert "tabrl experiments" in caught.value.hint


def test_a_page_holds_the_words_and_has_one_of_the_statuses(store):
    for i, status in enumerate(("draft", "running", "failed", "draft")):
        sentence = "dance" if i < 3 else "walk"
        store.save(**row(f"id{i}", sentence=sentence, status=status))

    def found(*statuses: str, words: tuple[str, ...] = (), after=None) -> list[str]:
        return [seen.id for seen in store.page(words, 10, after, statuses)]

    assert found() == ["id3", "id2", "id1", "id0"]
    assert found("draft") == ["id3", "id0"]
    assert found("draft", words=("dance",)) == ["id0"]
    assert found("running", "failed") == ["id2", "id1"]
    assert found("draft", after=(NOW, "id3")) == ["id0"]
    assert found("cancelled") == []
