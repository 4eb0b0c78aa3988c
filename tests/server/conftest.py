"""A real server on a port of this machine, over real workers with small jobs."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
import uvicorn

from tabrl.experiments.engine import Engine
from tabrl.server.app import create_app
from tabrl.server.serve import config, listen
from tabrl.settings import Settings

if TYPE_CHECKING:
    from hosting import Hosted

ACTS = str(Path(__file__).parents[1] / "experiments")
sys.path += [str(Path(__file__).parents[1] / "llm"), ACTS]  # tests import `wire` and `waiting`
ROBOT = "Go1JoystickFlatTerrain"
SENTENCE = "Keep shaking your hips aloha dude!"
BATCH = 512 * 20
PATIENCE_S = 240.0


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Folders of one's own, and the jobs of `small_acts.py`."""
    folder = tmp_path_factory.mktemp("studio")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", ACTS, prepend=":")
        patch.delenv("TABRL_DATABASE_URL", raising=False)
        patch.setenv("TABRL_HOME", str(folder / "home"))  # custom robots lie there
        patch.setenv("MENAGERIE_BASE_URL", (folder / "mirror").as_uri())  # in place of the network
        patch.setenv("MENAGERIE_CACHE_DIR", str(folder / "menagerie"))
        yield Settings(folder / "home", folder / "cache", max_jobs=3, handlers="small_acts")


@dataclass
class Site:
    """A running server.

    Attributes:
        at: host and port.
        http: a client of it.
    """

    engine: Engine
    at: str
    http: httpx.Client

    def json(self, method: str, path: str, body: object = None, status: int = 200) -> dict:
        """The JSON of an answer of the status that is expected."""
        answer = self.http.request(method, path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def propose(self, **options: object) -> dict:
        """A draft whose checks are through."""
        body = {"robot": ROBOT, "sentence": SENTENCE, "steps": 8 * BATCH} | options
        made = self.json("POST", "/api/training/approaches", body, 201)
        return self.wait(made["id"], {"ready", "refused"})

    def wait(self, id: str, statuses: set[str]) -> dict:
        """An experiment once all its approaches have one of these statuses."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            seen = self.json("GET", f"/api/experiments/{id}")
            if {a["status"] for a in seen["approaches"]} <= statuses:
                return seen
            time.sleep(0.05)
        raise AssertionError(f"not {statuses}: {[a['status'] for a in seen['approaches']]}")

    def train(self, id: str, **options: object) -> dict:
        """An experiment whose trainings have ended."""
        self.json("POST", "/api/training/batch", {"experiment": id} | options, 202)
        return self.wait(id, {"finished", "failed", "cancelled", "ready", "refused"})

    def behave(self, experiment: dict, index: int, word: str) -> str:
        """Have an approach train as `small_acts` says of a word; its id."""
        approach = experiment["approaches"][index]
        path = f"/api/experiments/{experiment['id']}/approaches/{approach['id']}"
        self.json("PATCH", path, {"source": f"{approach['source']}\n# {word}\n"})
        self.wait(experiment["id"], {"ready", "refused"})
        return approach["id"]


@pytest.fixture(scope="session")
def start(settings: Settings) -> Iterator[Callable[..., Site]]:
    """Starts servers over one studio."""
    engine = Engine(settings)
    engine.start()
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def make(token: str | None = None, address: str | None = None) -> Site:
        listener = listen("127.0.0.1", 0)
        server = uvicorn.Server(config(create_app(engine, token=token, address=address)))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        running.append((server, thread))
        at = f"127.0.0.1:{listener.getsockname()[1]}"
        return Site(engine, at, httpx.Client(base_url=f"http://{at}", timeout=PATIENCE_S))

    yield make
    for server, thread in running:
        server.should_exit = True
        thread.join(10.0)
    engine.close()


@pytest.fixture(scope="session")
def site(start: Callable[..., Site]) -> Site:
    """A server for this machine alone."""
    return start()


@pytest.fixture(scope="module")
def taught(site: Site) -> dict:
    """An experiment whose three approaches were trained; no other module votes on it."""
    return site.train(site.propose()["id"])


@pytest.fixture(scope="module")
def hosted(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator["Hosted"]:
    """A studio of its own whose people have accounts."""
    from hosting import hosting

    home = tmp_path_factory.mktemp("hosted")
    own = Settings(home / "home", settings.cache, max_jobs=2, handlers="small_acts")
    with hosting(own) as site:
        yield site
