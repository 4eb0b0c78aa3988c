from pathlib import Path

import lessons
import pytest


@pytest.fixture(scope="session")
def taught(tmp_path_factory: pytest.TempPathFactory) -> lessons.Lesson:
    """A training with everything: metric, clip, poster."""
    spec = lessons.spec(tmp_path_factory.mktemp("taught"), metric=lessons.METRIC, clip=True)
    return lessons.Lesson(spec)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"
