"""The process boundary: a JSON spec a line in, a JSON event a line out.

    python -m tabrl.worker                 serves jobs from stdin, one after another, and stays warm
    python -m tabrl.worker --single URL    runs the one spec of a file or URL

Every job ends with the line `{"kind": "end", "job": ..., "leaves": ...}`; a process that has grown
too large for another job leaves. The line `{"cancel": JOB}`, SIGTERM or SIGINT ask a job to finish
early and keep what it has; a second request ends the process, as do `GRACE_S` seconds without the
job's end. The end of stdin asks once: nobody is left to listen.
"""

import argparse
import ctypes
import faulthandler
import importlib
import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator
from queue import SimpleQueue
from typing import BinaryIO, Protocol, cast

import psutil
from pydantic import TypeAdapter, ValidationError

from tabrl import artifacts, events
from tabrl.errors import TabRLError
from tabrl.events import Event, Failed, Phase, PhaseStarted
from tabrl.rendering.gl import leave_gl_alone
from tabrl.spec import JobSpec

# Modules, not functions: JAX and MuJoCo are imported when the first job needs them.
HANDLERS = {
    "train": "tabrl.training.job",
    "check": "tabrl.training.check",
    "baseline": "tabrl.training.baseline",
    "render": "tabrl.training.job",
    "stress": "tabrl.training.stress",
}
GRACE_S = 20
NICE = 10
KEPT_BYTES = 3 * 2**29  # between jobs
KILLED = 70  # exit status after a second request to stop
_PR_SET_PDEATHSIG = 1  # linux/prctl.h

_SPEC: TypeAdapter[JobSpec] = TypeAdapter(JobSpec)


class Handler(Protocol):
    """Does one kind of job. Once `stop` is set it finishes early and keeps what it has."""

    def __call__(self, spec: JobSpec, *, stop: threading.Event) -> Iterator[Event]: ...


def run(
    spec: JobSpec, stop: threading.Event | None = None, handlers: str | None = None
) -> Iterator[Event]:
    """Do a job: every event of it, an exception as a last `Failed` that names the phase.

    Args:
        stop: set it to have the job finish early.
        handlers: module whose function named like `spec.do` does the job; None for TabRL's own.
    """
    phase: Phase = "queued"
    try:
        for event in _handler(spec.do, handlers)(spec, stop=stop or threading.Event()):
            phase = event.phase if isinstance(event, PhaseStarted) else phase
            yield event
    except TabRLError as error:
        yield Failed(job=spec.job, phase=phase, error=error.message, hint=error.hint)
    except Exception as error:
        text = "".join(traceback.format_exception_only(error)).strip()
        yield Failed(job=spec.job, phase=phase, error=text, detail=traceback.format_exc())


def main(argv: list[str] | None = None) -> int:
    """Serve jobs from stdin, or run the one of `--single`; 0, or 1 when that one failed."""
    parser = argparse.ArgumentParser(prog="python -m tabrl.worker")
    parser.add_argument("--single", metavar="URL", help="run the one JSON spec of a file or URL")
    parser.add_argument("--handlers", metavar="MODULE", help="module that does the jobs instead")
    args = parser.parse_args(argv)
    faulthandler.enable()
    leave_gl_alone()
    lines, out = claim_standard_streams()
    session = _Session(out, args.handlers)
    _listen_to_signals(session)
    try:
        if args.single:
            return session.answer(artifacts.read(args.single))
        be_nice()
        return session.serve(lines)
    except TabRLError as error:  # no spec there
        print(error, file=sys.stderr)
    except BrokenPipeError:
        print("Nobody reads the events any more.", file=sys.stderr)
    return 1


def be_nice() -> None:
    """Let the studio's server, and what else a person does here, go first."""
    os.nice(max(0, NICE - os.nice(0)))


