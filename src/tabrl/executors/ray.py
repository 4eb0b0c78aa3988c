"""Jobs on a Ray cluster: one that trains takes cores and waits for them, a short one takes none.

A process of its own speaks to Ray (`ray_bridge`), so that nothing of Ray is loaded here, and a
cluster that goes down takes nobody with it.
"""

import importlib.util
import json
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict
from hashlib import sha256
from itertools import count
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Literal
from uuid import uuid4

from tabrl import events
from tabrl.errors import TabRLError
from tabrl.events import Event, Failed, Finished, Progress
from tabrl.executors.base import Executor, Job
from tabrl.executors.process import LineProcess
from tabrl.executors.ray_orders import Order, Request
from tabrl.policies import SHIPPED
from tabrl.settings import Settings
from tabrl.spec import JobSpec

CONNECT_S = 90.0  # a head that was just started takes its time on a busy machine
CLOSE_S = 30.0  # a little more than a slot gives its worker


class RayJob(Job):
    """A job in the cluster, as far as has been heard of it."""

    def __init__(self, spec: JobSpec, request: Request, heard: int, mark: Path | None) -> None:
        super().__init__(spec)
        self.heard, self.request = heard, request
        self.bridge: Bridge | None = None
        self._mark = mark
        self._lock = threading.RLock()
        self._cancelled = self._over = False
        self._step = 0
        self._events: SimpleQueue[tuple[int, Event] | None] = SimpleQueue()

    @property
    def over(self) -> bool:
        """Whether nothing more will be heard of it."""
        return self._over

    def events(self) -> Iterator[Event]:
        while (item := self._events.get()) is not None:
            self.heard, event = item
            yield event
        self._events.put(None)  # who asks again finds the end

    def cancel(self) -> None:
        with self._lock:
            if self.state == "queued":
                self._put(self._cancelled_in_queue())
                self.leave()
            self._cancelled = True
        if self.bridge:
            self.bridge.ask(Request(self.request.id, "cancel"))

    def stop(self) -> None:
        """Ask the job to finish early, no more than once."""
        if not (self._cancelled or self._over):
            self.cancel()

    def leave(self) -> None:
        """Hear no more of it, whatever becomes of it."""
        with self._lock:
            self._over = True
            self._events.put(None)
            self._unmark()

    def take(self, said: dict[str, Any]) -> None:
        """Take in what the bridge says of it."""
        with self._lock:
            if self._over:
                return
            if "node" in said:
                self.state = "running"
            elif "event" in said:
                self._unmark()
                self._put(events.loads(said["event"]), said["number"])
            elif "lost" in said:
                self.lose(*said["lost"])
            elif "end" in said:
                self._end()
                self.leave()

    def lose(self, error: str, hint: str = "") -> None:
        """What it ran on is gone: it has failed, unless it had said how it ended or was to end."""
        with self._lock:
            if self._over or self.state not in ("queued", "running"):
                return
            if self._cancelled:
                self._put(Finished(job=self.spec.job, step=self._step, seconds={}, stopped=True))
                return
            self.lost = True
            self._put(Failed(job=self.spec.job, phase=self.phase, error=error, hint=hint))

    def _unmark(self) -> None:
        if self._mark:
            self._mark.unlink(missing_ok=True)

    def _put(self, event: Event, number: int | None = None) -> None:
        self._note(event)
        if isinstance(event, Progress):
            self._step = event.step
        self._events.put((self.heard if number is None else number, event))


