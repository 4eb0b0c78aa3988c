"""Jobs on a Ray cluster: one that trains takes cores and waits for them, a short one takes none.

A process of its own speaks to Ray (`ray_bridge`), so that nothing of Ray is loaded here, and a
cluster that goes down takes nobody with it.
"""

import importlib.util
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from itertools import count
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Literal
from uuid import uuid4

from tabrl import events
from tabrl.errors import TabRLError
from tabrl.executors.base import Executor
from tabrl.executors.process import LineProcess, started
from tabrl.executors.ray_orders import Order, Request
from tabrl.executors.remote import RemoteJob, attempt_key
from tabrl.executors.staging import is_url
from tabrl.policies import SHIPPED
from tabrl.settings import Settings
from tabrl.spec import JobSpec

BRIDGE = "tabrl.executors.ray_bridge"
CONNECT_S = 90.0  # a head that was just started takes its time on a busy machine
CLOSE_S = 30.0  # a little more than a slot gives its worker


def examine(settings: Settings) -> list[dict[str, Any]]:
    """What each node of the cluster has: `node`, `cores`, and either `trouble` or what
    `ray_slot.look` finds.

    Raises:
        TabRLError: there is no such cluster, or Ray is not installed.
    """
    _refuse_without_ray()
    mark = _mark(settings.prepare().home)
    try:
        command = [sys.executable, "-P", "-m", BRIDGE, settings.ray, "--look", str(mark)]
        done = subprocess.run(command, env=_environment(), capture_output=True, text=True)
    finally:
        mark.unlink(missing_ok=True)
    said = [json.loads(line) for line in done.stdout.splitlines()]
    if not said:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise TabRLError(f"The process that speaks to Ray failed: {last}")
    if "error" in said[0]:
        raise TabRLError(*said[0]["error"])
    return said


class RayJob(RemoteJob):
    """A job in the cluster."""

    def __init__(self, spec: JobSpec, request: Request, heard: int, mark: Path | None) -> None:
        super().__init__(spec, heard)
        self.request = request
        self.bridge: Bridge | None = None
        self._mark = mark

    def leave(self) -> None:
        with self._lock:
            super().leave()
            self._unmark()

    def take(self, said: dict[str, Any]) -> None:
        """Take in what the bridge says of it."""
        with self._lock:
            if self._over:
                return
            if "node" in said:
                self.state, self.where = "running", said["node"]
            elif "event" in said:
                self._unmark()
                self.hear(said["number"], events.loads(said["event"]))
            elif "lost" in said:
                self.lose(*said["lost"])
            elif "end" in said:
                self.end()

    def attached(self) -> Request:
        """What asks for the rest of it."""
        return replace(self.request, do="attach", heard=self._known)

    def _ask_to_end(self) -> None:
        if self.bridge:
            self.bridge.ask(Request(self.request.id, "cancel"))

    def _unmark(self) -> None:
        if self._mark:
            self._mark.unlink(missing_ok=True)


class Bridge:
    """The process that speaks to Ray; see `ray_bridge`.

    Args:
        on_death: called with the jobs that it still had, from a thread that has nothing else to do.
        on_change: called with how many trainings run at once, at first and when nodes come or go.

    Attributes:
        cores: that each training takes.

    Raises:
        TabRLError: there is no such cluster.
    """

    def __init__(
        self,
        settings: Settings,
        on_death: Callable[[list[RayJob]], None],
        on_change: Callable[[int], None],
    ) -> None:
        self._settings, self._on_death, self._on_change = settings, on_death, on_change
        self._jobs: dict[str, RayJob] = {}
        self._first: SimpleQueue[dict[str, Any]] = SimpleQueue()
        self._process: LineProcess | None = None
        self._asking = threading.Lock()
        self.alive = True
        self._thread = threading.Thread(target=self._listen, name="ray", daemon=True)
        self._thread.start()
        self.cores: int = self._hello()["cores"]

    def add(self, job: RayJob) -> None:
        """Have a job begun or attached to."""
        job.bridge = self
        self._jobs[job.request.id] = job
        self.ask(job.request)
        if not self.alive and self._jobs.pop(job.request.id, None) is not None:
            self._on_death([job])

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
        log = self._settings.logs / "ray.log"
        bridge = started([BRIDGE, self._settings.ray], _environment())
        self._process = process = LineProcess(bridge, log)
        said = None
        for line in process.lines():
            said = json.loads(line)
            if "places" in said:
                self._on_change(said["places"])
            elif "id" not in said:
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
        left = [self._jobs.pop(id) for id in list(self._jobs)]
        self._on_death([job for job in left if not job.over])


class RayExecutor(Executor):
    """Hands jobs to a Ray cluster.

    Args:
        lasting: whether a training goes on when this process ends, for another to attach to.

    Raises:
        TabRLError: there is no such cluster, or Ray is not installed.
    """

    where = "on a Ray cluster"

    def __init__(self, settings: Settings, *, lasting: bool = False) -> None:
        _refuse_without_ray()
        self._settings, self.lasting = settings.prepare(), lasting
        self._ids = count(1)
        self._lock, self._connecting = threading.Lock(), threading.Lock()
        self._jobs: list[RayJob] = []
        self._closed = False
        self._bridge = self._connect()
        self.cores = self._bridge.cores

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
        self._give(job)
        return job

    def _give(self, job: RayJob) -> None:
        """Hand a job to the cluster, which may be back after it went down: whoever submits one does
        not wait for that.
        """
        if self._bridge.alive:
            self._bridge.add(job)
        else:
            threading.Thread(target=self._reconnect, args=(job,), daemon=True).start()

    def _reconnect(self, job: RayJob) -> None:
        try:
            with self._connecting:
                if not self._bridge.alive and not self._closed:
                    self._bridge = self._connect()
        except TabRLError as error:
            self.places = 0
            job.lose(error.message, error.hint)
            job.leave()
        else:
            self._bridge.add(job)

    def _connect(self) -> Bridge:
        def change(places: int) -> None:
            self.places = places

        return Bridge(self._settings, self._revive, change)

    def _revive(self, jobs: list[RayJob]) -> None:
        """Find the jobs again that a bridge has left; what does not last has ended with it."""
        for job in jobs:
            if job.request.lasting and not self._closed:
                job.request = job.attached()
                self._give(job)
            else:
                job.lose("The process that speaks to Ray has ended.", "Its log is beside workers'.")
                job.leave()

    def _job(self, do: Literal["begin", "attach"], spec: JobSpec, heard: int) -> RayJob:
        """A job with all that is asked of the cluster for it."""
        out, lasting = getattr(spec, "out", ""), self._lasts(spec)
        mark = None if is_url(out) else _mark(Path(out or self._settings.home))
        order = Order(
            key=attempt_key(out) if lasting else uuid4().hex,
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


def _mark(folder: Path) -> Path:
    """A file by which a node sees that it has the same folder."""
    folder.mkdir(parents=True, exist_ok=True)
    mark = folder / f".seen-{uuid4().hex[:12]}"
    mark.touch()
    return mark


def _refuse_without_ray() -> None:
    if importlib.util.find_spec("ray") is None:
        raise TabRLError("Ray is not installed.", "Run `pip install 'tabrl[ray]'`.")


def _environment() -> dict[str, str]:
    """The bridge's. Where a cluster has gone, Ray would start one in that very process."""
    return os.environ | {"RAY_ENABLE_AUTO_CONNECT": "0"}
