"""What each person may use: trainings at once, minutes of training a day, bytes on the disk."""

import os
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tabrl.errors import TabRLError, TooManyError
from tabrl.events import Event
from tabrl.experiments.engine import Engine, Live
from tabrl.experiments.states import UNDER_WAY
from tabrl.store.people import OWNER
from tabrl.store.tables import PersonRow

JOBS, MINUTES, MEGABYTES = 6, 120, 5000
"""For everybody who was given nothing else. An owner of the studio may use what it has."""
MB = 10**6
_MEASURED_S = 30.0  # for which the size of a person's files is believed


@dataclass(frozen=True)
class Quota:
    """What one person may use, and uses.

    Attributes:
        jobs: trainings that wait or run at once; `minutes` of training today, `megabytes` kept
            likewise. None: as much as there is.
    """

    jobs: int | None
    minutes: int | None
    megabytes: int | None
    jobs_used: int
    minutes_used: float
    megabytes_used: float


class Quotas:
    """Counts what people use, and refuses what is more than they may."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._people = engine, engine.store.people
        self._lock = threading.Lock()
        self._heard: dict[tuple[str, str], float] = {}  # when a training was last heard of
        self._unkept: dict[str, float] = {}  # seconds that are not in the store yet
        self._sizes: dict[str, tuple[float, int]] = {}
        engine.listeners.append(self._hear)
        engine.allow = self.refuse_training

    def close(self) -> None:
        """Keep what was counted, and count no more."""
        self._engine.listeners.remove(self._hear)
        self._engine.allow = lambda live, trainings: None
        for person in list(self._unkept):
            self._keep(person)

    def of(self, person: PersonRow) -> Quota:
        """What a person may use and uses now."""
        return Quota(
            *_may(person),
            self._jobs(person.id),
            round(self._seconds(person.id) / 60, 1),
            round(self._bytes(person.id) / MB, 1),
        )

    def refuse_keeping(self, person: PersonRow) -> None:
        """`TooManyError` where a person may keep no more."""
        megabytes = _may(person)[2]
        if megabytes is None or self._bytes(person.id) < megabytes * MB:
            return
        if (kept := self._bytes(person.id, now=True) / MB) >= megabytes:
            raise TooManyError(
                f"You keep {kept:,.0f} MB of the {megabytes:,} MB that you may.",
                "Delete an experiment first; the owner of the studio can give you more.",
            )

    def refuse_training(self, live: Live, trainings: int) -> None:
        """`TooManyError` where an experiment's owner may train no more of it now; called while the
        engine's lock is held.
        """
        if live.owner is None:
            return
        person = self._people.get(live.owner)
        jobs, minutes, _ = _may(person)
        if minutes is not None and self._seconds(person.id) >= 60 * minutes:
            raise TooManyError(
                f"You have used your {minutes} minutes of training for today.",
                "They begin anew at 00:00 UTC; the owner of the studio can give you more.",
            )
        if jobs is not None and (all_of := self._jobs(person.id) + trainings) > jobs:
            raise TooManyError(
                f"With {trainings} more you would have {all_of} trainings at once; you may have "
                f"{jobs}.",
                "Wait for the end of one, or train fewer approaches.",
            )

    # -- counting ----------------------------------------------------------------------------------

    def _jobs(self, person: str) -> int:
        """Trainings that wait or run. Those of a busy experiment are all in memory."""
        with self._engine.lock:
            return sum(
                approach.status in UNDER_WAY
                for live in self._engine.living()
                if live.owner == person
                for approach in live.experiment.approaches
            )

    def _hear(self, live: Live, event: Event | None) -> None:
        """Count the time since a training was last heard of; holds the engine's lock."""
        if live.owner is None:
            return
        now, gone = time.monotonic(), 0.0
        with self._lock:
            for approach in live.experiment.approaches:
                key = (live.id, approach.folder)
                trains = approach.status == "training"
                if key in self._heard:
                    gone += now - self._heard[key]
                    del self._heard[key]
                if trains:
                    self._heard[key] = now
            self._unkept[live.owner] = self._unkept.get(live.owner, 0.0) + gone
            due = self._unkept[live.owner] >= (10.0 if self._heard else 1.0)
        if due:
            threading.Thread(target=self._keep, args=(live.owner,), daemon=True).start()

    def _seconds(self, person: str) -> float:
        return self._people.spent(person, _today()) + self._unkept.get(person, 0.0)

    def _keep(self, person: str) -> None:
        """Keep whole seconds; what is left, or cannot be kept now, is kept later."""
        with self._lock:
            seconds = int(self._unkept.get(person, 0.0))
            self._unkept[person] = self._unkept.get(person, 0.0) - seconds
        try:
            if seconds:
                self._people.spend(person, _today(), seconds)
        except TabRLError:
            with self._lock:
                self._unkept[person] += seconds

    def _bytes(self, person: str, *, now: bool = False) -> int:
        measured, size = self._sizes.get(person, (0.0, 0))
        if now or not measured or measured < time.monotonic() - _MEASURED_S:
            size = sum(size_of(Path(row.folder)) for row in self._engine.store.owned(person))
            self._sizes[person] = time.monotonic(), size
        return size


def _may(person: PersonRow) -> tuple[int | None, int | None, int | None]:
    """Trainings at once, minutes a day and megabytes that a person may use."""
    jobs, minutes, megabytes = (
        (None, None, None) if person.role == OWNER else (JOBS, MINUTES, MEGABYTES)
    )
    return (
        jobs if person.jobs is None else person.jobs,
        minutes if person.minutes is None else person.minutes,
        megabytes if person.megabytes is None else person.megabytes,
    )


def size_of(folder: Path) -> int:
    """Bytes of the files below a folder; what goes away meanwhile counts nothing."""
    found = 0
    for at, _, names in os.walk(folder):
        for name in names:
            try:
                found += os.stat(os.path.join(at, name), follow_symlinks=False).st_size
            except OSError:
                continue
    return found


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
