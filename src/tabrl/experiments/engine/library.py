"""The library: behaviours that ship with TabRL, and those that were added here. Each is a folder as
`tabrl teach` makes them.
"""

import shutil
import tempfile
from functools import cache
from importlib.resources import files
from itertools import chain, count
from pathlib import Path

from tabrl.errors import ConflictError, NotFoundError, TabRLError
from tabrl.experiments.approach_record import ApproachRecord
from tabrl.experiments.files import slug
from tabrl.experiments.record import FILE, Credit, Experiment, load
from tabrl.verdict.words import says

PREFIX = "library-"
KEPT = ("clip", "poster", "reward", "policy")
"""Files of an approach that are kept; its trajectory and its curve's reports are not."""
_NONE = ("There is no such behaviour in the library.", "`tabrl library list` tells which are.")


@cache
def shelf() -> dict[str, Experiment]:
    """The shipped experiments by the id under which they open; none where none ship."""
    return {each.id: each for each in _folders(Path(str(files("tabrl"))) / "library")}


class Library:
    """What ships, and what was added to a folder of one's own.

    Args:
        folder: `library` of TABRL_HOME; made with the first behaviour.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, tuple[int, Experiment]] = {}  # own ones, and when they were written

    def all(self) -> dict[str, Experiment]:
        """Experiments by the id under which they open: what was added first, newest first."""
        return self.own() | shelf()

    def own(self) -> dict[str, Experiment]:
        """What was added, newest first."""
        found = [self._own(path.name) for path in self._paths()]
        there = [experiment for experiment in found if experiment is not None]
        return {each.id: each for each in sorted(there, key=_added, reverse=True)}

    def taken(self, id: str) -> Experiment:
        """One of them; `NotFoundError` where there is none of this id."""
        found = shelf().get(id) or self._own(id.removeprefix(PREFIX))
        if found is None:
            raise NotFoundError(*_NONE)
        return found

    def add(
        self,
        experiment: Experiment,
        approach: ApproachRecord,
        credit: Credit,
        name: str | None = None,
    ) -> str:
        """Copy an approach that passed, with its sentence, reading and metric; the copy's name.

        Args:
            name: lower-case words joined by hyphens; made of the sentence where none is given.

        Raises:
            ConflictError: it is there already, or the name is another's.
            TabRLError: it did not pass, has no clip or policy, or the name is none.
        """
        _refuse_unfit(approach)
        for id, known in self.own().items():
            source = known.credit and known.credit.source
            if (source, known.approaches[0].folder) == (experiment.id, approach.folder):
                there = id.removeprefix(PREFIX)
                raise ConflictError(f"{approach.name} is in the library already: {there}.")
        name = self._named(name, experiment)
        self._folder.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=".", dir=self._folder))
        try:
            _copy(experiment, approach, credit, scratch)
            scratch.rename(self._folder / name)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        return name

    def remove(self, name: str) -> None:
        """Remove what was added.

        Raises:
            NotFoundError: there is none of this name.
            ConflictError: it came with TabRL.
        """
        if PREFIX + name in shelf():
            raise ConflictError(f"{name} came with TabRL, and stays.")
        if self._own(name) is None:
            raise NotFoundError(*_NONE)
        gone = Path(tempfile.mkdtemp(prefix=".", dir=self._folder))
        (self._folder / name).rename(gone / name)  # whole, and then not at all
        shutil.rmtree(gone, ignore_errors=True)

    def copies(self, experiment: str) -> list[str]:
        """Names of what was added from an experiment."""
        return [
            id.removeprefix(PREFIX)
            for id, known in self.own().items()
            if known.credit and known.credit.source == experiment
        ]

    def _paths(self) -> list[Path]:
        if not self._folder.is_dir():
            return []
        return [path for path in self._folder.iterdir() if not path.name.startswith(".")]

    def _own(self, name: str) -> Experiment | None:
        if name != slug(name):
            return None  # no name of ours, and maybe a way out of the folder
        path = self._folder / name / FILE
        try:
            written = path.stat().st_mtime_ns
        except OSError:
            self._read.pop(name, None)
            return None
        known = self._read.get(name)
        if known is None or known[0] != written:
            found = _loaded(path.parent)
            if found is None:
                return None
            known = self._read[name] = written, found
        return known[1]

    def _named(self, name: str | None, experiment: Experiment) -> str:
        if name is not None and (not name or name != slug(name)):
            raise TabRLError(
                f"{name!r} is no name for the library.",
                "Use lower-case words joined by hyphens, at most 40 characters: hip-shake-wide.",
            )
        if name is not None and self._is_taken(name):
            raise ConflictError(f"{name} is in the library already.", "Choose another name.")
        wanted = name or slug(experiment.sentence)[:36].strip("-") or slug(experiment.robot)[:36]
        names = chain((wanted,), (f"{wanted}-{i}" for i in count(2)))
        return next(each for each in names if not self._is_taken(each))

    def _is_taken(self, name: str) -> bool:
        return PREFIX + name in shelf() or (self._folder / name).exists()


def _refuse_unfit(approach: ApproachRecord) -> None:
    if approach.verdict != "pass":
        said = f"“{says(approach.verdict)}”" if approach.verdict else "nothing: it was not trained"
        raise TabRLError(
            f"{approach.name} did not pass: its verdict says {said}.",
            "Only what passed can be added to the library.",
        )
    if missing := [kind for kind in ("policy", "clip") if kind not in approach.files]:
        raise TabRLError(f"{approach.name} has no {' and no '.join(missing)}.", "Train it again.")


def _copy(experiment: Experiment, approach: ApproachRecord, credit: Credit, target: Path) -> None:
    """Write a folder of one approach, without what its training told of a machine."""
    kept = {kind: path for kind, path in approach.files.items() if kind in KEPT}
    alone = approach.model_copy(
        deep=True,
        update={
            "files": kept, "previews": [], "versions": [], "start": None, "resume": None,
            "where": "", "cost_usd": None, "costs": {}, "origin": None,
        },
    )  # fmt: skip
    copy = experiment.model_copy(
        update={
            "approaches": [alone], "files": {}, "commands": None, "errors": [], "usage": {},
            "machine": {}, "status": "finished", "client": "command", "credit": credit,
            "folder": target,
        },
    )  # fmt: skip
    for path in kept.values():
        old, new = experiment.folder / path, target / path
        new.parent.mkdir(parents=True, exist_ok=True)
        if not old.exists():
            raise TabRLError(f"{approach.name} has lost its {path}.", "Train it again.")
        (shutil.copytree if old.is_dir() else shutil.copy)(old, new)
    copy.save()


def _folders(root: Path) -> list[Experiment]:
    found = map(_loaded, sorted(root.iterdir()) if root.is_dir() else [])
    return [experiment for experiment in found if experiment is not None]


def _loaded(folder: Path) -> Experiment | None:
    try:
        experiment = load(folder)
    except TabRLError:
        return None
    experiment.id = PREFIX + folder.name
    return experiment


def _added(experiment: Experiment) -> str:
    return experiment.credit.added.isoformat() if experiment.credit else ""
