"""What is shown, as the page sees it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from starlette.requests import HTTPConnection

from tabrl.behaviours.compose.words import action_words
from tabrl.behaviours.reading import Action
from tabrl.errors import NotFoundError
from tabrl.experiments.engine import Engine
from tabrl.experiments.explore import Asked, Explore, Shown
from tabrl.experiments.explore.explore import Why
from tabrl.experiments.record import Parent
from tabrl.llm.providers import BUILTIN, BUILTIN_TITLE
from tabrl.robots.catalogue import name_of
from tabrl.server.accounts.gate import allows
from tabrl.server.accounts.things import Thing
from tabrl.server.models.experiments import ExperimentSummary
from tabrl.server.models.explore import (
    ExploreItem,
    ExploreList,
    Facet,
    MadeFrom,
    Reason,
    Report,
    Reported,
)
from tabrl.server.views import Views
from tabrl.spec import Verdict
from tabrl.store.tables import ExperimentRow
from tabrl.verdict.words import BEST_FIRST, says

POLICY = "policy"


class Exhibition:
    """Makes answers of what is shown on a studio."""

    def __init__(self, engine: Engine, views: Views, *, hosted: bool) -> None:
        self._engine, self._views = engine, views
        self._explore = Explore(engine, hosted=hosted)

    def page(self, asked: Asked, connection: HTTPConnection, me: str | None) -> ExploreList:
        """A page of what was asked for, as who asks may see it."""
        found = self._explore.find(asked)
        exhibits = self._engine.store.exhibits
        rows = exhibits.rows([shown.id for shown, _ in found.items])
        names = exhibits.names()
        items = []
        for shown, why in found.items:
            part = _of_row(*rows[shown.id], self._views) if shown.id in rows else None
            try:
                part = part or self._of_live(shown.id)
            except NotFoundError:  # its files are gone
                continue
            items.append(_item(shown, why, part, names, connection, me))
        return ExploreList(
            items=items,
            total=found.total,
            next=found.next,
            robots=_facets(found.robots, name_of),
            behaviours=_facets(found.behaviours, _verb),
            proposers=_facets(found.proposers, _proposer),
            verdicts=_facets(found.verdicts, says),
        )

    def reported(self) -> list[Reported]:
        """What was reported, newest first, and what is hidden."""
        exhibits = self._engine.store.exhibits
        names, reports = exhibits.names(), exhibits.reports()
        ids = dict.fromkeys([*(row.experiment_id for row in reports), *exhibits.hidden()])
        told = []
        for id in ids:
            try:
                live = self._engine.find(id)
            except NotFoundError:
                continue
            told.append(
                Reported(
                    id=id,
                    share_id=live.share_id if live.open else None,
                    sentence=live.experiment.sentence,
                    robot_name=name_of(live.experiment.robot),
                    by=names.get(live.owner or "", ""),
                    hidden=live.hidden,
                    reports=[
                        Report(
                            by=names.get(row.person_id, ""),
                            reason=cast(Reason, row.reason),
                            text=row.text,
                            at=row.at,
                        )
                        for row in reports
                        if row.experiment_id == id
                    ],
                )
            )
        return told

    def _of_live(self, id: str) -> "Part":
        live = self._engine.find(id)
        with self._engine.lock:
            approaches = live.experiment.approaches
            return Part(
                self._views.summary(live),
                [(each.folder, each.verdict) for each in approaches if POLICY in each.files],
                live.experiment.parent,
                live.shipped,
                live.experiment.credit is not None,
            )


@dataclass(frozen=True)
class Part:
    """What a card is made of.

    Attributes:
        taught: approaches with a policy, and their verdicts.
        shipped: whether it is of the library; `added` there, it has a credit.
    """

    summary: ExperimentSummary
    taught: Sequence[tuple[str, Verdict | None]]
    parent: Parent | None
    shipped: bool = False
    added: bool = False


def _of_row(row: ExperimentRow, winner: str | None, views: Views) -> Part | None:
    summary = views.card(row, winner)
    if summary is None:
        return None
    taught = [
        (each.folder, cast("Verdict | None", each.verdict))
        for each in row.approaches
        if POLICY in each.files
    ]
    parent = row.result.get("parent")
    return Part(summary, taught, Parent.model_validate(parent) if parent else None)


def _item(
    shown: Shown,
    why: Why | None,
    part: Part,
    names: Mapping[str, str],
    connection: HTTPConnection,
    me: str | None,
) -> ExploreItem:
    thing = Thing(shown.id, shown.owner, part.shipped)
    own = not part.shipped and allows(connection, "experiment.see", thing)
    best, verdict = min(part.taught, key=lambda one: BEST_FIRST[one[1]], default=(None, None))
    return ExploreItem.model_construct(
        **dict(part.summary)
        | {
            "id": shown.id if own else None,
            "share_id": shown.share_id,
            "by": shown.by,
            "mine": me is not None and shown.owner == me,
            "behaviour": shown.meant.behaviour,
            "proposers": list(shown.proposers),
            "verdict": shown.verdict,
            "votes": shown.votes,
            "forks": shown.forks,
            "shown": shown.shown,
            "library": _place(shown, part),
            "model": f"/api/models/{shown.share_id}.{best}" if best else None,
            "fit": best if verdict == "pass" and not part.shipped else None,
            "made_from": _made_from(part.parent, names),
            "why": why,
        }
    )


def _made_from(parent: Parent | None, names: Mapping[str, str]) -> MadeFrom | None:
    if parent is None or parent.share_id is None:
        return None
    by = names.get(parent.owner or "", "")
    return MadeFrom(title=parent.title, by=by, share_id=parent.share_id)


def _place(shown: Shown, part: Part) -> str | None:
    if not shown.in_library:
        return None
    if not part.shipped:
        return "copied"
    return "added" if part.added else "shipped"


def _facets(counted: Counter[str], name: Callable[[str], str]) -> list[Facet]:
    """Values, the commonest first."""
    return [
        Facet(value=value, name=name(value), count=count)
        for value, count in sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    ]


def _verb(do: str) -> str:
    text = action_words(Action(do=do))
    return text[:1].upper() + text[1:]


def _proposer(name: str) -> str:
    return BUILTIN_TITLE if name == BUILTIN else name
