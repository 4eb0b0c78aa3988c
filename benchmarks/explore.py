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
def serving(home: Path) -> Iterator[httpx.Client]:
    """A client of a server that has just started."""
    command = [sys.executable, "-c", "from tabrl.cli import main; main()", "serve", "--port", "0"]
    env = {"TABRL_HOME": str(home), "TABRL_CACHE": str(home / "cache")}
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | env)
    try:
        assert server.stdout is not None
        url = next(word for line in server.stdout for word in line.split() if "http://" in word)
        with httpx.Client(base_url=url.rstrip("/"), timeout=60) as client:
            client.get("/api/health")
            yield client
    finally:
        server.terminate()
        server.wait()


def took(client: httpx.Client, **asked: object) -> float:
    """How long an answer takes, ms."""
    begin = time.perf_counter()
    client.get("/api/explore", params=asked).raise_for_status()
    return 1000 * (time.perf_counter() - begin)


def scrolled(client: httpx.Client) -> list[float]:
    """How long each page takes from the first to the last, ms."""
    times, cursor = [], None
    while True:
        begin = time.perf_counter()
        page = client.get("/api/explore", params={"cursor": cursor} if cursor else {}).json()
        times.append(1000 * (time.perf_counter() - begin))
        cursor = page["next"]
        if cursor is None:
            return times


def told(times: list[float]) -> dict[str, float]:
    """The median and the most, ms."""
    return {"median": round(statistics.median(times), 1), "most": round(max(times), 1)}


def main(*, count: int = COUNT) -> dict:
    """The most that a search by meaning takes over what is wanted of it."""
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), count)
        with serving(Path(folder)) as client:
            first = took(client)
            first_search = took(client, q=MEANINGS[0])
            again = [took(client) for _ in range(TIMES)]
            words = [took(client, q=said) for said in WORDS * 4]
            meanings = [took(client, q=said) for said in MEANINGS * 4]
            pages = scrolled(client)
    return {
        "what": f"Explore with {count} public experiments: the most that a search by meaning takes",
        "figure": round(max(meanings), 1),
        "baseline": WANTED_MS,
        "ratio": round(max(meanings) / WANTED_MS, 2),
        "wanted": "a ratio below 1, and the first answer below 1000 ms",
        "of a server that has just started, ms": {
            "first page": round(first, 1),
            "first search": round(first_search, 1),
        },
        "first page, ms": told(again),
        "search by words, ms": told(words),
        "search by meaning, ms": told(meanings),
        "a page while one scrolls to the end, ms": told(pages),
        "machine": machine(),
    }


if __name__ == "__main__":
    print(json.dumps(main(), indent=1))
