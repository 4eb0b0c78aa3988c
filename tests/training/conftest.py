from pathlib import Path

import lessons
import pytest


@pytest.fixture(scope="session")
def taught(tmp_path_factory: pytest.TempPathFactory) -> lessons.Lesson:
    """A training that learns what its metric asks for."""
    spec = lessons.spec(tmp_path_factory.mktemp("taught"), metric=lessons.METRIC)
    return lessons.Lesson(spec)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"
