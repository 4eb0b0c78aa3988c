"""Programs that may load JAX and MuJoCo, each in a process of its own that gives one answer."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tabrl.errors import TabRLError, UndecidedError
from tabrl.executors.environment import worker_environment
from tabrl.settings import Settings

_LOOK_S = 0.05
_KEPT_LINES = 50


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


def follow_aside(
    module: str,
    *words: str,
    settings: Settings,
    timeout_s: float,
    cwd: Path,
    told: Callable[[str], None],
    stop: threading.Event,
) -> subprocess.CompletedProcess[str]:
    """Run `python -m module words` to its end, and hear each of its lines as it comes.

    Args:
        stop: ends it, whoever sets it.

    Raises:
        subprocess.TimeoutExpired: it took longer.
    """
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", module, *words],
        env=worker_environment(settings),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    said: dict[str, list[str]] = {"stdout": [], "stderr": []}

    def hear(name: str) -> None:
        for line in getattr(process, name):
            said[name] = [*said[name], line][-_KEPT_LINES:]
            if name == "stdout":
                told(line)

    listeners = [threading.Thread(target=hear, args=(name,), daemon=True) for name in said]
    for listener in listeners:
        listener.start()
    late = time.monotonic() + timeout_s
    try:
        while process.poll() is None and time.monotonic() < late and not stop.wait(_LOOK_S):
            pass
        ran_out = process.poll() is None and not stop.is_set()
    finally:  # Ctrl-C, too, which a group of its own does not hear
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    status = process.wait()
    for listener in listeners:
        listener.join(1.0)
    if ran_out:
        raise subprocess.TimeoutExpired(module, timeout_s)
    return subprocess.CompletedProcess(
        module, status, "".join(said["stdout"]), "".join(said["stderr"])
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
    if choices := answer.get("choices"):
        raise UndecidedError(answer["error"][0], choices)
    if "error" in answer:
        raise TabRLError(*answer["error"])
    return answer
