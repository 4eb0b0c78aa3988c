"""What the store tells of what is shown, and keeps of what people say about it."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from test_store import NOW, approach, row

from tabrl.errors import ConflictError, NotFoundError
from tabrl.store import Store
from tabrl.store.database import connect

PUBLIC = ("public",)


@pytest.fixture
def store(url):
    store = Store(connect(url))
    yield store
    store.close()


def taught(store, id: str, visibility: str = "public", **changes) -> str:
    """Keep an experiment with a verdict and show it; its share."""
    reading = {"language": "es", "parts": [{"actions": [{"do": "walk"}]}]}
    given = {"approaches": [approach("Slow", "pass") | {"provider": "openai"}, approach("Raw")],
             "result": {"title": "Walk", "reading": reading}} | changes  # fmt: skip
    store.save(**row(id, **given))
    return store.show(id, visibility)


def member(store, name: str = "Ada") -> str:
    return store.people.join(store.people.invite("maker")[1], name).id


def test_what_is_public_is_there_with_all_that_it_is_found_by(store):
    before = datetime.now(UTC)
    share = taught(store, "abc")
    (found,) = store.exhibits.all(PUBLIC)
    assert (found.id, found.share_id, found.title, found.robot) == ("abc", share, "Walk", "Go1")
    assert json.loads(found.reading)["parts"][0]["actions"][0]["do"] == "walk"
    assert [(o.name, o.provider, o.verdict) for o in found.outcomes] == [("Slow", "openai", "pass")]
    assert before <= found.shown <= datetime.now(UTC)


def test_what_is_private_hidden_or_not_trained_is_not(store):
    taught(store, "private", "private")
    taught(store, "link", "link")
    taught(store, "draft", approaches=[approach("Raw")])
    taught(store, "shown", result={})
    taught(store, "hidden")
    store.exhibits.hide("hidden", True)
    assert [found.id for found in store.exhibits.all(PUBLIC)] == ["shown"]
    assert {found.id for found in store.exhibits.all(("link", "public"))} == {"shown", "link"}
    (shown,) = store.exhibits.all(PUBLIC)
    assert (shown.title, shown.reading) == ("", None)


def test_what_is_hidden_opens_by_no_link_and_cannot_be_shown_by_its_owner(store):
    share = taught(store, "abc")
    store.exhibits.hide("abc", True)
    assert store.exhibits.hidden() == ["abc"]
    with pytest.raises(NotFoundError):
        store.shared(share)
    with pytest.raises(ConflictError, match="hidden"):
        store.show("abc", "link")
    store.show("abc", "private")  # its owner may shut it further
    store.exhibits.hide("abc", False)
    assert store.show("abc", "public") == share
    assert store.shared(share) == "abc"
    with pytest.raises(NotFoundError):
        store.exhibits.hide("gone", True)


def test_since_when_it_is_shown_is_its_first_time_and_that_of_its_becoming_public(store):
    def shown() -> datetime:
        return store.get("abc").shown

    taught(store, "abc", "private")
    assert shown() is None
    store.show("abc", "link")
    first = shown()
    store.show("abc", "private")
    store.show("abc", "link")
    assert shown() == first
    store.show("abc", "public")
    public = shown()
    assert public > first
    store.show("abc", "private")
    store.show("abc", "public")
    assert shown() == public


def test_forks_are_counted_and_the_owner_s_choice_is_no_vote(store):
    share = taught(store, "abc")
    for id in ("one", "two"):
        store.save(**row(id, parent=share))
    store.vote("abc", "owner", "1-slow")
    store.vote("abc", "someone", "1-slow")
    (found,) = store.exhibits.all(PUBLIC)
    assert found.forks == 2
    (ballot,) = store.exhibits.ballots()
    assert (ballot.experiment, ballot.voter) == ("abc", "someone")
    assert datetime.now(UTC) - ballot.at < timedelta(minutes=10)


def test_a_person_reports_a_thing_once_and_a_report_ends_with_either(store):
    taught(store, "abc")
    taught(store, "xyz")
    ada, bob = member(store), member(store, "Bob")
    store.exhibits.report("abc", ada, "spam", "")
    store.exhibits.report("abc", ada, "copied", "It is mine")
    store.exhibits.report("xyz", bob, "spam", "")
    store.exhibits.report("xyz", ada, "other", "")
    told = [(r.experiment_id, r.person_id, r.reason, r.text) for r in store.exhibits.reports()]
    assert ("abc", ada, "copied", "It is mine") in told
    assert len(told) == 3
    assert store.exhibits.names() == {ada: "Ada", bob: "Bob"}
    store.people.remove(bob)
    store.delete("abc")
    assert [(r.experiment_id, r.person_id) for r in store.exhibits.reports()] == [("xyz", ada)]
    store.exhibits.dismiss("xyz")
    assert store.exhibits.reports() == []


def test_an_older_database_learns_since_when_and_by_whom(url):
    from alembic import command

    from tabrl.store.database import config

    store = Store(connect(url))
    store.save(**row("old", spec={"provider": "openai"}, approaches=[approach("a", "pass")]))
    store.save(**row("two", spec={"provider": "openai, google"}, approaches=[approach("a")]))
    store.show("old", "link")
    engine = store._engine
    with engine.connect() as connection:
        command.downgrade(config(connection), "0003")
        connection.commit()
    store.close()
    with connect(url).connect() as connection:
        shown = connection.execute(text("SELECT id, shown IS NULL FROM experiments")).all()
        assert {id: bool(none) for id, none in shown} == {"old": False, "two": True}
        names = connection.execute(text("SELECT experiment_id, provider FROM approaches")).all()
        assert dict(map(tuple, names)) == {"old": "openai", "two": "builtin"}
    store = Store(connect(url))
    (found,) = store.exhibits.all(("link",))
    assert found.shown == NOW
    store.close()
