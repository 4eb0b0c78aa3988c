"""What all questions to the database are asked with."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError
from sqlalchemy.orm import Session

from tabrl.errors import BusyError


class Questions:
    """Every method raises `BusyError` where the database does not answer now."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def _session(self) -> Iterator[Session]:
        """One transaction; what it found can be read after its end."""
        try:
            with Session(self._engine, expire_on_commit=False) as session, session.begin():
                yield session
        except (OperationalError, InterfaceError, TimeoutError) as error:
            raise _unavailable(error) from error


def _unavailable(error: Exception) -> BusyError:
    if getattr(getattr(error, "orig", None), "sqlite_errorname", "") == "SQLITE_FULL":
        return BusyError("The disk is full.", "Make room: what runs is kept as soon as there is.")
    return BusyError("The database does not answer.", "What runs is kept as soon as it does.")
