"""One thing that is shown, with all that it is found and ordered by."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import sqrt

from tabrl.experiments.explore.meaning import Meant, meant
from tabrl.experiments.record import Experiment
from tabrl.robots.catalogue import name_of
from tabrl.spec import Verdict
from tabrl.store.exhibits import Ballot, Exhibit, Outcome
from tabrl.verdict.words import BEST_FIRST

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_Z = 1.96  # of a 95% interval


@dataclass(frozen=True)
class Shown:
    """What is shown of an experiment, or of the library.

    Attributes:
        owner: the person who taught it; None where nobody is known.
        by: who taught it, by name; empty where nobody is known.
        shown: since when others may find it.
        votes: people who voted for an approach of it, without its owner.
        appeal: the least share of those who voted for anything since it was shown that votes for
            it, with 95% confidence; 0 to 1.
        passed: share of its judged approaches that passed.
        in_library: whether it, or a copy of it, is in the library.
        words: all that it is found by literally, in lower case.
    """

    id: str
    share_id: str
    owner: str | None
    by: str
    sentence: str
    robot: str
    shown: datetime
    forks: int
    proposers: tuple[str, ...]
    verdict: Verdict
    passed: float
    votes: int
    appeal: float
    in_library: bool
    words: str
    meant: Meant

    @property
    def rank(self) -> tuple[object, ...]:
        """Sorts the best first: by verdict, by votes, by how much of it passed, the newest."""
        return (
            BEST_FIRST[self.verdict],
            -self.appeal,
            -self.passed,
            -self.shown.timestamp(),
            self.id,
        )


class Votes:
    """Who voted for what, and since when each has been here to vote."""

    def __init__(self, ballots: Iterable[Ballot]) -> None:
        self._voters: dict[str, set[str]] = defaultdict(set)
        self._last: dict[str, datetime] = {}
        for ballot in ballots:
            at = ballot.at or _LONG_AGO
            self._voters[ballot.experiment].add(ballot.voter)
            self._last[ballot.voter] = max(at, self._last.get(ballot.voter, at))
        self._times = sorted(self._last.values())

    def of(self, id: str, owner: str | None, shown: datetime) -> tuple[int, float]:
        """How many people voted for an experiment, and its appeal; its owner counts for nothing."""
        votes = len(self._voters.get(id, set()) - {owner})
        could = len(self._times) - bisect_left(self._times, shown)
        could -= owner is not None and self._last.get(owner, _LONG_AGO) >= shown
        return votes, least_share(votes, max(votes, could))


def least_share(count: int, of: int) -> float:
    """The lower end of Wilson's 95% interval of a share, 0 to 1; 0 where nobody was asked."""
    if count == 0 or of == 0:
        return 0.0
    share, z2 = count / of, _Z**2
    middle = share + z2 / (2 * of)
    reach = _Z * sqrt(share * (1 - share) / of + z2 / (4 * of**2))
    return (middle - reach) / (1 + z2 / of)


def of_exhibit(
    exhibit: Exhibit, votes: Votes, names: Mapping[str, str], copied: frozenset[str]
) -> Shown:
    """What is shown of an experiment; `copied` are those that the library has copies of."""
    return _shown(
        exhibit,
        votes,
        by=names.get(exhibit.owner or "", ""),
        in_library=exhibit.id in copied,
    )


def of_library(experiment: Experiment, votes: Votes, names: Mapping[str, str]) -> Shown:
    """What is shown of a behaviour of the library."""
    credit = experiment.credit
    owner = credit.owner if credit else None
    as_exhibit = Exhibit(
        id=experiment.id,
        share_id=experiment.id,
        owner=owner,
        sentence=experiment.sentence,
        title=experiment.title,
        reading=experiment.reading.model_dump_json() if experiment.reading else None,
        robot=experiment.robot,
        shown=credit.added if credit else experiment.created,
        forks=0,
        outcomes=tuple(
            Outcome(each.name, each.provider, each.verdict)
            for each in experiment.approaches
            if each.verdict
        ),
    )
    by = names.get(owner or "") or (credit.by if credit else "")
    return _shown(as_exhibit, votes, by=by, in_library=True)


def _shown(exhibit: Exhibit, votes: Votes, *, by: str, in_library: bool) -> Shown:
    judged = exhibit.outcomes
    count, appeal = votes.of(exhibit.id, exhibit.owner, exhibit.shown)
    said = (exhibit.sentence, exhibit.title, name_of(exhibit.robot), by)
    return Shown(
        id=exhibit.id,
        share_id=exhibit.share_id,
        owner=exhibit.owner,
        by=by,
        sentence=exhibit.sentence,
        robot=exhibit.robot,
        shown=exhibit.shown,
        forks=exhibit.forks,
        proposers=tuple(dict.fromkeys(each.provider for each in judged)),
        verdict=min((each.verdict for each in judged), key=BEST_FIRST.__getitem__),
        passed=sum(each.verdict == "pass" for each in judged) / len(judged),
        votes=count,
        appeal=appeal,
        in_library=in_library,
        words=" ".join((*said, *(each.name for each in judged))).casefold(),
        meant=meant(exhibit.sentence, exhibit.title, exhibit.reading),
    )
