import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from tabrl.cli import main

LESSONS = str(Path(__file__).parents[1] / "experiments")
Run = Callable[..., subprocess.CompletedProcess]
COMMAND = [sys.executable, "-c", "from tabrl.cli import main; main()"]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Variables of a user with folders of his own and jobs that take no time."""
    ours = {
        "TABRL_HOME": str(tmp_path / "home"),
        "TABRL_CACHE": str(tmp_path / "cache"),
        "TABRL_WORKER_HANDLERS": "small_lessons",
        "TABRL_MAX_JOBS": "3",
        "PYTHONPATH": os.pathsep.join(filter(None, (LESSONS, os.environ.get("PYTHONPATH")))),
    }
    return {k: v for k, v in os.environ.items() if k != "TABRL_DATABASE_URL"} | ours


@pytest.fixture
def tabrl(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., subprocess.CompletedProcess]:
    """Run a command to its end, in this process: `start` is for one that is a process."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> subprocess.CompletedProcess:
        cleared = dict.fromkeys(os.environ.keys() - environment.keys())
        done = CliRunner().invoke(main, words, prog_name="tabrl", env=cleared | environment)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return subprocess.CompletedProcess(words, done.exit_code, done.stdout, done.stderr)

    return run


@pytest.fixture
def start(environment: dict[str, str], tmp_path: Path) -> Callable[..., subprocess.Popen]:
    """Begin a command that is interrupted later."""

    def run(*words: str) -> subprocess.Popen:
        return subprocess.Popen(
            [*COMMAND, *words], env=environment, cwd=tmp_path, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    return run
