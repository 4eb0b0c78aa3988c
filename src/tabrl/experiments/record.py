"""The record of an experiment: what `experiment.json` holds, and how it is kept."""

import json
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from tabrl.behaviours.reading.model import Reading
from tabrl.errors import TabRLError
from tabrl.events import Phase
from tabrl.experiments.changes import Change
from tabrl.experiments.files import slug, write_atomically
from tabrl.experiments.formats import FORMAT, upgrade
from tabrl.experiments.locking import abandoned
from tabrl.experiments.states import ENDED, FOLLOWS, ApproachStatus, ExperimentStatus
from tabrl.llm.asking import Purpose
from tabrl.spec import (
    Approach,
    Commands,
    Finding,
    Hyperparameters,
    Metric,
    Move,
    Number,
    Preset,
    Robustness,
    Termination,
    Verdict,
)
from tabrl.verdict.words import gains, reached

FILE, HELD = "experiment.json", ".running"
"""The record, and what the command that runs it holds."""
MAX_POINTS = 600


class _Record(BaseModel):
    model_config = ConfigDict(
        validate_assignment=True, json_schema_serialization_defaults_required=True
    )


class Point(_Record):
    """One point of a training curve; `numbers` and `verdict` where the metric was evaluated."""

    step: int
    episode_return: Number = None
    episode_length: Number = None
    terms: dict[str, Number] = {}
    numbers: dict[str, Number] = {}
    verdict: Verdict | None = None


class Numbers(_Record):
    """The metric's numbers for the trained policy and for the policy that it started from."""

    trained: dict[str, Number] = {}
    base: dict[str, Number] = {}


class Problem(_Record):
    """Why an approach ended early, in words."""

    phase: Phase
    message: str
    hint: str = ""
    detail: str = ""


class Preview(_Record):
    """A short clip of the policy so far; its path is relative to the experiment's folder."""

    step: int
    path: str


class Origin(_Record):
    """The approach that this one was edited from, and what was changed."""

    experiment: str
    approach: str = Field(description="Its folder.")
    name: str
    wish: str = Field("", description="What the person asked to be different.")
    changes: list[Change] = []


class Learned(_Record):
    """What a training showed in the end: one version of an approach."""

    version: int = Field(1, description="Counts an approach's trainings; the latest is highest.")
    step: int = Field(0, description="Environment steps so far.")
    num_steps: int | None = Field(None, description="Environment steps to train for.")
    verdict: Verdict | None = None
    numbers: Numbers = Numbers()
    reasons: list[str] = []
    robustness: list[Robustness] = Field(
        [], description="How it bears friction, mass and pushes; empty where it was not tested."
    )
    note: str = Field("", description="What its training left out, and how to get it.")


class Version(Learned):
    """One that another training took the place of; its paths as of `ApproachRecord.files`."""

    files: dict[str, str] = {}


class ApproachState(Learned):
    """What is known of an approach, wherever it is kept or shown."""

    provider: str = Field("builtin", description="Who proposed it.")
    model: str = Field("", description="The language model; empty for the built-in proposer.")
    prompts: str = Field(
        "", description="Version of the prompts that a language model was asked with."
    )
    repairs: int = Field(0, description="Rounds of repair that the language model took.")
    stands_in_for: str = Field(
        "", description="The provider in whose place the built-in proposer stepped in."
    )
    name: str
    description: str
    source: str
    weights: dict[str, float]
    proposed_weights: dict[str, float] = Field(
        {}, description="As they were proposed; empty until somebody edits the approach."
    )
    clock_hz: float
    command: tuple[float, float, float]
    pose: dict[str, float] = Field(
        {}, description="Where joints are asked to be (rad or m) when its training begins."
    )
    script: tuple[Move, ...] = Field(
        (), description="Velocity commands one after another, in place of the one that is held."
    )
    termination: Termination
    looks: str = Field("", description="What a person should see when it has worked.")
    status: ApproachStatus = "proposed"
    phase: Phase = "queued"
    findings: list[Finding] = []
    terms: list[str] = Field([], description="Names of the reward's terms, once it was checked.")
    term_means: dict[str, dict[str, Number]] = Field(
        {},
        description="Mean weighted reward a step of each term, by baseline: still, random, base, "
        "and opposite, the base robot told to go the other way.",
    )
    max_steps: int | None = Field(
        None,
        description="Steps that it goes on to at most, while its metric still rises. With it, it "
        "ends early, too, once it passes and improves no more.",
    )
    goal: int | None = Field(None, description="Steps that it trains for once it goes on.")
    steps_per_s: Number = None
    seconds_left: Number = Field(None, description="Until its clip is there, about.")
    progress: Number = Field(0.0, description="Share of the phase that is done, 0 to 1.")
    timings: dict[str, float] = Field({}, description="Wall time of each phase, s.")
    curve: list[Point] = []
    metric: Metric | None = None
    base_verdict: Verdict | None = None
    error: Problem | None = None
    where: str = Field(
        "", description="What its latest training runs or ran on; empty for this machine."
    )
    cost_usd: Number = Field(
        None, description="What its trainings have cost so far, about; null where nothing does."
    )
    origin: Origin | None = None


