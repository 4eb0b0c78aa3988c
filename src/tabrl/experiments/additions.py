"""Robots on their way into the gallery: one is made at a time, and who asked looks how it goes."""

import shutil
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from tabrl.errors import ConflictError, NotFoundError, TabRLError, UndecidedError
from tabrl.experiments.create import new_id
from tabrl.experiments.robots import Listener
from tabrl.robots.catalogue import Robot

MOST_WAITING = 4
KEPT = 50  # that have ended, for those who ask what became of them

State = Literal["waiting", "working", "added", "failed", "cancelled"]
Make = Callable[[Listener], Robot]


@dataclass
class Addition:
    """One robot that is made.

    Attributes:
        source: what it is made of, in words.
        stage: what is done now, or was done last, in words.
        progress: of a download, 0 to 1; None where nobody can say.
        robot: its id, once it is added.
        error: why there is none.
        choices: models of which the source leaves open which is meant.
        scratch: a folder to remove when it has ended.
        stop: ends it.
    """

    source: str
    id: str = field(default_factory=new_id)
    state: State = "waiting"
    stage: str = "Waiting for another robot"
    progress: float | None = None
    robot: str | None = None
    error: TabRLError | None = None
    choices: tuple[str, ...] = ()
    scratch: Path | None = None
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def ended(self) -> bool:
        return self.state not in ("waiting", "working")


class Additions:
    """The robots that one studio makes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._all: dict[str, Addition] = {}
        self._maker = ThreadPoolExecutor(1, thread_name_prefix="additions")

    def begin(self, source: str, make: Make, scratch: Path | None = None) -> Addition:
        """Have a robot made.

        Args:
            scratch: a folder to remove when that has ended.

        Raises:
            ConflictError: too many wait already.
        """
        addition = Addition(source, scratch=scratch)
        with self._lock:
            open_ones = [each for each in self._all.values() if not each.ended]
            if len(open_ones) > MOST_WAITING:
                _clear(addition)
                raise ConflictError(
                    f"{len(open_ones)} robots are being made already.", "Try again in a minute."
                )
            ended = [id for id, each in self._all.items() if each.ended]
            for id in ended[: max(0, len(ended) - KEPT)]:
                del self._all[id]
            self._all[addition.id] = addition
        self._maker.submit(self._work, addition, make)
        return addition

    def find(self, id: str) -> Addition:
        """The addition of this id; `NotFoundError` where there is none."""
        with self._lock:
            found = self._all.get(id)
        if found is None:
            raise NotFoundError("There is no such addition.", "Add the robot again.")
        return found

    def cancel(self, id: str) -> Addition:
        """End one that is under way."""
        found = self.find(id)
        found.stop.set()
        if found.state == "waiting":
            found.state = "cancelled"
        return found

    def close(self) -> None:
        """End all of them."""
        self._maker.shutdown(wait=False, cancel_futures=True)
        for addition in list(self._all.values()):
            addition.stop.set()
            if addition.state == "waiting":
                _clear(addition)

    def _work(self, addition: Addition, make: Make) -> None:
        def stage(name: str) -> None:
            addition.stage, addition.progress = name, None

        def progress(done: int, total: int) -> None:
            if addition.stop.is_set():
                raise TabRLError("The download was ended.", "Add the robot again.")
            addition.stage, addition.progress = "Downloading", done / total if total else None

        try:
            if addition.stop.is_set():
                addition.state = "cancelled"
                return
            addition.state = "working"
            stage("Starting")
            addition.robot = make(Listener(progress, stage, addition.stop)).id
            addition.state = "added"
        except UndecidedError as error:
            addition.error, addition.choices = error, tuple(error.choices)
        except TabRLError as error:
            addition.error = error
        except OSError as error:
            addition.error = TabRLError(f"It could not be kept: {error.strerror}.", "Make room.")
        finally:
            _clear(addition)
            if not addition.ended:
                addition.state = "cancelled" if addition.stop.is_set() else "failed"


def _clear(addition: Addition) -> None:
    if addition.scratch:
        shutil.rmtree(addition.scratch, ignore_errors=True)


def scratch_folder(home: Path) -> Path:
    """A new folder to receive a file in; no robot's id begins with a dot."""
    home.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=".sent-", dir=home))
