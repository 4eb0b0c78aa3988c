"""A trained approach is edited, by a language model or the built-in proposer."""

import asyncio
import re
import shutil
from dataclasses import dataclass
from typing import Any

from tabrl.behaviours.adjust import adjust
from tabrl.errors import TabRLError
from tabrl.executors.base import Executor
from tabrl.experiments.approach_record import ApproachRecord, Origin, Point
from tabrl.experiments.authors import (
    Authors,
    Worker,
    chat_models,
    model_of,
    repairs,
    usage,
)
from tabrl.experiments.changes import changes
from tabrl.experiments.propose import write_reward
from tabrl.experiments.record import Experiment
from tabrl.llm import prompts
from tabrl.llm.exchange import FILE
from tabrl.llm.forms import APPROACHES
from tabrl.llm.writer import converse
from tabrl.robots.catalogue import robot as find_robot
from tabrl.spec import Approach

_POINTS = 8
"""Points of a curve that are told."""


@dataclass(frozen=True)
class Wish:
    """What a person says about a result: in words, and by the names of the best and the worst."""

    words: str = ""
    best: str = ""
    worst: str = ""


@dataclass(frozen=True)
class Edit:
    """An edited approach, and who made it."""

    approach: Approach
    provider: str
    model: str = ""
    repairs: int = 0


class Editor:
    """Edits trained approaches: one language model, or the built-in proposer.

    Raises:
        TabRLError: `who` is not one.
    """

    def __init__(self, who: Authors) -> None:
        if len(who.names) != 1:
            raise TabRLError("One edits an approach.", f"Name one of {', '.join(who.names)}.")
        self.who, self.name = who, who.names[0]

    def at_once(self, parent: ApproachRecord, wish: Wish) -> Edit | None:
        """The built-in proposer's edit; None where a language model must be asked.

        Raises:
            TabRLError: it finds nothing to change.
        """
        if self.who.models:
            return None
        numbers = parent.numbers.trained
        return Edit(adjust(parent.approach(), parent.metric, numbers, wish.words), self.name)

    def ask(
        self, experiment: Experiment, parent: ApproachRecord, wish: Wish, workers: Executor
    ) -> Edit:
        """The language model's edit, which passed its check; waits for it.

        Args:
            experiment: where the exchange is kept and counted.

        Raises:
            TabRLError: it gave none.
        """
        robot = find_robot(experiment.robot)
        above, request = prompts.instructions(
            "improve", robot, APPROACHES, sentence=experiment.sentence,
            wish=wish.words, best=wish.best, worst=wish.worst, **_facts(parent),
        )  # fmt: skip
        log, worker = experiment.folder / FILE, Worker(experiment.robot, workers)
        (chat,) = chat_models(self.who, log).values()
        try:
            written = asyncio.run(
                converse(above, request, chat, worker.check, 1, purpose="improve")
            )
        finally:
            worker.close()
            experiment.usage = usage(log)
        if not written.approaches:
            raise TabRLError(f"{self.name} did not edit it: {written.trouble}", "Try again.")
        return Edit(
            written.approaches[0],
            self.name,
            model_of(experiment.usage, self.name),
            repairs(written.valid_after, 0),
        )


def adopt(
    experiment: Experiment, earlier: Experiment, parent: ApproachRecord, edit: Edit, wish: Wish
) -> ApproachRecord:
    """The record of an edited approach, with its lineage and a policy to start from; its files are
    in the experiment's folder.
    """
    assert parent.metric is not None
    approach = _named(edit.approach, experiment)
    record = ApproachRecord.of(approach, parent.metric, len(experiment.approaches))
    record.provider, record.model, record.repairs = edit.provider, edit.model, edit.repairs
    record.prompts = prompts.version() if edit.model else ""
    record.origin = Origin(
        experiment=earlier.id,
        approach=parent.folder,
        name=parent.name,
        wish=wish.words,
        changes=changes(parent.approach(), approach),
    )
    write_reward(experiment, record)
    record.start = f"{record.folder}/start"
    policy = earlier.folder / parent.files["policy"]
    shutil.copytree(policy, experiment.folder / record.start, dirs_exist_ok=True)
    return record


def _named(approach: Approach, experiment: Experiment) -> Approach:
    """The approach under a name that no other of the experiment has: "Hula Circle 2"."""
    taken = {other.name for other in experiment.approaches}
    stem = re.sub(r" \d+$", "", approach.name)[:56]
    names = (approach.name, *(f"{stem} {count}" for count in range(2, len(taken) + 3)))
    return approach.model_copy(update={"name": next(n for n in names if n not in taken)})


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
