import os
import sys
from pathlib import Path

import pytest

from tabrl.settings import Settings

HERE = str(Path(__file__).parent)
WIRE = str(Path(__file__).parents[1] / "llm")
sys.path[:0] = [HERE, WIRE]  # the tests and the worker processes import `small_lessons`


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Folders of one's own, and the jobs of `small_lessons.py`."""
    monkeypatch.setenv("PYTHONPATH", HERE, prepend=":")
    monkeypatch.delenv("TABRL_DATABASE_URL", raising=False)
    return Settings(tmp_path / "home", tmp_path / "cache", max_jobs=3, handlers="small_lessons")


@pytest.fixture
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is asked but the servers of these tests, whatever this machine has keys for."""
    for name in [name for name in os.environ if name.endswith("_KEY")]:
        monkeypatch.delenv(name)
