"""What is shown, as the page sees it."""

from collections import Counter
from collections.abc import Callable
from typing import cast

from starlette.requests import HTTPConnection

from tabrl.behaviours.compose.words import action_words
from tabrl.behaviours.reading import Action
from tabrl.errors import NotFoundError
from tabrl.experiments.engine import Engine, Live
from tabrl.experiments.explore import Asked, Explore, Shown
from tabrl.experiments.explore.explore import Why
from tabrl.llm.providers import BUILTIN, BUILTIN_TITLE
from tabrl.robots.catalogue import name_of
from tabrl.server.accounts.gate import allows
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
from tabrl.verdict.words import BEST_FIRST, says


class Exhibition:
    """Makes answers of what is shown on a studio."""

    def __init__(self, engine: Engine, views: Views, *, hosted: bool) -> None:
        self._engine, self._views = engine, views
        self._explore = Explore(engine, hosted=hosted)

    def page(self, asked: Asked, connection: HTTPConnection, me: str | None) -> ExploreList:
        """A page of what was asked for, as who asks may see it."""
        found = self._explore.find(asked)
        names = self._engine.store.exhibits.names()
        items = []
        for shown, why in found.items:
            try:
                live = self._engine.find(shown.id)
            except NotFoundError:  # its files are gone
                continue
            items.append(self._item(shown, why, live, names, connection, me))
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

    def _item(
        self,
        shown: Shown,
        why: Why | None,
        live: Live,
        names: dict[str, str],
        connection: HTTPConnection,
        me: str | None,
    ) -> ExploreItem:
        summary = self._views.summary(live)
        own = not live.shipped and allows(connection, "experiment.see", live)
        parent = live.experiment.parent
        made_from = None
        if parent and parent.share_id:
            by = names.get(parent.owner or "", "")
            made_from = MadeFrom(title=parent.title, by=by, share_id=parent.share_id)
        with self._engine.lock:
            taught = [a for a in live.experiment.approaches if "policy" in a.files]
        best = min(taught, key=lambda a: BEST_FIRST[a.verdict], default=None)
        fit = best is not None and best.verdict == "pass" and not live.shipped
        return ExploreItem.model_construct(
            **dict(summary)
            | {
                "id": live.id if own else None,
                "share_id": shown.share_id,
                "by": shown.by,
                "mine": me is not None and shown.owner == me,
                "behaviour": shown.meant.behaviour,
                "proposers": list(shown.proposers),
                "verdict": shown.verdict,
                "votes": shown.votes,
                "forks": shown.forks,
                "shown": shown.shown,
                "library": _place(shown, live),
                "model": f"/api/models/{shown.share_id}.{best.folder}" if best else None,
                "fit": best.folder if best and fit else None,
                "made_from": made_from,
                "why": why,
            }
        )


def _place(shown: Shown, live: Live) -> str | None:
    if not shown.in_library:
        return None
    if not live.shipped:
        return "copied"
    return "added" if live.experiment.credit else "shipped"


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
