"""What may be asked. Everything is bounded; unknown fields are errors."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from tabrl.behaviours.reading import Reading
from tabrl.experiments.improve import MAX_WISH
from tabrl.experiments.validate import MAX_APPROACHES, MAX_KEPT, MAX_SENTENCE
from tabrl.rewards.language import MAX_SOURCE_BYTES
from tabrl.spec import APPROACH_ID, EXPERIMENT_ID, TERM_NAME, Hyperparameters, Preset, Termination

MAX_STEPS = 10**9

Sentence = Annotated[str, Field(min_length=1, max_length=MAX_SENTENCE)]
RobotId = Annotated[str, Field(min_length=1, max_length=100, examples=["Go1JoystickFlatTerrain"])]
ExperimentId = Annotated[str, Field(pattern=f"^{EXPERIMENT_ID}$", examples=["q3X9vA7bT0kE"])]
ApproachId = Annotated[str, Field(pattern=f"^{APPROACH_ID}$", examples=["1-aloha-roll"])]
JobId = Annotated[
    str,
    Field(
        pattern=rf"^{EXPERIMENT_ID}\.{APPROACH_ID}$",
        examples=["q3X9vA7bT0kE.1-aloha-roll"],
    ),
]
Provider = Annotated[str, Field(min_length=1, max_length=40)]
VideoId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{20,64}$")]
Source = Annotated[str, Field(min_length=1, max_length=MAX_SOURCE_BYTES)]
TermName = Annotated[str, StringConstraints(pattern=TERM_NAME)]
Weight = Annotated[float, Field(ge=-1e4, le=1e4, allow_inf_nan=False)]
Weights = Annotated[dict[TermName, Weight], Field(max_length=40)]
Steps = Annotated[int, Field(ge=1, le=MAX_STEPS)]
Seed = Annotated[int, Field(ge=0, lt=2**31)]


class Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TrainingOptions(Request):
    """How to train; what is left out stays as it is."""

    preset: Preset | None = Field(None, description="A time for the whole experiment's training.")
    steps: Steps | None = Field(None, description="Environment steps of each approach instead.")
    seed: Seed | None = None
    randomize: bool | None = Field(None, description="Domain randomisation.")
    hyperparameters: Hyperparameters | None = None

    @model_validator(mode="after")
    def _preset_or_steps(self) -> "TrainingOptions":
        if self.preset is not None and self.steps is not None:
            raise ValueError("give a preset or a number of steps, not both")
        return self


class TeachRequest(TrainingOptions):
    """A sentence for a robot, and who should propose how to teach it."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "robot": "Go1JoystickFlatTerrain",
                "sentence": "Keep shaking your hips aloha dude!",
                "preset": "quick",
            }
        }
    )
    robot: RobotId
    sentence: Sentence
    providers: Annotated[list[Provider], Field(min_length=1, max_length=8)] = ["builtin"]
    approaches: Annotated[int, Field(ge=1, le=MAX_APPROACHES)] = Field(
        3, description="How many each provider proposes."
    )
    reading: Reading | None = Field(
        None, description="What the sentence asks for, where a person corrected it."
    )


class ReadRequest(Request):
    """A sentence to read, for a robot's body."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"robot": "Go1JoystickFlatTerrain", "sentence": "Walk 2 m to the left"}
        }
    )
    robot: RobotId | None = None
    sentence: Sentence


class EditRequest(Request):
    """What to change of an approach; it is checked again."""

    model_config = ConfigDict(json_schema_extra={"example": {"weights": {"sway": 2.0}}})
    name: Annotated[str, Field(min_length=1, max_length=60)] | None = None
    source: Source | None = None
    weights: Weights | None = None
    clock_hz: Annotated[float, Field(ge=0.1, le=6.0)] | None = None
    termination: Termination | None = None


class CheckRequest(Request):
    """A reward to check, with or without rolling a still, a random and the base robot."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "robot": "CartpoleBalance",
                "source": "def reward(s):\n    return {'calm': -s.action_rate}\n",
                "weights": {},
                "rollouts": False,
            }
        }
    )
    robot: RobotId
    source: Source
    weights: Weights = {}
    rollouts: bool = Field(
        False, description="Also run the baselines on it: seconds instead of a moment."
    )


class BatchRequest(TrainingOptions):
    """Train one, some or all approaches that passed their check."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"experiment": "q3X9vA7bT0kE", "preset": "quick"}}
    )
    experiment: ExperimentId
    approaches: Annotated[list[ApproachId], Field(min_length=1, max_length=MAX_KEPT)] | None = (
        Field(None, description="None trains all that are ready.")
    )


class ImproveRequest(Request):
    """What should become different of an approach that was trained, and who edits it."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "job_id": "q3X9vA7bT0kE.1-aloha-roll",
                "wish": "swing wider",
                "provider": "builtin",
            }
        }
    )
    job_id: JobId
    wish: Annotated[str, Field(max_length=MAX_WISH)] = ""
    best: ApproachId | None = Field(None, description="The approach that you like best.")
    worst: ApproachId | None = Field(None, description="The approach that you like least.")
    provider: Provider = "builtin"


class VersionRequest(Request):
    """Which version of an approach to show."""

    version: Annotated[int, Field(ge=1, le=10_000)]


class RenderRequest(Request):
    """A clip to render again."""

    job_id: JobId


class VoteRequest(Request):
    """One browser has one vote an experiment; another vote replaces it, null takes it back."""

    approach: ApproachId | None


class DownloadRequest(Request):
    """Clips to download in one file."""

    videos: Annotated[list[VideoId], Field(min_length=1, max_length=30)]
    format: Literal["zip", "gif"] = Field(
        "zip", description="A zip of MP4 files; one GIF, or a zip of GIFs for several."
    )
