"""A reading: what a sentence asks a body to do, as data that anybody can look at and correct."""

from typing import Literal

from pydantic import Field

from tabrl.spec import Value

Side = Literal["left", "right", "both", "either"]
Direction = Literal[
    "forward",
    "backward",
    "left",
    "right",
    "sideways",  # to either side
    "up",
    "down",
    "clockwise",
    "counterclockwise",
]
Height = Literal["low", "high"]


class Action(Value):
    """One thing to do; what was not said is None. Directions are the robot's own."""

    do: str = Field(description="A verb of the table in docs/reading.md.")
    part: str | None = Field(None, description="The part of the body that does it.")
    side: Side | None = Field(None, description="Which of two such parts.")
    direction: Direction | None = None
    count: int | None = Field(None, ge=0, description="How many times.")
    distance_m: float | None = Field(None, ge=0)
    angle_rad: float | None = Field(None, ge=0, description="How far to turn; 2 pi is once round.")
    speed_mps: float | None = Field(None, ge=0)
    turn_rate: float | None = Field(None, ge=0, description="rad/s")
    tempo_hz: float | None = Field(None, ge=0, description="Repetitions a second.")
    height: Height | None = None
    manner: tuple[str, ...] = Field((), description="Words of the table of manners.")
    negated: bool = Field(False, description="It must not happen while the others do.")


class Part(Value):
    """What is done at the same time, for so long; a negated action is a constraint on the rest."""

    seconds: float | None = Field(None, gt=0)
    actions: tuple[Action, ...] = Field(min_length=1)


class Reading(Value):
    """What a sentence asks for: parts one after another.

    `sure` is False where the nearest behaviour stands for something else, and where the sentence
    asks for nothing that a body can do.
    """

    language: str = Field("en", description="ISO 639-1; und where it is not known.")
    sure: bool = True
    unread: tuple[str, ...] = Field((), description="Words that had no part in the reading.")
    refers_to: str | None = Field(
        None, description="What is to be changed, where it is a wish about what is there."
    )
    note: str = Field("", description="What there is to say about the reading, in words.")
    parts: tuple[Part, ...] = ()
    alternatives: tuple["Reading", ...] = ()
