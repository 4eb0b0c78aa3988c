"""An approach that was trained is edited by a language model, and training goes on from there."""

import asyncio
import difflib
import json
import shutil
from pathlib import Path
from typing import Any

from tabrl.errors import TabRLError
from tabrl.executors.base import Executor
from tabrl.experiments.authors import Authors, Worker, askers, authors, usage
from tabrl.experiments.collect import OnEvent
from tabrl.experiments.create import create
from tabrl.experiments.propose import write_reward
from tabrl.experiments.record import ApproachRecord, Experiment, Origin, Parent, Point, load
from tabrl.experiments.stop import Stop
from tabrl.experiments.teach import carry_out
from tabrl.llm import prompts
from tabrl.llm.exchange import FILE
from tabrl.llm.forms import APPROACHES
from tabrl.llm.writer import converse
from tabrl.robots.catalogue import robot as find_robot
from tabrl.settings import Settings
from tabrl.spec import Approach, Preset

MAX_WISH = 1000
_POINTS = 8
"""Points of a curve that are told."""


def improve(
    folder: Path,
    name: str,
    wish: str = "",
    *,
    best: str = "",
    worst: str = "",
    provider: str,
    model: str | None = None,
    base_url: str | None = None,
    replay: Path | None = None,
    preset: Preset = "standard",
    steps: int | None = None,
    executor: str | Executor = "local",
    out: Path | None = None,
    settings: Settings | None = None,
    on_event: OnEvent = lambda experiment, event: None,
    stop: Stop | None = None,
) -> Experiment:
    """An experiment of one approach, edited from a trained one and trained on from its policy.

    Args:
        folder: the experiment of the approach.
        name: the approach: its folder, its name or its number.
        wish: what the person says about the result.
        best: the approach that the person likes best; `worst` likewise.

    Raises:
        TabRLError: it cannot be improved; the message says why.
    """
    settings = settings or Settings.from_env()
    earlier = load(folder)
    parent = _chosen(earlier, name)
    who = authors((provider,), settings, model=model, base_url=base_url, replay=replay)
    if len(who.models) != 1:
        raise TabRLError("The built-in proposer cannot edit a reward.", "Name a language model.")
    experiment = create(
        earlier.sentence,
        earlier.robot,
        preset=preset,
        steps=steps,
        approaches=1,
        seed=earlier.seed,
        provider=who.models[0],
        out=out,
        settings=settings,
        parent=Parent(how="improve", id=earlier.id, title=earlier.title),
    )
    told = {"wish": wish[:MAX_WISH], "best": best, "worst": worst}

    def propose(workers: Executor) -> None:
        edited = _edited(experiment, earlier, parent, told, who, workers)
        _take(experiment, earlier, parent, edited, wish[:MAX_WISH])

    return carry_out(experiment, propose, steps, executor, settings, on_event, stop or Stop())


def difference(parent: Approach, edited: Approach) -> str:
    """What an edit changed, as a unified diff of code, weights and setting."""
    before, after = (_text(approach).splitlines() for approach in (parent, edited))
    return "\n".join(difflib.unified_diff(before, after, parent.name, edited.name, lineterm=""))


def _chosen(experiment: Experiment, name: str) -> ApproachRecord:
    for index, approach in enumerate(experiment.approaches, 1):
        if name in (approach.folder, approach.name, str(index)):
            if "policy" not in approach.files:
                raise TabRLError(f"{approach.name} was not trained.", "Choose one that was.")
            return approach
    names = ", ".join(approach.folder for approach in experiment.approaches)
    raise TabRLError(f"There is no approach {name!r}.", f"There are {names or 'none'}.")


def _edited(
    experiment: Experiment,
    earlier: Experiment,
    parent: ApproachRecord,
    told: dict[str, str],
    who: Authors,
    workers: Executor,
) -> Approach:
    robot = find_robot(earlier.robot)
    above, request = prompts.instructions(
        "improve", robot, APPROACHES, sentence=earlier.sentence, **told, **_facts(parent)
    )
    log, worker = experiment.folder / FILE, Worker(earlier.robot, workers)
    (asker,) = askers(who, log).values()
    try:
        written = asyncio.run(
            converse(above, request, robot, asker, worker.check, 1, purpose="improve")
        )
    finally:
        worker.close()
        experiment.usage = usage(log)
    if not written.approaches:
        raise TabRLError(f"{who.models[0]} did not edit it: {written.trouble}", "Try again.")
    return written.approaches[0]


def _take(
    experiment: Experiment,
    earlier: Experiment,
    parent: ApproachRecord,
    edited: Approach,
    wish: str,
) -> None:
    """The edited approach as the experiment's, with its lineage and a policy to start from."""
    assert parent.metric is not None
    record = ApproachRecord.of(edited, parent.metric, 0)
    record.provider, record.prompts = experiment.provider, prompts.version()
    record.origin = Origin(
        experiment=earlier.id,
        approach=parent.folder,
        name=parent.name,
        wish=wish,
        diff=difference(parent.approach(), edited),
    )
    experiment.title, experiment.note = earlier.title, edited.description
    write_reward(experiment, record)
    record.start = f"{record.folder}/start"
    shutil.copytree(
        earlier.folder / parent.files["policy"],
        experiment.folder / record.start,
        dirs_exist_ok=True,
    )
    experiment.approaches = [record]


def _facts(parent: ApproachRecord) -> dict[str, Any]:
    """What the training and the metric tell, in few numbers."""
    points = _spread([point for point in parent.curve if point.terms])
    terms = list(dict.fromkeys(term for point in points for term in point.terms))
    return {
        "approach": parent.approach(),
        "curves": {term: [_short(p.terms.get(term)) for p in points] for term in terms},
        "lengths": [_short(point.episode_length) for point in points],
        "verdict": parent.verdict or "not measured",
        "reasons": parent.reasons,
        "trained": {label: _short(x) for label, x in parent.numbers.trained.items()},
        "before": {label: _short(x) for label, x in parent.numbers.base.items()},
    }


def _spread(points: list[Point]) -> list[Point]:
    """At most `_POINTS` of them, from the first to the last."""
    if len(points) <= _POINTS:
        return points
    return [points[round(i * (len(points) - 1) / (_POINTS - 1))] for i in range(_POINTS)]


def _short(value: float | None) -> str:
    return "?" if value is None else f"{value:.3g}"


def _text(approach: Approach) -> str:
    setting = approach.model_dump(include={"clock_hz", "command", "termination"})
    lines = [f"# {name} weighs {weight:g}" for name, weight in approach.weights.items()]
    return "\n".join([approach.source.rstrip(), *lines, f"# {json.dumps(setting)}"])
