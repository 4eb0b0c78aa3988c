"""What a page asks of a server that runs its robots, and what it is told: values, no MuJoCo."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

MOST_TOGETHER = 9
"""Robots side by side in one canvas."""
MOST_NUMBERS = 20_000
"""Of one robot's memory; no robot of the catalogue has a tenth of it."""

Real = Annotated[float, Field(allow_inf_nan=False)]
Speed = Annotated[float, Field(ge=-100, le=100, allow_inf_nan=False)]
Newton = Annotated[float, Field(ge=-10_000, le=10_000, allow_inf_nan=False)]
Force = tuple[Newton, Newton, Newton]
Share = Annotated[float, Field(ge=0.01, le=10, allow_inf_nan=False)]


class _Ask(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Steer(_Ask):
    """Follow a velocity command; null: as it was taught."""

    kind: Literal["steer"]
    command: tuple[Speed, Speed, Speed] | None = Field(
        description="Forward m/s, left m/s, turn to the left rad/s."
    )


class Push(_Ask):
    """Push the base of each robot."""

    kind: Literal["push"]
    force: Force = Field(description="N, in the world's frame.")
    seconds: float = Field(gt=0, le=5, allow_inf_nan=False)


class Hold(_Ask):
    """Pull a body of each robot until the next such message; null lets go."""

    kind: Literal["hold"]
    force: Force | None = Field(description="N, in the world's frame.")
    body: int = Field(ge=0, le=10_000, description="MuJoCo's number.")


class Box(_Ask):
    """Drop a box in the way of each robot, or take it away; it is gone at the next start, too."""

    kind: Literal["box"]
    there: bool


class Reset(_Ask):
    """Begin again."""

    kind: Literal["reset"]


class Pause(_Ask):
    """Stand still, or go on."""

    kind: Literal["pause"]
    paused: bool


class Single(_Ask):
    """One control step."""

    kind: Literal["single"]


class Tempo(_Ask):
    """Slow motion."""

    kind: Literal["speed"]
    factor: float = Field(ge=0.05, le=1, allow_inf_nan=False, description="1 is real time.")


class World(BaseModel):
    """Factors of what it was trained with."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    friction: Share
    mass: Share
    strength: Share = Field(description="Of the motors.")


class ChangeWorld(_Ask):
    """Another world for all of them."""

    kind: Literal["world"]
    world: World


class Memory(BaseModel):
    """Where a robot is in its episode: enough to go on from there on another server."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    steps: int = Field(ge=0, le=10**9, description="Control steps of the episode.")
    falls: int = Field(ge=0, le=10**9)
    physics: tuple[Real, ...] = Field(max_length=MOST_NUMBERS, description="MuJoCo's state.")
    state: dict[str, tuple[Real, ...]] = Field(
        max_length=100, description="What the policy's graph remembers, by its names."
    )


class Resume(_Ask):
    """Go on from where a connection ended; the first message of the next one."""

    kind: Literal["resume"]
    robots: tuple[Memory, ...] = Field(max_length=MOST_TOGETHER)


class Seen(_Ask):
    """The page has this frame: nothing is sent to who says nothing for half a second."""

    kind: Literal["seen"]
    frame: int = Field(ge=0)


Ask = Annotated[
    Steer | Push | Hold | Box | Reset | Pause | Single | Tempo | ChangeWorld | Resume | Seen,
    Field(discriminator="kind"),
]


class PlayAsk(RootModel[Ask]):
    """One message from the page: its `kind` says which."""


class Doing(BaseModel):
    """How one robot is."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    time: float = Field(description="Seconds of the episode.")
    falls: int = Field(description="How often it has fallen and begun again.")
    velocity: tuple[float, float, float] = Field(
        description="Of the base in its own level frame: ahead m/s, left m/s, turn rad/s."
    )
    box: bool = Field(description="Whether a box lies in its way.")
    way: float = Field(description="How far the base is from where it began, m.")
    values: dict[str, float | None] | None = Field(
        description="The metric's numbers of the last ten seconds; null where there are none yet."
    )


class PlayFrame(BaseModel):
    """What stands before the poses in a message to the page.

    A message is binary: the number of the frame and the length of this JSON, each as four bytes
    (little-endian); the JSON, filled with spaces to a multiple of four bytes; and float32 poses,
    (x, y, z, w, i, j, k) of each body of one robot after the other; of a robot in whose way a box
    can be dropped, the box comes last, no numbers (NaN) as long as there is none.
    """

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    heard: int = Field(description="Messages of this connection that this frame takes account of.")
    load: float = Field(description="Share of the control period that a step of all takes.")
    robots: list[Doing]
    memory: list[Memory] | None = Field(description="To go on from; null in most frames.")
