"""Studio: how soon its API answers while three people train at once, while other programs use two
cores, and while nobody does; and how soon a browser shows something of its page.

Requests come at fixed times, as from a few browsers, whatever becomes of those before them. Each
is timed from when it was due, so that one slow answer also counts against those that it holds up.

python -m benchmarks.studio [--steps N] [--idle SECONDS]
"""

import argparse
import asyncio
import itertools
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import numpy as np
import websockets

from benchmarks.machine import machine
from tabrl.errors import TabRLError

GO1 = "Go1JoystickFlatTerrain"
SENTENCES = (
    "Keep shaking your hips aloha dude!",
    "March like a soldier",
    "Pretend you're a happy puppy",
)
WARM_UP = "Take a deep bow"
WARM_UP_STEPS = 61_440  # the fewest that may be asked for
RATE = 12.0  # requests a second: each of the six kinds twice
WANTED = 10.0
PATIENCE_S = 60.0
BUSY_CORES = 2
FIRST_PAINT = Path(__file__).parent.parent / "web" / "e2e" / "first-paint.mjs"
CHECKED = {"ready", "refused"}
ENDED = {"finished", "failed", "cancelled", "interrupted", "refused"}

Ask = Callable[[], Awaitable[float]]
"""Asks the server for something; returns when the answer was there, on the clock `now`."""
now = time.perf_counter


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """A `tabrl serve` with a home of its own: its host and port."""
    command = [sys.executable, "-c", "from tabrl.cli import main; main()", "serve", "--port", "0"]
    env = os.environ | {"TABRL_HOME": str(home)}
    env.pop("TABRL_DATABASE_URL", None)
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        try:
            found = re.search(r"//([^/]+)/", process.stdout.readline() if process.stdout else "")
            if found is None:
                raise TabRLError("The studio did not start.", "Its words are above.")
            yield found[1]
        finally:
            process.terminate()