class Bridge:
    """The process that speaks to Ray for these jobs; see `ray_bridge`.

    Attributes:
        found: what the cluster has.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._jobs: dict[str, RayJob] = {}
        self._first: SimpleQueue[dict[str, Any]] = SimpleQueue()
        self._process: LineProcess | None = None
        self._asking = threading.Lock()
        self.alive = True
        self._thread = threading.Thread(target=self._listen, name="ray", daemon=True)
        self._thread.start()
        self.found = self._hello()

    def add(self, job: RayJob) -> None:
        """Have a job begun or attached to."""
        job.bridge = self
        self._jobs[job.request.id] = job
        self.ask(job.request)
        if not self.alive:
            self._lose(job)

    def ask(self, request: Request) -> None:
        """Send a request."""
        with self._asking:
            if self._process:
                self._process.send(json.dumps(asdict(request)))

    def close(self) -> None:
        """Let it leave; what is not lasting ends with it."""
        if self._process:
            self._process.close()
        self._thread.join(5.0)

    def _hello(self) -> dict[str, Any]:
        try:
            said = self._first.get(timeout=CONNECT_S)
        except Empty:
            said = {"error": [f"The Ray cluster at {self._settings.ray} does not answer.", ""]}
        if "error" in said:
            self.close()
            raise TabRLError(*said["error"])
        return said

    def _listen(self) -> None:
        """Take in lines until there are no more; then whatever was under way is lost."""
        log = self._settings.logs / f"ray-{os.getpid()}.log"
        words = ["tabrl.executors.ray_bridge", self._settings.ray]
        self._process = process = LineProcess(words, os.environ | {"RAY_DEDUP_LOGS": "0"}, log)
        said = None
        for line in process.lines():
            said = json.loads(line)
            if "id" not in said:
                self._first.put(said)
            elif job := self._jobs.get(said["id"]):
                job.take(said)
                if job.over:
                    self._jobs.pop(said["id"], None)
        self.alive = False
        if said is None:
            what, hint, detail = process.death()
            last = (detail.strip().splitlines() or [""])[-1]
            self._first.put({"error": [f"The process that speaks to Ray {what}. {last}", hint]})
        for job in list(self._jobs.values()):
            self._lose(job)

    def _lose(self, job: RayJob) -> None:
        job.lose(
            f"The Ray cluster at {self._settings.ray} is out of reach.",
            "`tabrl doctor ray` looks why; try again once it is back.",
        )
        job.leave()


class RayExecutor(Executor):
    """Hands jobs to a Ray cluster.

    Args:
        lasting: whether a training goes on when this process ends, for another to attach to.

    Raises:
        TabRLError: there is no such cluster, or Ray is not installed.
    """

    def __init__(self, settings: Settings, *, lasting: bool = False) -> None:
        if importlib.util.find_spec("ray") is None:
            raise TabRLError("Ray is not installed.", "Run `pip install 'tabrl[ray]'`.")
        self._settings, self.lasting = settings.prepare(), lasting
        self._ids = count(1)
        self._lock = threading.Lock()
        self._jobs: list[RayJob] = []
        self._closed = False
        self._bridge = Bridge(self._settings)
        self.places, self.cores = self._bridge.found["places"], self._bridge.found["cores"]

    def submit(self, spec: JobSpec) -> RayJob:
        return self._ask("begin", spec, 0)

    def attach(self, spec: JobSpec, heard: int) -> RayJob:
        return self._ask("attach", spec, heard)

    def close(self) -> None:
        with self._lock:
            self._closed = True
        deadline = time.monotonic() + CLOSE_S
        try:
            for job in self._jobs:
                if self._lasts(job.spec):
                    job.leave()
                else:
                    job.stop()
            while not all(job.over for job in self._jobs) and time.monotonic() < deadline:
                time.sleep(0.02)
        finally:
            self._bridge.close()

    def _ask(self, do: Literal["begin", "attach"], spec: JobSpec, heard: int) -> RayJob:
        job = self._job(do, spec, heard)
        with self._lock:
            if self._closed:
                raise TabRLError("This executor is closed.", "Make another one.")
            self._jobs = [*(other for other in self._jobs if not other.over), job]
            try:
                if not self._bridge.alive:  # it went down with its cluster, which may be back
                    self._bridge = Bridge(self._settings)
            except TabRLError as error:
                job.lose(error.message, error.hint)
                job.leave()
                return job
            bridge = self._bridge
        bridge.add(job)
        return job

    def _job(self, do: Literal["begin", "attach"], spec: JobSpec, heard: int) -> RayJob:
        """A job with all that is asked of the cluster for it.

        A training's folder names it, as each attempt has one of its own.
        """
        out, lasting = getattr(spec, "out", ""), self._lasts(spec)
        mark = None if "://" in out else self._mark(Path(out or self._settings.home))
        order = Order(
            key=f"train-{sha256(out.encode()).hexdigest()[:24]}" if lasting else uuid4().hex,
            spec=spec.model_dump_json(),
            home=str(self._settings.home),
            shipped=str(SHIPPED),
            seen=str(mark or ""),
            handlers=self._settings.handlers,
        )
        cores = self.cores or 0 if spec.do == "train" else 0
        request = Request(str(next(self._ids)), do, heard, lasting, cores, asdict(order))
        return RayJob(spec, request, heard, mark)

    def _lasts(self, spec: JobSpec) -> bool:
        return self.lasting and spec.do == "train"

    @staticmethod
    def _mark(folder: Path) -> Path:
        """A file by which a node sees that it has the same folder."""
        folder.mkdir(parents=True, exist_ok=True)
        mark = folder / f".seen-{uuid4().hex[:12]}"
        mark.touch()
        return mark
