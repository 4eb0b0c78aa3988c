"""What every test run needs, however it was started."""

import os
import signal
import sys
import tempfile
from collections.abc import Iterator

import psutil
import pytest

MOST_BYTES = 4 * 2**30  # of one of pytest's workers

# A shell starts background jobs with Ctrl-C ignored, which processes hand on to their children;
# a handler of our own is not handed on, so that tests can interrupt what they start.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Nobody's own robots: the catalogue is what ships.
_HOME = tempfile.TemporaryDirectory(prefix="tabrl-home-")
os.environ["TABRL_HOME"] = _HOME.name

# All processes of a run share what they compile: pytest's workers find the folder of the first.
_COMPILED = tempfile.TemporaryDirectory(prefix="tabrl-jax-")
os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", _COMPILED.name)
os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0")
os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES", "-1")
# Code that runs once is compiled quickly rather than well.
os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=0")


@pytest.fixture(autouse=True)
def the_environment_stays_as_it_was() -> Iterator[None]:
    """Jobs that run in the caller set variables for JAX, which are not for the next test."""
    before = dict(os.environ)
    yield
    for name in os.environ.keys() - before.keys():
        del os.environ[name]
    os.environ.update(before)


@pytest.fixture(autouse=True, scope="module")
def traces_are_dropped() -> Iterator[None]:
    """What JAX keeps of every function that was traced: a whole run of it fills gigabytes."""
    yield
    jax = sys.modules.get("jax")
    if jax and psutil.Process().memory_info().rss > MOST_BYTES:
        jax.clear_caches()


@pytest.fixture
def nothing_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test keeps compiled functions in its own settings' cache, which is empty."""
    monkeypatch.delenv("JAX_COMPILATION_CACHE_DIR")


@pytest.fixture(scope="module")
def precision_stays() -> Iterator[None]:
    """MJX raises the precision of matrix products in the whole process."""
    import jax

    before = jax.config.jax_default_matmul_precision
    yield
    jax.config.update("jax_default_matmul_precision", before)
