"""What a hostile reward can do when the lint has let it pass: nothing.

The same attacks also run without the sandbox, where they succeed: they are real.
"""

import json
import os
import platform
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import attacks
import numpy as np
import pytest

from tabrl.rewards.sandbox import RewardError, export_reward, sandbox_level, trace
from tabrl.robots.catalogue import Robot

_UNCONFINED = """
import sys
from tabrl.rewards.namespace import namespace
scope = namespace()
exec(sys.stdin.read(), scope)
print(*scope["reward"](None))
"""


@dataclass
class Prey:
    """Things that an attack may read, change or reach."""

    folder: Path
    secret: int  # an open descriptor that is inherited by careless parents
    tcp: socket.socket
    udp: socket.socket
    victim: subprocess.Popen[bytes]

    def targets(self) -> dict[str, object]:
        return {
            "SECRET": str(self.folder / "secret"),
            "FOLDER": str(self.folder),
            "INHERITED": self.secret,
            "PORT": self.tcp.getsockname()[1],
            "VICTIM": self.victim.pid,
            "PARENT": os.getpid(),
        }

    def state(self) -> dict[str, object]:
        """Everything about the folder that an attack could change."""
        return {
            str(path.relative_to(self.folder)): (
                path.lstat().st_mode,
                path.lstat().st_mtime_ns,
                path.read_bytes() if path.is_file() else None,
            )
            for path in self.folder.rglob("*")
        }


@pytest.fixture
def prey(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Prey]:
    monkeypatch.setenv("SECRET_KEY", "sk-123")
    for name in ("secret", "doomed", "old"):
        (tmp_path / name).write_text("sixteen letters.")
    (tmp_path / "empty").mkdir()
    np.save(tmp_path / "array.npy", np.ones(3))
    tcp, udp = socket.create_server(("127.0.0.1", 0)), socket.socket(type=socket.SOCK_DGRAM)
    udp.bind(tcp.getsockname())
    secret = os.open(tmp_path / "secret", os.O_RDONLY)
    os.set_inheritable(secret, True)
    tcp.setblocking(False)
    udp.setblocking(False)
    with tcp, udp, subprocess.Popen(["sleep", "600"]) as victim:
        yield Prey(tmp_path, secret, tcp, udp, victim)
        victim.kill()
    os.close(secret)


def _in_sandbox(pieces: dict[str, str], prey: Prey, robot: Robot) -> set[str]:
    """Names of the pieces that succeeded; every piece has run."""
    outcome = trace(attacks.attack(pieces, prey.targets()), robot).terms
    assert {term.partition("_")[2] for term in outcome} == set(pieces)
    return {term.removeprefix("won_") for term in outcome if term.startswith("won_")}


GROUPS = {
    "files": attacks.FILES,
    "secrets, network": attacks.SECRETS | attacks.NETWORK,
    "processes": attacks.PROCESSES,
}


@pytest.mark.skipif(sys.platform != "linux", reason="macOS has fewer walls; see the next test")
@pytest.mark.parametrize("pieces", GROUPS.values(), ids=GROUPS)
def test_no_attack_succeeds(pieces: dict[str, str], prey: Prey, go1: Robot):
    before = prey.state()
    assert _in_sandbox(pieces, prey, go1) == set()
    assert prey.state() == before
    assert prey.victim.poll() is None
    for listening in (prey.tcp, prey.udp):
        with pytest.raises(BlockingIOError):
            listening.recv(1) if listening is prey.udp else listening.accept()


def test_files_and_sockets_cannot_be_opened_on_any_system(prey: Prey, go1: Robot):
    names = ["read", "append", "create", "pipe", "tcp", "unix", "environment", "read_inherited"]
    assert _in_sandbox({name: attacks.ALL[name] for name in names}, prey, go1) == set()


