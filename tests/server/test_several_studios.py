"""Several studios on one PostgreSQL and one folder: real processes, one of which is killed."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import pytest
from sqlalchemy.engine import make_url
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

sys.path += [str(Path(__file__).parent), str(Path(__file__).parents[1] / "store")]
from postgres import PG_CTL, Postgres
from test_serving import ACTS, ROBOT, STEPS, TABRL, Served, starting
from waiting import until

from tabrl.store import Store
from tabrl.store.database import connect as open_database

pytestmark = pytest.mark.skipif(PG_CTL is None, reason="PostgreSQL is not installed")
BODY = {"robot": ROBOT, "sentence": "Spin", "steps": STEPS, "approaches": 1}


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with Postgres() as running:
        yield running


@pytest.fixture
def variables(server: Postgres) -> dict[str, str]:
    """What makes a studio one of several, over the jobs of `small_acts.py`."""
    url = server.create().set(drivername="postgresql").render_as_string(hide_password=False)
    return {"TABRL_WORKER_HANDLERS": "small_acts", "PYTHONPATH": ACTS, "TABRL_DATABASE_URL": url}


@pytest.fixture
def serve(tmp_path: Path, variables: dict[str, str]) -> Iterator[Callable[..., Served]]:
    """Starts studios on one database and one home."""
    with starting(tmp_path, **variables) as start:
        yield start


class Page:
    """What a browser shows that watches an experiment over a WebSocket."""

    def __init__(self, served: Served, id: str) -> None:
        address = str(served.http.base_url).replace("http", "ws")
        self._at = f"{address}/api/experiments/{id}/live"
        self.states = 0
        self.approaches: dict[str, dict] = {}
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        with connect(self._at) as socket, suppress(ConnectionClosed):
            for text in socket:
                self._take(json.loads(text))

    def _take(self, said: dict) -> None:
        if said["kind"] == "state":
            self.states += 1
            self.approaches = {a["id"]: a for a in said["experiment"]["approaches"]}
        elif said["kind"] in ("approach", "progress"):
            self.approaches.setdefault(said["approach"]["id"], {}).update(said["approach"])

    @property
    def first(self) -> dict:
        return next(iter(self.approaches.values()), {"status": "", "step": 0})

    @property
    def connected(self) -> bool:
        return self._thread.is_alive()


def has_workers(served: Served) -> bool:
    """Whether a studio runs jobs: it has processes for them."""
    return bool(psutil.Process(served.process.pid).children(recursive=True))


def test_what_one_trains_another_shows_and_takes_over_when_it_is_killed(serve):
    first, second = serve(), serve()
    made = first.trains("slowly " * 4)
    page = Page(second, made["id"])
    until(lambda: page.first["status"] == "training" and page.first["step"] > 0)
    until(lambda: list(first.home.glob("experiments/*/*/policy/policy.json")))
    assert not has_workers(second)
    before = first.kept(made["id"])
    first.process.kill()
    first.process.wait()
    # What was kept is there all the while, and what only the other could do says that it waits.
    assert [row["id"] for row in second.http.get("/api/experiments").json()["items"]] == [
        made["id"]
    ]
    assert second.http.get("/api/health").status_code == 200
    shared = second.http.post(f"/api/experiments/{made['id']}/share")
    assert shared.status_code in (200, 503)  # a slow machine may be that late
    done = second.until(made["id"], {"finished", "interrupted"})
    assert (done["status"], done["step"], done["verdict"]) == ("finished", STEPS, "pass")
    steps = [point["step"] for point in done["curve"]]
    assert steps == sorted(set(steps))
    kept = second.kept(made["id"])
    assert kept["attempt"] == before["attempt"] + 1  # in a folder of its own
    start = next(second.home.glob(f"experiments/*/{kept['resume']}/policy.json"))
    assert json.loads(start.read_text())["steps"] > 0  # not from the beginning
    until(lambda: page.first["status"] == "finished")  # on the same connection
    assert page.connected
    assert page.states == 2
    assert page.first["step"] == STEPS


def test_requests_reach_the_one_that_runs_experiments_and_what_it_kept_is_read_anywhere(serve):
    first = serve("--host", "0.0.0.0", "--token", "of the first studio")
    second = serve("--host", "0.0.0.0", "--token", "of the second studio")
    with second.http as http:
        assert http.post("/api/training/approaches", json=BODY).status_code == 401
        http.headers["Authorization"] = "Bearer of the second studio"
        made = http.post("/api/training/approaches", json=BODY).json()
        ready = second.until(made["id"], {"ready"})
        at = f"/api/experiments/{made['id']}"
        for weight in (2.0, 3.0):  # what was answered is there to be read, each time
            weights = {"weights": {"sway": weight}}
            patched = http.patch(f"{at}/approaches/{ready['id']}", json=weights)
            assert patched.status_code == 200
            assert http.get(at).json()["approaches"][0]["weights"]["sway"] == weight
        second.until(made["id"], {"ready"})
        assert http.post("/api/training/batch", json={"experiment": made["id"]}).status_code == 202
        second.until(made["id"], {"finished"})
        clip = http.get(at).json()["approaches"][0]["files"]["clip"]
        assert http.get(clip, headers={"Range": "bytes=0-3"}).status_code == 206
        link = http.post(f"{at}/share").json()
        shared = f"/api/shared/{link['share_id']}"
        assert http.get(shared).json()["read_only"] is True
        first.http.headers["Authorization"] = "Bearer of the first studio"
        hidden = first.http.put(f"{at}/visibility", json={"visibility": "private"})
        assert hidden.status_code == 200
        assert http.get(shared).status_code == 404  # at once, not when something expires
        forged = http.get(at, headers={"tabrl-studio": "whoever"})
        assert forged.status_code == 421
        first.process.terminate()
        assert first.process.wait(60) == 0
        until(lambda: http.post(f"{at}/duplicate").status_code == 201)  # left to the other
        assert http.delete(at).status_code == 204
        assert http.get(at).status_code == 404


def test_who_was_taken_for_dead_writes_no_more_and_ends(serve):
    first, second = serve(), serve()
    made = first.trains("slowly " * 4)
    until(lambda: list(first.home.glob("experiments/*/*/policy/policy.json")))
    first.process.send_signal(signal.SIGSTOP)
    done = second.until(made["id"], {"finished", "interrupted"})
    assert (done["status"], done["step"]) == ("finished", STEPS)
    until(lambda: second.kept(made["id"])["status"] == "finished")
    kept = second.kept(made["id"])
    first.process.send_signal(signal.SIGCONT)
    assert first.process.wait(120) == 1
    assert second.kept(made["id"]) == kept
    assert second.until(made["id"], {"finished"})["step"] == STEPS


def test_workers_take_turns_at_one_address_and_one_that_is_killed_is_replaced(serve):
    served = serve("--workers", "2")
    until(lambda: answers(served))
    made = served.trains("slowly " * 4)
    until(lambda: list(served.home.glob("experiments/*/*/policy/policy.json")))
    workers = psutil.Process(served.process.pid).children()
    workers = [each for each in workers if "spawn_main" in " ".join(each.cmdline())]
    assert len(workers) == 2
    leader = max(workers, key=lambda each: len(each.children(recursive=True)))
    leader.kill()
    leader.wait(60)
    until(lambda: standing(served, made["id"]) == "finished")
    assert served.kept(made["id"])["attempt"] == 2
    mine = psutil.Process(served.process.pid).children(recursive=True)
    served.process.terminate()
    assert served.process.wait(120) == 0
    assert psutil.wait_procs(mine, 60)[1] == []


def answers(served: Served) -> bool:
    """Whether a worker takes requests, and runs experiments or knows who does."""
    try:
        return served.http.get("/api/health").json()["trouble"] is None
    except httpx.TransportError:
        return False


def standing(served: Served, id: str) -> str:
    """How an experiment stands; empty where the worker that was asked has just died."""
    try:
        return served.http.get(f"/api/experiments/{id}").json()["approaches"][0]["status"]
    except httpx.TransportError:
        return ""


def refused(home: Path, *options: str, **variables: str) -> str:
    """What `tabrl serve` says that does not begin."""
    env = os.environ | {"TABRL_HOME": str(home), "TABRL_CACHE": str(home)} | variables
    done = subprocess.run(
        [*TABRL, "serve", "--port", "0", *options], env=env, capture_output=True, text=True
    )
    assert done.returncode == 1
    return done.stderr


def test_what_cannot_be_several_studios_is_refused_in_words(serve, variables, tmp_path):
    url = f"sqlite:///{tmp_path}/tabrl.db"
    assert "PostgreSQL" in refused(tmp_path / "a", "--workers", "2", TABRL_DATABASE_URL=url)
    serve()
    assert "Another studio" in refused(tmp_path / "home", TABRL_DATABASE_URL=url)
    assert "TABRL_HOME" in refused(tmp_path / "b", **variables)


@pytest.mark.nightly
def test_workers_that_cannot_begin_say_so_and_are_not_started_again(serve, variables, tmp_path):
    serve()
    said = refused(tmp_path / "elsewhere", "--workers", "2", **variables)
    assert 1 <= said.count("TABRL_HOME") <= 2  # by each


def test_people_are_known_to_every_studio_and_what_they_do_is_noted_once(serve, variables):
    _, second = serve("--accounts"), serve("--accounts")
    store = Store(open_database(make_url(variables["TABRL_DATABASE_URL"])))
    people = store.people
    ada, eve = (people.join(people.invite("maker")[1], name) for name in ("Ada", "Eve"))
    origin = f"http://localhost:{second.http.base_url.port}"
    assert httpx.post(f"{origin}/api/training/approaches", json=BODY).status_code == 401
    hers, others = (
        httpx.Client(
            base_url=origin,
            headers={"Origin": origin, "Cookie": f"tabrl_session={people.sign_in(each.id)}"},
            timeout=60,
        )
        for each in (ada, eve)
    )
    made = hers.post("/api/training/approaches", json=BODY)
    assert made.status_code == 201
    at = f"/api/experiments/{made.json()['id']}"
    until(lambda: hers.get(at).json()["approaches"][0]["status"] == "ready")
    assert [row["id"] for row in hers.get("/api/experiments").json()["items"]] == [
        made.json()["id"]
    ]
    assert others.get(at).status_code == 404
    assert others.get("/api/experiments").json()["items"] == []
    assert others.delete(at).status_code == 404
    assert hers.delete(at).status_code == 204
    noted = [(entry.person_id, entry.action) for entry in people.audit(10)]
    assert noted.count((ada.id, "experiment.delete")) == 1
    store.close()


@pytest.mark.nightly
def test_on_ray_a_training_goes_on_while_another_studio_takes_over(serve, tmp_path):
    pytest.importorskip("ray")
    sys.path.append(str(Path(__file__).parents[1] / "executors"))
    from clusters import cluster

    home, cache = str(tmp_path / "home"), str(tmp_path / "node")
    with cluster(PYTHONPATH=ACTS, TABRL_CACHE=cache, TABRL_HOME=home) as ray:
        options = ("--executor", "ray", "--address", ray.address)
        first, second = serve(*options), serve(*options)
        made = first.trains("slowly " * 8)
        until(lambda: len(first.kept(made["id"])["curve"]) > 1)
        first.process.kill()
        first.process.wait()
        done = second.until(made["id"], {"finished", "interrupted"})
        assert (done["status"], done["verdict"]) == ("finished", "pass")
        assert second.kept(made["id"])["attempt"] == 1  # the same, all the while
        steps = [point["step"] for point in done["curve"]]
        assert steps == [STEPS // 8 * each for each in range(1, 9)]  # each heard once, in order
        second.process.terminate()
        assert second.process.wait(120) == 0
