import pytest

from tabrl.training.session import use_compilation_cache


@pytest.fixture(autouse=True, scope="session")
def compiled_functions_are_kept() -> None:
    """Where JAX_COMPILATION_CACHE_DIR names a folder, the next run compiles little."""
    use_compilation_cache()
