"""Several studios on one PostgreSQL and one folder: real processes, one of which is killed."""

import json
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from websockets.sync.client import connect

sys.path += [str(Path(__file__).parent), str(Path(__file__).parents[1] / "store")]
from postgres import PG_CTL, Postgres
from test_serving import ACTS, ROBOT, STEPS, Served, starting
from waiting import until

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
        self._socket = connect(f"{address}/api/experiments/{id}/live", ping_interval=None)
        self.states = 0
        self.approaches: dict[str, dict] = {}
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        for text in self._socket:
            said = json.loads(text)
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
