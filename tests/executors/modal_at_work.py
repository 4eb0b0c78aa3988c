"""What is at the Modal of the tests: its calls, containers, volume and faults. A call runs for
real, in a process of its own (`modal_container`), whose volume is a folder of its own until it
commits.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from clusters import free_port
from modal_proto import api_pb2 as api

TOKEN = ("ak-loopback", "as-loopback")
GRACE_S = 5.0
HERE = Path(__file__).parent
OK = api.GenericResult.GENERIC_STATUS_SUCCESS


@dataclass
class Call:
    """A function call; `starts` counts its containers."""

    id: str
    function: str
    input: bytes
    options: api.FunctionOptions | None = None
    starts: int = 0
    cancelled: bool = False
    process: subprocess.Popen | None = None
    result: api.GenericResult | None = None
    over: threading.Event = field(default_factory=threading.Event)


class Modal:
    """What is at Modal, and how it fails.

    Attributes:
        url: for MODAL_SERVER_URL.
        tokens: that are accepted.
        tags: of the deployed app; None where there is none.
        functions: that it has.
        lossy: whether what is put into a queue is lost.
        starting: cleared, containers wait before they start.
    """

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.folder, self.env = folder, env
        self.grpc_port, self.http_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.grpc_port}"
        self.blobs_url = f"http://127.0.0.1:{self.http_port}"
        self.tokens = {TOKEN[0]}
        self.tags: dict[str, str] | None = None
        self.functions: set[str] = set()
        self.lossy = False
        self.starting = threading.Event()
        self.starting.set()
        self.room = threading.Semaphore(2)
        self.calls: dict[str, Call] = {}
        self.containers: dict[str, Path] = {}
        self.queues: dict[bytes, list[bytes]] = defaultdict(list)
        self.blobs: dict[str, bytes] = {}
        self.deployed: dict[str, api.Function] = {}
        self.images: list[api.Image] = []
        self.mounted: set[str] = set()
        self.volume = folder / "volume"
        self.volume.mkdir(parents=True)

    @property
    def keys(self) -> dict[str, str]:
        """What somebody has to set who is to be let in."""
        token_id, secret = TOKEN
        return {
            "MODAL_SERVER_URL": self.url,
            "MODAL_TOKEN_ID": token_id,
            "MODAL_TOKEN_SECRET": secret,
        }

    # -- what tests do -----------------------------------------------------------------------------

    @property
    def last(self) -> Call:
        return list(self.calls.values())[-1]

    def preempt(self, call: Call, *, grace: bool = True) -> None:
        """Take a call's container away, as Modal does: it starts again with the same input."""
        assert call.process is not None
        call.process.send_signal(signal.SIGINT if grace else signal.SIGKILL)

    def time_out(self, call: Call) -> None:
        """End a call as one that ran longer than its function may."""
        self._finish(call, api.GenericResult.GENERIC_STATUS_TIMEOUT, "Task's input timed out")

    def close(self) -> None:
        for call in self.calls.values():
            self._finish(call, api.GenericResult.GENERIC_STATUS_TERMINATED, "closed")

    # -- containers --------------------------------------------------------------------------------

    def spawn(self, call: Call) -> None:
        self.calls[call.id] = call
        threading.Thread(target=self._run, args=(call,), daemon=True).start()

    def cancel(self, call: Call) -> None:
        call.cancelled = True
        if call.process and call.process.poll() is None:
            call.process.send_signal(signal.SIGUSR1)
            call.over.wait(GRACE_S)
        self._finish(call, api.GenericResult.GENERIC_STATUS_TERMINATED, "Input was cancelled")

    def _run(self, call: Call) -> None:
        """Containers one after another until one of them ends by itself."""
        self.starting.wait()
        with self.room:
            self._contain(call)
        call.over.set()

    def _contain(self, call: Call) -> None:
        while call.result is None and not call.cancelled:
            call.starts += 1
            task = f"ta-{call.id}-{call.starts}"
            mount = self.containers[task] = self.folder / task
            shutil.copytree(self.volume, mount)
            self.tokens.add(task)
            call.process = process = subprocess.Popen(
                [sys.executable, str(HERE / "modal_container.py"), call.function],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=self._environment(task, mount),
                process_group=0,
            )  # fmt: skip
            said, _ = process.communicate(call.input)
            self.tokens.discard(task)
            if process.returncode == 0:
                call.result = call.result or api.GenericResult(status=OK, data=said)

    def _environment(self, task: str, mount: Path) -> dict[str, str]:
        ours = {
            "MODAL_SERVER_URL": self.url,
            "MODAL_TOKEN_ID": task,
            "MODAL_TOKEN_SECRET": "secret-of-the-container",
            "TABRL_MODAL_VOLUME": str(mount),
            "TABRL_HOME": str(self.folder / "home"),
            "TABRL_CACHE": str(self.folder / "cache"),
        }
        return os.environ | ours | self.env

    def _finish(self, call: Call, status: int, why: str) -> None:
        if call.result is None:
            call.result = api.GenericResult(status=status, exception=why)
        if call.process and call.process.poll() is None:
            call.process.kill()
