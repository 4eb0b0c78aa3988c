"""Programs that may load JAX and MuJoCo, each in a process of its own that gives one answer."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tabrl.errors import TabRLError
from tabrl.executors.environment import worker_environment
from tabrl.settings import Settings


def run_aside(
    module: str, *words: str, settings: Settings, timeout_s: float, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `python -m module words` to its end.

    Raises:
        subprocess.TimeoutExpired: it took longer.
    """
    return subprocess.run(
        [sys.executable, "-P", "-m", module, *words],
        env=worker_environment(settings),
        cwd=cwd,
        timeout=timeout_s,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


def answer_of(done: subprocess.CompletedProcess[str], failed: str) -> dict[str, Any]:
    """What its last line says, JSON.

    Args:
        failed: what to say where it broke down.

    Raises:
        TabRLError: it broke down, or its answer is an error: `{"error": [message, hint]}`.
    """
    lines = done.stdout.splitlines()
    if done.returncode or not lines:
        last = (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]
        raise TabRLError(f"{failed}: {last}", "`tabrl doctor` looks why.")
    answer: dict[str, Any] = json.loads(lines[-1])
    if "error" in answer:
        raise TabRLError(*answer["error"])
    return answer
