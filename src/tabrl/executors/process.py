"""A child process as its parent sees it: lines in, lines out, a log, and how it died."""

import logging
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import BinaryIO, cast

from tabrl.executors import forked
from tabrl.executors.environment import worker_environment
from tabrl.settings import Settings

LOG_BYTES = 2**20
TAIL_LINES = 20
EXIT_S = 5.0  # time to leave once there is no more to do


def get_ready(settings: Settings) -> None:
    """Have what the first worker will need imported, in the background."""
    if forked.HERE and not settings.handlers:
        forked.warm(worker_environment(settings), settings.logs / "forkserver.log")


def started(words: Sequence[str], env: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """A new `python -m` with these words."""
    return subprocess.Popen(
        # -P: a file of the current folder must not stand in for a module.
        [sys.executable, "-P", "-m", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=env,
        process_group=0,  # Ctrl-C in a terminal is for the parent, who then closes its workers
    )


class LineProcess:
    """A process that is sent lines and answers in lines.

    Linux ends one that asks for it with the thread that made it: make it in the thread that uses
    it.
    """

    def __init__(self, process: "subprocess.Popen[bytes] | forked.Forked", log: Path) -> None:
        self._process = process
        # All three are pipes, so that none of these is None.
        self._stdin = cast(BinaryIO, self._process.stdin)
        self._stdout = cast(BinaryIO, self._process.stdout)
        self._stderr = cast(BinaryIO, self._process.stderr)
        self._leaving = False
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)
        self._drain = threading.Thread(target=self._keep_log, args=(log,), daemon=True)
        self._drain.start()

    @property
    def alive(self) -> bool:
        """Whether it takes jobs."""
        return not self._leaving and self._process.poll() is None

    def send(self, line: str) -> None:
        """Write one line; a worker that has died does not take it, which its lines then tell."""
        with suppress(BrokenPipeError, ValueError):
            self._stdin.write(line.encode() + b"\n")
            self._stdin.flush()

    def lines(self) -> Iterator[bytes]:
        """Lines of its stdout, until it dies."""
        return iter(self._stdout.readline, b"")

    def death(self) -> tuple[str, str, str]:
        """How it ended, once its lines have ended: what happened, a hint, its last words."""
        code = self._wait(EXIT_S)
        self._drain.join(1.0)  # a grandchild may hold stderr open: do not wait for it
        hint = ""
        if code >= 0:
            what = f"ended with exit status {code}"
        else:
            what = f"was killed by {signal.Signals(-code).name}"
            if -code == signal.SIGKILL:
                hint = "If nobody did that, memory ran out: run fewer jobs (TABRL_MAX_JOBS)."
        return what, hint, "\n".join(self._tail)

    def close(self) -> None:
        """Let it leave, or kill it and its children when it does not."""
        with suppress(BrokenPipeError):
            self._stdin.close()
        self._wait(EXIT_S)
        self._stdout.close()
        self._drain.join(1.0)

    def leave(self) -> None:
        """Take it for dead: it will soon be."""
        self._leaving = True

    def kill(self) -> None:
        """End it and its children at once."""
        self.leave()
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _wait(self, timeout_s: float) -> int:
        try:
            return self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.kill()
            return self._process.wait()

    def _keep_log(self, path: Path) -> None:
        log = RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=1, delay=True)
        log.handleError = lambda record: None  # type: ignore[method-assign]  # disk full: go on
        for line in iter(lambda: self._stderr.readline(2**14), b""):
            text = line.decode(errors="replace").rstrip("\n")
            self._tail.append(text)
            log.handle(logging.makeLogRecord({"msg": text}))
        log.close()
        self._stderr.close()


class WorkerProcess(LineProcess):
    """A running `tabrl.worker`, forked where that can be."""

    def __init__(self, settings: Settings, log: Path) -> None:
        super().__init__(_forked(settings) if forked.HERE else _started(settings), log)


def _forked(settings: Settings) -> forked.Forked:
    return forked.fork(
        _arguments(settings),
        worker_environment(settings),
        settings.logs / "forkserver.log",
        warm=not settings.handlers,
    )


def _started(settings: Settings) -> "subprocess.Popen[bytes]":
    return started(["tabrl.worker", *_arguments(settings)], worker_environment(settings))


def _arguments(settings: Settings) -> list[str]:
    return ["--handlers", settings.handlers] if settings.handlers else []
