"""What a cartpole learns in a second: to push its cart to the right end of the rail."""

from functools import cached_property
from pathlib import Path
from threading import Event as Flag
from typing import Any, TypeVar

from tabrl.events import Event
from tabrl.spec import Approach, Criterion, Hyperparameters, Metric, TrainSpec
from tabrl.training.job import train

ROBOT = "CartpoleBalance"
HP = Hyperparameters(
    num_envs=32,
    unroll_length=10,
    num_minibatches=4,
    learning_rate=3e-3,
    hidden=(16,),
    init_noise_std=0.5,
    episode_length=150,
)
BATCH = HP.num_envs * HP.unroll_length
Kind = TypeVar("Kind", bound=Event)


def approach(terms: str, **weights: float) -> Approach:
    """An approach that pays what the source of a dict says."""
    source = f"def reward(s):\n    return {terms}\n"
    return Approach(name="Any", description="", source=source, weights=weights)


def metric(measure: str = "mean", **bounds: float) -> Metric:
    """A metric of where the cart is (m)."""
    criterion = Criterion(label="cart", measure=measure, signal="joint:slider", **bounds)
    return Metric(name="Right", question="Is the cart on the right?", criteria=(criterion,))


PUSH = approach('{"right": s.joint("slider"), "calm": -0.01 * s.action_rate}', right=2.0)
METRIC = metric(at_least=1.0)


def spec(out: Path, **values: Any) -> TrainSpec:
    """Sixty iterations of `PUSH` without a clip, unless `values` say otherwise."""
    usual = {"approach": PUSH, "num_steps": 60 * BATCH, "seed": 3, "clip": False}
    fixed = {"job": "push", "robot": ROBOT, "hyperparameters": HP, "threads": 1, "out": str(out)}
    return TrainSpec(**fixed | usual | values)


class Lesson:
    """A finished training: its spec, its events and what it left."""

    def __init__(self, spec: TrainSpec) -> None:
        self.spec, self.out = spec, Path(spec.out)
        self.events = list(train(spec, stop=Flag()))

    def all(self, kind: type[Kind]) -> list[Kind]:
        return [event for event in self.events if isinstance(event, kind)]

    @cached_property
    def policy(self) -> bytes:
        return (self.out / "policy" / "policy.safetensors").read_bytes()
