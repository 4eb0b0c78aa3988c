"""A real Ray cluster on this machine, for tests."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

RAY = str(Path(sys.executable).with_name("ray"))
STARTS_S = 90  # Ray itself gives up after half a minute or so
TRIES = 3
QUIET = {
    "RAY_AUTH_MODE": "disabled",
    "RAY_USAGE_STATS_ENABLED": "0",
}


class Cluster:
    """A head with two cores; more nodes may join.

    Attributes:
        address: HOST:PORT of the head.
    """

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self._folder, self._env = folder, os.environ | env | QUIET
        self.address = f"127.0.0.1:{free_port()}"
        self.nodes: list[subprocess.Popen] = []

    def start(self, cores: int, tries: int = TRIES) -> None:
        """Start the head, or add a node with so many cores; back once it is up, which Ray gives up
        on a machine that is busy.
        """
        head = [
            "--head",
            f"--port={self.address.split(':')[1]}",
            "--include-dashboard=false",
            "--no-monitor",
        ]
        words = [*head, f"--temp-dir={self._folder}"] if not self.nodes else [
            f"--address={self.address}"
        ]  # fmt: skip
        said = self._folder / f"node-{len(self.nodes)}.log"
        with said.open("wb") as log:
            node = subprocess.Popen(
                [RAY, "start", *words, "--node-ip-address=127.0.0.1", f"--num-cpus={cores}",
                 f"--object-store-memory={100 * 2**20}", "--include-log-monitor=false", "--block"],
                stdout=log, stderr=subprocess.STDOUT, env=self._env, start_new_session=True,
            )  # fmt: skip
        self.nodes.append(node)
        deadline = time.monotonic() + STARTS_S
        while "Ray runtime started" not in said.read_text():
            if node.poll() is not None or time.monotonic() > deadline:
                self.kill(-1)
                self.nodes.pop().wait()
                assert tries > 1, said.read_text()
                self.start(cores, tries - 1)
                return
            time.sleep(0.1)

    def kill(self, node: int) -> None:
        """End a node and all its processes as a power cut does."""
        for process in self.processes(node):
            process.send_signal(signal.SIGKILL)

    def processes(self, node: int) -> list[psutil.Process]:
        """All processes of a node."""
        try:
            parent = psutil.Process(self.nodes[node].pid)
        except psutil.NoSuchProcess:
            return []
        return [*parent.children(recursive=True), parent]

    def close(self) -> None:
        for node in reversed(range(len(self.nodes))):
            self.kill(node)
            self.nodes[node].wait()


@contextmanager
def cluster(**env: str) -> Iterator[Cluster]:
    """A cluster whose nodes have these variables."""
    folder = Path(tempfile.mkdtemp(prefix="ray-", dir="/tmp"))  # sockets have short names
    made = Cluster(folder, env)
    try:
        made.start(2)
        yield made
    finally:
        made.close()
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
