"""What a worker process finds around it: its environment variables, and how many of it fit."""

import os
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import psutil

from tabrl.settings import WALLS, Settings

JOB_MEMORY = 2 * 2**30  # bytes; a training of Go1 with 512 environments stays below
_SECRET = re.compile(r"^MODAL_|KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL", re.IGNORECASE)
_CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")


def compute_environment(settings: Settings) -> dict[str, str]:
    """Variables for JAX and MuJoCo: one cache of compiled functions for all, software rendering."""
    found = {
        "JAX_COMPILATION_CACHE_DIR": str(settings.jax_cache),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
        "NPROC": str(_xla_threads()),
        # XLA writes kilobytes about every function that it takes from its cache: harmless.
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    if sys.platform == "linux":
        found["MUJOCO_GL"] = "egl"
    if shutil.which("nvidia-smi") is None:
        found["JAX_PLATFORMS"] = "cpu"
    return found


def worker_environment(settings: Settings, env: Mapping[str, str] = os.environ) -> dict[str, str]:
    """`env` without anything named like a secret, or by which Modal knows a container; what it says
    of JAX and MuJoCo stands.

    Workers find custom robots in the same home.
    """
    kept = {name: value for name, value in env.items() if not _SECRET.search(name)}
    ours = {"TABRL_HOME": str(settings.home)} | ({WALLS: "all"} if settings.all_walls else {})
    return compute_environment(settings) | kept | ours


def jobs_that_fit() -> int:
    """How many jobs this machine runs at once.

    Three approaches share even two cores well, since a training waits for itself now and then.
    """
    return max(1, min(max(3, _cores() // 2), _memory() // JOB_MEMORY))


def _xla_threads() -> int:
    """Size of XLA's thread pools, which it takes from NPROC: room for three jobs side by side.

    The same for every job of a machine, busy or not, so that the same seed gives the same numbers.
    """
    return max(2, _cores() // 3)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _memory() -> int:
    """Memory to be had now, bytes; a container's limit counts where it is the smaller one."""
    available = int(psutil.virtual_memory().available)
    try:
        return min(available, int(_CGROUP_LIMIT.read_text()))
    except (OSError, ValueError):  # no container, or its limit is "max"
        return available
