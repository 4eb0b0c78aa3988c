import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, inspect, text
from sqlalchemy.engine import make_url

from tabrl.errors import TabRLError
from tabrl.settings import Settings
from tabrl.store import database_url
from tabrl.store.database import HEAD, config, connect
from tabrl.store.tables import Base


def test_an_empty_database_gets_the_tables_of_the_models(url):
    with connect(url).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert set(inspect(connection).get_table_names()) >= set(Base.metadata.tables)


def test_opening_again_changes_nothing(url):
    connect(url).dispose()
    with connect(url).connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM alembic_version")) == 1


def test_a_database_of_today_is_opened_without_looking_for_migrations(url):
    with connect(url).connect() as connection:
        scripts = ScriptDirectory.from_config(config(connection))
        assert scripts.get_current_head() == HEAD
    shown = url.render_as_string(hide_password=False)
    code = (
        "import sys; from sqlalchemy import make_url; from tabrl.store.database import connect; "
        f"connect(make_url({shown!r})); assert 'alembic' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_migrations_go_down_to_nothing_and_up_again(url):
    engine = connect(url)
    with engine.connect() as connection:
        command.downgrade(config(connection), "base")
        connection.commit()
        assert "experiments" not in inspect(connection).get_table_names()
    with connect(url).connect() as connection:
        assert "experiments" in inspect(connection).get_table_names()


def test_processes_that_open_a_new_database_together_all_succeed(url):
    shown = url.render_as_string(hide_password=False)
    code = (
        "from sqlalchemy import make_url; from tabrl.store.database import connect; "
        f"connect(make_url({shown!r}))"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) for _ in range(3)
    ]
    errors = [process.communicate()[1].decode() for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], errors


def test_a_store_of_a_newer_version_is_told_in_words(url):
    engine = connect(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(TabRLError) as caught:
        connect(url)
    assert "newer TabRL" in caught.value.message


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////dev/null/tabrl.db",
        "postgresql://someone:hunter2@127.0.0.1:1/none",
        "mystery://x",
    ],
)
def test_a_database_that_cannot_be_opened_is_told_without_its_password(url):
    with pytest.raises(TabRLError) as caught:
        connect(make_url(url))
    assert "Cannot open the store" in caught.value.message
    assert "hunter2" not in str(caught.value)
    assert "TABRL_DATABASE_URL" in caught.value.hint


def test_a_file_that_is_no_database_is_told_in_words(tmp_path):
    path = tmp_path / "tabrl.db"
    path.write_text("this is no database, only a text that is long enough to look at" * 100)
    with pytest.raises(TabRLError):
        connect(URL.create("sqlite", database=str(path)))


def test_the_store_is_in_the_home_folder_unless_told_otherwise(tmp_path):
    settings = Settings(tmp_path / "home", tmp_path / "cache")
    assert database_url(settings, {}).database == f"{tmp_path}/home/tabrl.db"
    elsewhere = database_url(settings, {"TABRL_DATABASE_URL": "postgresql://me:pw@host/name"})
    assert (elsewhere.host, elsewhere.password) == ("host", "pw")
    with pytest.raises(TabRLError):
        database_url(settings, {"TABRL_DATABASE_URL": "nonsense"})


def test_a_folder_with_odd_characters_holds_a_store(tmp_path):
    folder = tmp_path / "50% ünï #?&"
    folder.mkdir()
    settings = Settings(folder, tmp_path)
    connect(database_url(settings, {})).dispose()
    assert [path.name for path in Path(folder).iterdir()] == ["tabrl.db"]