@pytest.mark.skipif(sys.platform != "linux", reason="the attacks are written for Linux")
def test_the_same_attacks_succeed_outside_of_the_sandbox(prey: Prey):
    run = subprocess.run(
        [sys.executable, "-c", _UNCONFINED],
        input=attacks.attack(attacks.ALL, prey.targets()),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        pass_fds=[prey.secret],
        env=os.environ | {"JAX_PLATFORMS": "cpu", "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    lost = {term.removeprefix("lost_") for term in run.stdout.split() if term.startswith("lost_")}
    foreign = attacks.NUMBERED if platform.machine() != "x86_64" else set()
    assert lost <= attacks.PRIVILEGED | foreign


BOMBS = {
    "an endless loop": "while True: pass",
    "an endless loop that catches everything": """
        while True:
            try:
                while True: pass
            except: pass""",
    "a giant power": "x = 9 ** 9 ** 9",
    "a giant list": "x = [0] * 10 ** 10",
    "a list that doubles": """
        x = [0]
        while True: x = x + x""",
    "a giant array": "x = np.ones(10 ** 10)",
    "many arrays": """
        x = []
        while True: x.append(np.ones(10 ** 6))""",
    "endless recursion": """
        def again(n): return again(n + 1) + 1
        again(0)""",
    "threads without end": """
        sleep = threading.Event()
        while True: threading.Thread(target=sleep.wait).start()""",
    "an answer without end": "while True: os.write(1, b'x' * 65536)",
    "no answer": "os._exit(0)",
    "a closed answer": """
        os.close(1)
        while True: pass""",
    "a crash": "ctypes.string_at(0)",
    "a nonsense answer": "os.write(1, b'[]'); os._exit(0)",
    "an answer with more in it": """
        os.write(1, b'{"protections": [], "blob": "AAAA", "terms": ["a"], "run": "me"}')
        os._exit(0)""",
    "an answer without a reward": """
        os.write(1, b'{"protections": [], "blob": "", "terms": ["a"]}')
        os._exit(0)""",
    "an answer that is not base64": """
        os.write(1, b'{"protections": [], "blob": "?", "terms": ["a"]}')
        os._exit(0)""",
    "an answer with a bad name": """
        os.write(1, b'{"protections": [], "blob": "AAAA", "terms": ["../a"]}')
        os._exit(0)""",
}


@pytest.mark.parametrize("code", BOMBS.values(), ids=BOMBS)
def test_a_bomb_ends_with_a_message(code: str, go1: Robot):
    with pytest.raises(RewardError) as caught:
        trace(attacks.alone(code), go1, timeout_s=2.0)
    assert caught.value.findings[0].message


def test_a_mistake_comes_back_with_its_line(go1: Robot):
    with pytest.raises(RewardError) as caught:
        trace("def reward(s):\n    if s.height > 1: return {}\n", go1)
    assert caught.value.findings[0].line == 2
    assert "jnp.where" in str(caught.value)


def test_a_message_cannot_steer_the_terminal(go1: Robot):
    with pytest.raises(RewardError) as caught:
        trace("def reward(s):\n    return {}['\\x1b[2J\\x07']\n", go1)
    assert caught.value.message.isprintable()

    forged = {"protections": [], "findings": [{"line": 1, "message": "\x1b[2J", "hint": "\x07"}]}
    with pytest.raises(RewardError) as caught:
        trace(attacks.alone(f"os.write(1, {json.dumps(forged)!r}.encode()); os._exit(0)"), go1)
    assert (caught.value.findings[0].message, caught.value.hint) == (" [2J", " ")


def test_the_lint_comes_before_the_sandbox(go1: Robot):
    with pytest.raises(RewardError) as caught:
        export_reward("import os", go1)
    assert caught.value.findings[0].message == "import is not available"
    assert str(caught.value).startswith("Line 1: import is not available (and 1 more)")


@pytest.mark.skipif(sys.platform != "linux", reason="Linux's protections")
def test_the_level_names_the_protections_of_this_machine():
    level = sandbox_level()
    assert "own process" in level
    assert "seccomp" in level
    assert "limits" in level


def test_where_a_wall_is_missing_nothing_of_the_reward_runs(
    monkeypatch: pytest.MonkeyPatch, go1: Robot
):
    monkeypatch.setenv("TABRL_SANDBOX", "all")
    sound = "def reward(s):\n    return {'tall': s.height}\n"
    assert trace(sound, go1).terms == ("tall",)
    monkeypatch.setattr("tabrl.rewards.sandbox.walls", lambda: ["limits", "a moat"])
    with pytest.raises(RewardError, match="lacks a moat") as caught:
        trace("raise SystemExit('it ran')", go1)
    assert "container" in caught.value.hint


def test_the_side_that_asks_imports_no_jax():
    code = "import sys, tabrl.rewards.sandbox; sys.exit('jax' in sys.modules)"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    assert subprocess.run([sys.executable, "-c", code], env=environment).returncode == 0
