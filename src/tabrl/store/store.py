"""The few questions that are asked of the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tabrl.errors import TabRLError
from tabrl.settings import Settings
from tabrl.store.database import connect, database_url
from tabrl.store.models import ApproachRow, ExperimentRow


class Store:
    """Experiments in their latest state."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def save(
        self,
        *,
        id: str,
        sentence: str,
        robot: str,
        status: str,
        folder: str,
        created: datetime,
        spec: dict[str, Any],
        result: dict[str, Any],
        approaches: Sequence[dict[str, Any]],
    ) -> None:
        """Add an experiment, or bring it up to date."""
        values = {
            "sentence": sentence,
            "robot": robot,
            "status": status,
            "folder": folder,
            "created": created,
            "spec": spec,
            "result": result,
        }
        with Session(self._engine) as session, session.begin():
            row = session.get(ExperimentRow, id) or ExperimentRow(id=id, **values)
            for name, value in values.items():
                setattr(row, name, value)
            known = {approach.position: approach for approach in row.approaches}
            row.approaches = [
                _updated(known.get(i) or ApproachRow(position=i), approach)
                for i, approach in enumerate(approaches)
            ]
            session.add(row)

    def recent(self, limit: int = 20) -> list[ExperimentRow]:
        """The latest experiments, newest first."""
        newest = select(ExperimentRow).order_by(ExperimentRow.created.desc()).limit(limit)
        with Session(self._engine) as session:
            return list(session.scalars(newest))

    def find(self, id: str) -> ExperimentRow:
        """The experiment of an id or of the beginning of one.

        Raises:
            TabRLError: none or several begin like this.
        """
        begins = ExperimentRow.id.startswith(id, autoescape=True)
        with Session(self._engine) as session:
            exact = session.get(ExperimentRow, id)
            rows = [exact] if exact else list(session.scalars(select(ExperimentRow).where(begins)))
        if len(rows) != 1:
            what = "There is no experiment" if not rows else f"{len(rows)} experiments begin with"
            raise TabRLError(f"{what} {id!r}.", "`tabrl experiments` lists them with their ids.")
        return rows[0]

    def close(self) -> None:
        """Give back the connections."""
        self._engine.dispose()


def open_store(settings: Settings) -> Store:
    """The store of these settings with its tables up to date.

    Raises:
        TabRLError: it cannot be opened.
    """
    return Store(connect(database_url(settings)))


def _updated(row: ApproachRow, values: dict[str, Any]) -> ApproachRow:
    for name, value in values.items():
        setattr(row, name, value)
    return row
