"""A store is copied whole between real databases, or not at all."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from postgres import PG_CTL, Postgres
from sqlalchemy import URL, select, text

from tabrl.errors import TabRLError
from tabrl.store import Store
from tabrl.store.copy import copy
from tabrl.store.database import connect, reach
from tabrl.store.tables import Base, PasskeyRow

SENTENCE = "Tanz den Größenwahn 🤖\n'; DROP TABLE experiments;--"
NOW = datetime(2026, 7, 2, 3, 4, 5, 678901, tzinfo=UTC)
OTHER = {"sqlite": "postgresql", "postgresql": "sqlite"}


@pytest.fixture
def other(url: URL, request: pytest.FixtureRequest, tmp_path: Path) -> URL:
    """An empty database of the other kind, where both are at hand."""
    if OTHER[url.get_backend_name()] == "sqlite" or PG_CTL is None:
        return URL.create("sqlite", database=str(tmp_path / "other" / "tabrl.db"))
    server: Postgres = request.getfixturevalue("postgresql")
    made = server.create().set(drivername="postgresql")
    engine = reach(made)
    with engine.begin() as connection:  # whatever zone somebody's server is set to
        zone = f"ALTER DATABASE {made.database} SET timezone TO 'Asia/Kolkata'"
        connection.execute(text(zone))
    engine.dispose()
    return made


def fill(url: URL, experiments: int = 3) -> None:
    """Something in every table, and what is odd in each column."""
    store = Store(connect(url))
    people = store.people
    ada = people.join(people.invite("owner")[1], "Ada Lovelace")
    people.invite("maker", "for Bob")
    people.sign_in(ada.id)
    people.add_token(ada.id, "ci", ["read", "teach"])
    people.spend(ada.id, "2026-07-02", 42)
    people.note(ada.id, "experiment.delete", "abc")
    people.add_passkey(
        PasskeyRow(id="key", person_id=ada.id, name="phone", public_key=bytes(range(256)),
                   sign_count=2**40, created=NOW, used=None)
    )  # fmt: skip
    for number in range(experiments):
        store.save(
            id=f"experiment-{number}", sentence=SENTENCE, robot="Go1", status="finished",
            folder="/out", created=NOW, parent=None,
            spec={"seed": 2**53, "nothing": None, "text": "\u00e9"},
            result={"numbers": [1e-300, 0.1, -0.0], "nested": {"b": [], "a": {}}},
            approaches=[{"name": SENTENCE, "status": "finished", "verdict": verdict,
                         "folder": str(verdict), "numbers": {"trained": {"roll": 0.25}}}
                        for verdict in ("pass", None)],
        )  # fmt: skip
    store.own("experiment-0", ada.id)
    store.show("experiment-0", "public")
    store.vote("experiment-0", "owner", "pass")
    store.vote("library-x", "somebody", "a")
    store.add_videos([("video", "experiment-0", "/out/clip.mp4")])
    store.exhibits.report("experiment-0", ada.id, "spam", "\u00e9")
    store.close()


def held(url: URL) -> dict[str, list[dict]]:
    """All rows of all tables, as the models read them."""
    engine = reach(url)
    found = {}
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            rows = [dict(row) for row in connection.execute(select(table)).mappings()]
            for row in rows:
                for key, value in row.items():
                    if isinstance(value, datetime):
                        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
                        row[key] = aware.astimezone(UTC).isoformat()
            found[table.name] = sorted(rows, key=repr)
    engine.dispose()
    return found


def test_all_is_copied_to_the_other_kind_of_database_and_back(url, other, tmp_path):
    fill(url)
    before = held(url)
    full = {name for name, rows in before.items() if rows}
    assert full >= set(Base.metadata.tables) - {"lease"}  # or this shows less than it says
    told = []
    rows = copy(url, other, lambda *said: told.append(said))
    assert rows == sum(map(len, before.values()))
    assert held(other) == before
    assert ("approaches", 6, 6) in told
    back = URL.create("sqlite", database=str(tmp_path / "back" / "tabrl.db"))
    copy(other, back)
    assert held(back) == before
    assert before["experiments"][0]["created"] == NOW.isoformat()


def test_a_copied_store_goes_on_where_the_other_was(url, other):
    fill(url)
    copy(url, other)
    store = Store(connect(other))
    store.save(
        id="later", sentence="Spin", robot="Go1", status="draft", folder="/out", created=NOW,
        spec={}, result={}, approaches=[{"name": "a", "status": "ready", "verdict": None,
                                         "folder": "a", "numbers": {}}],
    )  # fmt: skip
    store.people.note(None, "experiment.delete", "later")
    assert [row.name for row in store.get("later").approaches] == ["a"]
    store.close()


def test_many_rows_are_copied_in_parts(url, other):
    fill(url, experiments=700)
    told = []
    copy(url, other, lambda *said: told.append(said))
    assert [done for table, done, _ in told if table == "experiments"] == [0, 500, 700]
    assert len(held(other)["experiments"]) == 700


def test_a_store_that_holds_something_is_not_copied_onto(url, other):
    fill(url)
    fill(other, experiments=1)
    before = held(other)
    with pytest.raises(TabRLError, match="not empty"):
        copy(url, other)
    assert held(other) == before
    with pytest.raises(TabRLError, match="onto itself"):
        copy(url, url)


@pytest.mark.parametrize("which", ["source", "target"])
def test_a_store_of_another_migration_is_refused_and_left_as_it_is(url, other, which):
    fill(url)
    connect(other).dispose()
    engine = reach(url if which == "source" else other)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0002'"))
    with pytest.raises(TabRLError, match="migration 0002"):
        copy(url, other)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "0002"
    engine.dispose()
    assert held(other)["experiments"] == []


def test_a_database_of_something_else_is_refused(url, other):
    fill(url)
    engine = reach(other)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE recipes (id INTEGER)"))
    engine.dispose()
    with pytest.raises(TabRLError, match="recipes"):
        copy(url, other)


@pytest.mark.skipif(PG_CTL is None, reason="PostgreSQL is not installed")
def test_what_does_not_fit_leaves_nothing_behind(tmp_path, postgresql):
    url = URL.create("sqlite", database=str(tmp_path / "tabrl.db"))
    fill(url)
    with closing(sqlite3.connect(str(url.database))) as file, file:
        file.execute("UPDATE votes SET approach = ? WHERE voter = 'owner'", ("a" * 101,))
    target = postgresql.create().set(drivername="postgresql")
    with pytest.raises(TabRLError, match=r"votes.*too long"):
        copy(url, target)
    assert not any(held(target).values())


def test_a_file_that_is_not_there_is_not_made(tmp_path):
    missing = URL.create("sqlite", database=str(tmp_path / "no" / "tabrl.db"))
    with pytest.raises(TabRLError, match="no file"):
        copy(missing, URL.create("sqlite", database=str(tmp_path / "to.db")))
    assert list(tmp_path.iterdir()) == []


def command(*arguments: str, home: Path) -> subprocess.CompletedProcess:
    code = "from tabrl.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=os.environ | {"TABRL_HOME": str(home)}, capture_output=True, text=True,
    )  # fmt: skip


def test_the_command_says_what_it_copied_and_waits_for_no_running_studio(url, other, tmp_path):
    fill(url)
    given, taken = (each.render_as_string(hide_password=False) for each in (url, other))
    done = command("db", "copy", given, taken, home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "experiments: 3" in done.stdout
    assert "each is as it was" in done.stdout
    refused = command("db", "copy", given, "nonsense", home=tmp_path)
    assert (refused.returncode, "TO is not the URL" in refused.stderr) == (1, True)


def test_a_file_that_a_studio_uses_is_not_copied(tmp_path):
    fcntl = pytest.importorskip("fcntl")
    url = URL.create("sqlite", database=str(tmp_path / "tabrl.db"))
    fill(url)
    with (tmp_path / "studio.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused = command("db", "copy", str(url), f"sqlite:///{tmp_path}/to.db", home=tmp_path)
    assert refused.returncode == 1
    assert "A studio uses" in refused.stderr
    assert not (tmp_path / "to.db").exists()
