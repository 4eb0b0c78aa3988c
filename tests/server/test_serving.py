"""`tabrl serve` as a process: its addresses, its end, and what it finds when it starts again."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from structures import nightly
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

ACTS = str(Path(__file__).parents[1] / "experiments")
ROBOT = "Go1JoystickFlatTerrain"
PATIENCE_S = 240.0
TABRL = (sys.executable, "-c", "from tabrl.cli import main; main()")
STEPS = 8 * 512 * 20


@dataclass
class Served:
    """A running `tabrl serve`: its process, what it printed first, a client, and its home."""

    process: subprocess.Popen
    said: str
    http: httpx.Client
    home: Path

    def until(self, id: str, statuses: set[str]) -> dict:
        """The first approach of an experiment once it has one of these statuses."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            approach = self.http.get(f"/api/experiments/{id}").json()["approaches"][0]
            if approach["status"] in statuses:
                return approach
            time.sleep(0.05)
        raise AssertionError(f"{approach['status']} is not one of {statuses}")

    def trains(self, word: str) -> dict:
        """An experiment with one approach in training, which behaves as `small_acts` says."""
        body = {"robot": ROBOT, "sentence": "Spin", "steps": STEPS, "approaches": 1}
        made = self.http.post("/api/training/approaches", json=body).json()
        approach = self.until(made["id"], {"ready"})
        path = f"/api/experiments/{made['id']}/approaches/{approach['id']}"
        self.http.patch(path, json={"source": f"{approach['source']}\n# {word}\n"})
        self.until(made["id"], {"ready"})
        self.http.post("/api/training/batch", json={"experiment": made["id"]})
        while self.kept(made["id"])["status"] != "training":
            time.sleep(0.05)
        while self.http.get(f"/api/experiments/{made['id']}").json()["approaches"][0]["step"] == 0:
            time.sleep(0.05)
        return made

    def kept(self, id: str) -> dict:
        """The first approach of an experiment as it is on disk."""
        texts = [path.read_text() for path in self.home.glob("experiments/*/experiment.json")]
        return next(r["approaches"][0] for r in map(json.loads, texts) if r["id"] == id)


