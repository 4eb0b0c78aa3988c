import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tabrl.settings import Settings
from tabrl.spec import TrainSpec

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
