"""The states of an approach and of an experiment, and what may follow what: the one table."""

from collections.abc import Collection, Mapping, Sequence
from typing import Literal

ExperimentStatus = Literal[
    "draft",
    "queued",
    "running",
    "stopping",
    "finished",
    "incomplete",
    "failed",
    "cancelled",
    "interrupted",
]
ApproachStatus = Literal[
    "proposed",
    "checking",
    "refused",
    "ready",
    "queued",
    "training",
    "finished",
    "failed",
    "cancelled",
    "interrupted",
]

FOLLOWS: Mapping[ApproachStatus, tuple[ApproachStatus, ...]] = {
    "proposed": ("checking", "failed", "cancelled", "interrupted"),
    "checking": ("ready", "refused", "failed", "cancelled", "interrupted"),
    "refused": ("checking",),
    "ready": ("checking", "queued", "cancelled", "interrupted"),
    "queued": ("training", "failed", "cancelled", "interrupted"),
    "training": ("finished", "failed", "cancelled", "interrupted", "queued"),
    "finished": ("checking", "queued"),
    "failed": ("checking", "queued"),
    "cancelled": ("checking", "queued"),
    "interrupted": ("checking", "queued"),
}
"""What each state of an approach may become. An edit checks again, a retry queues again, and a
training that another process left is queued again."""

UNDER_WAY: tuple[ApproachStatus, ...] = ("queued", "training")
ENDED: tuple[ApproachStatus, ...] = ("refused", "finished", "failed", "cancelled", "interrupted")
TRIED: tuple[ApproachStatus, ...] = ("finished", "failed", "cancelled", "interrupted")
"""Trained, or tried to be."""
BUSY: tuple[ExperimentStatus, ...] = ("queued", "running", "stopping")


def standing(
    statuses: Sequence[ApproachStatus], *, stopping: Collection[int] = ()
) -> ExperimentStatus:
    """An experiment's status, which follows from its approaches'.

    Args:
        stopping: places of those that were asked to end early.
    """
    training = {i for i, status in enumerate(statuses) if status == "training"}
    if training:
        return "stopping" if training <= set(stopping) else "running"
    if "queued" in statuses:
        return "queued"
    return outcome(statuses)


def outcome(statuses: Sequence[ApproachStatus]) -> ExperimentStatus:
    """How it went once nothing trains: finished only where whatever ended did; what was checked and
    never trained has no say.
    """
    tried = [status for status in statuses if status in TRIED]
    if not tried:
        all_refused = bool(statuses) and all(status == "refused" for status in statuses)
        return "failed" if all_refused else "draft"
    if "interrupted" in tried:
        return "interrupted"
    if "finished" in tried:
        return (
            "finished" if set(tried) == {"finished"} and "refused" not in statuses else "incomplete"
        )
    return "cancelled" if set(tried) == {"cancelled"} else "failed"
