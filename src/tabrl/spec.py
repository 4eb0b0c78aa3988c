"""What to propose, train, render and judge: plain values that serialise to JSON."""

import math
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

Preset = Literal["quick", "standard", "quality"]
Verdict = Literal["pass", "needs review", "fail"]

MOST_MOVES = 12
"""Velocity commands that an approach may give, one after another."""
EXPERIMENT_ID = r"[A-Za-z0-9_-]{8,40}"
APPROACH_ID = r"[1-9][0-9]?-[a-z0-9-]{1,40}"
"""Its number in the experiment and its name; also its folder."""
TERM_NAME = r"^[A-Za-z][A-Za-z0-9_]{0,40}$"


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


Number = Annotated[Annotated[float, Field(allow_inf_nan=True)] | None, AfterValidator(_finite)]
"""What was measured. JSON has no number for NaN and infinity: they become null at once."""


class Value(BaseModel):
    """A frozen value; unknown fields are an error, so that typing mistakes are seen, and so are
    numbers that are not finite, except where a `Number` may be.
    """

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
        json_schema_serialization_defaults_required=True,
    )


class Criterion(Value):
    """One measured number of a trajectory and the bounds that it must keep.

    `measure` and `signal` are names of `tabrl.verdict.measures`; a value inside
    `at_least`/`at_most` passes, one inside the looser `review` band asks for a person's eye,
    anything else fails.
    """

    label: str = Field(
        description="What the number is, in plain words with its unit: 'roll amplitude (rad)'."
    )
    measure: str
    signal: str | None = None
    args: dict[str, float | str] = {}
    at_least: float | None = None
    at_most: float | None = None
    slack: float = Field(
        0.3, ge=0, description="Share of the bound by which 'needs review' is looser than 'pass'."
    )


class Metric(Value):
    """The judge of a behaviour: a function of the trajectory alone, written without sight of any
    reward.
    """

    name: str
    question: str = Field(description="What a person would check in the clip, as a question.")
    criteria: tuple[Criterion, ...] = Field(min_length=1)
    doubt: str = Field(
        "",
        description="Why it may measure something else than the sentence asks for: it then asks "
        "for a person's eye, whatever it measures.",
    )


class Termination(Value):
    """When an episode counts as a fall and ends. `None` relaxes a bound (lying down is not
    falling).
    """

    min_upright: float | None = Field(
        0.3, ge=-1, le=1, description="Cosine between the base's z axis and the vertical."
    )
    min_height: float | None = Field(
        0.5, ge=0, description="Base height as a share of its height in the home pose."
    )


class Move(Value):
    """A velocity command that is held for a while."""

    seconds: float = Field(gt=0, le=30)
    forward: float = Field(0.0, ge=-3, le=3, description="m/s")
    left: float = Field(0.0, ge=-3, le=3, description="m/s")
    turn: float = Field(0.0, ge=-6, le=6, description="rad/s, positive is left")


class Approach(Value):
    """One way to teach a behaviour: a reward of named terms, its weights, and the setting it is
    trained in.
    """

    name: str = Field(min_length=1, max_length=60)
    description: str = Field(max_length=600)
    source: str = Field(
        description="Python source of `def reward(s):` that returns a dict of named terms."
    )
    weights: dict[str, float] = Field(description="Weight of each term; a missing name weighs 1.")
    clock_hz: float = Field(
        1.5, ge=0.1, le=6.0, description="Rate of the behaviour clock in the observation."
    )
    command: tuple[float, float, float] = Field(
        (0.0, 0.0, 0.0),
        description="Velocity command held for the robot: forward m/s, left m/s, turn rad/s.",
    )
    script: tuple[Move, ...] = Field(
        (),
        max_length=MOST_MOVES,
        description="Velocity commands one after another, in place of the one that is held; the "
        "last of them goes on.",
    )
    pose: dict[str, float] = Field(
        {},
        max_length=64,
        description="Where joints are asked to be (rad or m) by the policy that a training from a "
        "base policy begins with, in place of where that one asks them to be when it rests.",
    )
    termination: Termination = Termination()
    looks: str = Field(
        "", max_length=300, description="What a person should see when it has worked."
    )

    @field_validator("weights")
    @classmethod
    def _finite(cls, weights: dict[str, float]) -> dict[str, float]:
        for name, value in weights.items():
            if not abs(value) <= 1e4:
                raise ValueError(
                    f"weight of {name!r} is {value}; use a finite number between -10000 and 10000"
                )
        return weights


