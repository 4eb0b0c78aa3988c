"""Finds experiments: in memory, on disk, in the library, by id or by share."""

import threading
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from typing import cast

from tabrl.errors import NotFoundError, TabRLError
from tabrl.experiments.engine.library import PREFIX, Library
from tabrl.experiments.engine.live import GONE, Live, Visibility
from tabrl.experiments.engine.tenure import Tenure
from tabrl.experiments.engine.watching import changes
from tabrl.experiments.locking import abandoned
from tabrl.experiments.record import FILE, HELD, Experiment, load
from tabrl.store import Store
from tabrl.store.tables import ExperimentRow

KEPT = 256


class Registry:
    """The experiments in memory, the ones used last; what is busy stays."""

    def __init__(
        self, store: Store, lock: threading.RLock, library: Library, tenure: Tenure
    ) -> None:
        self._store, self._lock = store, lock
        self._library, self._tenure = library, tenure
        self._kept: dict[str, int] = {}  # how often what was read had been kept, where others write
        self._live: OrderedDict[str, Live] = OrderedDict()
        self._read: dict[str, float] = {}
        self._deleted: set[str] = set()  # their rows may outlive them for a while

    def find(self, id: str, row: ExperimentRow | None = None) -> Live:
        """The experiment of exactly this id, of which the store has just said `row`.

        Raises:
            NotFoundError: there is none, or its files are gone.
        """
        if not self._tenure.leads:
            return self._look_up(id, row)
        with self._lock:
            live = self._live.get(id)
            if live is None:
                return self.put(self._load(id))
            self._live.move_to_end(id)
        self._refresh(live)
        return live

    def follow(self) -> None:
        """Take in what commands have written, for those who watch it."""
        for live in self.all():
            if live.watchers:
                with suppress(NotFoundError):  # its watchers were told
                    self._refresh(live)

    def held(self, id: str) -> Live | None:
        """The experiment of this id if it is in memory and the studio's to write."""
        live = self._live.get(id)
        return live if live and not live.read_only else None

    def forget(self) -> None:
        """Have nothing in memory that another studio wrote."""
        with self._lock:
            self._live.clear()
            self._kept.clear()

    def shared(self, share_id: str) -> Live:
        """The experiment that is shared under this id, or stands in the library."""
        in_library = share_id.startswith(PREFIX)
        return self.find(share_id if in_library else self._store.shared(share_id))

    def put(self, live: Live) -> Live:
        """Hold an experiment in memory; what was used least and is idle makes room."""
        with self._lock:
            self._live[live.id] = live
            idle = [id for id, other in self._live.items() if not other.busy]
            for id in idle[: max(0, len(self._live) - KEPT)]:
                del self._live[id]
                self._kept.pop(id, None)
            return live

    def drop(self, id: str) -> None:
        """Have an experiment no more, whatever is left of it on disk and in the store."""
        self._deleted.add(id)
        self._live.pop(id, None)

    def all(self) -> list[Live]:
        """What is in memory."""
        return list(self._live.values())

    def _look_up(self, id: str, row: ExperimentRow | None) -> Live:
        """An experiment that another studio runs, as it is kept now."""
        if id.startswith(PREFIX):
            shipped = self._live.get(id) or self._load(id)
            shipped.ballots = self._store.votes(id)
            return self.put(shipped)
        kept = row.changed if row else self._store.standing(id)[0]
        with self._lock:
            live = self._live.get(id)
            if live and self._kept.get(id) == kept:
                self._live.move_to_end(id)
                return live
        fresh = self._load(id)
        with self._lock:
            if self._tenure.leads:  # by now: what is held is no more what another wrote
                return self._live.get(id) or self.put(fresh)
            self._kept[id] = kept
            return self.put(fresh)

    def _load(self, id: str) -> Live:
        if id in self._deleted:
            raise NotFoundError("There is no such experiment.", "It was deleted.")
        if id.startswith(PREFIX):
            live = Live(self._library.taken(id), read_only=True)
            live.share_id, live.visibility = id, "public"
        else:
            row = self._store.get(id)
            folder = Path(row.folder)
            self._read[id] = _age(folder)
            experiment = _read(folder, id)
            live = Live(experiment, read_only=experiment.runs_elsewhere)
            live.share_id, live.owner = self._store.share_of(id), row.owner
            live.visibility, live.hidden = cast(Visibility, row.visibility), row.hidden
        live.ballots = self._store.votes(id)
        return live

    def _refresh(self, live: Live) -> None:
        """Take in what a command has written since; nobody waits for the reading."""
        if not live.read_only:
            return
        if live.shipped:
            self._refresh_shipped(live)
            return
        age = _age(live.folder)
        if age == self._read.get(live.id) and not abandoned(live.folder / HELD):
            return
        try:
            fresh = _read(live.folder, live.id)
        except NotFoundError:
            self._lose(live)
            raise
        with self._lock:
            old, live.experiment = live.experiment, fresh
            live.read_only, self._read[live.id] = fresh.runs_elsewhere, age
            for key, often in changes(old, fresh):
                live.tell(key, often=often)

    def _refresh_shipped(self, live: Live) -> None:
        """Take in what was added to the library since, or removed from it."""
        try:
            live.experiment = self._library.taken(live.id)
        except NotFoundError:
            self._lose(live)
            raise

    def _lose(self, live: Live) -> None:
        with self._lock:
            self._live.pop(live.id, None)
            live.tell(GONE)


def _read(folder: Path, id: str) -> Experiment:
    """The experiment of this id in a folder, which may hold another one by now."""
    try:
        experiment = load(folder)
    except TabRLError as error:
        raise NotFoundError("The files of this experiment are gone.") from error
    if experiment.id != id:
        raise NotFoundError("Another experiment has taken the place of this one.")
    return experiment


def _age(folder: Path) -> float:
    try:
        return (folder / FILE).stat().st_mtime
    except OSError:
        return 0.0
