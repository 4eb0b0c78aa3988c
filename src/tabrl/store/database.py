"""Opens the database and brings its tables up to date."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from tabrl.errors import TabRLError
from tabrl.settings import Settings

if TYPE_CHECKING:  # as slow to import as all of SQLAlchemy, and mostly not needed
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "0005"
"""The latest of them."""
CONNECT_S = "5"  # until a server that is not there is given up
_LOCK = 7420151  # any number that nothing else uses as an advisory lock in this database


def database_url(settings: Settings, env: Mapping[str, str] = os.environ) -> URL:
    """TABRL_DATABASE_URL, or SQLite in TABRL_HOME.

    Raises:
        TabRLError: TABRL_DATABASE_URL is not a URL.
    """
    given = env.get("TABRL_DATABASE_URL")
    if not given:
        return URL.create("sqlite", database=str(settings.database))
    return read_url(given, "TABRL_DATABASE_URL")


def read_url(given: str, name: str) -> URL:
    """The URL that `name` stands for; `TabRLError` where it is none."""
    try:
        return make_url(given)
    except SQLAlchemyError:
        raise TabRLError(
            f"{name} is not the URL of a database.",
            "Like this: postgresql://user:password@host/name, or sqlite:////folder/tabrl.db.",
        ) from None


def connect(url: URL) -> Engine:
    """An engine whose tables are those of `tabrl.store.tables`.

    Raises:
        TabRLError: the database cannot be reached, or a newer TabRL has changed it.
    """
    with reaching(url):
        engine = reach(url)
        with engine.connect() as connection:
            if version(connection) != HEAD:
                migrate(connection)
    return engine


@contextmanager
def reaching(url: URL) -> Iterator[None]:
    """`TabRLError`, which tells no password, where the database cannot be reached meanwhile."""
    try:
        yield
    except (SQLAlchemyError, ImportError, OSError) as error:
        reason = getattr(error, "orig", None) or error
        raise TabRLError(
            f"Cannot open the store {url.render_as_string()}: {reason}.",
            "Make TABRL_HOME writable, or correct TABRL_DATABASE_URL "
            "(PostgreSQL needs `pip install 'psycopg[binary]'`).",
        ) from error


def migrate(connection: Connection) -> None:
    """Run the migrations that are missing; processes that start together take turns.

    Raises:
        TabRLError: a newer TabRL has changed the database.
    """
    from alembic import command
    from alembic.util.exc import CommandError

    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    try:
        command.upgrade(config(connection), "head")
    except CommandError as error:
        raise TabRLError(
            f"The store was made by a newer TabRL: {error}",
            "Update TabRL, or set TABRL_HOME to another folder.",
        ) from error
    connection.commit()


def config(connection: Connection) -> "Config":
    """Alembic's configuration, without a file."""
    from alembic.config import Config

    made = Config(attributes={"connection": connection})
    made.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return made


def version(connection: Connection) -> str | None:
    """The last migration of a store; None where there is none yet."""
    kept = inspect(connection).has_table("alembic_version")
    found = connection.scalar(text("SELECT version_num FROM alembic_version")) if kept else None
    connection.rollback()
    return found


def reach(url: URL) -> Engine:
    """An engine over a database as it is; nothing is asked of it yet."""
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
        url = url.update_query_dict({"connect_timeout": CONNECT_S} | dict(url.query))
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": 30})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # the driver begins no transactions by itself
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")  # waits for its turn here, not half-way
