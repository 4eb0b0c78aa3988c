"""Finds experiments: in memory, on disk, in the library, by id or by share."""

import threading
from collections import OrderedDict
from pathlib import Path

from tabrl.errors import NotFoundError, TabRLError
from tabrl.experiments.record import FILE, Experiment, load
from tabrl.experiments.studio import library
from tabrl.experiments.studio.live import Live
from tabrl.store import Store

KEPT = 256


class Cabinet:
    """The experiments in memory, the ones used last; what is busy stays."""

    def __init__(self, store: Store, lock: threading.RLock) -> None:
        self._store, self._lock = store, lock
        self._live: OrderedDict[str, Live] = OrderedDict()
        self._read: dict[str, float] = {}

    def find(self, id: str) -> Live:
        """The experiment of exactly this id.

        Raises:
            NotFoundError: there is none, or its files are gone.
        """
        with self._lock:
            live = self._live.get(id)
            if live is not None and not self._outdated(live):
                self._live.move_to_end(id)
                return live
            return self.put(self._load(id))

    def peek(self, id: str) -> Experiment | None:
        """The experiment of this id if it is in memory and the studio's to write."""
        live = self._live.get(id)
        return live.experiment if live and not live.read_only else None

    def shared(self, share_id: str) -> Live:
        """The experiment that is shared under this id, or stands in the library."""
        in_library = share_id.startswith(library.PREFIX)
        return self.find(share_id if in_library else self._store.shared(share_id))

    def put(self, live: Live) -> Live:
        """Hold an experiment in memory; what was used least and is idle makes room."""
        with self._lock:
            live.ballots = self._store.votes(live.id)
            shipped = live.id.startswith(library.PREFIX)
            live.share_id = live.id if shipped else self._store.share_of(live.id)
            self._live[live.id] = live
            idle = [id for id, other in self._live.items() if not other.busy]
            for id in idle[: max(0, len(self._live) - KEPT)]:
                del self._live[id]
            return live

    def drop(self, id: str) -> None:
        """Forget an experiment."""
        self._live.pop(id, None)

    def all(self) -> list[Live]:
        """What is in memory."""
        return list(self._live.values())

    def _load(self, id: str) -> Live:
        if id.startswith(library.PREFIX):
            return Live(library.taken(id), read_only=True)
        folder = Path(self._store.get(id).folder)
        try:
            experiment = load(folder)
        except TabRLError as error:
            raise NotFoundError("The files of this experiment are gone.") from error
        self._read[id] = _age(folder)
        elsewhere = experiment.keeper == "command"
        return Live(experiment, read_only=elsewhere and experiment.status in _GOING)

    def _outdated(self, live: Live) -> bool:
        """Whether a command has written what we hold since we read it."""
        running = live.read_only and not live.id.startswith(library.PREFIX)
        return running and _age(live.folder) != self._read.get(live.id)


_GOING = ("running", "stopping")


def _age(folder: Path) -> float:
    try:
        return (folder / FILE).stat().st_mtime
    except OSError:
        return 0.0
