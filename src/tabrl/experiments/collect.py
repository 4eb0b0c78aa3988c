"""Events of jobs become the state of their approaches."""

import os
from pathlib import Path

from tabrl.events import (
    Artifact,
    Checked,
    Evaluated,
    Event,
    Failed,
    Finished,
    NoClip,
    PhaseStarted,
    Progress,
    Rendering,
    Stressed,
)
from tabrl.experiments.approach_record import ApproachRecord, Numbers, Point, Preview, Problem


def apply(
    approach: ApproachRecord,
    event: Event,
    root: Path,
    *,
    stopping: bool = False,
    film_s: float = 0.0,
) -> None:
    """Change an approach's record by one event; `root` is the experiment's folder, `film_s` what
    its clip will take, s.
    """
    if isinstance(event, PhaseStarted):
        approach.enter(event.phase, event.at)
    elif isinstance(event, Progress):
        _progress(approach, event, film_s)
    elif isinstance(event, Evaluated):
        _evaluated(approach, event)
    elif isinstance(event, Checked):
        _checked(approach, event)
    elif isinstance(event, Rendering):
        approach.progress = event.fraction
    elif isinstance(event, NoClip):
        approach.note = event.note
    elif isinstance(event, Stressed):
        approach.robustness = list(event.robustness)
    elif isinstance(event, Artifact):
        _artifact(approach, event, root)
    elif isinstance(event, Finished):
        _finished(approach, event)
    elif isinstance(event, Failed):
        _failed(approach, event, stopping)


def leave(approach: ApproachRecord, *, stopping: bool) -> None:
    """Note the end of a job that did not say how it ended."""
    approach.become("cancelled" if stopping else "failed")
    approach.error = Problem(
        phase=approach.phase,
        message="Stopped." if stopping else "The job ended without saying why.",
    )


def _artifact(approach: ApproachRecord, event: Artifact, root: Path) -> None:
    path = os.path.relpath(event.path, root)
    if event.name == "preview":
        approach.previews.append(Preview(step=event.step or approach.step, path=path))
    else:
        approach.files[event.name] = path


def _progress(approach: ApproachRecord, event: Progress, film_s: float) -> None:
    approach.step, approach.steps_per_s = event.step, event.steps_per_s
    approach.seconds_left = event.seconds_left + film_s
    approach.progress = min(1.0, event.step / max(1, event.num_steps))
    if approach.num_steps and event.num_steps > approach.num_steps:
        approach.goal = event.num_steps
    approach.add_point(
        Point(
            step=event.step,
            episode_return=event.episode_return,
            episode_length=event.episode_length,
            terms=event.terms,
        )
    )


def _evaluated(approach: ApproachRecord, event: Evaluated) -> None:
    if not approach.curve or approach.curve[-1].step != event.step:
        approach.add_point(Point(step=event.step))
    point = approach.curve[-1]
    point.numbers, point.verdict = dict(event.judgement.numbers), event.judgement.verdict


def _checked(approach: ApproachRecord, event: Checked) -> None:
    result = event.result
    approach.enter("queued", event.at)
    approach.become("ready" if result.valid else "refused")
    approach.findings = list(result.findings)
    approach.terms = list(result.terms)
    approach.term_means = {who: dict(means) for who, means in result.term_means.items()}
    if not result.valid:
        approach.phase = "checking"
        first = next((f for f in result.findings if f.severity == "error"), None)
        approach.error = Problem(
            phase="checking",
            message=first.message if first else "The reward was refused.",
            hint=first.hint if first else "",
        )


def _finished(approach: ApproachRecord, event: Finished) -> None:
    approach.enter("done", event.at)
    approach.become("cancelled" if event.stopped else "finished")
    approach.timings |= event.seconds
    trained, base = event.judgement, event.base_judgement
    if trained is None and approach.show_version(approach.version):
        return  # stopped before there was anything newer
    approach.step, approach.version = event.step, approach.attempt
    approach.numbers = Numbers(
        trained=dict(trained.numbers) if trained else {}, base=dict(base.numbers) if base else {}
    )
    approach.verdict = trained.verdict if trained else None
    approach.reasons = list(trained.reasons) if trained else []
    approach.base_verdict = base.verdict if base else None


def _failed(approach: ApproachRecord, event: Failed, stopping: bool) -> None:
    approach.enter(event.phase, event.at)
    approach.become("cancelled" if stopping else "failed")
    approach.error = Problem(
        phase=event.phase, message=event.error, hint=event.hint, detail=event.detail
    )
