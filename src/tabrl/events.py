"""What a job says while it runs: one discriminated union, a JSON line each."""

import time
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from tabrl.spec import CheckResult, Judgement, Number, Robustness

Phase = Literal["queued", "proposing", "checking", "compiling", "training", "rendering", "done"]


class _Event(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
    job: str
    at: float = Field(default_factory=time.time, description="Unix time, s.")


class PhaseStarted(_Event):
    kind: Literal["phase"] = "phase"
    phase: Phase


class Progress(_Event):
    """Latest state of the training: numbers of the last iteration."""

    kind: Literal["progress"] = "progress"
    step: int = Field(description="Environment steps so far.")
    num_steps: int = Field(description="More than was asked for once it goes on.")
    steps_per_s: float
    seconds_left: float
    episode_return: Number = Field(
        description="Mean weighted reward an episode would give: mean a step x episode length."
    )
    episode_length: float = Field(description="Mean length of finished episodes, control steps.")
    terms: dict[str, Number] = Field(description="Mean weighted reward a step of each term.")
    metrics: dict[str, Number] = Field(
        {}, description="Learner's diagnostics: losses, KL, action noise."
    )


class Evaluated(_Event):
    """The metric of the deterministic policy so far, from the canonical start state."""

    kind: Literal["evaluated"] = "evaluated"
    step: int
    judgement: Judgement
    best: bool = Field(description="Whether this policy is the best so far and was kept.")


class Checked(_Event):
    kind: Literal["checked"] = "checked"
    result: CheckResult


class BaselinesJudged(_Event):
    """What a metric says of robots that were taught nothing, by what they are."""

    kind: Literal["baselines"] = "baselines"
    baselines: dict[str, Judgement]


class Stressed(_Event):
    """How a policy bears more and less friction and mass, and pushes."""

    kind: Literal["stressed"] = "stressed"
    robustness: tuple[Robustness, ...]


class Artifact(_Event):
    kind: Literal["artifact"] = "artifact"
    name: Literal["policy", "clip", "poster", "trajectory", "reward", "preview"]
    path: str
    step: int | None = Field(None, description="Environment steps of the policy in a preview.")


class NoClip(_Event):
    """This machine cannot draw. The training goes on, and what it learns is kept."""

    kind: Literal["no_clip"] = "no_clip"
    note: str = Field(description="What is missing and what to do, in words.")


class Rendering(_Event):
    kind: Literal["rendering"] = "rendering"
    fraction: float


class Finished(_Event):
    kind: Literal["finished"] = "finished"
    step: int
    seconds: dict[str, float] = Field(description="Wall time of each phase, s.")
    judgement: Judgement | None = None
    base_judgement: Judgement | None = None
    stopped: bool = Field(
        False, description="Cancelled before its last step; the best policy so far was kept."
    )


class Failed(_Event):
    kind: Literal["failed"] = "failed"
    phase: Phase
    error: str = Field(description="What went wrong, in words.")
    hint: str = ""
    detail: str = Field("", description="Traceback or other detail for a bug report.")


Event = Annotated[
    PhaseStarted
    | Progress
    | Evaluated
    | Checked
    | BaselinesJudged
    | Stressed
    | Artifact
    | NoClip
    | Rendering
    | Finished
    | Failed,
    Field(discriminator="kind"),
]
_ADAPTER: TypeAdapter[Event] = TypeAdapter(Event)


def dumps(event: Event) -> str:
    """One JSON line, without the newline."""
    return event.model_dump_json()


def loads(line: str | bytes) -> Event:
    """The event of a JSON line; raises `pydantic.ValidationError` for anything else."""
    return _ADAPTER.validate_json(line)
