"""The record of an experiment: what `experiment.json` holds, and how it is kept."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import Field

from tabrl.behaviours.reading.model import Reading
from tabrl.errors import TabRLError
from tabrl.experiments.approach_record import ApproachRecord, Kept, Problem
from tabrl.experiments.files import write_atomically
from tabrl.experiments.formats import FORMAT, upgrade
from tabrl.experiments.locking import abandoned
from tabrl.experiments.states import ExperimentStatus
from tabrl.llm.asking import Purpose
from tabrl.spec import (
    Commands,
    Hyperparameters,
    Metric,
    Move,
    Number,
    Preset,
    Verdict,
)

FILE, HELD = "experiment.json", ".running"
"""The record, and what the command that runs it holds."""


class Taken(Kept):
    """What one answer of a language model has taken."""

    purpose: Purpose
    model: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = Field(0.0, description="None where its price is not known.")
    seconds: float = 0.0
    trouble: str = Field("", description="Why there is no answer, in words.")


class CommandsState(Kept):
    """Velocity commands for the base policy, and how it follows them: nothing is trained."""

    provider: str = Field("builtin", description="Who wrote them.")
    prompts: str = Field(
        "", description="Version of the prompts that a language model was asked with."
    )
    name: str
    description: str
    note: str = ""
    moves: tuple[Move, ...]
    status: Literal["proposed", "rendering", "finished", "failed", "cancelled"] = "proposed"
    progress: Number = Field(0.0, description="Share of the clip that is drawn, 0 to 1.")
    timings: dict[str, float] = Field({}, description="Wall time of each phase, s.")
    metric: Metric | None = None
    verdict: Verdict | None = None
    numbers: dict[str, Number] = Field({}, description="The metric's, of the whole clip.")
    reasons: list[str] = Field(default_factory=list)
    error: Problem | None = None


COMMANDS = "commands"
"""Name of the job that follows velocity commands, and of the folder with its clip."""

NOT_TRAINED = "not trained"


class CommandsRecord(CommandsState):
    """Velocity commands, and where their clip is."""

    files: dict[str, str] = Field({}, description="Paths relative to the experiment's folder.")

    @classmethod
    def of(cls, commands: Commands, provider: str, prompts: str = "") -> "CommandsRecord":
        """The record of commands that nobody has followed yet."""
        return cls(**dict(commands), provider=provider, prompts=prompts)

    def commands(self) -> Commands:
        """The commands themselves."""
        return Commands(**{name: getattr(self, name) for name in Commands.model_fields})


class Usage(Kept):
    """What a provider has taken."""

    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = Field(0.0, description="None where a price is not known.")
    answers: list[Taken] = Field(default_factory=list)


class Parent(Kept):
    """The experiment that this one was made from; a shared one is named by its share alone."""

    how: Literal["duplicate", "fork", "improve", "tune"]
    id: str | None = None
    share_id: str | None = None
    title: str = ""
    owner: str | None = Field(None, description="Whose it was, on a studio with accounts: an id.")


class Credit(Kept):
    """Where a behaviour of the library comes from, and who taught it."""

    source: str | None = Field(None, description="The experiment that it was copied from.")
    owner: str | None = Field(None, description="Whose that was: an id, which tells no name.")
    by: str = Field("", description="Who taught it, as whoever added it said.")
    licence: str = Field("", description="What others may do with it, such as CC-BY-4.0.")
    added: datetime = Field(default_factory=lambda: datetime.now(UTC))


class Estimate(Kept):
    """How long a person waits for all clips of an experiment, s."""

    seconds: float
    parts: dict[str, float] = Field(
        {}, description="Checks, what precedes the first update, training, clips."
    )
    at_most_s: float = Field(0.0, description="Where every training goes on to its limit.")
    guess: bool = Field(
        False, description="From other robots or machines: this robot was not trained here yet."
    )


class ExperimentState(Kept):
    """What is known of an experiment, wherever it is kept or shown."""

    id: str
    sentence: str
    reading: Reading | None = Field(
        None, description="What the sentence was read as, or corrected to."
    )
    robot: str
    title: str = ""
    note: str = ""
    seed: int
    preset: Preset | None = Field(description="None where the number of steps was given.")
    provider: str = "builtin"
    steps: int | None = Field(None, description="Environment steps of each approach.")
    estimate: Estimate | None = Field(None, description="Told when its training was asked for.")
    took_s: Number = Field(None, description="What the estimate told of, once it is over.")
    base_policy: str | None = None
    randomize: bool = Field(False, description="Domain randomisation.")
    hyperparameters: Hyperparameters = Hyperparameters()
    status: ExperimentStatus = "running"
    created: datetime = Field(default_factory=lambda: datetime.now(UTC))
    timings: dict[str, float] = Field({}, description="Wall time of the shared phases, s.")
    versions: dict[str, str] = Field(default_factory=dict)
    machine: dict[str, str | int | float] = Field(default_factory=dict)
    parent: Parent | None = None
    usage: dict[str, Usage] = Field({}, description="What each language model has taken.")
    errors: list[str] = Field([], description="What went wrong outside any one approach.")


class Experiment(ExperimentState):
    """One sentence taught to one robot; saved as `experiment.json` in its folder."""

    format: int = FORMAT
    client: Literal["command", "studio"] = Field(
        "command", description="Who runs it: one command, or the studio from start to start."
    )
    approaches: list[ApproachRecord] = Field(default_factory=list)
    commands: CommandsRecord | None = Field(
        None, description="The approach without training, where the sentence is one for it."
    )
    files: dict[str, str] = Field(default_factory=dict)
    credit: Credit | None = Field(None, description="Of what was added to the library here.")
    folder: Path = Field(Path(), exclude=True)

    @property
    def runs_elsewhere(self) -> bool:
        """Whether a command runs it."""
        return self.client == "command" and self.status in ("running", "stopping")

    def save(self) -> None:
        """Replace `experiment.json` in one step, so that a reader never sees half of it."""
        write_atomically(self.folder / FILE, self.model_dump_json(indent=1))

    def find(self, job: str) -> ApproachRecord | None:
        """The approach whose job has this name."""
        return next((a for a in self.approaches if a.folder == job), None)


def load(folder: Path) -> Experiment:
    """The experiment in a folder, of whichever format; `TabRLError` where there is none that can
    be read.

    One whose command was killed says so, instead of running for ever.
    """
    path = folder / FILE
    try:
        experiment = Experiment.model_validate(upgrade(json.loads(path.read_bytes())))
    except (OSError, ValueError) as error:
        raise TabRLError(
            f"There is no readable experiment in {folder}: {error}",
            f"Name a folder that `tabrl teach` made: it holds {FILE}.",
        ) from error
    experiment.folder = folder
    if experiment.runs_elsewhere and abandoned(folder / HELD):
        _interrupt(experiment)
    return experiment


def _interrupt(experiment: Experiment) -> None:
    experiment.status = "interrupted"
    for approach in experiment.approaches:
        if not approach.ended:
            approach.status = "interrupted"
            approach.error = Problem(
                phase=approach.phase,
                message="The command that trained this was killed.",
                hint="Teach it again, or try this approach again in the studio.",
            )
    if experiment.commands and experiment.commands.status in ("proposed", "rendering"):
        experiment.commands.status = "failed"
