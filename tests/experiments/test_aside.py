"""Programs aside: they end with whoever waits for them."""

import threading

import psutil
import pytest

from tabrl.experiments.aside import follow_aside
from tabrl.settings import Settings


class Interrupted(threading.Event):
    """As if somebody pressed Ctrl-C while it is waited for."""

    def wait(self, timeout: float | None = None) -> bool:
        raise KeyboardInterrupt


def test_ctrl_c_ends_what_is_followed(settings: Settings, tmp_path) -> None:
    before = set(psutil.Process().children())
    with pytest.raises(KeyboardInterrupt):
        follow_aside(
            "http.server", "0", settings=settings.prepare(), timeout_s=60, cwd=tmp_path,
            told=lambda line: None, stop=Interrupted(),
        )  # fmt: skip
    left = set(psutil.Process().children()) - before
    _, alive = psutil.wait_procs(left, timeout=5)  # killed, and perhaps not yet gone
    assert not alive