def end_with_parent(number: signal.Signals) -> None:
    """Have Linux send this process a signal when the thread that started it ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number)


class _Session:
    """The jobs of this process, in the order in which they came."""

    def __init__(self, out: BinaryIO, handlers: str | None) -> None:
        self._out = out
        self._handlers = handlers
        self._waiting: SimpleQueue[tuple[bytes, threading.Event] | None] = SimpleQueue()
        self._stops: dict[str, threading.Event] = {}
        self._leaves = False

    def serve(self, lines: BinaryIO) -> int:
        """Answer every spec of `lines` until their end."""
        threading.Thread(target=self._listen, args=(lines,), daemon=True).start()
        while not self._leaves and (item := self._waiting.get()) is not None:
            self.answer(*item)
        return 0

    def answer(self, line: bytes, stop: threading.Event | None = None) -> int:
        """Do one job and write its events and its end; 1 if it failed, else 0."""
        stop = stop or self._expect(line)
        signal.alarm(GRACE_S if stop.is_set() else 0)
        failed = False
        for event in self._events(line, stop):
            failed |= isinstance(event, Failed)
            self._write(events.dumps(event))
        signal.alarm(0)
        job = _field(line, "job")
        self._stops.pop(job, None)
        self._leaves = not _slim()
        self._write(json.dumps({"kind": "end", "job": job, "leaves": self._leaves}))
        return int(failed)

    def stop(self, insist: bool = True) -> None:
        """Ask every job to finish early, and take no more."""
        self._waiting.put(None)
        for stop in list(self._stops.values()):
            _request(stop, insist)

    def _listen(self, lines: BinaryIO) -> None:
        for line in lines:
            if cancelled := _field(line, "cancel"):
                if stop := self._stops.get(cancelled):
                    _request(stop)
            else:
                self._waiting.put((line, self._expect(line)))
        self.stop(insist=False)

    def _expect(self, line: bytes) -> threading.Event:
        return self._stops.setdefault(_field(line, "job"), threading.Event())

    def _events(self, line: bytes, stop: threading.Event) -> Iterator[Event]:
        try:
            spec = _SPEC.validate_json(line)
        except ValidationError as error:
            message = f"This is not a job: {error}"
            yield Failed(job=_field(line, "job"), phase="queued", error=message)
        else:
            yield from run(spec, stop, self._handlers)

    def _write(self, line: str) -> None:
        self._out.write(line.encode() + b"\n")
        self._out.flush()


def _request(stop: threading.Event, insist: bool = True) -> None:
    """Ask a job to stop. The alarm ends the process even where Python code does not get to run."""
    if not stop.is_set():
        stop.set()
        signal.alarm(GRACE_S)
    elif insist:
        os._exit(KILLED)


def _slim() -> bool:
    """Give up the compiled functions of other jobs where this process takes more than it may;
    whether that was enough.
    """
    memory = sys.modules.get("tabrl.training.memory")  # not there: nothing was compiled here
    if memory:
        memory.slim(KEPT_BYTES)
    return bool(psutil.Process().memory_info().rss <= KEPT_BYTES)


def _handler(do: str, handlers: str | None) -> Handler:
    module = importlib.import_module(handlers or HANDLERS[do])
    return cast(Handler, getattr(module, do))


def _field(line: bytes, name: str) -> str:
    """The text of a field in a JSON object; empty for anything else."""
    try:
        value = json.loads(line)[name]
    except (ValueError, TypeError, LookupError):
        return ""
    return value if isinstance(value, str) else ""


def claim_standard_streams() -> tuple[BinaryIO, BinaryIO]:
    """Keep stdin and stdout for this protocol: what libraries or children print goes to stderr."""
    lines, out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    return lines, out


def _listen_to_signals(session: _Session) -> None:
    """Stop on a signal. Linux sends SIGHUP when the parent dies: a stray copy of our stdin's other
    end, in some child of the parent, could otherwise keep this process alive.

    A thread of their own answers them: a handler would run in the midst of the main thread's code,
    and wait for ever for a lock that this code holds.
    """
    came, told = os.pipe()
    os.set_blocking(told, False)
    signal.set_wakeup_fd(told, warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)

    def answer() -> None:
        while numbers := os.read(came, 1):
            session.stop(insist=numbers[0] != signal.SIGHUP)

    threading.Thread(target=answer, daemon=True).start()
    end_with_parent(signal.SIGHUP)


if __name__ == "__main__":
    sys.exit(main())
