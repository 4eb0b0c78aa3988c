"""A command teaches in another process while the studio runs: the page sees it as it happens."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import websockets
from test_live_messages import states, url
from waiting import until

SENTENCE = "Bow as a command asks for it"
UNTIL_STOPPED = "3"  # the seed by which `small_lessons` has the second approach wait


@pytest.fixture
def command(site, tmp_path: Path) -> Iterator[subprocess.Popen]:
    """`tabrl teach` in the studio's home; its second approach trains until Ctrl-C."""
    settings = site.engine.settings
    env = os.environ | {
        "TABRL_HOME": str(settings.home),
        "TABRL_CACHE": str(settings.cache),
        "TABRL_WORKER_HANDLERS": "small_lessons",
        "TABRL_MAX_JOBS": "3",
    }
    words = ["teach", SENTENCE, "--steps", "81920", "--seed", UNTIL_STOPPED]
    program = [sys.executable, "-c", "from tabrl.cli import main; main()", *words]
    with subprocess.Popen([*program, "--out", str(tmp_path / "out")], env=env) as process:
        yield process
        process.kill()


def running(item: dict) -> bool:
    return (item["sentence"], item["status"]) == (SENTENCE, "running")


def listed(site) -> dict:
    """The command's experiment once it is in the list and runs."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        items = site.json("GET", "/api/experiments")["items"]
        if found := [item for item in items if running(item)]:
            return found[0]
        time.sleep(0.1)
    raise AssertionError("it is not in the list")


def test_an_open_page_follows_it_from_its_beginning_to_its_end(site, command):
    id = listed(site)["id"]
    path = f"/api/experiments/{id}"
    messages: list[dict] = []

    async def watch() -> dict:
        asked = False
        async for message, state in states(url(site, id)):
            messages.append(message)
            waiting = [a["status"] for a in state["approaches"]] == [
                "finished",
                "training",
                "finished",
            ]
            if waiting and not asked:
                asked = True
                assert state["read_only"]
                command.send_signal(signal.SIGINT)
            if state["status"] not in ("running", "stopping"):
                # What a stopped training still leaves comes after the status.
                await asyncio.to_thread(command.wait, 60)
                if state["approaches"] == site.json("GET", path)["approaches"]:
                    return state
        raise AssertionError("the connection ended first")

    state = asyncio.run(asyncio.wait_for(watch(), 120))
    assert state["status"] == "cancelled"
    assert not state["read_only"]
    first, _, last = state["approaches"]  # the second may have been stopped before it was judged
    assert (first["verdict"], last["verdict"]) == ("pass", "pass")
    assert {"state", "experiment", "approach"} <= {message["kind"] for message in messages}
    assert command.returncode != 0


def test_a_page_is_told_when_its_files_are_gone(site, command):
    id = listed(site)["id"]

    async def look() -> list[dict]:
        async with websockets.connect(url(site, id)) as socket:
            found = [json.loads(await socket.recv())]
            command.send_signal(signal.SIGSTOP)  # it would write them again
            until(lambda: psutil.Process(command.pid).status() == psutil.STATUS_STOPPED)
            (site.engine.find(id).folder / "experiment.json").unlink()
            found.extend([json.loads(text) async for text in socket])
        return found

    assert asyncio.run(asyncio.wait_for(look(), 60))[-1]["kind"] == "deleted"
    assert site.http.get(f"/api/experiments/{id}").status_code == 404


def test_a_page_is_told_when_the_command_is_killed(site, command):
    id = listed(site)["id"]

    async def watch() -> dict:
        async for _, state in states(url(site, id)):
            if "training" in [a["status"] for a in state["approaches"]]:
                command.kill()
            if "interrupted" in [a["status"] for a in state["approaches"]]:
                return state
        raise AssertionError("the connection ended first")

    state = asyncio.run(asyncio.wait_for(watch(), 120))
    assert (state["status"], state["read_only"]) == ("interrupted", False)
    lost = [a for a in state["approaches"] if a["status"] == "interrupted"]
    assert lost
    assert all("killed" in approach["error"]["message"] for approach in lost)