class Commands(Value):
    """A timed sequence of velocity commands, for a policy that follows them untrained."""

    name: str = Field(min_length=1, max_length=60)
    description: str = Field(max_length=600)
    note: str = Field("", max_length=600, description="What became of what could not be done.")
    moves: tuple[Move, ...] = Field(min_length=1, max_length=1500)


class Behaviour(Value):
    """What the proposer made of a sentence: approaches to train and the metric that judges them."""

    title: str
    note: str = Field(
        "", description="What was understood, and what could not be done, in plain words."
    )
    approaches: tuple[Approach, ...]
    metric: Metric


class Hyperparameters(Value):
    """PPO's settings. The defaults are the ones measured on two CPU cores (docs/results)."""

    num_envs: int = Field(
        512,
        ge=1,
        le=65536,
        title="Parallel environments",
        description="Simulations; fewer where a training is so short that they would leave it "
        "fewer than 32 updates.",
    )
    unroll_length: int = Field(
        20, ge=1, le=1000, title="Unroll length", description="Control steps of a rollout."
    )
    num_minibatches: int = Field(8, ge=1, le=256, title="Minibatches", description="Of each epoch.")
    num_epochs: int = Field(4, ge=1, le=64, title="Epochs", description="Passes over each rollout.")
    learning_rate: float | None = Field(
        None,
        gt=0,
        le=0.1,
        title="Learning rate",
        description="Stays as it is set. Left out, it falls evenly from 1e-3 to 1e-4 where there "
        "is a base policy, and stays at 5e-4 from scratch.",
    )
    discounting: float = Field(
        0.97, gt=0, lt=1, title="Discount", description="What the next control step is worth."
    )
    gae_lambda: float = Field(
        0.95,
        ge=0,
        le=1,
        title="GAE lambda",
        description="How far ahead an advantage is averaged: 0 a step, 1 the whole rollout.",
    )
    entropy_cost: float = Field(
        0.01, ge=0, le=1, title="Entropy cost", description="Keeps actions varied."
    )
    clipping_epsilon: float = Field(
        0.2,
        gt=0,
        lt=1,
        title="Clipping",
        description="How far the ratio to the policy that acted may leave 1.",
    )
    max_grad_norm: float = Field(
        1.0,
        gt=0,
        title="Gradient norm",
        description="Norm, over all weights, that a longer gradient is scaled down to.",
    )
    reward_scaling: float = Field(
        0.1, gt=0, title="Reward scaling", description="Before the critic sees the reward."
    )
    hidden: tuple[int, ...] = Field(
        (128, 128), title="Hidden layers", description="Units of each, in actor and critic."
    )
    init_noise_std: float = Field(
        0.4,
        gt=0,
        le=5,
        title="Action noise",
        description="Standard deviation of the actions at the start.",
    )
    desired_kl: float | None = Field(
        None,
        title="Desired KL",
        description="Adapts the learning rate to this KL a minibatch; left out, nothing does.",
    )
    episode_length: int | None = Field(
        None,
        ge=1,
        le=100_000,
        title="Episode length",
        description="Control steps before an episode is truncated; left out, 10 s, as a clip.",
    )
    coarse_physics: bool | None = Field(
        None,
        title="Coarse physics",
        description="Train with physics steps of 4 ms where MuJoCo Playground's are shorter: most "
        "humanoids train nearly twice as fast. Clips and verdicts keep Playground's. Left out, as "
        "the base policy was trained, and with the short ones where there is none.",
    )


