"""Copies a whole store into an empty one, of SQLite or PostgreSQL each, and looks whether it is the
same.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    RowMapping,
    Table,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import SQLAlchemyError

from tabrl.errors import TabRLError
from tabrl.store.database import HEAD, connect, reach, reaching, version
from tabrl.store.tables import Base, LeaseRow

BATCH = 500  # rows
Progress = Callable[[str, int, int], None]
"""Called with a table's name, the rows of it that are done, and all of them."""


def copy(source: URL, target: URL, progress: Progress = lambda table, done, of: None) -> int:
    """Copy all tables in one transaction, and compare every row with what it was copied from.

    Returns:
        How many rows there are.

    Raises:
        TabRLError: one cannot be reached, the source is not of this TabRL's migration, the target
            is not empty or of another migration, a row does not fit, or what was written is not
            what was read. The target is then as it was, or has empty tables.
    """
    if source == target:
        raise TabRLError("This copies a store onto itself.", "Name another one to copy it to.")
    with _opened(_existing(source)) as given, _opened(_empty(target)) as taken:
        _freeze(given)
        # Who runs the experiments is of the moment, and of this database.
        tables = [t for t in Base.metadata.sorted_tables if t is not LeaseRow.__table__]
        for table in tables:
            _copy(table, given, taken, progress)
        for table in tables:
            _compare(table, given, taken)
        rows = sum(_count(table, taken) for table in tables)
        taken.commit()
    return rows


def _existing(url: URL) -> Engine:
    """The store that is copied, of today's migration."""
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise TabRLError(f"There is no file {url.database}.", "Name the store to copy from.")
    with _opened(reach(url)) as connection:
        found = version(connection)
    if found != HEAD:
        raise TabRLError(
            f"The store to copy from has the tables of migration {found}, not of {HEAD}.",
            "Run `tabrl experiments` with TABRL_DATABASE_URL set to it once: that updates an "
            "older one. Of a newer TabRL, use that one.",
        )
    return reach(url)


def _empty(url: URL) -> Engine:
    """The store that is copied to, with today's tables and nothing in them."""
    with _opened(reach(url)) as connection:
        found, there = version(connection), inspect(connection).get_table_names()
    if found not in (None, HEAD):
        raise TabRLError(
            f"The store to copy to has the tables of migration {found}, not of {HEAD}.",
            "Name an empty database.",
        )
    if found is None and there:
        raise TabRLError(
            f"The database to copy to has other tables: {', '.join(sorted(there)[:5])}.",
            "Name an empty database.",
        )
    return connect(url)


@contextmanager
def _opened(engine: Engine) -> Iterator[Connection]:
    try:
        with reaching(engine.url):
            connection = engine.connect()
        with connection:
            yield connection
    finally:
        engine.dispose()


def _freeze(connection: Connection) -> None:
    """Have all that is read from now on be of this moment; SQLite has it so already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))


def _copy(table: Table, given: Connection, taken: Connection, progress: Progress) -> None:
    if held := _count(table, taken):
        raise TabRLError(
            f"The store to copy to is not empty: {table.name} has {held} rows.",
            "Name an empty database. Nothing was copied.",
        )
    of, done = _count(table, given), 0
    progress(table.name, done, of)
    for batch in _rows(table, given).partitions(BATCH):
        try:
            taken.execute(insert(table), [_values(row) for row in batch])
        except (SQLAlchemyError, ValueError) as error:
            reason = str(getattr(error, "orig", None) or error).splitlines()[0]
            raise TabRLError(
                f"A row of {table.name} does not fit: {reason}", "Nothing was copied."
            ) from error
        done += len(batch)
        progress(table.name, done, of)
    _number_on(table, taken)


def _rows(table: Table, connection: Connection) -> Any:
    reading = connection.execution_options(yield_per=BATCH)
    return reading.execute(select(table)).mappings()


def _values(row: RowMapping) -> dict[str, Any]:
    """A row whose times are told in UTC, whatever zone the database was set to."""
    return {key: _utc(value) if isinstance(value, datetime) else value
            for key, value in row.items()}  # fmt: skip


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _number_on(table: Table, connection: Connection) -> None:
    """Have later rows numbered after those that were copied with their numbers."""
    column = table.autoincrement_column
    if connection.dialect.name != "postgresql" or column is None:
        return
    sequence = func.pg_get_serial_sequence(table.name, column.name)
    last = connection.scalar(select(func.max(column)))
    if last is not None:
        connection.execute(select(func.setval(sequence, last)))


def _compare(table: Table, given: Connection, taken: Connection) -> None:
    read, written = (_digests(table, connection) for connection in (given, taken))
    if read != written:
        raise TabRLError(
            f"{len(read - written)} rows of {table.name} differ from what was read.",
            "Nothing was copied; please report this with the names of both databases.",
        )


def _digests(table: Table, connection: Connection) -> set[bytes]:
    """What each row holds, whatever order a database gives them in."""
    return {_digest(row) for row in _rows(table, connection)}


def _digest(row: RowMapping) -> bytes:
    plain = json.dumps(_values(row), sort_keys=True, default=_plain)
    return sha256(plain.encode()).digest()


def _plain(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


def _count(table: Table, connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0
