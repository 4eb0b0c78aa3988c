"""Studios: requests a second that two on one PostgreSQL answer, against one.

Rounds of the two take turns, so that what else the machine does meets both. Each connection asks
again as soon as it is answered: for the list, an experiment, a robot and the page.

python -m benchmarks.studios --database URL [--seconds S] [--rounds N]

The database is an empty PostgreSQL; nothing of it is cleared afterwards.
"""

import argparse
import asyncio
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from statistics import median
from tempfile import TemporaryDirectory

import httpx
import psutil

from benchmarks.machine import machine

GO1 = "Go1JoystickFlatTerrain"
CONNECTIONS = 8
CHECKED = {"ready", "refused"}


@dataclass(frozen=True)
class Studio:
    """One that runs: its process, and the port that it answers at."""

    process: psutil.Process
    port: int

    def cpu_s(self) -> float:
        """What it has computed so far, workers apart, s."""
        times = self.process.cpu_times()
        return times.user + times.system


@dataclass(frozen=True)
class Round:
    """Requests a second, and what studios computed for each, ms."""

    rate: float
    cpu_ms: float


@contextmanager
def studio(folder: str, database: str) -> Iterator[Studio]:
    """A studio of its own process on a database and a folder."""
    env = os.environ | {"TABRL_HOME": f"{folder}/home", "TABRL_CACHE": f"{folder}/cache",
                        "TABRL_DATABASE_URL": database}  # fmt: skip
    code = "from tabrl.cli import main; main()"
    command = [sys.executable, "-c", code, "serve", "--port", "0"]
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        found = re.search(r":(\d+)/", process.stdout.readline())
        assert found is not None, "the studio did not start"
        yield Studio(psutil.Process(process.pid), int(found[1]))
    finally:
        process.terminate()
        process.wait()


def draft(port: int) -> str:
    """An experiment whose checks are through: nothing more is known of it than was kept."""
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as http:
        body = {"robot": GO1, "sentence": "Keep shaking your hips aloha dude!"}
        made = http.post("/api/training/approaches", json=body).raise_for_status().json()
        while {a["status"] for a in made["approaches"]} - CHECKED:
            time.sleep(0.5)
            made = http.get(f"/api/experiments/{made['id']}").raise_for_status().json()
        return str(made["id"])


def measure(studios: list[Studio], paths: list[str], seconds: float) -> Round:
    """Ask some studios for a while, from as many connections however many they are."""
    before = sum(each.cpu_s() for each in studios)
    began = time.perf_counter()
    answered = asyncio.run(_ask(studios, paths, seconds))
    wall, cpu = time.perf_counter() - began, sum(each.cpu_s() for each in studios) - before
    return Round(answered / wall, 1000 * cpu / answered)


async def _ask(studios: list[Studio], paths: list[str], seconds: float) -> int:
    end = time.perf_counter() + seconds
    takers = cycle(studios)
    asking = [_connection(next(takers).port, paths, end) for _ in range(CONNECTIONS)]
    return sum(await asyncio.gather(*asking))


async def _connection(port: int, paths: list[str], end: float) -> int:
    """Ask over one connection, without a client's own work, which would be measured as well."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answered = 0
    for path in cycle(paths):
        if time.perf_counter() > end:
            break
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        if not head.startswith("http/1.1 200"):
            raise RuntimeError(f"{path}: {head.splitlines()[0]}")
        length = re.search(r"content-length: (\d+)", head)
        if length is None:
            raise RuntimeError(f"{path} does not tell how long it is")
        await reader.readexactly(int(length[1]))
        answered += 1
    writer.close()
    return answered


def run(database: str, seconds: float, rounds: int) -> None:
    """Measure, and print what was measured."""
    with (
        TemporaryDirectory() as folder,
        studio(folder, database) as first,
        studio(folder, database) as second,
    ):
        id = draft(first.port)
        paths = ["/api/experiments", f"/api/experiments/{id}", f"/api/playground/{GO1}/info", "/"]
        contenders = {"one": [first], "two": [first, second]}
        for studios in contenders.values():
            measure(studios, paths, 2.0)
        taken: dict[str, list[Round]] = {name: [] for name in contenders}
        for _ in range(rounds):
            for name, studios in contenders.items():
                taken[name].append(measure(studios, paths, seconds))
    print(machine())
    for name, all_of in taken.items():
        rate, cpu = median(r.rate for r in all_of), median(r.cpu_ms for r in all_of)
        print(f"{name}: {rate:,.0f} requests/s, {cpu:.2f} ms of CPU in the studios for each")
    pairs = zip(taken["two"], taken["one"], strict=True)
    ratios = sorted(two.rate / one.rate for two, one in pairs)
    print(f"two against one: {median(ratios):.2f} x ({ratios[0]:.2f} to {ratios[-1]:.2f})")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", required=True)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    run(given.database, given.seconds, given.rounds)
