"""Begin an experiment: everything that was asked is checked before anything is spent."""

import re
import secrets
import shutil
import string
from pathlib import Path
from typing import Any, Literal

from tabrl.errors import TabRLError
from tabrl.experiments import validate
from tabrl.experiments.base import base_policy
from tabrl.experiments.estimates import Timings
from tabrl.experiments.files import slug
from tabrl.experiments.machine import machine, versions
from tabrl.experiments.presets import round_to_batch
from tabrl.experiments.record import COMMANDS, FILE, HELD, Experiment, Parent, load
from tabrl.robots.catalogue import robot as find_robot
from tabrl.settings import Settings
from tabrl.spec import APPROACH_ID, Hyperparameters, Preset


def new_id() -> str:
    """Twelve letters and digits: a sign before them would be read as an option of a command."""
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(12))


def create(
    sentence: str,
    robot: str,
    *,
    preset: Preset = "standard",
    steps: int | None = None,
    hyperparameters: Hyperparameters | None = None,
    approaches: int = 3,
    seed: int = 0,
    provider: str = "builtin",
    out: Path | None = None,
    settings: Settings,
    **more: Any,
) -> Experiment:
    """A new experiment in an empty folder, saved.

    Args:
        steps: environment steps of each approach; replaces the preset's.
        out: its folder; None makes one in the user's data folder.
        more: other fields of the experiment.

    Raises:
        TabRLError: anything of it cannot be done; the message says what, the hint what can.
    """
    sentence = validate.sentence(sentence)
    validate.numbers(approaches, steps, seed)
    known = find_robot(robot)
    rates = hyperparameters or Hyperparameters()
    validate.hyperparameters(rates, known.id)
    if steps is not None:
        Timings(settings).refuse_too_short(known.id, steps, rates)
    token = new_id()
    name = f"{slug(sentence) or 'experiment'}-{token}"
    folder = validate.folder(out or settings.home / "experiments" / name)
    clear(folder)
    base = base_policy(known)
    experiment = Experiment(
        id=token,
        sentence=sentence,
        robot=known.id,
        seed=seed,
        preset=None if steps else preset,
        steps=round_to_batch(steps, rates) if steps else None,
        hyperparameters=rates,
        provider=provider,
        base_policy=base.name if base else None,
        versions=versions(),
        machine=machine(),
        folder=folder,
        **more,
    )
    experiment.save()
    return experiment


def create_child(
    earlier: Experiment, how: Literal["improve", "tune"], *, settings: Settings, **more: Any
) -> Experiment:
    """As `create`: an experiment of one approach that is made from an earlier experiment's."""
    return create(
        earlier.sentence,
        earlier.robot,
        approaches=1,
        seed=earlier.seed,
        settings=settings,
        parent=Parent(how=how, id=earlier.id, title=earlier.title),
        title=earlier.title,
        reading=earlier.reading,
        **more,
    )


def clear(folder: Path) -> None:
    """Remove the approaches of an earlier experiment here, so that no two are mixed up.

    Raises:
        TabRLError: a command runs it.
    """
    if not (folder / FILE).exists():
        return
    try:
        earlier = load(folder)
    except TabRLError:
        return
    if earlier.runs_elsewhere and (folder / HELD).exists():
        raise TabRLError(*taken(folder))
    for approach in earlier.approaches:
        if re.fullmatch(APPROACH_ID, approach.folder):
            shutil.rmtree(folder / approach.folder, ignore_errors=True)
    if earlier.commands:
        shutil.rmtree(folder / COMMANDS, ignore_errors=True)
    for made in (folder / "compare.mp4", folder / "compare.html", *folder.glob("side-by-side-*")):
        made.unlink(missing_ok=True)


def taken(folder: Path) -> tuple[str, str]:
    """What is wrong where another command runs the experiment in a folder, and what to do."""
    return (
        f"Another command writes to {folder}.",
        "Wait until it has ended, or name another folder with --out.",
    )
