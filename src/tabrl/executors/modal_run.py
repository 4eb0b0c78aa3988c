"""What runs in a container at Modal: one training in a worker process, its log, and its news.

The queue carries news, the volume's log is the truth: an event that the queue loses is read there.
A container that Modal takes away begins the same call again elsewhere; then it only says so, and
whoever hears that begins another attempt, from the last policy that this one left.
"""

import json
import shutil
import tempfile
import threading
import time
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Protocol

from pydantic import TypeAdapter

from tabrl import __version__, events
from tabrl.errors import TabRLError
from tabrl.events import Artifact, Event, Failed, Finished
from tabrl.executors.base import Executor, Job
from tabrl.executors.local import LocalExecutor
from tabrl.executors.modal_orders import END, INSIST_S, KEPT, LOG, SPENT, Order, unpack
from tabrl.executors.staging import Staging
from tabrl.policies import SHIPPED
from tabrl.settings import Settings
from tabrl.spec import JobSpec, TrainSpec

COMMIT_S = 20.0
"""After so long what was said is safe in the volume, whatever becomes of the container, s."""
ASK_S = 20.0
SILENT_S = 300.0
"""After so long without a word a training whose listener does not come back ends early, s."""
BEGAN = "began.json"
_SPEC = TypeAdapter(TrainSpec)

Result = dict[str, Any]
"""What a call gives back: `heard`, how many events there are; `began`, Unix time, and `seconds`
that it ran; `lost`, message and hint, where it does not go on here."""


class Channel(Protocol):
    """The container's side of the queue and of the volume."""

    def tell(self, news: dict[str, Any]) -> None:
        """Put news where its reader finds them; whatever it raises, they are lost."""

    def order(self, wait_s: float) -> str | None:
        """What somebody tells the training, END or HERE; waits for it, though not for ever."""

    def commit(self) -> None:
        """Make safe what is in the volume."""


