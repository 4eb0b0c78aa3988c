"""People, and what proves that it is them: on SQLite and on a real PostgreSQL."""

from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from sqlalchemy import inspect, text, update
from sqlalchemy.orm import Session

from tabrl.errors import BusyError, ConflictError, NotFoundError
from tabrl.store import Store
from tabrl.store.database import config, connect
from tabrl.store.tables import InvitationRow, PasskeyRow, SessionRow

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
def store(url):
    store = Store(connect(url))
    yield store
    store.close()


@pytest.fixture
def people(store):
    return store.people


def joined(people, role: str = "maker", name: str = "Ada", **more: object):
    return people.join(people.invite(role)[1], name, **more)


def keep(store: Store, id: str) -> None:
    store.save(
        id=id, sentence="Spin", robot="Go1", status="draft", folder=f"/out/{id}", created=NOW,
        spec={}, result={}, approaches=[{"name": "a", "status": "ready", "verdict": None,
                                         "folder": "a", "numbers": {}}],
    )  # fmt: skip


def test_an_invitation_makes_one_person_and_no_second(people):
    row, secret = people.invite("maker", "for Ada")
    assert [each.note for each in people.invitations()] == ["for Ada"]
    person = people.join(secret, "Ada")
    assert (person.name, person.role) == ("Ada", "maker")
    assert people.invitations() == []
    with pytest.raises(NotFoundError):
        people.join(secret, "Eve")
    with pytest.raises(NotFoundError):
        people.uninvite(row.id)


def test_an_invitation_that_is_too_old_is_good_no_more(people):
    _, secret = people.invite("viewer")
    with Session(people._engine) as session, session.begin():
        session.execute(update(InvitationRow).values(expires=datetime.now(UTC)))
    assert people.invitations() == []
    with pytest.raises(NotFoundError):
        people.invitation(secret)


def test_the_first_owner_is_invited_until_there_is_one(people):
    first, second = people.invite_owner(), people.invite_owner()
    with pytest.raises(NotFoundError):
        people.join(first, "Ada")  # the later link replaced it
    people.join(second, "Ada")
    assert people.invite_owner() is None


def test_a_studio_is_never_left_without_an_owner(people):
    owner = joined(people, "owner")
    for leave in (lambda: people.change(owner.id, role="maker"), lambda: people.remove(owner.id)):
        with pytest.raises(ConflictError):
            leave()
    joined(people, "owner", "Bob")
    people.remove(owner.id)
    assert [each.name for each in people.all()] == ["Bob"]


def test_a_session_opens_until_it_is_ended_or_idle_for_long(people):
    ada = joined(people)
    one, two = people.sign_in(ada.id), people.sign_in(ada.id)
    assert people.of_session(one).id == ada.id
    people.sign_out(one)
    assert people.of_session(one) is None
    with Session(people._engine) as session, session.begin():
        session.execute(update(SessionRow).values(seen=datetime.now(UTC) - timedelta(days=31)))
    assert people.of_session(two) is None
    assert people.of_session("") is None


def test_secrets_are_not_in_the_database(people):
    ada = joined(people)
    secrets = [people.sign_in(ada.id), people.add_token(ada.id, "ci", ["read"])[1],
               people.invite("maker")[1]]  # fmt: skip
    with people._engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            held = str(connection.execute(text(f"SELECT * FROM {table}")).all())
            assert not [secret for secret in secrets if secret in held], table


def test_a_token_is_good_for_its_scopes_until_it_is_revoked(people):
    ada, bob = joined(people), joined(people, name="Bob")
    row, secret = people.add_token(ada.id, "ci", ["read", "teach"])
    person, scopes = people.of_token(secret)
    assert (person.id, scopes) == (ada.id, {"read", "teach"})
    assert people.tokens(ada.id)[0].used is not None
    with pytest.raises(NotFoundError):
        people.remove_token(bob.id, row.id)
    people.remove_token(ada.id, row.id)
    assert people.of_token(secret) is None


def test_the_last_way_to_sign_in_stays(people):
    def passkey(id: str) -> PasskeyRow:
        return PasskeyRow(id=id, name="", public_key=b"k", sign_count=0, created=NOW)

    ada = joined(people, passkey=passkey("a"))
    with pytest.raises(ConflictError):
        people.remove_passkey(ada.id, "a")
    second = passkey("b")
    second.person_id = ada.id
    people.add_passkey(second)
    people.remove_passkey(ada.id, "a")
    people.change(ada.id, subject="https://id.example ada")
    people.remove_passkey(ada.id, "b")
    with pytest.raises(ConflictError):
        joined(people, name="Eve", subject="https://id.example ada")


def test_who_is_removed_leaves_nothing_but_unsigned_entries(store):
    people = store.people
    ada = joined(people)
    people.sign_in(ada.id)
    _, secret = people.add_token(ada.id, "ci", ["read"])
    people.spend(ada.id, "2026-01-02", 30)
    people.spend(ada.id, "2026-01-02", 12)
    assert people.spent(ada.id, "2026-01-02") == 42
    people.note(ada.id, "experiment.delete", "abc")
    keep(store, "abc")
    store.own("abc", ada.id)
    store.vote("library-x", ada.id, "a")
    store.disown(ada.id)
    people.remove(ada.id)
    with people._engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            held = str(connection.execute(text(f"SELECT * FROM {table}")).all())
            assert ada.id not in held, table
    assert people.of_token(secret) is None
    assert [entry.action for entry in people.audit(10)] == ["experiment.delete"]
    people.spend(ada.id, "2026-01-03", 9)
    assert people.spent(ada.id, "2026-01-03") == 0


def test_what_belongs_to_somebody_is_listed_and_a_link_opens_what_is_not_private(store):
    ada = joined(store.people)
    with pytest.raises(BusyError):
        store.own("abc", ada.id)
    keep(store, "abc")
    keep(store, "other")
    store.own("abc", ada.id)
    assert [row.id for row in store.owned(ada.id)] == ["abc"]
    assert [row.id for row in store.page([], 10, None, owner=ada.id)] == ["abc"]
    share = store.show("abc", "link")
    assert store.shared(share) == "abc"
    assert store.show("abc", "private") == share
    with pytest.raises(NotFoundError):
        store.shared(share)
    keep(store, "abc")  # kept again as it goes on
    assert store.get("abc").owner == ada.id


def test_what_was_shared_before_there_were_accounts_stays_shared(url):
    store = Store(connect(url))
    keep(store, "shared")
    keep(store, "alone")
    share = store.show("shared", "link")
    with store._engine.connect() as connection:
        command.downgrade(config(connection), "0002")
        connection.commit()
    store.close()
    again = Store(connect(url))
    assert again.shared(share) == "shared"
    assert again.get("alone").visibility == "private"
    assert [len(again.get(id).approaches) for id in ("shared", "alone")] == [1, 1]
    again.close()
