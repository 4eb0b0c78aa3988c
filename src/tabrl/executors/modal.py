"""Trainings at Modal, each in a container of its own; short jobs stay on this machine.

The studio may go and come back meanwhile: a training's call, its queue and its volume are found by
the name of its attempt.
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from tabrl import events
from tabrl.errors import TabRLError
from tabrl.events import Artifact, Event, Failed, Finished
from tabrl.executors.base import Executor, Job
from tabrl.executors.local import LocalExecutor
from tabrl.executors.modal_cloud import DEPLOY, Cloud, Gone, News, Unreachable, mismatch
from tabrl.executors.modal_cost import Entry, Ledger, known_gpu
from tabrl.executors.modal_orders import CORES, Files, Order, pack
from tabrl.executors.modal_run import COMMIT_S
from tabrl.executors.remote import RemoteJob, attempt_key, thinned
from tabrl.executors.staging import READ, is_url
from tabrl.policies import SHIPPED
from tabrl.rewards.sandbox import kept_at
from tabrl.robots.catalogue import custom_robots_folder
from tabrl.robots.catalogue import robot as find_robot
from tabrl.settings import Settings
from tabrl.spec import JobSpec, TrainSpec

PLACES = 8
"""Trainings at once: Modal would take more."""
WAIT_S = 5.0  # for news, before its call is looked at
HERE_S = 60.0  # between two words that somebody listens
UNREACHABLE_S = 120.0  # Modal may be out of reach for so long
INSIST_S = 5.0  # for a call to end once it was ended
CLOSE_S = 40.0  # a training that stops keeps its policy first
TIDY_S = 86400.0  # what was learned stays in the volume for a day
GONE = "What it trained on at Modal is gone."


class ModalJob(RemoteJob):
    """A training at Modal.

    Attributes:
        entry: what it costs, and its call.
    """

    def __init__(
        self, spec: TrainSpec, heard: int, entry: Entry, end: "Callable[[ModalJob], None]"
    ):
        super().__init__(spec, heard)
        self.entry = entry
        self.cancels = 0
        self.where = f"Modal, {entry.gpu or f'{CORES} cores'}"
        self._end_there = end

    @property
    def known(self) -> int:
        """The number of the last event that was heard."""
        return self._known

    @property
    def told_its_end(self) -> bool:
        """Whether it has said how it ended."""
        return self.state not in ("queued", "running")

    def _ask_to_end(self) -> None:
        self.cancels += 1
        # Whoever cancels does not wait for a network.
        threading.Thread(target=self._end_there, args=(self,), daemon=True).start()

    def fail(self, error: str, hint: str = "") -> None:
        """End it for a reason that another attempt would meet again."""
        with self._lock:
            if not self.told_its_end:
                self._put(Failed(job=self.spec.job, phase=self.phase, error=error, hint=hint))


class ModalExecutor(Executor):
    """Hands trainings to Modal.

    Args:
        lasting: whether a training goes on when this process ends, for another to attach to.

    Raises:
        TabRLError: Modal, a token or the app is missing, or the app is another TabRL's.
    """

    where, cores = "at Modal", CORES

    def __init__(self, settings: Settings, *, lasting: bool = False) -> None:
        self.places: int | None = PLACES
        self.lasting = lasting
        self._gpu = known_gpu(settings.gpu) if settings.gpu else None
        self._settings = settings.prepare()
        self._ledger = Ledger(settings.home / "modal", settings.modal_cap)
        self._cloud = Cloud()
        try:
            self._look()
        except BaseException:
            self._cloud.close()
            raise
        self._short = LocalExecutor(settings)
        self._lock = threading.Lock()
        self._jobs: list[ModalJob] = []
        self._closed = False
        threading.Thread(target=self._tidy, daemon=True).start()

    def _look(self) -> None:
        """Raises `TabRLError` where the app is missing or another TabRL's."""
        if differs := mismatch(self._cloud.deployed()):
            raise TabRLError(differs, DEPLOY)
        self._cloud.function(self._gpu)

    @property
    def spent_usd(self) -> float:
        return self._ledger.spent()

    @property
    def cap_usd(self) -> float | None:
        return self._ledger.cap

    def submit(self, spec: JobSpec) -> Job:
        if not isinstance(spec, TrainSpec):
            return self._short.submit(spec)
        key, approach = attempt_key(spec.out), _approach(spec)
        earlier = [e for e in self._ledger.entries() if e.approach == approach and e.runs]
        share = self._ledger.share(self._gpu, PLACES)
        entry = self._ledger.write(Entry(key, approach, self._gpu, time.time(), share))
        return self._follow(spec, 0, entry, lambda job: self._begin(job, earlier))

    def attach(self, spec: JobSpec, heard: int) -> Job:
        assert isinstance(spec, TrainSpec)
        key = attempt_key(spec.out)
        entry = self._ledger.find(key) or Entry(key, _approach(spec), None, time.time(), None)
        return self._follow(spec, heard, entry, self._find)

    def renew(self) -> None:
        self._short.renew()

    def close(self) -> None:
        with self._lock:
            self._closed = True
        for job in self._jobs:
            if self.lasting:
                job.leave()
            else:
                job.stop()
        self._short.close()
        self._wait(CLOSE_S)
        for job in self._jobs:
            if not job.over:
                job.cancel()
        self._wait(INSIST_S)
        self._cloud.close()

    def _wait(self, timeout_s: float) -> None:
        deadline = time.monotonic() + timeout_s
        while not all(job.over for job in self._jobs) and time.monotonic() < deadline:
            time.sleep(0.02)

    # -- one training ------------------------------------------------------------------------------

    def _follow(
        self, spec: TrainSpec, heard: int, entry: Entry, begin: Callable[[ModalJob], None]
    ) -> ModalJob:
        job = ModalJob(spec, heard, entry, self._end)
        job.cost_usd = entry.usd
        with self._lock:
            if self._closed:
                raise TabRLError("This executor is closed.", "Make another one.")
            self._jobs = [*(other for other in self._jobs if not other.over), job]
        threading.Thread(target=self._see_through, args=(job, begin), daemon=True).start()
        return job

    def _see_through(self, job: ModalJob, begin: Callable[[ModalJob], None]) -> None:
        """Begin a training and hear all of it; whatever happens, it ends."""
        try:
            begin(job)
            self._listen(job)
            self.places = PLACES
        except Unreachable as error:
            self.places = 0
            job.lose(error.message, error.hint)
        except Gone as error:
            job.lose(error.message, error.hint)
        except TabRLError as error:
            job.fail(error.message, error.hint)
        except Exception as error:
            said = f"Its container at Modal failed: {type(error).__name__}: {error}"
            job.fail(said, "`modal app logs tabrl` may tell more.")
        job.end()

    def _begin(self, job: ModalJob, earlier: list[Entry]) -> None:
        """Hand a training over; attempts of the same approach that may still run are ended."""
        for entry in earlier:
            with suppress(TabRLError):
                self._cloud.end(entry.call)
                self._ledger.change(entry, until=time.time())
        try:
            call = self._cloud.spawn(self._order(job), job.entry.gpu)
        except TabRLError:
            self._ledger.change(job.entry, until=time.time())
            raise
        job.entry = self._ledger.change(job.entry, call=call)
        if job.cancels:  # meanwhile
            self._end(job)

    def _find(self, job: ModalJob) -> None:
        """Find the call of a training that an earlier studio handed over."""
        job.state = "running"
        if job.entry.call:
            return
        began = self._cloud.began(job.entry.key)
        if not began:
            self._ledger.change(job.entry, until=time.time())
            raise Gone(GONE)
        job.entry = self._ledger.change(job.entry, call=began["call"], began=began["at"])

    def _listen(self, job: ModalJob) -> None:
        """Take in news until the call is over, and then what was missed."""
        key, reached, spoke = job.entry.key, time.monotonic(), 0.0
        while not job.over:
            try:
                if not self.lasting and time.monotonic() - spoke > HERE_S:
                    self._cloud.be_there(key)
                    spoke = time.monotonic()
                for news in self._cloud.news(key, 0.2 if job.told_its_end else WAIT_S):
                    self._take(job, news)
                result = self._cloud.result(job.entry.call)
                reached = time.monotonic()
            except Gone:
                self._fill(job, None)
                self._note_end(job)
                raise
            except Unreachable as error:
                if "token" in error.message or time.monotonic() - reached > UNREACHABLE_S:
                    raise
                time.sleep(1.0)
                continue
            if result is not None:
                self._settle(job, result)
                return

    def _settle(self, job: ModalJob, result: dict[str, Any]) -> None:
        for news in self._cloud.news(job.entry.key, 0.0):
            self._take(job, news)
        if job.known < result["heard"]:
            self._fill(job, result["heard"])
        job.entry = self._ledger.change(job.entry, began=job.entry.began or result["began"])
        self._note_end(job, result["began"] + result["seconds"])
        if "lost" in result:
            raise Gone(*result["lost"])

    def _note_end(self, job: ModalJob, at: float | None = None) -> None:
        job.entry = self._ledger.change(job.entry, until=job.entry.until or at or time.time())
        job.cost_usd = job.entry.usd

    def _take(self, job: ModalJob, news: News) -> None:
        """Take in what a container has told; what the queue has lost is read in the log first."""
        if job.entry.began is None:
            job.entry = self._ledger.change(job.entry, began=news["began"])
        if job.state == "queued":
            job.state = "running"
        job.cost_usd = job.entry.usd
        for number, event in news["events"]:
            if number > job.known + 1:
                self._fill(job, number - 1)
            self._hear(job, number, events.loads(event))

    def _fill(self, job: ModalJob, through: int | None) -> None:
        """Take in what the log has of a training, once it has this event; None for what is there
        now. What is too old to matter is left out.
        """
        deadline = time.monotonic() + 3 * COMMIT_S
        log = self._cloud.log(job.entry.key)
        while through and (not log or log[-1][0] < through):
            if time.monotonic() > deadline or job.over:
                raise Gone("What it said at Modal is lost.", "It goes on from its last policy.")
            time.sleep(1.0)
            log = self._cloud.log(job.entry.key)
        new = [(number, events.loads(event)) for number, event in log if number > job.known]
        for number, event in thinned(new):
            self._hear(job, number, event)

    def _hear(self, job: ModalJob, number: int, event: Event) -> None:
        """Tell an event, with what it tells of in its place."""
        if number <= job.known:
            return
        if isinstance(event, Artifact):
            event = self._fetched(job, event)
        if isinstance(event, Finished | Failed):
            self._note_end(job)
        job.hear(number, event)

    def _fetched(self, job: ModalJob, event: Artifact) -> Artifact:
        out = getattr(job.spec, "out", "")
        _, _, relative = event.path.partition("/")  # the first part is the event's number
        target = f"{out}/{relative}" if relative else out
        try:
            self._cloud.fetch(job.entry.key, event.path, target)
        except FileNotFoundError as error:
            raise Gone(f"{event.name} is not in the volume at Modal any more.") from error
        return event.model_copy(update={"path": target})

    def _end(self, job: ModalJob) -> None:
        """Have a training end early; one that waits for a container, or is told so again, at
        once.
        """
        with suppress(TabRLError):  # who listens to it meets the same, and tells
            if job.entry.began is not None and job.cancels == 1:
                self._cloud.ask_to_end(job.entry.key)
            elif job.entry.call:
                self._cloud.end(job.entry.call)
                self._note_end(job)

    # -- what goes there and what stays ------------------------------------------------------------

    def _order(self, job: ModalJob) -> Order:
        """A training with all that it reads."""
        spec = job.spec
        assert isinstance(spec, TrainSpec)
        files: dict[str, Files] = {}
        for name in READ:
            path = getattr(spec, name, None)
            if path and not is_url(path) and not Path(path).is_relative_to(SHIPPED):
                files[name] = pack(Path(path))
        if (own := custom_robots_folder() / spec.robot).is_dir():
            files["robot"] = pack(own)
        if spec.approach:
            traced = kept_at(spec.approach.source, find_robot(spec.robot))
            if traced.is_file():
                files["trace"] = {traced.name: traced.read_bytes()}
        if job.entry.gpu:
            spec = spec.model_copy(update={"impl": "mjx"})
        return Order(
            key=job.entry.key,
            spec=spec.model_dump_json(),
            files=files,
            shipped=str(SHIPPED),
            most_s=job.entry.most_s,
            watched=not self.lasting,
            handlers=self._settings.handlers,
        )

    def _tidy(self) -> None:
        """Remove from the volume what was fetched long ago."""
        for entry in self._ledger.entries():
            if entry.kept and time.time() - (entry.until or time.time()) > TIDY_S:
                with suppress(Exception):  # the next start tries again
                    self._cloud.forget(entry.key)
                    self._ledger.change(entry, kept=False)


def _approach(spec: TrainSpec) -> str:
    """The folder that all attempts of an approach have in common."""
    out = Path(spec.out)
    return str(out if out.name == spec.job else out.parent)
