"""Opens the database and brings its tables up to date."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from tabrl.errors import TabRLError
from tabrl.settings import Settings

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 7420151  # any number that nothing else uses as an advisory lock in this database


def database_url(settings: Settings, env: Mapping[str, str] = os.environ) -> str:
    """TABRL_DATABASE_URL, or SQLite in TABRL_HOME."""
    return env.get("TABRL_DATABASE_URL") or f"sqlite:///{settings.database}"


def connect(url: str) -> Engine:
    """An engine whose tables are those of `tabrl.store.models`.

    Raises:
        TabRLError: the database cannot be reached, or a newer TabRL has changed it.
    """
    try:
        engine = _engine(url)
        with engine.connect() as connection:
            migrate(connection)
    except CommandError as error:
        raise TabRLError(
            f"The store was made by a newer TabRL: {error}",
            "Update TabRL, or set TABRL_HOME to another folder.",
        ) from error
    except (SQLAlchemyError, ImportError, OSError) as error:
        raise TabRLError(
            f"Cannot open the store {_shown(url)}: {getattr(error, 'orig', None) or error}.",
            "Make TABRL_HOME writable, or correct TABRL_DATABASE_URL "
            "(PostgreSQL needs `pip install 'psycopg[binary]'`).",
        ) from error
    return engine


def migrate(connection: Connection) -> None:
    """Run the migrations that are missing; processes that start together take turns."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    command.upgrade(config(connection), "head")
    connection.commit()


def config(connection: Connection) -> Config:
    """Alembic's configuration, without a file."""
    made = Config(attributes={"connection": connection})
    made.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return made


def _engine(url: str) -> Engine:
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            url = "postgresql+psycopg://" + url.removeprefix(prefix)
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": 30})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # the driver begins no transactions by itself
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")  # waits for its turn here, not half-way


def _shown(url: str) -> str:
    """The URL without its password."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except SQLAlchemyError:
        return "of TABRL_DATABASE_URL"
