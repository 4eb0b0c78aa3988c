"""`tuning.html`: what mattered in a search, for a person to look at."""

import math
from dataclasses import dataclass
from pathlib import Path

from tabrl.experiments.compare import style, template
from tabrl.experiments.files import write_atomically
from tabrl.experiments.tuning import RATES, Trial, Tuning
from tabrl.robots.catalogue import robot

PAGE = "tuning.html"
_WIDTH, _HEIGHT, _PAD = 300.0, 110.0, 6.0


@dataclass(frozen=True)
class Slice:
    """One value of all trials, and what each was worth: places in the picture, and its kind."""

    name: str
    best: str
    low: str
    high: str
    worth: str
    points: list[tuple[float, float, str]]


def write_page(tuning: Tuning, folder: Path) -> None:
    """Write it anew."""
    text = template(PAGE).render(
        tuning=tuning,
        best=tuning.best,
        first=next((trial for trial in tuning.trials if trial.number == 0), None),
        ranked=sorted(tuning.trials, key=lambda trial: (-(trial.worth or 0.0), trial.number)),
        slices=_slices(tuning),
        robot_name=robot(tuning.robot).name,
        plain=plain,
        style=style(),
    )  # fmt: skip
    write_atomically(folder / PAGE, text)


def plain(name: str) -> str:
    """A value's name as a person says it."""
    return name.replace("_", " ") if name in RATES else f"weight of {name}"


def _slices(tuning: Tuning) -> list[Slice]:
    """The values that mattered most first."""
    names = dict.fromkeys([*tuning.importance, *(n for t in tuning.trials for n in t.values)])
    return [made for name in names if (made := _slice(tuning, name)) is not None]


def _slice(tuning: Tuning, name: str) -> Slice | None:
    trials = [t for t in tuning.trials if name in t.values and t.worth is not None]
    sizes = [abs(trial.values[name]) for trial in trials]
    if len(set(sizes)) < 2 or tuning.best is None:
        return None
    low, high = math.log(min(sizes)), math.log(max(sizes))
    worths = [trial.worth or 0.0 for trial in trials]
    least, room = min(worths), (max(worths) - min(worths)) or 1.0
    best = tuning.best

    def place(trial: Trial) -> tuple[float, float, str]:
        share = (math.log(abs(trial.values[name])) - low) / (high - low)
        x = _PAD + share * (_WIDTH - 2 * _PAD)
        y = _HEIGHT - _PAD - ((trial.worth or 0.0) - least) / room * (_HEIGHT - 2 * _PAD)
        kind = "best" if trial.number == best.number else trial.state.replace(" ", "-")
        return round(x, 1), round(y, 1), kind

    return Slice(
        name=name,
        best=f"{best.values[name]:.3g}" if name in best.values else "as it is",
        low=f"{min(sizes):.3g}",
        high=f"{max(sizes):.3g}",
        worth=f"{least:.2f} to {max(worths):.2f}",
        points=[place(trial) for trial in trials],
    )
