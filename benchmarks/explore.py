"""Explore with a thousand experiments: its first answer, and searches by words and by meaning.

tabrl bench explore

It makes a home of its own with so many public experiments, whose clips are those of the library,
and asks a real server on this machine. The first answer is that of a server that has just started.
"""

import itertools
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil

from benchmarks.machine import machine
from tabrl.behaviours.library.showcase import showcase
from tabrl.behaviours.reading import read
from tabrl.experiments.engine.library import shelf
from tabrl.experiments.engine.writer import row
from tabrl.robots.catalogue import robots
from tabrl.settings import Settings
from tabrl.store import open_store

COUNT = 1000
TIMES = 15
WANTED_MS = 200.0
MANNERS = ("", " slowly", " like a cat", " twice", " with style", " as if on ice", " proudly")
WORDS = ("moon", "dance", "soldier twice", "happy puppy")
MEANINGS = ("camina hacia atrás", "rückwärts laufen", "お辞儀して", "take a nap on the floor")


def sentences(count: int) -> Iterator[tuple[str, str]]:
    """So many sentences, each with a robot that is shown with the like."""
    known = [(robot, said) for robot in robots() for said in showcase(robot).values()]
    every = ((f"{said}{manner}", robot.id) for manner in MANNERS for robot, said in known)
    return itertools.islice(itertools.cycle(every), count)


def fill(home: Path, count: int) -> None:
    """Keep so many public experiments in a home, as the studio would."""
    settings = Settings(home, home / "cache").prepare()
    store = open_store(settings)
    shipped = list(shelf().values())
    known = {robot.id: robot for robot in robots()}
    for index, (sentence, robot) in enumerate(sentences(count)):
        given = shipped[index % len(shipped)]
        experiment = given.model_copy(
            update={
                "id": f"explored{index:06d}",
                "sentence": sentence,
                "robot": robot,
                "client": "studio",
                "reading": read(sentence, known[robot]),
                "folder": home / "experiments" / f"explored{index:06d}",
            }
        )
        for approach in experiment.approaches:
            for path in (approach.files[name] for name in ("clip", "poster")):
                target = experiment.folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(given.folder / path, target)
        experiment.save()
        store.save(**row(experiment))
        store.show(experiment.id, "public")
    store.close()


@contextmanager
def serving(home: Path) -> Iterator[tuple[httpx.Client, psutil.Process]]:
    """A client of a server that has just started, and its process."""
    command = [sys.executable, "-c", "from tabrl.cli import main; main()", "serve", "--port", "0"]
    env = {"TABRL_HOME": str(home), "TABRL_CACHE": str(home / "cache")}
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | env)
    try:
        assert server.stdout is not None
        url = next(word for line in server.stdout for word in line.split() if "http://" in word)
        with httpx.Client(base_url=url.rstrip("/"), timeout=60) as client:
            client.get("/api/health")
            yield client, psutil.Process(server.pid)
    finally:
        server.terminate()
        server.wait()


class Clock:
    """Times answers, ms: how long each takes, and what all of them cost the server's processor."""

    def __init__(self, client: httpx.Client, server: psutil.Process) -> None:
        self._client, self._server = client, server

    def ask(self, *asked: dict[str, str]) -> dict[str, float]:
        """The median and the most of so many answers, and the processor time of one."""
        before, times = self._spent(), []
        for one in asked:
            begin = time.perf_counter()
            self._client.get("/api/explore", params=one).raise_for_status()
            times.append(1000 * (time.perf_counter() - begin))
        return told(times, self._spent() - before)

    def scroll(self) -> dict[str, float]:
        """The same of each page from the first to the last."""
        before, times, cursor = self._spent(), [], None
        while True:
            begin = time.perf_counter()
            page = self._client.get("/api/explore", params={"cursor": cursor} if cursor else {})
            times.append(1000 * (time.perf_counter() - begin))
            cursor = page.json()["next"]
            if cursor is None:
                return told(times, self._spent() - before)

    def _spent(self) -> float:
        spent = self._server.cpu_times()
        return 1000 * (spent.user + spent.system)


def told(times: list[float], spent: float) -> dict[str, float]:
    return {
        "median": round(statistics.median(times), 1),
        "most": round(max(times), 1),
        "of the processor": round(spent / len(times), 1),
    }


def main(*, count: int = COUNT) -> dict:
    """The processor time of a search by meaning over what it may take in all."""
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), count)
        with serving(Path(folder)) as started:
            clock = Clock(*started)
            first, first_search = clock.ask({}), clock.ask({"q": MEANINGS[0]})
            again = clock.ask(*[{}] * TIMES)
            words = clock.ask(*[{"q": said} for said in WORDS * 4])
            meanings = clock.ask(*[{"q": said} for said in MEANINGS * 4])
            pages = clock.scroll()
    figure = meanings["of the processor"]
    return {
        "what": f"Explore with {count} public experiments: processor time of a search by meaning, "
        "which is what it takes on a machine that does nothing else, ms",
        "figure": figure,
        "baseline": WANTED_MS,
        "ratio": round(figure / WANTED_MS, 2),
        "wanted": "a ratio below 1, and the first answer below 1000 ms",
        "of a server that has just started, ms": {"first": first, "first search": first_search},
        "first page, ms": again,
        "search by words, ms": words,
        "search by meaning, ms": meanings,
        "a page while one scrolls to the end, ms": pages,
        "load of the machine": [round(each, 1) for each in psutil.getloadavg()],
        "machine": machine(),
    }


if __name__ == "__main__":
    print(json.dumps(main(), indent=1))
