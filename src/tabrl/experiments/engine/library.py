"""Behaviours trained in advance, which ship with TabRL: folders as `tabrl teach` makes them."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from tabrl.errors import NotFoundError, TabRLError
from tabrl.experiments.record import Experiment, load

PREFIX = "library-"


@cache
def shelf() -> dict[str, Experiment]:
    """The shipped experiments by the id under which they open; none where none ship."""
    root = Path(str(files("tabrl"))) / "library"
    found = {}
    for folder in sorted(root.iterdir()) if root.is_dir() else []:
        try:
            experiment = load(folder)
        except TabRLError:
            continue
        experiment.id = PREFIX + folder.name
        found[experiment.id] = experiment
    return found


def taken(id: str) -> Experiment:
    """One shipped experiment; `NotFoundError` where there is none."""
    if id not in shelf():
        raise NotFoundError("There is no such behaviour in the library.")
    return shelf()[id]
