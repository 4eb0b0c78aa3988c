"""Examples of what is shown and said about it, for the API's document."""

from datetime import UTC, datetime

from pydantic import BaseModel

from tabrl.server.models.experiments import ExperimentSummary
from tabrl.server.models.explore import (
    ExploreItem,
    ExploreList,
    Facet,
    HiddenRequest,
    LibraryRequest,
    MadeFrom,
    Report,
    Reported,
    ReportRequest,
)

WHEN = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)


def examples(summary: ExperimentSummary, share: str, id: str, approach: str) -> list[BaseModel]:
    """One of each, about the experiment that the other examples are about."""
    item = ExploreItem(
        **dict(summary)
        | {
            "share_id": share,
            "by": "Ada",
            "mine": True,
            "behaviour": "shake",
            "proposers": ["builtin"],
            "verdict": "pass",
            "votes": 12,
            "forks": 3,
            "shown": WHEN,
            "library": None,
            "model": f"/api/models/{share}.{approach}",
            "fit": approach,
            "made_from": MadeFrom(title="Hip shake", by="Bob", share_id="library-hip-shake"),
            "why": None,
        }
    )

    def facets(value: str, name: str) -> list[Facet]:
        return [Facet(value=value, name=name, count=1)]

    return [
        ExploreList(
            items=[item],
            total=1,
            next=None,
            robots=facets(summary.robot, summary.robot_name),
            behaviours=facets("shake", "Shake"),
            proposers=facets("builtin", "Built in"),
            verdicts=facets("pass", "Does it"),
        ),
        ReportRequest(reason="copied", text="I taught this last week: see mine."),
        HiddenRequest(hidden=True),
        Reported(
            id=id,
            share_id=share,
            sentence=summary.sentence,
            robot_name=summary.robot_name,
            by="Ada",
            hidden=False,
            reports=[Report(by="Bob", reason="copied", text="", at=WHEN)],
        ),
        LibraryRequest(share_id=share, approach=approach, licence="CC-BY-4.0"),
    ]
