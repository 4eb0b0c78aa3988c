"""Where jobs run: an executor takes a JSON spec and gives back an iterator of events."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from types import TracebackType
from typing import Literal, TypeVar

from tabrl.errors import TabRLError
from tabrl.events import Event, Failed, Finished, Phase, PhaseStarted
from tabrl.settings import Settings
from tabrl.spec import JobSpec

Answer = TypeVar("Answer")
State = Literal["queued", "running", "finished", "failed", "cancelled"]
EXECUTORS = ("local", "ray", "modal", "inline")


class Job(ABC):
    """One submitted spec.

    Attributes:
        spec: what was submitted.
        state: where it stands, as far as events have arrived.
        phase: the phase it is in.
        heard: the number of the last event that was read, where its executor numbers them.
        lost: whether it failed because what it ran on is gone: it may go on elsewhere.
        where: what it runs on, in words; empty for this machine.
        cost_usd: what it has cost so far, about; None where nothing is charged.
    """

    def __init__(self, spec: JobSpec) -> None:
        self.spec = spec
        self.state: State = "queued"
        self.phase: Phase = "queued"
        self.heard = 0
        self.lost = False
        self.where = ""
        self.cost_usd: float | None = None

    @abstractmethod
    def events(self) -> Iterator[Event]:
        """Every event, once, as it comes; ends with the job. A job that dies yields `Failed`."""

    @abstractmethod
    def cancel(self) -> None:
        """Ask the job to finish early and keep what it has; the second time, end it at once.

        A job that has not started yields `Failed` in the phase "queued"; one whose worker had to be
        ended, `Finished` with what it had kept by then.
        """

    def _note(self, event: Event) -> None:
        if isinstance(event, PhaseStarted):
            self.phase = event.phase
        elif isinstance(event, Failed) and self.state != "cancelled":
            self.state = "failed"
        elif isinstance(event, Finished):
            self.state = "cancelled" if event.stopped else "finished"

    def _cancelled_in_queue(self) -> Failed:
        self.state = "cancelled"
        error = "The job was cancelled before it started."
        return Failed(job=self.spec.job, phase="queued", error=error)

    def _end(self) -> None:
        if self.state in ("queued", "running"):
            self.state = "finished"


class Executor(ABC):
    """Runs jobs; a context manager that closes itself.

    Attributes:
        places: trainings that run at once; None for as many as fit this machine, 0 while the
            cluster is away.
        where: its trainings run, in words; empty for this machine.
        cores: that each of them takes; None for a share of this machine's.
        lasting: whether its trainings outlive the process that submitted them.
        spent_usd: what this month's trainings have cost, about; None where nothing is charged.
        cap_usd: that they may cost; None for no cap.
    """

    where: str = ""
    places: int | None = None
    cores: int | None = None
    lasting: bool = False

    @property
    def spent_usd(self) -> float | None:
        return None

    @property
    def cap_usd(self) -> float | None:
        return None

    @abstractmethod
    def submit(self, spec: JobSpec) -> Job:
        """Take a job; it runs as soon as there is room for it."""

    def attach(self, spec: JobSpec, heard: int) -> Job:
        """A training that an earlier process submitted and that lasts, after its first `heard`
        events; one that is gone is lost.
        """
        raise NotImplementedError

    def renew(self) -> None:
        """Begin later jobs afresh, where workers keep what they know of a robot by its id: there
        may be another robot of that id now.
        """
        return

    @abstractmethod
    def close(self) -> None:
        """Cancel what is left and give back every process. Events that are in can still be read."""

    def __enter__(self) -> "Executor":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def make_executor(name: str, settings: Settings, *, lasting: bool = False) -> Executor:
    """The executor of this name.

    Args:
        lasting: whether trainings are to outlive this process where they can.

    Raises:
        TabRLError: there is none, the folders of `settings` cannot be written to, or there is no
            such cluster.
    """
    if name == "local":
        from tabrl.executors.local import LocalExecutor

        return LocalExecutor(settings)
    if name == "inline":
        from tabrl.executors.inline import InlineExecutor

        return InlineExecutor(settings)
    if name == "ray":
        from tabrl.executors.ray import RayExecutor

        return RayExecutor(settings, lasting=lasting)
    if name == "modal":
        from tabrl.executors.modal import ModalExecutor

        return ModalExecutor(settings, lasting=lasting)
    raise TabRLError(f"There is no executor {name!r}.", f"Use one of: {', '.join(EXECUTORS)}.")


def heard(job: Job) -> Iterator[Event]:
    """The events of a job; `TabRLError` where it fails."""
    for event in job.events():
        if isinstance(event, Failed):
            raise TabRLError(event.error, event.hint)
        yield event


def answer(job: Job, kind: type[Answer]) -> Answer:
    """The last event of a kind of a job; `TabRLError` where there is none."""
    found = [event for event in heard(job) if isinstance(event, kind)]
    if not found:
        raise TabRLError(f"The {job.spec.do} ended without a result.", "Try again in a moment.")
    return found[-1]
