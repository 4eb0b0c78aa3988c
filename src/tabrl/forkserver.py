"""Workers that start in a blink: forked from a process that has imported everything already.

    python -m tabrl.forkserver      forks a worker for each request on the socket that is its stdin

To import JAX, MJX and Playground takes six seconds of CPU time. This process does it once, and
never computes anything: it has no thread and no backend that a fork would break. It ends when the
socket does, and its workers with it.

A request is the length of a JSON text with the descriptors of the worker's stdin, stdout, stderr
and status, and then that text, `{"environment": {...}, "arguments": [...]}`. The status is told
twice, as 64-bit numbers: the process id once there is one, the exit status (negative: the signal)
once it has ended.
"""

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import struct
import sys

from tabrl import worker
from tabrl.rendering.gl import leave_gl_alone

NUMBER = struct.Struct("q")
LINUX = sys.platform == "linux"


def main() -> int:
    """Serve until the socket ends; in a worker, do what a worker does."""
    worker.be_nice()
    worker.end_with_parent(signal.SIGKILL)
    if "--warm" in sys.argv:
        _import()
    arguments = _Server(socket.socket(fileno=os.dup(0))).serve()
    return 0 if arguments is None else worker.main(arguments)


class _Server:
    """The socket, and the workers that live."""

    def __init__(self, asked: socket.socket) -> None:
        self._asked = asked
        self._ended, told = os.pipe()
        os.set_blocking(self._ended, False)
        os.set_blocking(told, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(told, warn_on_full_buffer=False)
        self._told = told
        self._statuses: dict[int, int] = {}

    def serve(self) -> list[str] | None:
        """None at the end; in each worker, its arguments."""
        asked = self._asked.fileno()
        while True:
            ready, _, _ = select.select([asked, self._ended], [], [])
            if self._ended in ready:
                self._reap()
            if asked in ready:
                header, descriptors, _, _ = socket.recv_fds(self._asked, NUMBER.size, 4)
                if not header:
                    return None
                request = json.loads(self._read(NUMBER.unpack(header)[0]))
                if self._fork(descriptors):
                    os.environ.clear()
                    os.environ.update(request["environment"])
                    return list(request["arguments"])

    def _read(self, size: int) -> bytes:
        found = b""
        while len(found) < size:
            if not (part := self._asked.recv(size - len(found))):
                sys.exit("The socket ended in the midst of a request.")
            found += part
        return found

    def _fork(self, descriptors: list[int]) -> bool:
        """Whether this is the worker now."""
        *streams, status = descriptors
        pid = os.fork()
        if not pid:
            self._become_worker(streams, status)
            return True
        with contextlib.suppress(PermissionError):  # it has done so itself
            os.setpgid(pid, pid)
        for stream in streams:
            os.close(stream)
        self._statuses[pid] = status
        _tell(status, pid)
        return False

    def _become_worker(self, streams: list[int], status: int) -> None:
        # Ctrl-C in a terminal is for the parent, who then closes its workers.
        os.setpgid(0, 0)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        for other in (*streams, status, self._ended, self._told, *self._statuses.values()):
            os.close(other)
        self._asked.close()

    def _reap(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self._ended, 4096)
        for pid, status in list(self._statuses.items()):
            ended, how = os.waitpid(pid, os.WNOHANG)
            if ended:
                del self._statuses[pid]
                _tell(status, os.waitstatus_to_exitcode(how))
                os.close(status)


def _tell(status: int, number: int) -> None:
    with contextlib.suppress(BrokenPipeError):
        os.write(status, NUMBER.pack(number))


def _import() -> None:
    """Import what TabRL's own jobs need. What cannot be imported a worker will say."""
    leave_gl_alone()
    for module in dict.fromkeys(worker.HANDLERS.values()):
        with contextlib.suppress(Exception):
            importlib.import_module(module)
    gc.collect()
    gc.freeze()  # the workers share these pages, until a collection would write to them


if __name__ == "__main__":
    sys.exit(main())
