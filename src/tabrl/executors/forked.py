"""Processes of `tabrl.forkserver`, as `subprocess.Popen` has its own."""

import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from tabrl.forkserver import LINUX, NUMBER

HERE = LINUX  # elsewhere, system libraries do not stand a fork without an exec
# What Python, JAX, MuJoCo and NumPy read while they are imported.
_READ_AT_IMPORT = re.compile(r"(PYTHON|JAX|XLA|MUJOCO|OMP|OPENBLAS|MKL|TF|CUDA|LD)_?\w*")
_servers: dict[object, "_ForkServer"] = {}
_lock = threading.Lock()


class Forked:
    """A worker that a fork server made.

    Attributes:
        pid: its process id, which is its process group's too.
        stdin, stdout, stderr: pipes to it and from it.
    """

    def __init__(
        self, pid: int, pipes: tuple[BinaryIO, BinaryIO, BinaryIO], status: BinaryIO
    ) -> None:
        self.pid = pid
        self.stdin, self.stdout, self.stderr = pipes
        self._status = status
        self._code: int | None = None
        self._lock = threading.Lock()

    def poll(self) -> int | None:
        """Its exit status, negative for a signal; None while it runs."""
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        """Its exit status, once it has ended.

        Raises:
            subprocess.TimeoutExpired: it still runs after `timeout` seconds.
        """
        code = self._ended(timeout)
        if code is None:
            raise subprocess.TimeoutExpired("a worker", timeout or 0.0)
        return code

    def _ended(self, timeout_s: float | None) -> int | None:
        with self._lock:
            if self._code is None and select.select([self._status], [], [], timeout_s)[0]:
                said = self._status.read(NUMBER.size)
                self._status.close()
                # A server that is gone took its workers along.
                self._code = NUMBER.unpack(said)[0] if said else -signal.SIGHUP
            return self._code


def warm(environment: Mapping[str, str], log: Path) -> None:
    """Have a fork server import, in the background, what the first worker will need."""
    with _lock:
        _server(environment, log, True)


def fork(
    arguments: Sequence[str], environment: Mapping[str, str], log: Path, *, warm: bool
) -> Forked:
    """A worker with these arguments, which sees this environment and no other.

    Args:
        log: where its fork server, should this make one, writes what goes wrong with itself.
        warm: whether what TabRL's own jobs need is imported before it.

    Raises:
        OSError: there is no memory, or no such process could be started.
    """
    with _lock:
        server = _server(environment, log, warm)
    return server.fork(arguments, environment)


def _server(environment: Mapping[str, str], log: Path, warm: bool) -> "_ForkServer":
    """The fork server for this environment, which lives as long as this process."""
    read = {name: v for name, v in environment.items() if _READ_AT_IMPORT.fullmatch(name)}
    key = (warm, *sorted(read.items()))
    if key not in _servers or not _servers[key].alive:
        _servers[key] = _ForkServer(environment, log, warm)
    return _servers[key]


class _ForkServer:
    """The running `python -m tabrl.forkserver`, and our end of its socket."""

    def __init__(self, environment: Mapping[str, str], log: Path, warm: bool) -> None:
        self._lock = threading.Lock()
        self._ours, theirs = socket.socketpair()
        made: Future[subprocess.Popen[bytes]] = Future()
        log.parent.mkdir(parents=True, exist_ok=True)
        with theirs, log.open("ab") as words:
            start = partial(
                subprocess.Popen,
                # -P: a file of the current folder must not stand in for a module.
                [sys.executable, "-P", "-m", "tabrl.forkserver", *["--warm"] * warm],
                stdin=theirs,
                stdout=subprocess.DEVNULL,
                stderr=words,
                env=dict(environment),
                process_group=0,
            )
            # Linux ends it with the thread that made it, which this one waits to outlive.
            threading.Thread(target=_keep, args=(start, made), daemon=True).start()
            self._process = made.result()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def fork(self, arguments: Sequence[str], environment: Mapping[str, str]) -> Forked:
        request = {"arguments": list(arguments), "environment": dict(environment)}
        body = json.dumps(request).encode()
        stdin, our_stdin = os.pipe()
        our_stdout, stdout = os.pipe()
        our_stderr, stderr = os.pipe()
        our_status, status = os.pipe()
        theirs = [stdin, stdout, stderr, status]
        ours = os.fdopen(our_stdin, "wb"), os.fdopen(our_stdout, "rb"), os.fdopen(our_stderr, "rb")
        told = os.fdopen(our_status, "rb", buffering=0)
        try:
            with self._lock:
                socket.send_fds(self._ours, [NUMBER.pack(len(body))], theirs)
                self._ours.sendall(body)
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        if not (pid := told.read(NUMBER.size)):
            raise OSError("the process that makes workers has ended")
        return Forked(NUMBER.unpack(pid)[0], ours, told)


def _keep(start: Callable[[], "subprocess.Popen[bytes]"], made: "Future[Any]") -> None:
    """Start a process and stay until it has ended."""
    try:
        made.set_result(start())
    except OSError as error:
        made.set_exception(error)
    else:
        made.result().wait()
