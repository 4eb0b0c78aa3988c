"""The record of one approach: what was proposed, and what its trainings showed."""

from copy import deepcopy

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from tabrl.events import Phase
from tabrl.experiments.changes import Change
from tabrl.experiments.files import slug
from tabrl.experiments.states import ENDED, FOLLOWS, ApproachStatus
from tabrl.spec import (
    Approach,
    Finding,
    Metric,
    Move,
    Number,
    Robustness,
    Termination,
    Verdict,
)
from tabrl.verdict.words import gains, reached

MAX_POINTS = 600


class Kept(BaseModel):
    """What is written to `experiment.json`."""

    model_config = ConfigDict(
        validate_assignment=True, json_schema_serialization_defaults_required=True
    )


class Point(Kept):
    """One point of a training curve; `numbers` and `verdict` where the metric was evaluated."""

    step: int
    episode_return: Number = None
    episode_length: Number = None
    terms: dict[str, Number] = {}
    numbers: dict[str, Number] = {}
    verdict: Verdict | None = None


class Numbers(Kept):
    """The metric's numbers for the trained policy and for the policy that it started from."""

    trained: dict[str, Number] = {}
    base: dict[str, Number] = {}


class Problem(Kept):
    """Why an approach ended early, in words."""

    phase: Phase
    message: str
    hint: str = ""
    detail: str = ""


class Preview(Kept):
    """A short clip of the policy so far; its path is relative to the experiment's folder."""

    step: int
    path: str


class Origin(Kept):
    """The approach that this one was edited from, and what was changed."""

    experiment: str
    approach: str = Field(description="Its folder.")
    name: str
    wish: str = Field("", description="What the person asked to be different.")
    changes: list[Change] = []


class Learned(Kept):
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
