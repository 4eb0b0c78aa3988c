"""What becomes of an approach's record when somebody edits, copies, trains or renders it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tabrl.errors import ConflictError, TabRLError
from tabrl.events import Artifact, Event, Failed, Finished, PhaseStarted, Rendering
from tabrl.executors.base import Job
from tabrl.experiments.approach_record import ApproachRecord, Numbers, Problem
from tabrl.experiments.changes import changes
from tabrl.experiments.collect import apply
from tabrl.experiments.engine.live import Live
from tabrl.experiments.states import TRIED, UNDER_WAY
from tabrl.spec import Approach


def chosen(live: Live, names: Sequence[str] | None) -> list[ApproachRecord]:
    """The approaches to train; raises `ConflictError` where one of them cannot be."""
    if names is None:
        ready = [a for a in live.experiment.approaches if a.status == "ready"]
        if not ready:
            raise ConflictError(
                "No approach is ready to train.",
                "Wait for the checks, or name approaches to train again.",
            )
        return ready
    named = [live.approach(name) for name in dict.fromkeys(names)]
    for approach in named:
        if approach.status != "ready" and approach.status not in TRIED:
            raise ConflictError(
                f"{approach.name} is {approach.status}.", "It trains once its check has passed."
            )
    return named


def trainable(live: Live) -> list[ApproachRecord]:
    """The approaches that share the experiment's time."""
    return [a for a in live.experiment.approaches if a.status not in ("refused", "proposed")]


def refuse_when_busy(approach: ApproachRecord) -> None:
    """`ConflictError` where an approach waits or trains."""
    if approach.status in UNDER_WAY:
        raise ConflictError(
            f"{approach.name} is {approach.status}.", "Cancel it first, or wait for its end."
        )


def changed(approach: ApproachRecord, changes: dict[str, Any]) -> Approach:
    """An approach with changes; `TabRLError` where they are not valid."""
    try:
        return Approach.model_validate(approach.approach().model_dump() | changes)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise TabRLError(f"The change is not valid: {where}: {first['msg']}.") from error


def tell_difference(live: Live, approach: ApproachRecord) -> None:
    """Bring what an edit changed up to date; one from elsewhere keeps what it has."""
    origin = approach.origin
    parent = live.experiment.find(origin.approach) if origin else None
    if origin and parent and origin.experiment == live.id:
        origin.changes = changes(parent.approach(), approach.approach())


def fresh(approach: ApproachRecord) -> ApproachRecord:
    """The same idea, as it was proposed."""
    return ApproachRecord(
        **approach.approach().model_dump(),
        provider=approach.provider,
        model=approach.model,
        prompts=approach.prompts,
        repairs=approach.repairs,
        stands_in_for=approach.stands_in_for,
        proposed_weights=approach.proposed_weights,
        metric=approach.metric,
        folder=approach.folder,
    )


def forget_training(approach: ApproachRecord) -> None:
    """As it was before it was trained."""
    approach.step, approach.num_steps, approach.resume = 0, None, None
    approach.heard = 0
    approach.max_steps = approach.goal = None
    approach.steps_per_s = approach.seconds_left = approach.verdict = approach.error = None
    approach.curve, approach.previews = [], []
    approach.reasons, approach.robustness, approach.note = [], [], ""
    approach.numbers = Numbers()
    approach.timings = {name: s for name, s in approach.timings.items() if name == "checking"}
    approach.files = {name: path for name, path in approach.files.items() if name == "reward"}


def begin_anew(approach: ApproachRecord) -> None:
    """As it was before it was trained, in a folder of its own; what it showed stays a version."""
    approach.keep_version()
    approach.attempt += 1
    forget_training(approach)
    approach.version = approach.attempt


def lengthen(approach: ApproachRecord, steps: int) -> None:
    """Have a training that goes on do so many steps more."""
    approach.num_steps = max(approach.num_steps or 0, approach.step) + steps
    approach.max_steps = approach.goal = approach.error = None
    approach.seconds_left, approach.progress = None, 0.0


def interrupt(
    approach: ApproachRecord,
    message: str = "The studio was stopped while this trained, before it kept a first policy.",
    hint: str = "Try again: it starts anew.",
) -> None:
    """Say that a training ended before its time, and why; by default since the studio did."""
    approach.become("interrupted")
    approach.error = Problem(phase=approach.phase, message=message, hint=hint)


def note_job(approach: ApproachRecord, job: Job) -> None:
    """Note what is known of the job of an approach's training beside its events."""
    approach.heard, approach.where = job.heard, job.where
    if job.cost_usd is not None:
        approach.costs = approach.costs | {approach.attempt: job.cost_usd}
        approach.cost_usd = sum(approach.costs.values())


def take_rendering(approach: ApproachRecord, event: Event, root: Path) -> None:
    """A rendering again changes the clip, and nothing of what was learned."""
    if isinstance(event, PhaseStarted | Rendering | Artifact):
        apply(approach, event, root)
        if isinstance(event, Artifact) and event.name == "clip":
            approach.note, approach.error = "", None
    elif isinstance(event, Finished):
        approach.enter("done", event.at)
    elif isinstance(event, Failed):
        approach.enter("done", event.at)
        approach.error = Problem(phase="rendering", message=event.error, hint=event.hint)