class ApproachRecord(ApproachState):
    """One approach: what was proposed, what became of it, and where its files are."""

    folder: str = Field(
        description="Its folder, relative to the experiment's; also its job's name."
    )
    files: dict[str, str] = Field({}, description="Paths relative to the experiment's folder.")
    previews: list[Preview] = []
    attempt: int = Field(1, description="Each training has a folder of its own.")
    versions: list[Version] = Field([], description="What earlier trainings of it showed.")
    start: str | None = Field(None, description="Policy to train from in place of the base one.")
    resume: str | None = Field(None, description="Policy that an interrupted one goes on from.")
    heard: int = Field(0, description="Events of its job so far, of one that outlives the studio.")
    costs: dict[int, float] = Field({}, description="What each attempt has cost, about, USD.")
    _since: float | None = PrivateAttr(None)

    @classmethod
    def of(cls, approach: Approach, metric: Metric, index: int) -> "ApproachRecord":
        """The record of a new approach; `index` counts from 0."""
        folder = f"{index + 1}-{slug(approach.name) or 'approach'}"
        return cls(**approach.model_dump(), metric=metric, folder=folder)

    def approach(self) -> Approach:
        """The approach as a job's specification holds it."""
        return Approach(**{name: getattr(self, name) for name in Approach.model_fields})

    @property
    def out(self) -> str:
        """Folder of its latest training, relative to the experiment's."""
        return self.folder if self.attempt == 1 else f"{self.folder}/{self.attempt}"

    def shown(self) -> Version:
        """What it shows now, as a value of its own."""
        return Version(**{name: deepcopy(getattr(self, name)) for name in Version.model_fields})

    def files_of(self, version: int | str) -> dict[str, str]:
        """The files of one of its versions; of the one that it shows where none is named."""
        if not version or int(version) == self.version:
            return self.files
        return next((kept.files for kept in self.versions if kept.version == int(version)), {})

    @property
    def policy(self) -> str:
        """The folder of the policy that it shows, or would leave, relative to the experiment's."""
        return self.files.get("policy", f"{self.out}/policy")

    def history(self) -> list[Version]:
        """What its trainings showed, what it shows now among them; no policy shows nothing."""
        if "policy" not in self.files:
            return self.versions
        others = [kept for kept in self.versions if kept.version != self.version]
        return sorted([*others, self.shown()], key=lambda kept: kept.version)

    def keep_version(self) -> None:
        """Remember what it shows, before something else takes its place."""
        self.versions = self.history()

    def show_version(self, version: int) -> bool:
        """Show what an earlier or later training of it did; false where there is none."""
        found = next((kept for kept in self.versions if kept.version == version), None)
        if found is None:
            return False
        self.keep_version()
        for name in Version.model_fields:
            setattr(self, name, deepcopy(getattr(found, name)))
        return True

    @property
    def reached(self) -> list[str]:
        """What keeps its bounds, in plain words."""
        return reached(self.metric, self.numbers.trained)

    @property
    def gained(self) -> list[str]:
        """What an improved approach does better than its parent, in plain words."""
        return gains(self.metric, self.numbers.base, self.numbers.trained) if self.origin else []

    @property
    def learned_early(self) -> bool:
        """Whether it ended before its steps were made, since nothing was left to learn."""
        return self.status == "finished" and self.step < (self.num_steps or 0)

    @property
    def ended(self) -> bool:
        return self.status in ENDED

    def become(self, status: ApproachStatus) -> None:
        """Take a state that may follow the one it has."""
        if status != self.status and status not in FOLLOWS[self.status]:
            raise RuntimeError(f"An approach that is {self.status} does not become {status}.")
        self.status = status

    def enter(self, phase: Phase, at: float) -> None:
        """Begin a phase at a Unix time, s; the one that it ends gets its wall time."""
        if self._since is not None:
            spent = self.timings.get(self.phase, 0.0) + at - self._since
            self.timings[self.phase] = round(max(0.0, spent), 3)
        self.phase, self._since = phase, at
        self.progress = 0.0

    def add_point(self, point: Point) -> None:
        """Append to the curve; a long curve keeps every evaluation and fewer of the rest."""
        self.curve.append(point)
        if len(self.curve) > MAX_POINTS:
            last = len(self.curve) - 1
            self.curve = [
                p for i, p in enumerate(self.curve) if i % 2 == 0 or i == last or p.numbers
            ]


class Taken(_Record):
    """What one answer of a language model has taken."""

    purpose: Purpose
    model: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = Field(0.0, description="None where its price is not known.")
    seconds: float = 0.0
    trouble: str = Field("", description="Why there is no answer, in words.")


class CommandsState(_Record):
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
    reasons: list[str] = []
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


class Usage(_Record):
    """What a provider has taken."""

    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = Field(0.0, description="None where a price is not known.")
    answers: list[Taken] = []


class Parent(_Record):
    """The experiment that this one was made from; a shared one is named by its share alone."""

    how: Literal["duplicate", "fork", "improve", "tune"]
    id: str | None = None
    share_id: str | None = None
    title: str = ""


class Estimate(_Record):
    """How long a person waits for all clips of an experiment, s."""

    seconds: float
    parts: dict[str, float] = Field(
        {}, description="Checks, what precedes the first update, training, clips."
    )
    at_most_s: float = Field(0.0, description="Where every training goes on to its limit.")
    guess: bool = Field(
        False, description="From other robots or machines: this robot was not trained here yet."
    )


class ExperimentState(_Record):
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
    versions: dict[str, str] = {}
    machine: dict[str, str | int | float] = {}
    parent: Parent | None = None
    usage: dict[str, Usage] = Field({}, description="What each language model has taken.")
    errors: list[str] = Field([], description="What went wrong outside any one approach.")


class Experiment(ExperimentState):
    """One sentence taught to one robot; saved as `experiment.json` in its folder."""

    format: int = FORMAT
    client: Literal["command", "studio"] = Field(
        "command", description="Who runs it: one command, or the studio from start to start."
    )
    approaches: list[ApproachRecord] = []
    commands: CommandsRecord | None = Field(
        None, description="The approach without training, where the sentence is one for it."
    )
    files: dict[str, str] = {}
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
