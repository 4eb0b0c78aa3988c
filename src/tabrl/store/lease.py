"""The lease of the experiments: one studio has it, shows that it lives, or another takes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CursorResult, Engine, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from tabrl.errors import BusyError
from tabrl.store.questions import Questions
from tabrl.store.tables import LeaseRow

NAME = "experiments"
MOST_MS = 10_000
"""For which it can be held: a process that was stopped in the middle does not hold it for ever."""


@dataclass(frozen=True)
class Lease:
    """Who has it.

    Attributes:
        studio: an unguessable name of the process; empty: nobody.
        url: where the other studios reach it.
        home: of which folder it keeps the experiments.
        beat: another one each time that the studio has shown that it lives.
    """

    studio: str
    url: str
    home: str
    beat: int


class Leases(Questions):
    """Asks PostgreSQL, where several processes on several machines meet."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        with self._session() as session:
            row = {"name": NAME, "studio": "", "url": "", "home": "", "beat": 0}
            session.execute(insert(LeaseRow).values(row).on_conflict_do_nothing())

    def look(self) -> Lease:
        """Who has it now."""
        with self._session() as session:
            row = session.scalars(select(LeaseRow)).one()
            return Lease(row.studio, row.url, row.home, row.beat)

    def take(self, seen: Lease, mine: Lease) -> bool:
        """Take it from who was seen to have it, unless that one, or another, was quicker."""
        where = (LeaseRow.studio == seen.studio) & (LeaseRow.beat == seen.beat)
        values = {"studio": mine.studio, "url": mine.url, "home": mine.home}
        return self._change(where, values)

    def beat(self, studio: str) -> bool:
        """Show that who has it lives; False where another has it by now."""
        return self._change(LeaseRow.studio == studio, {})

    def give_back(self, studio: str) -> None:
        """Have it no more."""
        self._change(LeaseRow.studio == studio, {"studio": ""})

    @contextmanager
    def held(self, studio: str) -> Iterator[None]:
        """Let nobody take it meanwhile.

        Raises:
            BusyError: another has it by now.
        """
        mine = select(LeaseRow.name).where(LeaseRow.studio == studio)
        with self._session() as session:
            session.execute(text(f"SET LOCAL idle_in_transaction_session_timeout = {MOST_MS}"))
            if session.scalar(mine.with_for_update(read=True)) is None:
                raise BusyError("Another studio runs the experiments by now.", "Ask it again.")
            yield

    def _change(self, where: Any, values: dict[str, str]) -> bool:
        with self._session() as session:
            change = update(LeaseRow).where(where).values(beat=LeaseRow.beat + 1, **values)
            done: CursorResult[Any] = _run(session, change)
            return done.rowcount == 1


def _run(session: Session, statement: Any) -> CursorResult[Any]:
    found = session.execute(statement)
    assert isinstance(found, CursorResult)
    return found
