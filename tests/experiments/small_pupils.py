"""As `small_lessons`, with policies: each says what it started from and which metric it had."""

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Event as Flag

import small_lessons
from small_lessons import baseline, check

from tabrl.events import Artifact, Event
from tabrl.spec import TrainSpec

__all__ = ["baseline", "check", "train"]


def train(spec: TrainSpec, *, stop: Flag) -> Iterator[Event]:
    """Leave a policy, and learn nothing."""
    policy = Path(spec.out) / "policy"
    policy.mkdir(parents=True, exist_ok=True)
    metric = spec.metric.name if spec.metric else ""
    started = [path.name for path in Path(spec.base_policy or "").glob("*")]
    card = {"base": spec.base_policy, "metric": metric, "found": sorted(started)}
    (policy / "policy.json").write_text(json.dumps(card))
    yield Artifact(job=spec.job, name="policy", path=str(policy))
    yield from small_lessons.train(spec, stop=stop)
