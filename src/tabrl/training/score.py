"""From the signals of a rollout to its rewards."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from tabrl.envs.task import Task

Reward = Callable[[dict[str, jax.Array]], dict[str, jax.Array]]
"""Batched signals {name: (n, *shape)} to named terms {name: (n,)}."""


class Diverged(ArithmeticError):
    """A number that is not finite; `where` names it, `rollout` holds the signals before it."""

    def __init__(self, where: str, step: int, rollout: np.ndarray) -> None:
        super().__init__(f"{where} became NaN or infinite after {step} environment steps")
        self.where = where
        self.rollout = rollout


class Scorer:
    """Turns packed signals into weighted terms and their sum; compiled once for each reward."""

    def __init__(self, task: Task, reward: Reward | None, weights: Mapping[str, float]) -> None:
        self._task, self._reward, self._weights = task, reward, dict(weights)
        self._compiled = jax.jit(self._score)

    def score(self, signals: jax.Array, stock: jax.Array) -> tuple[np.ndarray, dict[str, float]]:
        """Packed signals (T, B, size) to rewards (T, B) and the mean reward a step of each term."""
        # An exported reward commits what it returns to a device, and with it all that is made from
        # it: each function would compile again for arrays that are committed.
        rewards, pay = self._compiled(signals, stock)
        return np.asarray(rewards), {name: float(mean) for name, mean in pay.items()}

    def _score(
        self, signals: jax.Array, stock: jax.Array
    ) -> tuple[jax.Array, dict[str, jax.Array]]:
        if self._reward is None:
            return stock, {"stock": jnp.mean(stock)}
        flat = self._task.signals.unpack(signals.reshape(-1, signals.shape[-1]))
        terms = {
            name: self._weights.get(name, 1.0) * value for name, value in self._reward(flat).items()
        }
        total = functools.reduce(jnp.add, terms.values())
        return total.reshape(signals.shape[:2]), {
            name: jnp.mean(value) for name, value in terms.items()
        }


def check_finite(
    terms: Mapping[str, float], losses: Mapping[str, float], step: int, signals: Any
) -> None:
    """`Diverged` where a number is not finite; `signals` are those before it."""
    for kind, numbers in (("the reward term", terms), ("the learner's", losses)):
        for name, value in numbers.items():
            if not np.isfinite(value):
                raise Diverged(f"{kind} {name}", step, np.array(signals))