@contextmanager
def starting(folder: Path, **variables: str) -> Iterator[Callable[..., Served]]:
    """Starts `tabrl serve` with options, always in the same home."""
    running: list[subprocess.Popen] = []
    env = os.environ | {
        "TABRL_HOME": str(folder / "home"),
        "TABRL_CACHE": str(folder / "cache"),
        **variables,
    }
    if "TABRL_DATABASE_URL" not in variables:
        env.pop("TABRL_DATABASE_URL", None)

    def start(*options: str) -> Served:
        command = [*TABRL, "serve", "--port", "0", *options]
        process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
        running.append(process)
        said = process.stdout.readline()
        url = re.search(r"http://\S+?/", said)[0].replace("0.0.0.0", "127.0.0.1")
        port = url.rstrip("/").rsplit(":", 1)[1]
        client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60)
        return Served(process, said, client, folder / "home")

    yield start
    for process in running:
        process.kill()
        process.wait()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Starts `tabrl serve` over the jobs of `small_acts.py`."""
    with starting(tmp_path, TABRL_WORKER_HANDLERS="small_acts", PYTHONPATH=ACTS) as start:
        yield start


def test_it_says_where_it_is_and_serves_the_page(serve):
    served = serve()
    assert served.said.startswith("TabRL is at http://127.0.0.1:")
    assert "token" not in served.said
    assert served.http.get("/").headers["content-type"].startswith("text/html")
    assert served.http.get("/api/health").json()["status"] == "ok"


def test_other_machines_need_the_token_that_it_prints_once(serve):
    served = serve("--host", "0.0.0.0")
    token = re.search(r"\?token=(\S+)", served.said)[1]
    assert len(token) >= 20
    body = {"robot": ROBOT, "source": "def reward(s):\n    return {'t': s.time}\n"}
    assert served.http.post("/api/training/check", json=body).status_code == 401
    headers = {"Authorization": f"Bearer {token}"}
    answer = served.http.post("/api/training/check", json=body, headers=headers)
    assert answer.status_code == 200


@pytest.mark.parametrize("number", [nightly(signal.SIGINT), signal.SIGTERM])
def test_it_stops_when_told_and_goes_on_from_there(serve, number):
    first = serve()
    made = first.trains("slowly")
    while first.http.get(f"/api/experiments/{made['id']}").json()["approaches"][0]["step"] < 20480:
        time.sleep(0.05)
    first.process.send_signal(number)
    assert first.process.wait(60) == 0
    second = serve()
    done = second.until(made["id"], {"finished"})
    assert (done["step"], done["verdict"]) == (STEPS, "pass")
    steps = [point["step"] for point in done["curve"]]
    assert steps == sorted(set(steps))


@pytest.mark.nightly
def test_it_stops_cleanly_while_pages_ask_and_watch_and_others_wait_to_train(serve):
    served = serve()
    made = [served.trains("slowly") for _ in range(2)]
    address = str(served.http.base_url).replace("http", "ws")
    ended = threading.Event()

    def ask() -> None:
        with httpx.Client(base_url=served.http.base_url) as client, suppress(httpx.HTTPError):
            while not ended.is_set():
                client.get("/api/experiments")

    asking = [threading.Thread(target=ask) for _ in range(4)]
    try:
        for thread in asking:
            thread.start()
        with connect(f"{address}/api/experiments/{made[0]['id']}/live") as page:
            page.recv()
            served.process.send_signal(signal.SIGTERM)
            with suppress(ConnectionClosed):
                while True:
                    page.recv()
            assert page.close_code in (1001, 1012)  # the page connects again
        assert served.process.wait(30) == 0
    finally:
        ended.set()
        for thread in asking:
            thread.join()
    for experiment in made:
        assert served.kept(experiment["id"])["status"] in ("training", "queued")
    again = serve()
    for experiment in made:
        assert again.until(experiment["id"], {"finished"})["step"] == STEPS


def test_killed_in_mid_training_it_goes_on_from_the_last_policy(serve):
    first = serve()
    made = first.trains("slowly")
    while not first.http.get(f"/api/experiments/{made['id']}").json()["approaches"][0]["curve"][1:]:
        time.sleep(0.05)
    time.sleep(2.5)  # the record on disk is at most 2 s old
    first.process.kill()
    first.process.wait()
    second = serve()
    done = second.until(made["id"], {"finished", "interrupted"})
    assert done["status"] == "finished"
    assert done["step"] == STEPS


@pytest.mark.nightly
def test_killed_before_the_first_policy_it_names_what_was_interrupted(serve):
    first = serve()
    made = first.trains("slowly, silent")
    first.process.kill()
    first.process.wait()
    second = serve()
    found = second.until(made["id"], {"interrupted"})
    assert "stopped" in found["error"]["message"]
    listed = second.http.get("/api/experiments").json()["items"][0]
    assert listed["status"] == "interrupted"
    second.http.post(f"/api/training/{found['job_id']}/retry")
    assert second.until(made["id"], {"finished"})["verdict"] == "pass"


@pytest.mark.nightly
def test_a_second_studio_in_the_same_home_is_refused_in_words(serve, tmp_path):
    serve()
    done = subprocess.run(
        [*TABRL, "serve", "--port", "0"],
        env=os.environ | {"TABRL_HOME": str(tmp_path / "home"), "TABRL_CACHE": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "Another studio" in done.stderr


def test_a_port_that_is_taken_is_told_in_words(serve, tmp_path):
    port = str(serve().http.base_url.port)
    done = subprocess.run(
        [*TABRL, "serve", "--port", port],
        env=os.environ | {"TABRL_HOME": str(tmp_path / "other"), "TABRL_CACHE": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "--port" in done.stderr


def test_a_hosted_studio_prints_how_to_become_its_owner_until_somebody_is(serve):
    first = serve("--accounts")
    assert first.said.startswith("TabRL is at http://localhost:")  # a name, as passkeys need one
    link = re.search(r"http://localhost:\d+/join#(\S+)", first.process.stdout.readline())
    asked = {"invitation": link[1]}
    headers = {"Origin": f"http://127.0.0.1:{first.http.base_url.port}"}
    told = first.http.post("/api/account/invitation", json=asked, headers=headers).json()
    assert told["role"] == "owner"
    assert first.http.get("/api/experiments").status_code == 401
    first.process.kill()
    first.process.wait()
    second = serve("--accounts")
    assert second.http.post("/api/account/invitation", json=asked).status_code == 404
    assert "/join#" in second.process.stdout.readline()


@pytest.mark.parametrize(
    ("options", "variables", "word"),
    [
        (["--host", "0.0.0.0"], {}, "TABRL_PUBLIC_URL"),
        ([], {"TABRL_PUBLIC_URL": "http://robots.example"}, "https://"),
        ([], {"TABRL_OIDC_ISSUER": "https://id.example"}, "TABRL_OIDC_CLIENT_ID"),
    ],
)
def test_accounts_that_could_not_work_are_refused_in_words(tmp_path, options, variables, word):
    done = subprocess.run(
        [*TABRL, "serve", "--port", "0", "--accounts", *options],
        env=os.environ
        | {"TABRL_HOME": str(tmp_path / "home"), "TABRL_CACHE": str(tmp_path)}
        | variables,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert word in done.stderr
