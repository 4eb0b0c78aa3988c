"""Robots as the gallery and the behaviour page show them."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tabrl.experiments.record import Estimate
from tabrl.spec import Preset


class Answer(BaseModel):
    """A response: every field is always there."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)


class RobotCard(Answer):
    """One environment in the gallery."""

    id: str = Field(examples=["Go1JoystickFlatTerrain"])
    name: str = Field(examples=["Unitree Go1"])
    type: str = Field(examples=["quadruped"])
    maker: str | None = Field(description="Who builds it, where known.", examples=["Unitree"])
    category: str = Field(examples=["locomotion"])
    dof: int = Field(description="How many joints motors move.", examples=[12])
    description: str
    base_policy: bool = Field(description="Whether a trained policy is there to start from.")
    thumbnail: str = Field(description="URL of a picture.")
    preview: str | None = Field(description="URL of a clip of some 3 s; null where none is made.")


class PlannedTraining(Answer):
    """What a training will be, and how long a person waits for all of them."""

    steps: int = Field(description="Environment steps of each approach.")
    max_steps: int | None = Field(
        description="Steps that it goes on to at most, while its metric still rises."
    )
    simulations: int
    iterations: int
    estimate: Estimate
    trouble: str = Field("", description="Why it cannot be asked for; empty where it can.")


class Plans(Answer):
    """What can be asked for: the presets, and a number of steps of one's own."""

    presets: dict[Preset, PlannedTraining]
    custom: PlannedTraining | None = Field(None, description="Null where no steps were given.")


class SignalInfo(Answer):
    """A word of the reward language: `s.<name>`, or a call with one of `names`."""

    name: str
    shape: str
    unit: str
    meaning: str
    call: str | None = Field(
        None, description='How an accessor is called: `s.joint("FR_hip_joint")`; null for signals.'
    )
    names: list[str] = Field([], description="What an accessor takes.")


class KernelInfo(Answer):
    """A function in scope of a reward."""

    name: str
    signature: str
    meaning: str


class Vocabulary(Answer):
    """All words that a reward for this robot may use."""

    signals: list[SignalInfo]
    kernels: list[KernelInfo]
    functions: list[str] = Field(description="What `jnp` offers here.", examples=[["jnp.sin"]])


class BaseQuality(Answer):
    """How a base policy follows random velocity commands: 512 robots for 10 s."""

    velocity_error: float = Field(description="m/s, mean.")
    turn_error: float = Field(description="rad/s, mean.")
    falls_per_minute: float
    falls_per_minute_pushed: float = Field(
        description="Where it is pushed by 0.5 m/s every two seconds."
    )


class BaseInfo(Answer):
    """The policy that trainings start from."""

    steps: int = Field(description="Environment steps that it was trained for.")
    seconds: float | None = Field(description="Wall time of its training; null until it ended.")
    machine: str | None = Field(examples=["2 CPU cores"])
    seed: int
    quality: BaseQuality | None = Field(description="Null until its training has ended.")
    clip: str | None = Field(description="URL of 10 s in which it follows commands.")
    model: str = Field(description="URL: `/live/` and `/export/` follow it.")


class RobotInfo(RobotCard):
    """A robot with all that its page needs."""

    base: BaseInfo | None = Field(description="Null where trainings start from scratch.")

    prompts: list[str] = Field(description="Sentences to try.")
    vocabulary: Vocabulary


class ProviderInfo(Answer):
    """Who can propose approaches."""

    name: str = Field(examples=["builtin"])
    title: str = Field(examples=["Built in"])
    state: Literal["ready", "no key", "unreachable"]
    detail: str = ""
