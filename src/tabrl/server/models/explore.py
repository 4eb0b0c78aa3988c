"""What Explore shows, and what is said about it."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from tabrl.experiments.explore.explore import Why
from tabrl.server.models.experiments import ExperimentSummary
from tabrl.server.models.requests import ApproachId, Request
from tabrl.server.models.robots import Answer
from tabrl.spec import Verdict

Reason = Literal["offensive", "copied", "misleading", "spam", "other"]
ShareId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,60}$", examples=["6c1hQw0dTnLk3v9E"])]
LIBRARY_NAME = r"^[a-z0-9][a-z0-9-]{0,47}$"
Line = Annotated[str, Field(max_length=80, pattern=r"^[^\x00-\x1f]*$")]


class MadeFrom(Answer):
    """What a fork was made from."""

    title: str
    by: str = Field(description="Who taught that, by name; empty where that is not known.")
    share_id: str


class ExploreItem(ExperimentSummary):
    """Something that somebody taught and shows; `id` is null where it is not one's own."""

    by: str = Field(description="Who taught it, by name; empty where that is not known.")
    mine: bool
    behaviour: str = Field(description="What its sentence asks for first; empty where not read.")
    proposers: list[str]
    verdict: Verdict = Field(description="Of its best approach.")
    votes: int = Field(description="People who voted for one of its approaches.")
    forks: int
    shown: datetime = Field(description="Since when others may find it.")
    library: Literal["shipped", "added", "copied"] | None = Field(
        description="In the library: it came with TabRL, was added here, or a copy of it was."
    )
    model: str | None = Field(
        description="URL of the policy of the best approach that has one: `/live/` follows it."
    )
    fit: str | None = Field(description="The approach that may be added to the library.")
    made_from: MadeFrom | None
    why: Why | None = Field(description="What it was found by; null where nothing was said.")


class Facet(Answer):
    """A value to filter by, and how often it is there."""

    value: str
    name: str
    count: int


class ExploreList(Answer):
    """A page of what was found, and what can be filtered by."""

    items: list[ExploreItem]
    total: int = Field(description="Found on all pages.")
    next: str | None = Field(description="`cursor` of the next page; null after the last.")
    robots: list[Facet]
    behaviours: list[Facet]
    proposers: list[Facet]
    verdicts: list[Facet]


class ReportRequest(Request):
    """What is wrong with something that is shown."""

    reason: Reason
    text: Annotated[str, Field(max_length=500, description="What the owners should know.")] = ""


class HiddenRequest(Request):
    """Whether something is kept from everybody but its owner and the studio's."""

    hidden: bool


class Report(Answer):
    """What one person says is wrong."""

    by: str
    reason: Reason
    text: str
    at: datetime


class Reported(Answer):
    """Something that was reported or hidden."""

    id: str
    share_id: str | None
    sentence: str
    robot_name: str
    by: str
    hidden: bool
    reports: list[Report] = Field(description="Newest first; none of what is only hidden.")


class LibraryRequest(Request):
    """An approach that passed, to be copied into the library."""

    share_id: ShareId
    approach: ApproachId
    licence: Line = Field("", examples=["CC-BY-4.0"])
    by: Line = Field("", description="Who taught it, where that is nobody with an account.")