class Training:
    """One call.

    Args:
        folder: the attempt's folder in the volume.
        call: Modal's id of this call.
    """

    def __init__(self, order: Order, folder: Path, channel: Channel, call: str = "") -> None:
        self._order, self._folder, self._channel = order, folder, channel
        self._call = call
        self._began = time.time()
        self._said = 0
        self._saved_at = time.monotonic()
        self._job: Job | None = None
        self._cancels, self._spent = 0, False
        self._asking = threading.Lock()
        self._over = threading.Event()
        self._news: SimpleQueue[tuple[int, str] | None] = SimpleQueue()

    def run(self) -> Result:
        """Train; back once it has ended and all that it left is safe."""
        log = self._folder / LOG
        if (self._folder / BEGAN).exists():
            said = log.read_text("utf-8").count("\n") if log.exists() else 0
            why = ["Modal took its container away.", "It goes on from its last policy."]
            return self._result(said, lost=why)
        self._folder.mkdir(parents=True)
        (self._folder / BEGAN).write_text(json.dumps({"at": self._began, "call": self._call}))
        self._save()
        sender = threading.Thread(target=self._send, daemon=True)
        sender.start()
        threading.Thread(target=self._obey, daemon=True).start()
        self._tell([])
        try:
            self._train()
        except BaseException:  # Modal takes the container away, or ends the call
            with suppress(Exception):
                self._save()
            raise
        finally:
            self._over.set()
        self._save()
        self._news.put(None)
        sender.join(ASK_S)
        return self._result(self._said)

    def _result(self, said: int, **more: Any) -> Result:
        return {"heard": said, "seconds": time.time() - self._began, "began": self._began} | more

    def _train(self) -> None:
        """Do it; whatever happens short of the container's end, it is told."""
        spec = _SPEC.validate_json(self._order.spec)
        scratch = Path(tempfile.mkdtemp(prefix="tabrl-"))
        timer = threading.Timer(self._order.most_s or threading.TIMEOUT_MAX, self._end_in_time)
        timer.daemon = True
        timer.start()
        try:
            settings = self._settings(scratch)
            spec = self._unpacked(spec, scratch)
            with (
                closing(
                    Staging(spec, self._order.shipped, str(SHIPPED), settings.cache)
                ) as staging,
                LocalExecutor(settings, "modal") as executor,
            ):
                self._follow(self._start(executor, staging.spec), staging)
        except Exception as error:
            self._say(self._failure(spec, error))
        finally:
            timer.cancel()
            shutil.rmtree(scratch, ignore_errors=True)

    def _settings(self, scratch: Path) -> Settings:
        if self._order.version != __version__:
            raise TabRLError(
                f"The app at Modal has TabRL {__version__}, and this job comes from "
                f"{self._order.version}.",
                "Run `tabrl deploy modal`.",
            )
        own = Settings.from_env()
        return replace(
            own,
            home=scratch / "home",
            handlers=self._order.handlers,
            all_walls=True,
            max_jobs=1,
        ).prepare()

    def _unpacked(self, spec: TrainSpec, scratch: Path) -> TrainSpec:
        """The training with its files in this container."""
        files = dict(self._order.files)
        unpack(files.pop("robot", {}), scratch / "home" / "robots" / spec.robot)
        unpack(files.pop("trace", {}), Settings.from_env().cache / "rewards")
        changed = {name: str(unpack(each, scratch / name)) for name, each in files.items()}
        return spec.model_copy(update=changed | {"out": f"file://{self._folder / KEPT}"})

    def _follow(self, job: Job, staging: Staging) -> None:
        try:
            for event in job.events():
                for told in staging.publish(event, str(self._said + 1)):
                    self._say(told)
        except BaseException:  # nobody waits for what it would still do
            for _ in ("asked", "ended"):
                self._cancel()
            raise

    def _start(self, executor: Executor, spec: JobSpec) -> Job:
        with self._asking:
            self._job = job = executor.submit(spec)
            asked = self._cancels
        for _ in range(asked):
            job.cancel()
        return job

    def _failure(self, spec: TrainSpec, error: Exception) -> Failed:
        said, hint = f"The container could not run this job: {type(error).__name__}: {error}", ""
        if isinstance(error, TabRLError):
            said, hint = error.message, error.hint
        phase = self._job.phase if self._job else "queued"
        return Failed(job=spec.job, phase=phase, error=said, hint=hint)

    # -- what is said ------------------------------------------------------------------------------

    def _say(self, event: Event) -> None:
        """Write an event down, then tell it; what it tells of is safe by then."""
        if self._spent and _ended_early(event):
            phase = self._job.phase if self._job else "queued"
            event = Failed(job=event.job, phase=phase, error=SPENT[0], hint=SPENT[1])
        self._said += 1
        if isinstance(event, Artifact):
            kept = event.path.removeprefix("file://").removeprefix(f"{self._folder / KEPT}/")
            event = event.model_copy(update={"path": kept})
        line = json.dumps([self._said, events.dumps(event)])
        with (self._folder / LOG).open("a", encoding="utf-8") as log:
            log.write(f"{line}\n")
        if isinstance(event, Artifact) or time.monotonic() - self._saved_at > COMMIT_S:
            self._save()
        self._news.put((self._said, events.dumps(event)))

    def _save(self) -> None:
        self._channel.commit()
        self._saved_at = time.monotonic()

    def _send(self) -> None:
        """Tell events, those that have gathered meanwhile at once."""
        gathered: list[tuple[int, str] | None] = []
        while None not in gathered:
            gathered = [self._news.get()]
            with suppress(Empty):
                while gathered[-1] is not None:
                    gathered.append(self._news.get_nowait())
            self._tell([event for event in gathered if event])

    def _tell(self, told: list[tuple[int, str]]) -> None:
        with suppress(Exception):  # the log has them
            self._channel.tell({"began": self._began, "events": told})

    # -- how it ends early -------------------------------------------------------------------------

    def _obey(self) -> None:
        heard_at = time.monotonic()
        while not self._over.is_set():
            try:
                told = self._channel.order(ASK_S)
            except Exception:  # the queue is out of reach: it may be back
                told = None
                self._over.wait(1.0)
            silent = self._order.watched and time.monotonic() - heard_at > SILENT_S
            if told:
                heard_at = time.monotonic()
            if told == END or (silent and not self._cancels):
                self._cancel()

    def _cancel(self) -> None:
        with self._asking:
            self._cancels += 1
            job = self._job
        if job:
            job.cancel()

    def _end_in_time(self) -> None:
        self._spent = True
        self._cancel()
        if not self._over.wait(INSIST_S):
            self._cancel()


def _ended_early(event: Event) -> bool:
    """Whether this is the end of a job that was told to end."""
    if isinstance(event, Failed):
        return event.phase == "queued"
    return isinstance(event, Finished) and event.stopped
