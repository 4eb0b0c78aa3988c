"""Training: PPO end to end against raw `mjbatch` stepping of the same model, and starting up with
compiled functions on disk against starting up without.

python -m benchmarks.training [--robot ID] [--skip-startup]
"""

import argparse
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import jax
import numpy as np
import psutil

from benchmarks.machine import Contender, machine, rates
from benchmarks.physics import ACTION, GO1, Raw
from tabrl.behaviours.builtin import propose
from tabrl.envs.task import Task
from tabrl.executors.environment import worker_environment
from tabrl.experiments.base import base_policy
from tabrl.policies.networks import initialize
from tabrl.robots.catalogue import robot as find_robot
from tabrl.settings import Settings
from tabrl.spec import Approach, Hyperparameters, TrainSpec
from tabrl.training.ppo import run
from tabrl.training.score import Scorer
from tabrl.training.session import trainer, use_compilation_cache

ROUNDS = 6
SENTENCE = "Keep shaking your hips aloha dude!"
_ENDLESS = 10**10


class Ours:
    """PPO on the environment's own reward, an iteration in each turn: rollout and update."""

    def __init__(
        self, robot: str, hp: Hyperparameters, impl: Literal["native", "mjx"] = "native"
    ) -> None:
        ppo = trainer(robot, hp, 0, False, 0, impl)
        self.task, self._steps = ppo.task, hp.num_envs * hp.unroll_length
        fresh = initialize(ppo.networks, self.task.obs_shapes, jax.random.PRNGKey(0))
        scorer, setting = Scorer(self.task, None, {}), self.task.setting(None)
        self._reports = run(ppo, scorer, fresh, setting, num_steps=_ENDLESS, seed=0)

    def __call__(self) -> int:
        next(self._reports)
        return self._steps


def raw(task: Task, steps: int) -> Raw:
    """The task's simulations on all cores with small random controls, and nothing around them."""
    setting = task.setting(None)
    state = task.reset(jax.random.PRNGKey(0), setting)
    draws = np.random.default_rng(0).uniform(-ACTION, ACTION, (8, task.num_envs, task.action_size))
    act = jax.jit(lambda action: task.act(state, action, setting))
    inputs = [act(draw.astype(np.float32)) for draw in draws]
    controls = [each["ctrl"] for each in inputs]
    return Raw(task.model, inputs[0], controls, task.split.nstep, steps)


def startup(robot: str, hp: Hyperparameters, rounds: int = 2) -> dict:
    """Seconds from process start to the end of the first update: the first training of a robot
    with an empty cache, and a second one, of another reward, with what the first left there.
    """
    first, second = propose(SENTENCE, find_robot(robot), count=2).approaches
    cold, warm = [], []
    for _ in range(rounds):
        with TemporaryDirectory() as folder:
            settings = Settings(Path(folder) / "home", Path(folder) / "cache").prepare()
            cold.append(first_training(robot, first, hp, settings)["first_update"].wall)
            warm.append(first_training(robot, second, hp, settings)["first_update"].wall)
    cold_s, warm_s = float(np.mean(cold)), float(np.mean(warm))
    return {
        "cold_s": round(cold_s, 1),
        "warm_s": round(warm_s, 1),
        "ratio": round(warm_s / cold_s, 3),
    }


@dataclass(frozen=True)
class Took:
    """Seconds by the clock on the wall, and of CPU time, which other work hardly changes."""

    wall: float
    cpu: float

    def __sub__(self, before: "Took") -> "Took":
        return Took(self.wall - before.wall, self.cpu - before.cpu)


def first_training(
    robot: str, approach: Approach, hp: Hyperparameters, settings: Settings, *, clip: bool = False
) -> dict[str, Took]:
    """What a fresh worker's shortest training took; `settings` hold its cache.

    `first_update` from the process's start, and `clip`: ten seconds rolled out and drawn.
    """
    base = base_policy(find_robot(robot))
    spec = TrainSpec(
        job="startup",
        robot=robot,
        approach=approach,
        num_steps=1,
        hyperparameters=hp,
        base_policy=str(base) if base else None,
        out=str(settings.home / "out"),
        clip=clip,
    )
    path = settings.home / "spec.json"
    path.write_text(spec.model_dump_json())
    # The caller's own cache must not stand in for the one of `settings`.
    around = {k: v for k, v in os.environ.items() if k != "JAX_COMPILATION_CACHE_DIR"}
    env = worker_environment(settings, around)
    env["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    command = [sys.executable, "-m", "tabrl.worker", "--single", str(path)]
    began, marks = Took(time.perf_counter(), 0.0), {}
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        for event in map(json.loads, worker.stdout):
            marks.setdefault(event.get("phase", event["kind"]), _now(worker.pid))
    if worker.returncode:
        raise RuntimeError("the training failed; its messages are above")
    found = {"first_update": marks["progress"] - began}
    return found | ({"clip": marks["finished"] - marks["rendering"]} if clip else {})


def _now(pid: int) -> Took:
    """The time now, and all CPU time of a process and of its children that have ended."""
    spent = psutil.Process(pid).cpu_times()
    children = spent.children_user + spent.children_system
    return Took(time.perf_counter(), spent.user + spent.system + children)


def main(
    robot: str = GO1,
    *,
    hp: Hyperparameters | None = None,
    rounds: int = ROUNDS,
    with_startup: bool = True,
) -> dict:
    """PPO's environment steps a second over raw stepping's, and what start-up takes."""
    hp = hp or Hyperparameters()
    use_compilation_cache()
    ours = Ours(robot, hp)
    contenders: dict[str, Contender] = {
        "ppo": ours,
        "raw mjbatch": raw(ours.task, hp.unroll_length),
    }
    ppo, stepping = rates(contenders, rounds).values()
    result = {
        "what": f"{robot}, environment steps a second: PPO end to end over raw mjbatch stepping",
        "figure": round(ppo.wall),
        "baseline": round(stepping.wall),
        "ratio": round(ppo.wall / stepping.wall, 3),
        "cpu_ratio": round(ppo.cpu / stepping.cpu, 3),
        "machine": machine(),
    }
    return result | {"startup": startup(robot, hp)} if with_startup else result


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--robot", default=GO1, metavar="ID")
    parser.add_argument("--skip-startup", action="store_true", help="only the throughput")
    args = parser.parse_args()
    print(json.dumps(main(args.robot, with_startup=not args.skip_startup), indent=1))
