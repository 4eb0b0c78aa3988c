"""Writes `robots/baselines.json`: what robots do that were taught nothing, in the metric's series.

python -m tabrl.generators.baselines [ROBOT ...]
"""

import json
import sys

import jax
import numpy as np

from tabrl.policies import SHIPPED, checkpoint
from tabrl.robots.baselines import PATH, Baseline
from tabrl.robots.catalogue import Robot, robot, robots
from tabrl.spec import Hyperparameters
from tabrl.training.rollout import Driver, rollouts_of
from tabrl.verdict.trajectory import series
from tabrl.verdict.vocabulary import words_for

_SETTLED = 50
"""Samples of the start-up, which tell little."""


def baselines_of(known: Robot) -> dict[str, Baseline]:
    """What each baseline does: {who: {series: (mean, 5th percentile, 95th)}}."""
    hidden = Hyperparameters().hidden
    drivers: dict[str, tuple[Driver, tuple[float, float, float]]] = {
        "still": ("still", (0.0, 0.0, 0.0)),
        "random": ("random", (0.0, 0.0, 0.0)),
    }
    if known.base_policy:
        parameters, _, card = checkpoint.load(SHIPPED / known.base_policy)
        hidden = tuple(card["hidden"])
        drivers["base, told to stand"] = (parameters, (0.0, 0.0, 0.0))
        ahead, _, turn = (high for _, high in known.structure.command_ranges)
        drivers[f"base, told {ahead / 2:.2g} m/s ahead"] = (parameters, (ahead / 2, 0.0, 0.0))
        drivers[f"base, told {ahead:.2g} m/s ahead"] = (parameters, (ahead, 0.0, 0.0))
        drivers[f"base, told {turn:.2g} rad/s left"] = (parameters, (0.0, 0.0, turn))
    rollouts = rollouts_of(known.id, hidden)
    setting = rollouts.task.setting(None)
    found: dict[str, Baseline] = {}
    for who, (driver, command) in drivers.items():
        trajectory = rollouts.run(driver, setting.told(*command, 1), 0).trajectory()
        found[who] = _told(series(trajectory, known, rollouts.task.model), known)
    return found


def _told(values: dict[str, np.ndarray], known: Robot) -> Baseline:
    """The series that are about the whole body, its feet, hands and objects."""
    told: Baseline = {}
    for word in words_for(known):
        if word.name.partition(":")[0] not in ("joint", "group", "body_up", "contact"):
            x = values[word.name][_SETTLED:]
            numbers = [np.mean(x), *np.percentile(x, [5, 95])]
            told[word.name] = tuple(float(f"{number:.2g}") for number in numbers)
    return told


if __name__ == "__main__":
    chosen = [robot(name) for name in sys.argv[1:]] or list(robots())
    table = json.loads(PATH.read_text("utf-8")) if PATH.exists() else {}
    for each in chosen:
        print(each.id, file=sys.stderr, flush=True)
        table[each.id] = baselines_of(each)
        lines = (f"{json.dumps(k)}:{json.dumps(table[k])}" for k in sorted(table))
        PATH.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
        jax.clear_caches()
