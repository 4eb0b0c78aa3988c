"""How long a person will wait, told before and compared after: learned from every training here."""

import json
import math
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from importlib.resources import files
from pathlib import Path
from statistics import fmean, median, median_high, median_low

from pydantic import BaseModel, TypeAdapter

from tabrl.errors import TabRLError
from tabrl.executors.environment import jobs_that_fit
from tabrl.experiments.approach_record import ApproachRecord
from tabrl.experiments.base import base_policy
from tabrl.experiments.files import slug, write_atomically
from tabrl.experiments.machine import cores, machine, versions
from tabrl.experiments.presets import planned, refuse_too_short
from tabrl.experiments.record import Estimate, Experiment
from tabrl.robots.catalogue import Robot, robots
from tabrl.robots.catalogue import robot as find_robot
from tabrl.settings import Settings
from tabrl.spec import Hyperparameters

KEPT = 9
"""Trainings of each robot that are remembered: a median of them shrugs off a slow one."""
CHECK_S = 4.0
"""A reward's check on the reference machine, s."""
REFERENCE_CORES = 2
SHARED = 0.65
"""What trainings that share a machine do together, of what the reference does with one alone: they
evaluate, film previews and wait for each other."""


class Observed(BaseModel):
    """What one training took.

    Attributes:
        beside: how many trainings ran at once, itself included, on average.
        envs: its simulations.
        steps_per_s: its own environment steps a second.
        start_s: before its first update, and its evaluations.
        share: of the steps of its preset that it made: fewer where it had learned what was asked
            for, more where it went on.
        sentence: what it was taught; the same one makes about the same share.
    """

    beside: float
    envs: int
    steps_per_s: float
    check_s: float
    start_s: float
    film_s: float
    share: float = 1.0
    sentence: str = ""


Kept = dict[str, list[Observed]]
"""What was seen, by robot, machine and versions."""


class Timings:
    """What trainings took on this machine with these versions, in a JSON file by robot.

    Args:
        places: trainings at once where they run elsewhere; None: they run here.
        where: that is, in words; each such place has a file of its own.
    """

    def __init__(self, settings: Settings, places: int | None = None, where: str = "") -> None:
        kept = settings.timings
        self._path = kept.with_stem(f"timings-{slug(where)}") if where else kept
        self._places = places or settings.max_jobs or jobs_that_fit()

    def at_once(self, trainings: int) -> int:
        """How many of several trainings run side by side."""
        return max(1, min(trainings, self._places))

    def learn(self, experiment: Experiment, approach: ApproachRecord, beside: float) -> None:
        """Remember a training that went its whole way."""
        seen = _observed(experiment, approach, beside)
        if seen is not None:
            key = _key(find_robot(experiment.robot))
            kept = _read(self._path)
            kept[key] = [*kept.get(key, []), seen][-KEPT:]
            data = {key: [run.model_dump() for run in runs] for key, runs in kept.items()}
            with suppress(TabRLError):  # a full disk: the next training teaches as much
                write_atomically(self._path, json.dumps(data, indent=1))

    def steps_per_s(self, robot: str, rates: Hyperparameters, steps: int, beside: int) -> float:
        """Environment steps a second of each of `beside` trainings at once, about."""
        runs, _ = self._runs(find_robot(robot), beside)
        return _rate(runs, planned(rates, steps).num_envs, beside)

    def refuse_too_short(self, robot: str, steps: int, rates: Hyperparameters) -> None:
        """As `presets.refuse_too_short`, with the time that would do on this machine."""
        refuse_too_short(steps, rates, self.steps_per_s(robot, rates, steps, 1))

    def estimate(
        self,
        robot: str,
        rates: Hyperparameters,
        steps: int,
        approaches: int,
        *,
        checked: bool = False,
        limit: int | None = None,
        beside: int | None = None,
        sentence: str = "",
    ) -> Estimate:
        """How long trainings take from a press of the button to the last clip, the queue left out.

        Args:
            steps: environment steps of each.
            checked: whether their rewards were checked before.
            limit: environment steps that they go on to where the metric still rises; those that
                have one end early, too, as others of this robot did.
            beside: how many run at once; None takes as many as fit.
            sentence: what they are taught, where it is known.
        """
        beside = beside or self.at_once(approaches)
        runs, guess = self._runs(find_robot(robot), beside)
        rounds = math.ceil(approaches / beside)
        rate = _rate(runs, planned(rates, steps).num_envs, beside)
        check, start, film = (
            median_low([getattr(run, name) for run in runs])
            for name in ("check_s", "start_s", "film_s")
        )
        parts = {
            "check": 0.0 if checked else check * approaches,
            "start": start * rounds,
            "train": (_share(runs, sentence) if limit else 1.0) * steps / rate * rounds,
            "film": film * rounds,
        }
        seconds = sum(parts.values())
        longest = max(steps, limit or 0) / rate * rounds
        return Estimate(
            parts={name: round(part, 1) for name, part in parts.items()},
            seconds=round(seconds, 1),
            at_most_s=round(seconds - parts["train"] + longest, 1),
            guess=guess,
        )

    def _runs(self, robot: Robot, beside: int) -> tuple[list[Observed], bool]:
        """A robot's trainings here; where there are none, one that is a guess."""
        kept = _read(self._path)
        runs = kept.get(_key(robot))
        return (runs, False) if runs else ([_guess(robot, beside, kept)], True)