class TrainSpec(Value):
    """Everything that one training needs, as JSON across the process boundary. Paths are local or
    fsspec URLs.
    """

    do: Literal["train"] = "train"
    job: str = Field(description="Name of the job, unique in its experiment.")
    robot: str
    approach: Approach | None = Field(
        None, description="None trains on the environment's stock reward."
    )
    metric: Metric | None = None
    num_steps: int = Field(gt=0, description="Environment control steps to train for.")
    max_steps: int | None = Field(
        None,
        description="It goes on past `num_steps` while it does not pass and its metric still "
        "rises, at most to here, and ends before them once it passes from every start and improves "
        "no more; None ends at `num_steps`.",
    )
    seed: int = Field(0, ge=0, lt=2**31)
    base_policy: str | None = Field(
        None, description="Folder of the policy to start from; None trains from scratch."
    )
    baseline: str | None = Field(
        None,
        description="Folder of a policy that was taught nothing of this: where it passes as well, "
        "the metric is in doubt.",
    )
    hyperparameters: Hyperparameters = Hyperparameters()
    randomize: bool = Field(
        False, description="Domain randomisation, and a test over friction, mass and pushes."
    )
    impl: Literal["native", "mjx"] = "native"
    threads: int = Field(0, ge=0, description="Physics threads; 0 uses every core.")
    out: str = Field(
        description="Folder that receives policy/, clip.mp4, poster.jpg and trajectory.npz."
    )
    clip: bool = True
    previews: bool = Field(
        False, description="Render a short, small clip of the policy at each evaluation."
    )
    resume: str | None = Field(
        None,
        description="Folder of this training's own earlier policy: it goes on from there, for "
        "the steps that remain.",
    )


class CheckResult(Value):
    """What the check found about a reward."""

    valid: bool
    findings: tuple["Finding", ...] = ()
    terms: tuple[str, ...] = ()
    term_means: dict[str, dict[str, Number]] = Field(
        {},
        description="Mean weighted reward a step of each term, by baseline: still, random, base, "
        "and opposite, the base robot told to go the other way.",
    )


class Finding(Value):
    """One thing to mend or to know. Only `error` makes a reward invalid."""

    severity: Literal["error", "warning"] = "error"
    line: int | None = None
    message: str
    hint: str = ""

    @property
    def said(self) -> str:
        """Message and hint as sentences."""
        stop = "" if not self.hint or self.message.endswith((".", "!", "?")) else "."
        return f"{self.message}{stop} {self.hint}".rstrip()


class Judgement(Value):
    """A metric's numbers for one trajectory and what follows from them."""

    verdict: Verdict
    numbers: dict[str, Number]
    reasons: tuple[str, ...] = Field((), description="Criteria that were missed, in words.")


Perturbation = Literal["friction", "mass", "push"]


class Robustness(Value):
    """How a policy bears more and more of something."""

    what: Perturbation
    levels: tuple[float, ...] = Field(
        description="Times the model's friction or mass; m/s that the base is pushed by."
    )
    passes: tuple[int, ...] = Field(description="Of the tries at each level, those that pass.")
    tries: int


class CheckSpec(Value):
    """A reward to check: allow-list, sandboxed tracing, and what it pays a still, a random and the
    base robot.
    """

    do: Literal["check"] = "check"
    job: str
    robot: str
    approach: Approach
    base_policy: str | None = None


class BaselineSpec(Value):
    """A metric to try on robots that were taught nothing: a still, a random and the base one."""

    do: Literal["baseline"] = "baseline"
    job: str
    robot: str
    metric: Metric
    base_policy: str | None = None


class RenderSpec(Value):
    """Rolls a saved policy out from the canonical start state and renders its clip."""

    do: Literal["render"] = "render"
    job: str
    policy: str = Field(description="Folder of the policy.")
    out: str
    seed: int = Field(0, ge=0, lt=2**31)
    moves: tuple[Move, ...] = Field(
        (),
        description="Commands for the policy, one after another; then it stands until the 10 s "
        "of a clip are over; it is judged by where they lead. None: the command that it was "
        "trained on, and no verdict.",
    )


class StressSpec(Value):
    """Tests a saved policy over friction, mass and pushes."""

    do: Literal["stress"] = "stress"
    job: str
    policy: str = Field(description="Folder of the policy.")
    seed: int = Field(0, ge=0, lt=2**31)


JobSpec = Annotated[
    TrainSpec | CheckSpec | BaselineSpec | RenderSpec | StressSpec,
    Field(discriminator="do"),
]
