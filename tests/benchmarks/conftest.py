import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LESSONS = str(ROOT / "tests" / "experiments")
sys.path.insert(0, str(ROOT))  # benchmarks are not part of the installed package


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders of one's own."""
    monkeypatch.setenv("TABRL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TABRL_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("TABRL_DATABASE_URL", raising=False)
    return tmp_path


@pytest.fixture
def small_lessons(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Workers whose jobs learn nothing and leave real files."""
    monkeypatch.setenv("TABRL_WORKER_HANDLERS", "small_lessons")
    monkeypatch.setenv("TABRL_MAX_JOBS", "3")
    monkeypatch.setenv("PYTHONPATH", LESSONS, prepend=":")
    return home
