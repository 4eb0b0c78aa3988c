"""What is asked of the database about what is shown: what there is, who likes it, who does not."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from sqlalchemy import ColumnElement, delete, false, func, select
from sqlalchemy.orm import Session

from tabrl.errors import NotFoundError
from tabrl.spec import Verdict
from tabrl.store.questions import Questions
from tabrl.store.tables import ApproachRow, ExperimentRow, PersonRow, ReportRow, ShareRow, VoteRow

OWNER = "owner"  # of an experiment: that vote is its winner, and no praise


@dataclass(frozen=True)
class Outcome:
    """What became of one approach."""

    name: str
    provider: str
    verdict: Verdict


@dataclass(frozen=True)
class Exhibit:
    """An experiment that others may find, as far as the store knows it.

    Attributes:
        reading: JSON of what its sentence was read as; None where that was not kept.
        shown: since when others may find it.
        forks: drafts that were made of it.
        outcomes: of the approaches that were judged; never none.
    """

    id: str
    share_id: str
    owner: str | None
    sentence: str
    title: str
    reading: str | None
    robot: str
    shown: datetime
    forks: int
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class Ballot:
    """One vote; `at` is None of those that were cast before times were noted."""

    experiment: str
    voter: str
    at: datetime | None


class Exhibits(Questions):
    """Experiments that others may find, votes on them, and reports."""

    def all(self, visibilities: Sequence[str]) -> list[Exhibit]:
        """Those of these visibilities that nobody hid and that have an approach with a verdict."""
        found = ExperimentRow.visibility.in_(visibilities) & (ExperimentRow.hidden == false())
        told = (
            select(
                ExperimentRow.id,
                ShareRow.id,
                ExperimentRow.owner,
                ExperimentRow.sentence,
                ExperimentRow.result["title"].as_string(),
                ExperimentRow.result["reading"].as_string(),
                ExperimentRow.robot,
                ExperimentRow.shown,
            )
            .join(ShareRow, ShareRow.experiment_id == ExperimentRow.id)
            .where(found)
        )
        with self._session() as session:
            outcomes, forks = _outcomes(session, found), _forks(session)
            return [
                Exhibit(
                    id, share, owner, sentence, title or "", reading, robot, shown or _now(),
                    forks.get(share, 0), tuple(outcomes[id]),
                )
                for id, share, owner, sentence, title, reading, robot, shown
                in session.execute(told)
                if id in outcomes
            ]  # fmt: skip

    def rows(self, ids: Sequence[str]) -> dict[str, tuple[ExperimentRow, str | None]]:
        """Experiments with the approach that each one's owner chose."""
        chosen = select(VoteRow.experiment_id, VoteRow.approach)
        with self._session() as session:
            winners = session.execute(
                chosen.where(VoteRow.voter == OWNER, VoteRow.experiment_id.in_(ids))
            )
            winner = {row.experiment_id: row.approach for row in winners}
            found = session.scalars(select(ExperimentRow).where(ExperimentRow.id.in_(ids)))
            return {row.id: (row, winner.get(row.id)) for row in found}

    def ballots(self) -> list[Ballot]:
        """All votes but those with which somebody chose the winner of their own experiment."""
        votes = select(VoteRow.experiment_id, VoteRow.voter, VoteRow.at)
        with self._session() as session:
            return [Ballot(*row) for row in session.execute(votes.where(VoteRow.voter != OWNER))]

    def names(self) -> dict[str, str]:
        """What people are called, by id."""
        with self._session() as session:
            rows = session.execute(select(PersonRow.id, PersonRow.name))
            return {row.id: row.name for row in rows}

    def hide(self, id: str, hidden: bool) -> None:
        """Have nobody but its owner and the studio's see an experiment, or all again who could."""
        with self._session() as session:
            row = session.get(ExperimentRow, id)
            if row is None:
                raise NotFoundError("There is no such experiment.", "It may have been deleted.")
            row.hidden = hidden

    def hidden(self) -> list[str]:
        """The experiments that an owner hid."""
        with self._session() as session:
            return list(
                session.scalars(select(ExperimentRow.id).where(ExperimentRow.hidden != false()))
            )

    def report(self, id: str, person: str, reason: str, text: str) -> None:
        """Keep what a person finds wrong with an experiment, in place of what they said before."""
        with self._session() as session:
            session.merge(
                ReportRow(experiment_id=id, person_id=person, reason=reason, text=text, at=_now())
            )

    def reports(self) -> list[ReportRow]:
        """All that nobody has looked at yet, newest first."""
        with self._session() as session:
            return list(session.scalars(select(ReportRow).order_by(ReportRow.at.desc())))

    def dismiss(self, id: str) -> None:
        """Forget what was reported of an experiment."""
        with self._session() as session:
            session.execute(delete(ReportRow).where(ReportRow.experiment_id == id))


def _outcomes(session: Session, found: ColumnElement[bool]) -> dict[str, list[Outcome]]:
    judged = (
        select(
            ApproachRow.experiment_id, ApproachRow.name, ApproachRow.provider, ApproachRow.verdict
        )
        .join(ExperimentRow)
        .where(found, ApproachRow.verdict.is_not(None))
        .order_by(ApproachRow.position)
    )
    by_id: dict[str, list[Outcome]] = defaultdict(list)
    for id, name, provider, verdict in session.execute(judged):
        by_id[id].append(Outcome(name, provider, cast(Verdict, verdict)))
    return by_id


def _forks(session: Session) -> dict[str, int]:
    """How many drafts have each share as their parent."""
    count = (
        select(ExperimentRow.parent, func.count())
        .join(ShareRow, ShareRow.id == ExperimentRow.parent)
        .group_by(ExperimentRow.parent)
    )
    return {share: number for share, number in session.execute(count) if share}


def _now() -> datetime:
    return datetime.now(UTC)
