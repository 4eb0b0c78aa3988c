"""Experiments as the page sees them: the record with URLs in place of paths."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from tabrl.events import Phase
from tabrl.experiments.approach_record import ApproachState, Learned, Point
from tabrl.experiments.engine.live import Visibility
from tabrl.experiments.record import CommandsState, ExperimentState
from tabrl.experiments.states import ApproachStatus, ExperimentStatus
from tabrl.server.models.robots import Answer
from tabrl.spec import Number, Verdict


class QueuePlace(Answer):
    """Where an approach stands in the line of those that wait for the machine."""

    position: int = Field(description="1 is next.")
    estimated_start_s: float = Field(description="Seconds until its training starts.")


class PreviewFile(Answer):
    """A short clip of the policy so far."""

    step: int
    url: str


class ApproachFiles(Answer):
    """URLs; null where there is no such file."""

    video_id: str | None = Field(None, description="Of the clip, for `POST /api/videos/download`.")
    clip: str | None = None
    poster: str | None = None
    trajectory: str | None = None
    model: str | None = Field(None, description="URL: `/live/` and `/export/` follow it.")
    policy: str | None = None
    previews: list[PreviewFile] = Field(default_factory=list)


class ShownVersion(Learned):
    """What one training of an approach showed."""

    clip: str | None = Field(None, description="URL of its clip.")
    poster: str | None = None
    model: str | None = Field(None, description="URL: `/live/` and `/export/` follow it.")


class Approach(ApproachState):
    """One approach with its training."""

    id: str = Field(description="Unique in its experiment.", examples=["1-aloha-roll"])
    job_id: str | None = Field(description="`<experiment id>.<approach id>`; null in a share.")
    queue: QueuePlace | None = None
    stopping: bool = Field(False, description="Whether it was asked to end early.")
    meanings: dict[str, str] = Field(
        {}, description="What each term is for, as its comment in the source says."
    )
    files: ApproachFiles = ApproachFiles()
    reached: list[str] = Field([], description="What keeps its bounds, in plain words.")
    gained: list[str] = Field(
        [], description="What it does better than the approach that it was improved from."
    )
    versions: list[ShownVersion] = Field(
        [], description="What each of its trainings showed, the first one first; none for one."
    )


class Commands(CommandsState):
    """The approach without training: the base policy follows velocity commands."""

    steps: list[str] = Field(
        description="The commands in plain words.", examples=[["2.0 s forward at 0.8 m/s"]]
    )
    video_id: str | None = Field(None, description="Of the clip, for `POST /api/videos/download`.")
    clip: str | None = Field(None, description="URL.")
    poster: str | None = Field(None, description="URL.")


class ExperimentHead(ExperimentState):
    """An experiment without its approaches."""

    robot_name: str
    proposing: list[str] = Field([], description="Providers that have not answered yet.")
    visibility: Visibility = Field(description="Who else may see it on a hosted studio.")
    hidden: bool = Field(False, description="Whether an owner of the studio keeps it from others.")
    by: str = Field("", description="Who taught it, by name; empty where that is told to nobody.")
    parent_by: str = Field("", description="Who taught what it was made from, likewise.")
    licence: str = Field("", description="What others may do with it, where that was said.")
    share_id: str | None = None
    read_only: bool = False
    commands: Commands | None = None
    votes: dict[str, int] = Field({}, description="How many chose each approach.")
    winner: str | None = Field(None, description="The approach that its owner chose.")
    report: str | None = Field(None, description="URL of the report; null before the first clip.")


class Experiment(ExperimentHead):
    """An experiment with its approaches."""

    approaches: list[Approach]
    my_vote: str | None = Field(
        None, description="The approach that this browser, or the owner, chose."
    )


class ApproachSummary(Answer):
    """An approach in a list."""

    id: str
    name: str
    status: ApproachStatus
    verdict: Verdict | None


class ExperimentSummary(Answer):
    """An experiment in a list."""

    id: str | None = Field(description="Null in the library: open it by `share_id`.")
    share_id: str | None
    sentence: str
    title: str
    robot: str
    robot_name: str
    status: ExperimentStatus
    created: datetime
    winner: str | None = Field(None, description="The approach that its owner chose.")
    poster: str | None = Field(description="URL of a picture of the winner, else the best.")
    clip: str | None = Field(description="URL of its clip.")
    approaches: list[ApproachSummary]


class ExperimentList(Answer):
    """A page of experiments, newest first."""

    items: list[ExperimentSummary]
    next: str | None = Field(description="`cursor` of the next page; null after the last.")


class JobStatus(Answer):
    """Where one training stands."""

    job_id: str
    status: ApproachStatus
    phase: Phase
    step: int
    num_steps: int | None
    progress: Number
    steps_per_s: Number
    seconds_left: Number
    queue: QueuePlace | None
    where: str
    cost_usd: Number
    verdict: Verdict | None
    error: str | None


class ProgressPatch(Answer):
    """What changes often, and the points of the curve that are new to this client."""

    id: str
    status: ApproachStatus
    phase: Phase
    step: int
    num_steps: int | None
    goal: int | None
    progress: Number
    steps_per_s: Number
    seconds_left: Number
    queue: QueuePlace | None
    where: str
    cost_usd: Number
    points: list[Point]


class ShareLink(Answer):
    """A link that opens an experiment read-only."""

    share_id: str
    url: str = Field(examples=["http://192.168.1.20:8000/s/6c1hQw0dTnLk3v9E"])
    hint: str | None = Field(description="How to let others open it; null where they can.")


class Health(Answer):
    """Whether the studio is well, and how busy it is."""

    status: Literal["ok", "stopping"]
    version: str
    where: str = Field(description="Where trainings run, in words; empty for this machine.")
    jobs: "JobCount"
    spending: "Spending | None" = Field(
        description="What trainings elsewhere cost; null where nothing is charged."
    )
    trouble: "Trouble | None" = Field(
        description="Why experiments are not kept at the moment; null where they are."
    )


class JobCount(Answer):
    """Trainings that run and wait, and how many run at once."""

    running: int
    queued: int
    capacity: int


class Spending(Answer):
    """What this month's trainings elsewhere have cost: an estimate."""

    spent_usd: float
    cap_usd: float | None = Field(description="Null for no cap.")


class Trouble(Answer):
    """What whoever runs the studio should see to."""

    message: str = Field(examples=["Experiments cannot be written: No space left on device."])
    hint: str
