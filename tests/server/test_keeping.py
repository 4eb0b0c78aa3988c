"""What cannot be kept for a while, by a full disk or a database that is away, is kept afterwards,
and said once meanwhile.
"""

import json
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

sys.path += [str(Path(__file__).parent), str(Path(__file__).parents[1] / "store")]
from postgres import PG_CTL, Postgres
from test_serving import ACTS, STEPS, Served, starting
from waiting import until


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full, the disk that is full")
def test_a_full_disk_is_told_once_and_what_was_not_kept_is_kept_when_there_is_room(
    site, caplog: pytest.LogCaptureFixture
):
    made = site.propose(approaches=1)
    folder, name = site.engine.find(made["id"]).folder, made["approaches"][0]["id"]
    path = f"/api/experiments/{made['id']}/approaches/{name}"
    full = folder / f".experiment.json.{os.getpid()}"  # what is written before it takes its place
    with caplog.at_level(logging.WARNING, "tabrl.experiments.engine.writer"):
        with without_room(full):
            for weight in (2.0, 3.0):
                site.json("PATCH", path, {"weights": {"sway": weight}})
                until(lambda: site.json("GET", "/api/health")["trouble"] is not None)
            trouble = site.json("GET", "/api/health")["trouble"]
        assert "No space left on device" in trouble["message"]
        assert "TABRL_HOME" in trouble["hint"]
        assert made["id"] not in json.dumps(trouble)
        until(lambda: site.json("GET", "/api/health")["trouble"] is None)
    kept = json.loads((folder / "experiment.json").read_text("utf-8"))
    assert kept["approaches"][0]["weights"] == {"sway": 3.0}
    said = [record.getMessage() for record in caplog.records]
    once = ["an experiment was not kept", "all experiments are kept again"]
    assert said[:2] == once
    assert len(said) <= 6  # a write may slip through before the disk is full again


@contextmanager
def without_room(file: Path) -> Iterator[None]:
    """Whoever writes this file finds the disk full, as often as it tries."""
    released = threading.Event()

    def fill() -> None:
        while not released.wait(0.001):
            with suppress(FileExistsError):
                file.symlink_to("/dev/full")

    filling = threading.Thread(target=fill)
    filling.start()
    try:
        until(file.is_symlink)
        yield
    finally:
        released.set()
        filling.join()
        file.unlink(missing_ok=True)


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of our own, which may be stopped and started."""
    if PG_CTL is None:
        pytest.skip("PostgreSQL is not installed")
    with Postgres() as server:
        yield server


@pytest.fixture
def serve(tmp_path: Path, postgres: Postgres) -> Iterator[Callable[..., Served]]:
    """Starts `tabrl serve` over that server."""
    url = postgres.create().set(drivername="postgresql").render_as_string(hide_password=False)
    variables = {"TABRL_WORKER_HANDLERS": "small_acts", "PYTHONPATH": ACTS}
    with starting(tmp_path, **variables, TABRL_DATABASE_URL=url) as start:
        yield start


def test_what_runs_goes_on_while_postgresql_is_away_and_is_kept_when_it_is_back(serve, postgres):
    served = serve()
    made = served.trains("slowly")
    at = f"/api/experiments/{made['id']}"
    other = served.http.post(f"{at}/duplicate").json()
    postgres.stop()
    for path in ("/api/experiments", "/api/shared/nothing-here", "/api/experiments/nothing1"):
        answer = served.http.get(path)
        assert answer.status_code == 503, path
        assert int(answer.headers["retry-after"]) > 0
        assert answer.json()["detail"] == "The database does not answer."
    assert served.http.post(f"{at}/share").status_code == 503
    assert served.http.get("/experiments/nothing1").status_code == 503
    address = str(served.http.base_url).replace("http", "ws")
    with (
        pytest.raises(ConnectionClosed) as closed,
        connect(f"{address}/api/experiments/nothing1/live") as page,
    ):
        page.recv()
    assert closed.value.rcvd.code == 1013  # the page tries again
    assert served.http.delete(f"/api/experiments/{other['id']}").status_code == 204
    assert served.http.get(f"/api/experiments/{other['id']}").status_code == 404
    assert served.until(made["id"], {"finished"})["step"] == STEPS
    health = served.http.get("/api/health").json()
    assert health["trouble"]["message"] == "The database does not answer."
    postgres.start()
    until(lambda: served.http.get("/api/health").json()["trouble"] is None)
    listed = served.http.get("/api/experiments").json()["items"]
    assert [(item["id"], item["status"]) for item in listed] == [(made["id"], "finished")]
    served.process.terminate()
    assert served.process.wait(30) == 0
    again = serve()
    assert again.http.get(at).json()["status"] == "finished"
    assert again.http.get(f"/api/experiments/{other['id']}").status_code == 404


def test_a_database_that_is_away_has_its_one_answer_for_every_question(serve, postgres):
    """However the connection was lost: idle in the pool, or in the middle of things."""
    served = serve()
    made = served.trains("slowly")
    served.http.post(f"/api/experiments/{made['id']}/share").raise_for_status()
    postgres.stop()
    statuses = [served.http.get("/api/experiments").status_code for _ in range(8)]
    postgres.start()
    assert set(statuses) == {503}
    assert httpx.get(f"{served.http.base_url}/api/experiments").status_code == 200
