"""Custom robots as the page sees them: on their way, understood, corrected."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from tabrl.experiments.additions import State
from tabrl.server.models.requests import Request
from tabrl.server.models.robots import Answer, RobotCard

Kind = Literal["quadruped", "humanoid", "biped", "planar", "bimanual", "arm", "hand", "other"]
Way = Literal["x", "-x", "y", "-y", "z", "-z"]
Base = Literal["floating", "fixed"]
Id = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,62}$", examples=["my_robot"])]
Named = Annotated[str, Field(pattern=r"^\w{1,80}$", examples=["anybotics_anymal_c"])]


class Correction(Request):
    """What a person says of a robot; null has TabRL see by itself."""

    model_config = ConfigDict(json_schema_extra={"example": {"kind": "biped", "forward": "-y"}})
    kind: Kind | None = Field(None, description="What kind of body it is.")
    forward: Way | None = Field(None, description="The axis of its base's frame that is ahead.")
    base: Base | None = Field(None, description="Of a URDF file, which does not say it.")


class MenagerieRequest(Correction):
    """A robot of MuJoCo Menagerie to add."""

    model_config = ConfigDict(json_schema_extra={"example": {"name": "anybotics_anymal_c"}})
    name: Named
    id: Id | None = Field(None, description="Its id here; null names it as Menagerie does.")


class RenameRequest(Request):
    """What a custom robot is to be called."""

    model_config = ConfigDict(json_schema_extra={"example": {"name": "Rex"}})
    name: Annotated[str, Field(pattern=r"^\S(.{0,58}\S)?$")]


class AdditionStatus(Answer):
    """Where the making of a robot stands."""

    id: str
    source: str = Field(description="What it is made of.", examples=["rex.zip"])
    state: State
    stage: str = Field(description="What is done now, in words.", examples=["Reading the model"])
    progress: float | None = Field(description="Of a download, 0 to 1; else null.")
    robot: str | None = Field(description="Its id, once it is added.")
    error: str | None = Field(description="Why there is none.")
    hint: str | None = Field(description="What would be valid.")
    choices: list[str] = Field(description="Models among which the source leaves the choice open.")


class JointGroup(Answer):
    """Joints that sentences speak of by one name."""

    name: str = Field(examples=["hips"])
    joints: list[str]


class CustomRobot(RobotCard):
    """A custom robot, and what was understood of it."""

    source: str | None = Field(description="What it was made of; null where nobody kept that.")
    mass: float = Field(description="kg.")
    height: float = Field(description="m, of its base at home.")
    floats: bool = Field(description="Whether its base is free to move.")
    feet: list[str]
    hands: list[str]
    groups: list[JointGroup]
    forward: str | None = Field(description="The axis of the file that is ahead.")
    notes: list[str] = Field(description="What was assumed, and what to know.")
    prompts: list[str] = Field(description="Sentences to try.")
    said: Correction = Field(description="What a person said of it.")
    kinds: list[str] = Field(description="Kinds that it may be taken for.")
    ways: list[str] = Field(description="Axes that might be ahead.")
    bases: list[str] = Field(description="What its base might be; none where the file says it.")
    fixed_since: str | None = Field(description="Why it cannot be corrected; null where it can.")


class MenagerieHero(Answer):
    """A robot to begin with."""

    name: str = Field(examples=["anybotics_anymal_c"])
    title: str = Field(examples=["ANYmal C"])


class Menagerie(Answer):
    """What can be had of MuJoCo Menagerie here."""

    heroes: list[MenagerieHero]
    names: list[str] = Field(description="All names that can be given; none where few can.")
    missing: str | None = Field(description="What to install for them; null where it is there.")
