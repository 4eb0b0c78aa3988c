"""What an experiment ran on: the machine and the versions that decide its result."""

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = (
    "tabrl",
    "mujoco",
    "mujoco-mjx",
    "mjbatch",
    "playground",
    "brax",
    "jax",
    "jaxlib",
    "numpy",
)


def versions() -> dict[str, str]:
    """Versions of Python and of each package that decides what is learned."""
    return {"python": platform.python_version()} | {p: _version(p) for p in PACKAGES}


def machine() -> dict[str, str | int | float]:
    """This machine in a few words: system, processor, cores, memory (GiB)."""
    import psutil

    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": cores(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
    }


def cores() -> int:
    """Cores that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(errors="replace").splitlines() if cpuinfo.exists() else []
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())
