"""The few questions that are asked of the database."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, and_, delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tabrl.errors import BusyError, ConflictError, NotFoundError, TabRLError
from tabrl.settings import Settings
from tabrl.store.database import connect, database_url
from tabrl.store.exhibits import Exhibits
from tabrl.store.lease import Leases
from tabrl.store.people import People
from tabrl.store.questions import Questions
from tabrl.store.tables import ApproachRow, ExperimentRow, ShareRow, VideoRow, VoteRow


class Store(Questions):
    """Experiments in their latest state.

    Attributes:
        people: those who have accounts here.
        exhibits: what is shown to others.
    """

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.people = People(engine)
        self.exhibits = Exhibits(engine)

    @property
    def shared_by_studios(self) -> bool:
        """Whether several studios may use it at once."""
        return self._engine.dialect.name == "postgresql"

    def leases(self) -> Leases:
        """The lease of the experiments, where several studios may use it."""
        return Leases(self._engine)

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
        parent: str | None = None,
        moving: bool = False,
    ) -> None:
        """Add an experiment, or bring it up to date; `moving` where more is known of it than is
        kept.
        """
        values = {
            "sentence": sentence,
            "robot": robot,
            "status": status,
            "folder": folder,
            "created": created,
            "spec": spec,
            "result": result,
            "parent": parent,
            "moving": moving,
        }
        with self._session() as session:
            row = session.get(ExperimentRow, id) or ExperimentRow(id=id, **values)
            for name, value in values.items():
                setattr(row, name, value)
            known = {approach.position: approach for approach in row.approaches}
            row.approaches = [
                _updated(known.get(i) or ApproachRow(position=i), approach)
                for i, approach in enumerate(approaches)
            ]
            session.add(row)
            session.flush()
            _changed(session, id)

    def standing(self, id: str) -> tuple[int, bool]:
        """How often an experiment was kept, and whether more is known of it than was;
        `NotFoundError` where there is none.
        """
        asked = select(ExperimentRow.changed, ExperimentRow.moving).where(ExperimentRow.id == id)
        with self._session() as session:
            found = session.execute(asked).first()
        if found is None:
            raise NotFoundError("There is no such experiment.", "It may have been deleted.")
        return found.changed, found.moving

    def recent(self, limit: int = 20) -> list[ExperimentRow]:
        """The latest experiments, newest first."""
        newest = select(ExperimentRow).order_by(ExperimentRow.created.desc()).limit(limit)
        with self._session() as session:
            return list(session.scalars(newest))

    def page(
        self,
        words: Sequence[str],
        limit: int,
        after: tuple[datetime, str] | None,
        statuses: Sequence[str] = (),
        owner: str | None = None,
    ) -> list[ExperimentRow]:
        """Experiments whose sentence or robot holds all the words, newest first.

        Args:
            after: `created` and id of the last one of the page before.
            statuses: only those of one of these; any where there is none.
            owner: only those of this person; everybody's where there is none.
        """
        found = select(ExperimentRow).order_by(
            ExperimentRow.created.desc(), ExperimentRow.id.desc()
        )
        for word in words:
            found = found.where(
                or_(
                    ExperimentRow.sentence.icontains(word, autoescape=True),
                    ExperimentRow.robot.icontains(word, autoescape=True),
                )
            )
        if statuses:
            found = found.where(ExperimentRow.status.in_(statuses))
        if owner is not None:
            found = found.where(ExperimentRow.owner == owner)
        if after is not None:
            created, id = after
            same = and_(ExperimentRow.created == created, ExperimentRow.id < id)
            found = found.where(or_(ExperimentRow.created < created, same))
        with self._session() as session:
            return list(session.scalars(found.limit(limit)))

    def having(self, statuses: Iterable[str]) -> list[ExperimentRow]:
        """The experiments of these statuses, oldest first."""
        found = select(ExperimentRow).where(ExperimentRow.status.in_(list(statuses)))
        with self._session() as session:
            return list(session.scalars(found.order_by(ExperimentRow.created)))

    def of_robot(self, robot: str) -> list[ExperimentRow]:
        """The experiments of a robot, oldest first."""
        found = select(ExperimentRow).where(ExperimentRow.robot == robot)
        with self._session() as session:
            return list(session.scalars(found.order_by(ExperimentRow.created)))

    def get(self, id: str) -> ExperimentRow:
        """The experiment of exactly this id; `NotFoundError` where there is none."""
        with self._session() as session:
            row = session.get(ExperimentRow, id)
        if row is None:
            raise NotFoundError("There is no such experiment.", "It may have been deleted.")
        return row

    def delete(self, id: str) -> None:
        """Forget an experiment, its link, its votes and its clips."""
        with self._session() as session:
            for table in (VoteRow, VideoRow, ShareRow):
                session.execute(delete(table).where(table.experiment_id == id))
            if row := session.get(ExperimentRow, id):
                session.delete(row)

    def own(self, id: str, owner: str) -> None:
        """Have an experiment belong to a person.

        Raises:
            BusyError: it is not in the store yet.
        """
        with self._session() as session:
            row = session.get(ExperimentRow, id)
            if row is None:
                raise BusyError("The experiment could not be kept.", "Try again in a moment.")
            row.owner = owner
            session.flush()
            _changed(session, id)

    def owned(self, owner: str) -> list[ExperimentRow]:
        """The experiments of a person, oldest first."""
        found = select(ExperimentRow).where(ExperimentRow.owner == owner)
        with self._session() as session:
            return list(session.scalars(found.order_by(ExperimentRow.created)))

    def disown(self, owner: str) -> None:
        """Have what belongs to a person belong to the studio, for nobody else to see."""
        of_theirs = update(ExperimentRow).where(ExperimentRow.owner == owner)
        with self._session() as session:
            now = {"owner": None, "visibility": "private", "changed": ExperimentRow.changed + 1}
            session.execute(of_theirs.values(now))

    def show(self, id: str, visibility: str) -> str:
        """Say who may see an experiment: the owner alone ("private"), who has its link ("link"), or
        anybody ("public"). The id under which it is shared, which stays the same one.

        Raises:
            ConflictError: it is not in the store, an owner hid it, or others asked at the same
                time.
        """
        try:
            with self._session() as session:
                row = session.get(ExperimentRow, id)
                if row is None:
                    raise ConflictError("There is no link to it yet.", "Ask again in a moment.")
                if row.hidden and visibility != "private":
                    raise ConflictError(
                        "An owner of the studio has hidden this.", "Ask them about it."
                    )
                wider = (row.visibility, visibility) == ("link", "public")
                if visibility != "private" and (row.shown is None or wider):
                    row.shown = datetime.now(UTC)
                row.visibility = visibility
                share = _share(session, id)
                session.flush()
                _changed(session, id)
                return share
        except IntegrityError as error:
            raise ConflictError("There is no link to it yet.", "Ask again in a moment.") from error

    def share_of(self, id: str) -> str | None:
        """The id under which an experiment is shared, if it ever was."""
        with self._session() as session:
            return session.scalar(select(ShareRow.id).where(ShareRow.experiment_id == id))

    def shared(self, share_id: str) -> str:
        """The experiment that is shared under this id; `NotFoundError` where there is none."""
        with self._session() as session:
            row = session.get(ShareRow, share_id)
            experiment = session.get(ExperimentRow, row.experiment_id) if row else None
        if experiment is None or experiment.hidden or experiment.visibility == "private":
            raise NotFoundError("Nothing is shared under this link.", "Ask for it again.")
        return experiment.id

    def vote(self, id: str, voter: str, approach: str | None) -> None:
        """Set the one vote that a voter has on an experiment, or take it back."""
        now = datetime.now(UTC)
        with self._session() as session:
            row = session.get(VoteRow, (id, voter))
            if row is not None and approach is None:
                session.delete(row)
            elif row is not None and approach is not None:
                row.approach, row.at = approach, now
            elif approach is not None:
                session.add(VoteRow(experiment_id=id, voter=voter, approach=approach, at=now))
            session.flush()
            _changed(session, id)

    def votes(self, id: str) -> dict[str, str]:
        """The approach that each voter chose."""
        with self._session() as session:
            rows = session.scalars(select(VoteRow).where(VoteRow.experiment_id == id))
            return {row.voter: row.approach for row in rows}

    def add_videos(self, videos: Iterable[tuple[str, str, str]]) -> None:
        """Remember files of clips and posters: the id of each, its experiment and its path."""
        with self._session() as session:
            for id, experiment_id, path in videos:
                session.merge(VideoRow(id=id, experiment_id=experiment_id, path=path))

    def video(self, id: str) -> tuple[str, str]:
        """The experiment and the file of a clip or poster; `NotFoundError` where there is none."""
        with self._session() as session:
            row = session.get(VideoRow, id)
        if row is None:
            raise NotFoundError("There is no such clip.", "It may have been rendered again.")
        return row.experiment_id, row.path

    def find(self, id: str) -> ExperimentRow:
        """The experiment of an id or of the beginning of one.

        Raises:
            TabRLError: none or several begin like this.
        """
        begins = ExperimentRow.id.startswith(id, autoescape=True)
        with self._session() as session:
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


def _share(session: Session, id: str) -> str:
    made = session.scalar(select(ShareRow).where(ShareRow.experiment_id == id))
    if made is None:
        made = ShareRow(id=secrets.token_urlsafe(12), experiment_id=id)
        session.add(made)
    return made.id


def _changed(session: Session, id: str) -> None:
    """Have those who keep what they read of an experiment read it again."""
    of_it = update(ExperimentRow).where(ExperimentRow.id == id)
    session.execute(of_it.values(changed=ExperimentRow.changed + 1),
                    execution_options={"synchronize_session": False})  # fmt: skip


def _updated(row: ApproachRow, values: dict[str, Any]) -> ApproachRow:
    for name, value in values.items():
        setattr(row, name, value)
    return row
