"""Finds what is shown: all of it is asked of the store each time, so that what was hidden a moment
ago is not there.
"""

import base64
import binascii
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from tabrl.errors import TabRLError
from tabrl.experiments.engine import Engine
from tabrl.experiments.explore.meaning import NEAR, meant, nearness
from tabrl.experiments.explore.shown import Shown, Votes, of_exhibit, of_library

Order = Literal["nearest", "best", "newest"]
Why = Literal["words", "meaning"]


@dataclass(frozen=True)
class Asked:
    """What somebody looks for; what is empty or None is not asked for.

    Attributes:
        words: in any language.
        order: nearest is the best first where there are no words.
        after: `next` of the page before.
    """

    words: str = ""
    robot: str | None = None
    behaviour: str | None = None
    proposer: str | None = None
    verdict: str | None = None
    order: Order = "nearest"
    limit: int = 24
    after: str | None = None


@dataclass(frozen=True)
class Found:
    """A page of what was found.

    Attributes:
        items: with what each was found by, None without words.
        total: on all pages.
        next: `after` of the next page; None after the last.
        robots: how often each is shown at all; likewise behaviours, proposers and verdicts.
    """

    items: list[tuple[Shown, Why | None]]
    total: int
    next: str | None
    robots: Counter[str]
    behaviours: Counter[str]
    proposers: Counter[str]
    verdicts: Counter[str]


class Explore:
    """What is shown on a studio.

    Args:
        hosted: whether it has accounts: then what is public is shown; else all that is shared.
    """

    def __init__(self, engine: Engine, *, hosted: bool) -> None:
        self._engine, self._hosted = engine, hosted

    def find(self, asked: Asked) -> Found:
        """A page of what was asked for.

        Raises:
            TabRLError: `after` is of no page.
        """
        shown = self.all()
        chosen = [each for each in shown if _fits(each, asked)]
        why: dict[str, Why] = {}
        order = asked.order
        if asked.words.strip():
            chosen, why = _search(chosen, asked.words)
        elif order == "nearest":
            order = "best"
        if order != "nearest":
            chosen.sort(key=_ORDERS[order])
        begin = _after(asked.after, chosen) if asked.after else 0
        end = begin + asked.limit
        page = chosen[begin:end]
        return Found(
            items=[(each, why.get(each.id)) for each in page],
            total=len(chosen),
            next=_cursor(end, page[-1]) if end < len(chosen) else None,
            robots=Counter(each.robot for each in shown),
            behaviours=Counter(each.meant.behaviour for each in shown if each.meant.behaviour),
            proposers=Counter(name for each in shown for name in each.proposers),
            verdicts=Counter(each.verdict for each in shown),
        )

    def all(self) -> list[Shown]:
        """All that is shown: what people taught, and what the library has beside that."""
        store, library = self._engine.store.exhibits, self._engine.library
        exhibits = store.all(("public",) if self._hosted else ("link", "public"))
        votes, names = Votes(store.ballots()), store.names()
        taught = {exhibit.id for exhibit in exhibits}
        kept = library.all().values()
        copied = frozenset(each.credit.source or "" for each in kept if each.credit)
        made = [of_exhibit(exhibit, votes, names, copied) for exhibit in exhibits]
        return made + [
            of_library(each, votes, names)
            for each in kept
            if not (each.credit and each.credit.source in taught)
        ]


def _fits(shown: Shown, asked: Asked) -> bool:
    return (
        asked.robot in (None, shown.robot)
        and asked.behaviour in (None, shown.meant.behaviour)
        and asked.verdict in (None, shown.verdict)
        and (asked.proposer is None or asked.proposer in shown.proposers)
    )


def _search(shown: Sequence[Shown], text: str) -> tuple[list[Shown], dict[str, Why]]:
    """What holds all the words, and then what means the like; the nearest first."""
    words = text.casefold().split()
    near = nearness(meant(text.strip()), [each.meant for each in shown])
    found: list[tuple[bool, float, Shown]] = []
    for each, nearness_ in zip(shown, near, strict=True):
        said = all(word in each.words for word in words)
        if said or nearness_ >= NEAR:
            found.append((said, nearness_, each))
    found.sort(key=lambda one: (not one[0], -round(one[1], 2), one[2].rank))
    return (
        [each for _, _, each in found],
        {each.id: "words" if said else "meaning" for said, _, each in found},
    )


_ORDERS: dict[str, Callable[[Shown], tuple[object, ...]]] = {
    "best": lambda each: each.rank,
    "newest": lambda each: (-each.shown.timestamp(), each.id),
}


def _cursor(begin: int, last: Shown) -> str:
    return base64.urlsafe_b64encode(f"{begin} {last.share_id}".encode()).decode()


def _after(cursor: str, shown: Sequence[Shown]) -> int:
    """Where the page begins: behind the last one that was seen, wherever that is by now."""
    try:
        begin, last = base64.urlsafe_b64decode(cursor.encode()).decode().split(" ")
        place = min(max(int(begin), 0), len(shown))
    except (ValueError, binascii.Error):
        raise TabRLError("This is not the cursor of a page.", "Begin without one.") from None
    return next((i + 1 for i, each in enumerate(shown) if each.share_id == last), place)
