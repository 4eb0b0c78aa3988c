"""What a training is asked to do."""

import math

from tabrl.experiments.approach_record import ApproachRecord
from tabrl.experiments.base import base_policy, decided
from tabrl.experiments.machine import cores
from tabrl.experiments.presets import Plan, plan, planned
from tabrl.experiments.record import Experiment
from tabrl.robots.catalogue import robot
from tabrl.spec import TrainSpec


def decide_steps(experiment: Experiment) -> Plan:
    """Set the experiment's steps: as asked, or as its preset promises."""
    taught, rates = robot(experiment.robot), experiment.hyperparameters
    decided = plan(taught, rates, experiment.preset, experiment.steps)
    experiment.steps = decided.steps
    return decided


def assign_steps(experiment: Experiment, approach: ApproachRecord) -> None:
    """Give an approach the experiment's steps, unless it goes on with its own."""
    if not (approach.resume and approach.num_steps):
        decided = decide_steps(experiment)
        approach.num_steps, approach.max_steps = decided.steps, decided.max_steps


def threads_each(jobs: int) -> int:
    """Physics threads of each of several trainings side by side."""
    return max(1, math.ceil(cores() / max(1, jobs)))


def train_spec(
    experiment: Experiment, approach: ApproachRecord, threads: int, *, previews: bool = False
) -> TrainSpec:
    """The training of an approach; it goes on from `approach.resume` where there is one."""
    taught, steps = robot(experiment.robot), approach.num_steps or 0
    base = base_policy(taught)
    start = experiment.folder / approach.start if approach.start else base
    taught_as = approach.approach()
    if approach.start:  # it was posed already
        taught_as = taught_as.model_copy(update={"pose": {}})
    return TrainSpec(
        job=approach.folder,
        robot=experiment.robot,
        approach=taught_as,
        metric=approach.metric,
        num_steps=steps,
        max_steps=approach.max_steps,
        seed=experiment.seed,
        base_policy=str(start) if start else None,
        baseline=str(base) if base else None,
        hyperparameters=decided(planned(experiment.hyperparameters, steps), taught),
        randomize=experiment.randomize,
        threads=threads,
        out=str(experiment.folder / approach.out),
        resume=str(experiment.folder / approach.resume) if approach.resume else None,
        previews=previews,
    )
