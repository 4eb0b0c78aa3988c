"""The jobs of `small_acts`, which tell of each policy that they keep, as trainings do."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event as Flag

import small_acts
from small_acts import check, render

from tabrl.events import Artifact, Evaluated, Event
from tabrl.spec import TrainSpec

__all__ = ["check", "render", "train"]


def train(spec: TrainSpec, *, stop: Flag) -> Iterator[Event]:
    """As `small_acts.train`, with a policy to go on from at each evaluation."""
    for event in small_acts.train(spec, stop=stop):
        if isinstance(event, Evaluated):
            yield Artifact(job=spec.job, name="policy", path=str(Path(spec.out) / "policy"))
        yield event
