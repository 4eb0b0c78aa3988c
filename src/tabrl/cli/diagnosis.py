"""What `tabrl doctor` looks at. MuJoCo and JAX are asked in processes of their own."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tabrl.errors import TabRLError
from tabrl.experiments.machine import machine, versions
from tabrl.llm.providers import exposed
from tabrl.settings import Settings

MIN_FREE = 2 * 2**30  # bytes: an experiment, and the caches of a few robots
MIN_MEMORY_GIB = 6  # three trainings at once


@dataclass(frozen=True)
class Sign:
    """One thing that was looked at."""

    name: str
    state: Literal["ok", "note", "bad"]
    found: str
    advice: str = ""


def examine() -> Iterator[Sign]:
    """Every sign, the cheap ones first."""
    yield from _software()
    yield from _hardware()
    yield from _folders()
    yield _graphics()
    yield _sandbox()
    yield _gpu()


def _software() -> Iterator[Sign]:
    found = versions()
    right = (3, 11) <= sys.version_info[:2] < (3, 14)
    yield Sign(
        "Python",
        "ok" if right else "bad",
        found.pop("python"),
        "" if right else "TabRL is made for Python 3.11 to 3.13.",
    )
    missing = [name for name, version in found.items() if version == "not installed"]
    yield Sign(
        "Packages",
        "bad" if missing else "ok",
        ", ".join(f"{n} {v}" for n, v in found.items()),
        "Run `make setup`." if missing else "",
    )


def _hardware() -> Iterator[Sign]:
    here = machine()
    yield Sign("Processor", "ok", f"{here['processor']}, {here['cores']} cores")
    enough = float(here["memory_gib"]) >= MIN_MEMORY_GIB
    yield Sign(
        "Memory",
        "ok" if enough else "note",
        f"{here['memory_gib']} GiB",
        "" if enough else "Little for three trainings at once: set TABRL_MAX_JOBS=1.",
    )


def _folders() -> Iterator[Sign]:
    try:
        settings = Settings.from_env().prepare()
    except TabRLError as error:
        yield Sign("Folders", "bad", error.message, error.hint)
        return
    for name, folder in (("Home", settings.home), ("Cache", settings.cache)):
        free = shutil.disk_usage(folder).free
        room = "" if free >= MIN_FREE else "Little room: free some, or move the folder."
        yield Sign(name, "note" if room else "ok", f"{folder}, {free / 2**30:.1f} GiB free", room)
    yield _timings(settings.timings)
    yield _keys(settings)


def _timings(path: Path) -> Sign:
    known = path.is_file()
    return Sign("Measured speed", "ok", str(path) if known else "nothing was trained here yet")


def _keys(settings: Settings) -> Sign:
    try:
        warning = exposed(settings)
    except TabRLError as error:
        return Sign("Keys", "bad", error.message, error.hint)
    if warning:
        return Sign("Keys", "note", *warning)
    return Sign("Keys", "ok", "none lies open in the settings file")


def _graphics() -> Sign:
    reason = _ask("from tabrl.rendering.video import check_gl; print(check_gl() or 'ok')")
    if reason == "ok":
        return Sign("Off-screen OpenGL", "ok", "works")
    return Sign("Off-screen OpenGL", "bad", "does not work: no clips can be rendered", reason)


def _sandbox() -> Sign:
    level = _ask("from tabrl.rewards.sandbox import sandbox_level; print(sandbox_level())")
    return Sign("Sandbox of rewards", "ok", level)


def _gpu() -> Sign:
    names = _run(["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"])
    if not names:
        return Sign("GPU", "ok", "none seen; training uses the processor")
    backend = _ask("import jax; print(jax.default_backend())")
    used = backend == "gpu"
    return Sign(
        "GPU",
        "ok" if used else "note",
        names.replace("\n", ", "),
        "" if used else "JAX does not see it: install jax[cuda12] to train on it.",
    )


def _ask(code: str) -> str:
    return _run([sys.executable, "-c", code]) or "no answer"


def _run(command: list[str]) -> str:
    """What a command prints; its last words where it fails; nothing where it does not exist."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    except FileNotFoundError:
        return ""
    except subprocess.TimeoutExpired:
        return "no answer within two minutes"
    if done.returncode:
        return (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]
    return done.stdout.strip()
