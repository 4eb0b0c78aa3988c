"""The approach that trains nothing: the base policy follows timed velocity commands."""

import os
from pathlib import Path

from tabrl.behaviours.commands import built_in
from tabrl.errors import TabRLError
from tabrl.events import Artifact, Event, Failed, Finished, PhaseStarted, Rendering
from tabrl.experiments.approach_record import Problem
from tabrl.experiments.base import base_policy
from tabrl.experiments.propose import correction
from tabrl.experiments.record import COMMANDS, CommandsRecord, Experiment
from tabrl.llm import prompts
from tabrl.llm.panel import Script
from tabrl.llm.providers import BUILTIN
from tabrl.robots.catalogue import Robot
from tabrl.robots.catalogue import robot as find_robot
from tabrl.spec import RenderSpec
from tabrl.verdict.path import path_metric


def commandable(robot: Robot) -> bool:
    """Whether the robot has a base policy that follows velocity commands."""
    return robot.structure.takes_command and base_policy(robot) is not None


def propose_commands(experiment: Experiment) -> None:
    """Fill in what the built-in proposer reads in the sentence, if anything."""
    robot = find_robot(experiment.robot)
    if commandable(robot):
        commands = built_in(experiment.sentence, robot, correction(experiment))
        take_commands(experiment, Script(BUILTIN, commands))


def take_commands(experiment: Experiment, script: Script) -> None:
    """Fill in what somebody wrote, if anything."""
    if script.commands:
        version = "" if script.author == BUILTIN else prompts.version()
        experiment.commands = CommandsRecord.of(script.commands, script.author, version)


def follow_spec(experiment: Experiment) -> RenderSpec:
    """The clip of the base policy under the experiment's commands; begins it.

    Raises:
        TabRLError: the robot's base policy is gone.
    """
    record, base = experiment.commands, base_policy(find_robot(experiment.robot))
    if record is None or base is None:
        raise TabRLError(f"{experiment.robot} has no policy that follows commands.")
    record.status = "rendering"
    record.metric = path_metric(record.moves)
    return RenderSpec(
        job=COMMANDS,
        policy=str(base),
        out=str(experiment.folder / COMMANDS),
        seed=experiment.seed,
        moves=record.moves,
    )


def apply_commands(
    record: CommandsRecord, event: Event, root: Path, *, stopping: bool = False
) -> None:
    """Change the record by one event; `root` is the experiment's folder."""
    if isinstance(event, PhaseStarted):
        record.progress = 0.0
    elif isinstance(event, Rendering):
        record.progress = event.fraction
    elif isinstance(event, Artifact):
        record.files[event.name] = os.path.relpath(event.path, root)
    elif isinstance(event, Finished):
        _finished(record, event)
    elif isinstance(event, Failed):
        record.status = "cancelled" if stopping else "failed"
        record.error = Problem(
            phase=event.phase, message=event.error, hint=event.hint, detail=event.detail
        )


def leave_commands(record: CommandsRecord | None, *, stopping: bool) -> None:
    """Note the end of a job that did not say how it ended."""
    if record and record.status in ("proposed", "rendering"):
        record.status = "cancelled" if stopping else "failed"


def _finished(record: CommandsRecord, event: Finished) -> None:
    record.status = "cancelled" if event.stopped else "finished"
    record.progress = 1.0
    record.timings = dict(event.seconds)
    if event.judgement:
        record.verdict = event.judgement.verdict
        record.numbers = dict(event.judgement.numbers)
        record.reasons = list(event.judgement.reasons)
