"""Train all approaches at once."""

import math
import time

from tabrl.executors.base import Executor, Job
from tabrl.experiments.base import base_policy, decided
from tabrl.experiments.machine import cores
from tabrl.experiments.presets import budget, round_to_batch, steps_each
from tabrl.experiments.record import ApproachRecord, Experiment
from tabrl.experiments.stop import Stop
from tabrl.experiments.throughput import throughput
from tabrl.robots.catalogue import robot
from tabrl.settings import Settings
from tabrl.spec import TrainSpec


def ready(experiment: Experiment) -> list[ApproachRecord]:
    """The approaches that passed their check."""
    return [approach for approach in experiment.approaches if approach.status == "ready"]


def plan(
    experiment: Experiment, steps: int | None, executor: Executor, settings: Settings, stop: Stop
) -> None:
    """Decide the steps of each approach: as asked, or what the preset's time has room for."""
    rates = experiment.hyperparameters
    if experiment.preset is None and steps is not None:
        experiment.steps = round_to_batch(steps, rates)
    elif experiment.preset is not None:
        seconds = budget(experiment, experiment.preset)
        speed = throughput(experiment.robot, executor, settings.throughput, stop)
        experiment.steps_per_s = speed
        experiment.steps = steps_each(seconds, speed, len(ready(experiment)), rates)
    for approach in ready(experiment):
        approach.num_steps = experiment.steps


def launch(experiment: Experiment, executor: Executor) -> list[Job]:
    """Submit a training of every approach that passed its check."""
    approaches = ready(experiment)
    threads = threads_each(len(approaches))
    jobs = []
    for approach in approaches:
        approach.status = "training"
        approach.enter("queued", time.time())
        jobs.append(executor.submit(train_spec(experiment, approach, threads)))
    return jobs


def threads_each(jobs: int) -> int:
    """Physics threads of each of several trainings side by side."""
    return max(1, math.ceil(cores() / max(1, jobs)))


def train_spec(
    experiment: Experiment, approach: ApproachRecord, threads: int, *, previews: bool = False
) -> TrainSpec:
    """The training of an approach; it goes on from `approach.resume` where there is one."""
    taught = robot(experiment.robot)
    base = base_policy(taught)
    if approach.start:
        base = experiment.folder / approach.start
    folder = experiment.folder / approach.out
    return TrainSpec(
        job=approach.folder,
        robot=experiment.robot,
        approach=approach.approach(),
        metric=approach.metric,
        num_steps=approach.num_steps or 0,
        seed=experiment.seed,
        base_policy=str(base) if base else None,
        hyperparameters=decided(experiment.hyperparameters, taught),
        randomize=experiment.randomize,
        threads=threads,
        out=str(folder),
        resume=str(experiment.folder / approach.resume) if approach.resume else None,
        previews=previews,
    )
