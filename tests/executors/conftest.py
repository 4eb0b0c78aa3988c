import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tabrl import __version__
from tabrl.settings import Settings
from tabrl.spec import TrainSpec

if TYPE_CHECKING:
    from modal_loopback import Modal

HERE = str(Path(__file__).parent)
sys.path.insert(0, HERE)  # the tests and the worker processes import `small_jobs`


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Folders of one's own, two jobs at once, and the jobs of `small_jobs.py`."""
    monkeypatch.setenv("PYTHONPATH", HERE, prepend=":")
    return Settings(tmp_path / "home", tmp_path / "cache", max_jobs=2, handlers="small_jobs")


@pytest.fixture
def spec(tmp_path: Path) -> Callable[[str, int], TrainSpec]:
    """A training of this name that behaves as its seed says."""

    def make(job: str, seed: int) -> TrainSpec:
        out = str(tmp_path / "out" / job)
        return TrainSpec(job=job, robot="CartpoleBalance", num_steps=7, seed=seed, out=out)

    return make


@pytest.fixture
def at_modal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator["Modal"]:
    """A Modal with the app, for which this process has a token."""
    from modal_loopback import TOKEN, loopback

    from tabrl.executors.modal_app import PYTHON
    from tabrl.executors.modal_orders import ON_CORES

    with loopback(tmp_path / "modal", PYTHONPATH=HERE) as modal:
        modal.tags, modal.functions = {"tabrl": __version__, "python": PYTHON}, {ON_CORES}
        monkeypatch.setenv("MODAL_SERVER_URL", modal.url)
        monkeypatch.setenv("MODAL_TOKEN_ID", TOKEN[0])
        monkeypatch.setenv("MODAL_TOKEN_SECRET", TOKEN[1])
        yield modal
