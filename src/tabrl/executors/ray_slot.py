"""What runs on a node of a Ray cluster: one job at a time in a worker process, and its log.

The actor holds whatever keys its node has; the worker process gets none of them, and a reward runs
in a process of that one's own, behind every wall of the sandbox or not at all.
"""

import json
import os
import platform
import tempfile
import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from pydantic import TypeAdapter

from tabrl import __version__, artifacts, events
from tabrl.errors import TabRLError
from tabrl.events import Event, Failed
from tabrl.executors.base import Job
from tabrl.executors.local import LocalExecutor
from tabrl.executors.ray_orders import Order
from tabrl.executors.remote import thinned
from tabrl.executors.staging import Staging
from tabrl.policies import SHIPPED
from tabrl.settings import Settings
from tabrl.spec import JobSpec

UNHEARD = "unheard.jsonl"
"""Beside the results of a training that ended with nobody to hear it: number and event a line."""
SILENT_S = 60.0
"""How long an ended training keeps its cores for somebody to ask what it said, s."""
UNASKED_S = 600.0
_SPEC: TypeAdapter[JobSpec] = TypeAdapter(JobSpec)


class Log:
    """What a job has said, numbered from 1. Readers come, go, and come back."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._ended = False
        self._news = threading.Condition()
        self.asked_at = time.monotonic()

    def add(self, event: Event) -> None:
        with self._news:
            self._events.append(event)
            self._news.notify_all()

    def all(self) -> list[tuple[int, Event]]:
        """Everything so far, with its numbers."""
        with self._news:
            return list(enumerate(self._events, start=1))

    def end(self) -> None:
        """Say that there will be no more."""
        with self._news:
            self._ended = True
            self._news.notify_all()

    def after(self, heard: int, wait_s: float) -> tuple[list[tuple[int, str]], bool]:
        """What came after the first `heard` events, as numbers and JSON, and whether that was all;
        waits for something, though not for ever.
        """
        with self._news:
            self._news.wait_for(lambda: self._ended or len(self._events) > heard, wait_s)
            new = list(enumerate(self._events[heard:], start=heard + 1))
            self.asked_at = time.monotonic()
            return [(number, events.dumps(event)) for number, event in thinned(new)], self._ended

    @property
    def silent_s(self) -> float:
        """How long nobody has asked for what an ended job said, s; 0 while it runs."""
        return time.monotonic() - self.asked_at if self._ended else 0.0


def look(mark: str) -> dict[str, str]:
    """What this node has, in words; `mark` is a file that the asking side made in its home."""
    from tabrl.rewards.sandbox import sandbox_level, walls

    held = sandbox_level()
    return {
        "node": platform.node(),
        "tabrl": __version__,
        "sees": "yes" if Path(mark).exists() else "no",
        "sandbox": held,
        "lacks": ", ".join(wall for wall in walls() if wall not in held),
    }


class Slot:
    """Takes a job, runs it, and tells what it says to whoever asks; see `Order`.

    Args:
        alone: whether nobody owns it: once its job has ended and nobody asks, it writes down what
            was said and goes.
    """

    def __init__(self, alone: bool = False) -> None:
        # Ray means it well, and would have other threads here than the local executor has.
        os.environ.pop("OMP_NUM_THREADS", None)
        os.environ["JAX_PLATFORMS"] = "cpu"  # no GPU was asked for
        self._lock = threading.Lock()
        self._key = ""
        self._log = Log()
        self._job: Job | None = None
        self._out, self._cancelled = "", 0
        self._executor: LocalExecutor | None = None
        if alone:
            threading.Thread(target=self._leave_in_the_end, daemon=True).start()

    def begin(self, order: Order) -> str:
        """Begin a job, unless it was begun before; the name of this node."""
        with self._lock:
            if order.key != self._key:
                self._key, self._log, self._job, self._cancelled = order.key, Log(), None, 0
                threading.Thread(target=self._run, args=(order, self._log), daemon=True).start()
        return platform.node()

    def events(self, after: int, wait_s: float) -> tuple[list[tuple[int, str]], bool]:
        """See `Log.after`."""
        return self._log.after(after, wait_s)

    def cancel(self) -> None:
        """As `Job.cancel`."""
        with self._lock:
            self._cancelled += 1
            job = self._job
        if job:
            job.cancel()

    def close(self) -> None:
        """End what runs and give the worker process back."""
        if self._executor:
            self._executor.close()

    def _run(self, order: Order, log: Log) -> None:
        """Do a job; whatever happens, its log ends."""
        spec = _SPEC.validate_json(order.spec)
        self._out = getattr(spec, "out", "")
        try:
            settings = _settings(order)
            with closing(Staging(spec, order.shipped, str(SHIPPED), settings.cache)) as staging:
                for event in self._start(staging.spec, settings).events():
                    for told in staging.publish(event):
                        log.add(told)
        except Exception as error:
            log.add(self._abandon(spec, error))
        log.end()

    def _abandon(self, spec: JobSpec, error: Exception) -> Failed:
        """End a job that cannot be begun, or whose results cannot be put where they belong."""
        job, hint = self._job, ""
        said = f"{platform.node()} could not run this job: {type(error).__name__}: {error}"
        if isinstance(error, TabRLError):
            said, hint = error.message, error.hint
        if job is None:
            return Failed(job=spec.job, phase="queued", error=said, hint=hint)
        for _ in ("asked", "ended"):
            job.cancel()
        return Failed(job=spec.job, phase=job.phase, error=said, hint=hint)

    def _start(self, spec: JobSpec, settings: Settings) -> Job:
        with self._lock:
            if self._executor is None:
                name = f"ray-{platform.node()}"
                self._executor = LocalExecutor(replace(settings, max_jobs=1), name)
            self._job = job = self._executor.submit(spec)
            asked = self._cancelled
        for _ in range(asked):
            job.cancel()
        return job

    def _leave_in_the_end(self) -> None:
        made = time.monotonic()
        while self._log.silent_s < SILENT_S or not self._write_down():
            time.sleep(5)
            if not self._key and time.monotonic() - made > UNASKED_S:
                break  # whoever made it has gone before it could ask for anything
        os._exit(0)

    def _write_down(self) -> bool:
        """Leave what was said beside the results; false where that cannot be done now."""
        lines = [f"{json.dumps([n, events.dumps(event)])}\n" for n, event in self._log.all()]
        try:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder, UNHEARD)
                path.write_text("".join(lines), "utf-8")
                artifacts.put(path, f"{self._out}/{UNHEARD}")
        except Exception:
            return False
        return True


def _settings(order: Order) -> Settings:
    """This node's settings with the asking side's home where this node sees it.

    Raises:
        TabRLError: this node has another TabRL, or does not see where the results belong.
    """
    if order.version != __version__:
        raise TabRLError(
            f"{platform.node()} has TabRL {__version__}, and this job comes from {order.version}.",
            f"Install tabrl=={order.version} on every node: `tabrl doctor ray` looks at each.",
        )
    if order.seen and not Path(order.seen).exists():
        raise TabRLError(
            f"{platform.node()} does not see {Path(order.seen).parent}.",
            "Put TABRL_HOME (or --out) on a file system that all nodes have under the same path.",
        )
    own = Settings.from_env()
    home = Path(order.home) if Path(order.home).is_dir() else own.home
    return replace(own, home=home, handlers=order.handlers, all_walls=True)