def _rate(runs: Sequence[Observed], envs: int, beside: int) -> float:
    """Steps a second of each of `beside` trainings of so many simulations, by those most alike."""
    runs = [run for run in runs if run.envs == envs] or runs
    alike = [run.steps_per_s for run in runs if round(run.beside) == beside]
    return median_high(alike or [run.steps_per_s * run.beside / beside for run in runs])


def _share(runs: Sequence[Observed], sentence: str) -> float:
    """Of its steps that a training makes, by those of the same sentence if there are any."""
    alike = [run for run in runs if run.sentence == _plain(sentence)]
    return fmean(run.share for run in alike or runs)


def _plain(sentence: str) -> str:
    return " ".join(sentence.casefold().split())[:200]


def _guess(robot: Robot, beside: int, kept: Kept) -> Observed:
    """What a robot may take that was never trained here, from what others took; a clip keeps its
    cores busy, so several share them.
    """
    there, factor = _reference(robot), _factor(kept)
    return Observed(
        beside=beside,
        envs=there.envs,
        steps_per_s=factor * SHARED * there.steps_per_s / beside,
        check_s=there.check_s / factor,
        start_s=there.start_s / factor,
        film_s=there.film_s * beside / factor,
    )


def _factor(kept: Kept) -> float:
    """How many times as fast this machine is as the reference."""
    known = [robot for robot in robots() if kept.get(_key(robot))] if kept else []
    ratios = [
        median_high([run.steps_per_s * run.beside for run in kept[_key(robot)]])
        / (SHARED * _reference(robot).steps_per_s)
        for robot in known
    ]
    return median(ratios) if ratios else cores() / REFERENCE_CORES


def _observed(experiment: Experiment, approach: ApproachRecord, beside: float) -> Observed | None:
    """None where a training was cut short, went on from another or told too little."""
    took, rate = approach.timings, approach.steps_per_s
    whole = approach.status == "finished" and not approach.resume
    if not whole or not rate or not approach.num_steps or "clip" not in approach.files:
        return None
    updates = approach.step / rate
    checks = [a.timings.get("checking", 0.0) for a in experiment.approaches]
    return Observed(
        beside=beside,
        envs=planned(experiment.hyperparameters, approach.num_steps).num_envs,
        steps_per_s=rate,
        check_s=max(checks) / len(checks),
        start_s=took.get("compiling", 0.0) + max(0.0, took.get("training", 0.0) - updates),
        film_s=took.get("rendering", 0.0),
        share=approach.step / approach.num_steps if approach.max_steps else 1.0,
        sentence=_plain(experiment.sentence),
    )


def _reference(robot: Robot) -> Observed:
    """What it took on the machine of docs/results/speed.md; a custom robot takes as long as
    its kind.
    """
    table = _speeds()
    kind = [table[r.id] for r in robots() if r.id in table and r.type == robot.type]
    rows = [table[robot.id]] if robot.id in table else kind or list(table.values())
    rate, start, film = (median(column) for column in zip(*rows, strict=True))
    return Observed(
        beside=1, envs=512, steps_per_s=rate, check_s=CHECK_S, start_s=start, film_s=film
    )


@cache
def _speeds() -> dict[str, Sequence[float]]:
    """Steps a second of a training alone, seconds before its first update and of its clip, by
    robot; `tabrl bench robots` writes it.
    """
    text = files("tabrl.robots").joinpath("speeds.json").read_text("utf-8")
    return dict(json.loads(text))


def _key(robot: Robot) -> str:
    coarse = ", coarse" if base_policy(robot) else ""
    return f"{robot.id}{coarse} | {_here()}"


@cache
def _here() -> str:
    here, numbers = machine(), versions()
    told = " ".join(f"{name}={numbers[name]}" for name in ("mujoco", "mjbatch", "jax"))
    return f"{here['processor']} x{here['cores']} | {told}"


_ADAPTER = TypeAdapter(Kept)


def _read(path: Path) -> Kept:
    """What was seen before; a damaged file counts as none."""
    try:
        kept = _ADAPTER.validate_json(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return {key: [run for run in runs if _sane(run)] for key, runs in kept.items()}


def _sane(run: Observed) -> bool:
    numbers = run.model_dump(exclude={"sentence"}).values()
    return run.steps_per_s > 0 and all(math.isfinite(x) and x >= 0 for x in numbers)