@contextmanager
def busy_cores(count: int) -> Iterator[None]:
    """Other programs that use so many cores, no nicer than the studio."""
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def first_paint_ms(at: str) -> float | None:
    """When a browser that knows nothing yet shows something; None without Node or a browser."""
    command = ["node", str(FIRST_PAINT), f"http://{at}/"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return round(float(done.stdout), 0) if done.returncode == 0 else None


@dataclass
class Visitor:
    """Browsers at a studio.

    Attributes:
        at: host and port.
        ids: the experiments that they look at, in turns.
        clip: URL of a clip.
    """

    at: str
    http: httpx.AsyncClient
    ids: list[str] = field(default_factory=list)
    clip: str = ""
    _looks: Iterator[int] = field(default_factory=itertools.count)

    def mix(self) -> dict[str, Ask]:
        """What pages ask for, by name."""
        part = {"Range": "bytes=0-65535"}
        return {
            "health": lambda: self.get("/api/health"),
            "robots": lambda: self.get("/api/playground/models"),
            "experiments": lambda: self.get("/api/experiments"),
            "experiment": lambda: self.get(f"/api/experiments/{self._next()}"),
            "clip": lambda: self.get(self.clip, part),
            "live": self.first_state,
        }

    async def get(self, path: str, headers: dict[str, str] | None = None) -> float:
        (await self.http.get(path, headers=headers)).raise_for_status()
        return now()

    async def first_state(self) -> float:
        """The first message of a page that watches an experiment."""
        async with self.watching(self._next()) as socket:
            await socket.recv()
            return now()

    def watching(self, id: str) -> websockets.connect:
        address = f"ws://{self.at}/api/experiments/{id}/live"
        return websockets.connect(address, max_size=None, open_timeout=PATIENCE_S)

    async def teach(self, sentence: str, **options: Any) -> dict[str, Any]:
        """What one person does, with the page open: from a sentence to clips."""
        began = now()
        body = {"robot": GO1, "sentence": sentence} | options
        id = (await self._post("/api/training/approaches", body))["id"]
        self.ids.append(id)
        async with self.watching(id) as socket:
            await _until(socket, CHECKED)
            await self._post("/api/training/batch", {"experiment": id})
            await _until(socket, ENDED)
        experiment = (await self.http.get(f"/api/experiments/{id}")).json()
        return experiment | {"seconds": round(now() - began, 1)}

    async def warm_up(self) -> None:
        """Leave something to look at, warm workers and compiled functions."""
        taught = await self.teach(WARM_UP, steps=WARM_UP_STEPS, approaches=1)
        if taught["status"] != "finished":
            raise TabRLError("The warm-up did not train.", str(taught["approaches"][0]["error"]))
        self.clip = taught["approaches"][0]["files"]["clip"]

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = await self.http.post(path, json=body)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def _next(self) -> str:
        return self.ids[next(self._looks) % len(self.ids)]


async def _until(socket: websockets.ClientConnection, statuses: set[str]) -> None:
    """Watch until all approaches have one of these statuses."""
    seen: dict[str, str] = {}
    async for text in socket:
        message = json.loads(text)
        if message["kind"] == "state":
            seen = {a["id"]: a["status"] for a in message["experiment"]["approaches"]}
        elif "approach" in message:
            seen[message["approach"]["id"]] = message["approach"]["status"]
        if seen and set(seen.values()) <= statuses:
            return
    raise TabRLError("The studio ended the connection.")


@dataclass
class Answers:
    """Milliseconds from when each request was due to its answer, by kind, and what went wrong.

    Attributes:
        late_ms: from when a request was due until it was sent: what this machine's cores owe to
            this process, which is no fault of the server's.
    """

    ms: dict[str, list[float]] = field(default_factory=dict)
    late_ms: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def all(self) -> list[float]:
        return [ms for kind in self.ms.values() for ms in kind]

    async def time(self, kind: str, ask: Ask, due: float) -> None:
        self.late_ms.append(1000.0 * (now() - due))
        try:
            ended = await ask()
        except (httpx.HTTPError, websockets.WebSocketException, OSError) as error:
            self.failures.append(f"{kind}: {error!r}")
            ended = now()
        self.ms.setdefault(kind, []).append(1000.0 * (ended - due))


async def ask_until(over: asyncio.Event, mix: dict[str, Ask]) -> Answers:
    """Ask in turns at fixed times until `over`, and wait for the last answers."""
    answers, began = Answers(), now()
    async with asyncio.TaskGroup() as group:
        for index, (kind, ask) in enumerate(itertools.cycle(mix.items())):
            due = began + index / RATE
            await asyncio.sleep(max(0.0, due - now()))
            if over.is_set():
                return answers
            group.create_task(answers.time(kind, ask, due))
    return answers


async def ask_for(seconds: float, mix: dict[str, Ask]) -> Answers:
    """Ask in turns for a while."""
    over = asyncio.Event()
    asyncio.get_running_loop().call_later(seconds, over.set)
    return await ask_until(over, mix)


async def measure(
    at: str, idle_s: float, steps: int | None
) -> tuple[Answers, Answers, Answers, list[dict[str, Any]]]:
    """Answers while nobody trains, while others use the cores, and while three people train; and
    what those three got.
    """
    over = asyncio.Event()
    async with httpx.AsyncClient(base_url=f"http://{at}", timeout=PATIENCE_S) as http:
        visitor = Visitor(at, http)
        print("Warming up.", file=sys.stderr, flush=True)
        await visitor.warm_up()
        print(f"Idle for {idle_s:g} s.", file=sys.stderr, flush=True)
        idle = await ask_for(idle_s, visitor.mix())
        print(f"Other programs use {BUSY_CORES} cores.", file=sys.stderr, flush=True)
        with busy_cores(BUSY_CORES):
            beside = await ask_for(idle_s, visitor.mix())
        print("Three people train.", file=sys.stderr, flush=True)
        asking = asyncio.create_task(ask_until(over, visitor.mix()))
        options = {"steps": steps} if steps else {"preset": "standard"}
        try:
            taught = await asyncio.gather(*(visitor.teach(s, **options) for s in SENTENCES))
        finally:
            over.set()
        return idle, beside, await asking, taught


def main(*, steps: int | None = None, idle_s: float = 60.0) -> dict:
    """The 99th percentile of answers while three people train over the median while nobody does."""
    with TemporaryDirectory() as folder, serving(Path(folder)) as at:
        paint_ms = first_paint_ms(at)
        idle, beside, busy, taught = asyncio.run(measure(at, idle_s, steps))
    figure, baseline = float(np.percentile(busy.all(), 99)), float(np.median(idle.all()))
    return {
        "what": "the studio's API: 99th percentile while three people train "
        f"{GO1} ({f'{steps} steps' if steps else 'standard'}), and median while nobody does, ms",
        "figure": round(figure, 1),
        "baseline": round(baseline, 2),
        "ratio": round(figure / baseline, 1),
        "wanted": f"a ratio below {WANTED:g}, no failure, all finished",
        "requests": {
            "a second": RATE,
            "idle": len(idle.all()),
            "busy": len(busy.all()),
            "slowest, ms": round(max(busy.all()), 1),
            "sent late, 99th, ms": round(float(np.percentile(busy.late_ms, 99)), 1),
            "failures": (idle.failures + beside.failures + busy.failures)[:10],
        },
        "beside other programs": {
            "cores they use": BUSY_CORES,
            "median, ms": round(float(np.median(beside.all())), 2),
            "99th, ms": round(float(np.percentile(beside.all(), 99)), 1),
            "ratio": round(float(np.percentile(beside.all(), 99)) / baseline, 1),
        },
        "first contentful paint, ms": paint_ms,
        "kinds": {
            kind: {
                "idle median, ms": round(float(np.median(idle.ms[kind])), 2),
                "busy median, ms": round(float(np.median(ms)), 2),
                "busy 99th, ms": round(float(np.percentile(ms, 99)), 1),
            }
            for kind, ms in busy.ms.items()
            if kind in idle.ms
        },
        "people": [
            {
                "sentence": e["sentence"],
                "status": e["status"],
                "seconds": e["seconds"],
                "verdicts": [a["verdict"] for a in e["approaches"]],
            }
            for e in taught
        ],
        "machine": machine(),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, help="of each approach, instead of the preset's time")
    parser.add_argument("--idle", type=float, default=60.0, metavar="SECONDS")
    args = parser.parse_args()
    print(json.dumps(main(steps=args.steps, idle_s=args.idle), indent=1))
