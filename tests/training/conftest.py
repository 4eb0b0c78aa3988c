from pathlib import Path

import lessons
import pytest

from tabrl.training.session import use_compilation_cache


@pytest.fixture(autouse=True, scope="session")
def compiled_functions_are_kept() -> None:
    """Where JAX_COMPILATION_CACHE_DIR names a folder, the next run compiles little."""
    use_compilation_cache()


@pytest.fixture(scope="session")
def taught(tmp_path_factory: pytest.TempPathFactory) -> lessons.Lesson:
    """A training with everything: metric, clip, poster."""
    spec = lessons.spec(tmp_path_factory.mktemp("taught"), metric=lessons.METRIC, clip=True)
    return lessons.Lesson(spec)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"
