"""From a reward's source to StableHLO, in a process that can do nothing else.

The reward is executed by `tabrl.rewards.child` without files, network, other processes, environment
or more memory and time than it is given; see `tabrl.rewards.confine`. This side watches it and
believes nothing that it answers: `tabrl.rewards.exported` inspects the bytes before they run.
"""

import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Annotated, Any

import psutil
from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, ValidationError

from tabrl.errors import TabRLError
from tabrl.rewards.language import MAX_SOURCE_BYTES, MAX_TERMS, picks_for, shapes_for
from tabrl.rewards.lint import lint
from tabrl.robots.catalogue import Robot
from tabrl.settings import Settings
from tabrl.spec import TERM_NAME, Finding

MEMORY_BYTES = 1 << 30  # beyond JAX itself
RESIDENT_BYTES = 3 << 29
MAX_BLOB_BYTES = 1 << 20
_MAX_ANSWER_BYTES = 2 << 20
_START = "import sys; sys.path.insert(0, sys.argv[1]); import tabrl.rewards.child as c; c.main()"
_PLAIN = "Use plain arithmetic on the signals of s, jnp and the kernels."
_SEATBELT = "(version 1)(allow default)(deny network*)(deny file-write*)(deny process-fork)"
_PATIENCE = 4  # wall time for a second of CPU time, on a machine that also trains
_ROOT = str(Path(__file__).resolve().parents[2])


class RewardError(TabRLError):
    """A reward that cannot be used.

    Attributes:
        findings: what is wrong, with lines of the reward's source.
    """

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        first = findings[0]
        where = "" if first.line is None else f"Line {first.line}: "
        more = "" if len(findings) == 1 else f" (and {len(findings) - 1} more)"
        super().__init__(f"{where}{first.message}{more}", first.hint)
        self.findings = findings

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.findings,)


@dataclass(frozen=True)
class ExportedReward:
    """A reward as data: `jax.export` bytes for `exported.load_reward`, and its terms."""

    blob: bytes
    terms: tuple[str, ...]


class _Answer(BaseModel):
    """All that the child may say."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    protections: tuple[Annotated[str, Field(max_length=40)], ...]
    blob: Base64Bytes = b""
    terms: tuple[Annotated[str, Field(pattern=TERM_NAME)], ...] = Field((), max_length=MAX_TERMS)
    findings: tuple[Finding, ...] = Field((), max_length=20)


def export_reward(source: str, robot: Robot, *, timeout_s: float = 20.0) -> ExportedReward:
    """Lint a reward and trace it in the sandbox, unless it was traced here before: what its check
    traced is what its training uses.

    Args:
        source: Python source of `def reward(s):`, untrusted.
        robot: the robot whose vocabulary it uses.
        timeout_s: CPU time that tracing may take, s; on a busy machine four times that passes.

    Raises:
        RewardError: with findings for a person to act on.
    """
    errors = tuple(f for f in lint(source, robot) if f.severity == "error")
    if errors:
        raise RewardError(errors)
    kept = kept_at(source, robot)
    if (found := _read(kept)) is None:
        found = trace(source, robot, timeout_s=timeout_s)
        _keep(kept, found)
    return found


def trace(source: str, robot: Robot, *, timeout_s: float = 20.0) -> ExportedReward:
    """`export_reward` without the lint: the sandbox stands without it."""
    answer = _ask(source, shapes_for(robot), picks_for(robot), timeout_s)
    if answer.findings:
        raise RewardError(tuple(_printable(finding) for finding in answer.findings))
    if len(answer.blob) > MAX_BLOB_BYTES:
        raise _refusal("the reward is too large when traced", "Use fewer and shorter loops.")
    if not answer.blob or len(set(answer.terms)) != len(answer.terms):
        raise _nonsense()
    return ExportedReward(answer.blob, answer.terms)


def kept_at(source: str, robot: Robot) -> Path:
    """Where the trace of a reward is kept, if it was traced here: it depends on the source, on the
    vocabulary, and on the code and the version of JAX that trace it.
    """
    asked = json.dumps([_tracer(), source, shapes_for(robot), picks_for(robot)])
    key = sha256(asked.encode("utf-8", "replace")).hexdigest()[:32]
    return Settings.from_env().cache / "rewards" / f"{key}.json"


@cache
def _tracer() -> str:
    """A digest of what traces: the code of this room and the version of JAX; read once."""
    code = b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    return sha256(code + version_of("jax").encode()).hexdigest()


def _read(path: Path) -> ExportedReward | None:
    """What is kept; None where nothing is, or nothing that can be read. Whoever loads it inspects
    it, as what comes from the sandbox.
    """
    try:
        answer = _Answer.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
    return ExportedReward(answer.blob, answer.terms) if answer.blob else None


def _keep(path: Path, reward: ExportedReward) -> None:
    answer = _Answer(protections=(), blob=b64encode(reward.blob), terms=reward.terms)
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    with contextlib.suppress(OSError):  # without it, it is traced again
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch.write_text(answer.model_dump_json(), "utf-8")
        scratch.replace(path)


def sandbox_level() -> str:
    """The protections that hold on this machine, found by starting a sandbox."""
    source = "def reward(s):\n    return {'nothing': s.time}\n"
    held = list(_ask(source, {"time": ()}, {}, 20.0).protections)
    if _seatbelt():
        held.append("sandbox-exec")
    return ", ".join(["own process", *held])


def walls() -> list[str]:
    """The protections that a reward is to run behind where none may be missing."""
    return (
        ["namespaces", "Landlock", "limits", "seccomp"] if sys.platform == "linux" else ["limits"]
    )


def _ask(source: str, shapes: Any, picks: Any, timeout_s: float) -> _Answer:
    if len(source.encode("utf-8", "replace")) > MAX_SOURCE_BYTES:
        raise _refusal(f"the source is longer than {MAX_SOURCE_BYTES} bytes", "Write less.")
    request = {
        "needed": walls() if Settings.from_env().all_walls else [],
        "source": source,
        "shapes": shapes,
        "picks": picks,
        "cpu_s": max(1, round(timeout_s)),
        "memory_bytes": MEMORY_BYTES,
    }
    with contextlib.suppress(BrokenPipeError), _start() as process:
        try:
            output = _converse(process, json.dumps(request).encode(), _PATIENCE * timeout_s)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(1.0)
        finally:
            status = process.poll()
            process.kill()
        return _parse(output, status)
    raise _crash(None)


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*_seatbelt(), sys.executable, "-I", "-c", _START, _ROOT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        # JAX would look at files to shorten its tracebacks.
        env={"JAX_PLATFORMS": "cpu", "JAX_TRACEBACK_FILTERING": "off"},
        start_new_session=True,
    )


def _seatbelt() -> list[str]:
    """macOS has one more wall, which the process cannot put up itself."""
    found = shutil.which("sandbox-exec") if sys.platform == "darwin" else None
    return [found, "-p", _SEATBELT] if found else []


def _converse(process: subprocess.Popen[bytes], request: bytes, timeout_s: float) -> bytes:
    """Send the request and read until the child closes; raises `RewardError` at a bound."""
    assert process.stdin is not None
    assert process.stdout is not None
    deadline = time.monotonic() + timeout_s
    process.stdin.write(request)
    process.stdin.close()
    output = b""
    while len(output) <= _MAX_ANSWER_BYTES:
        if time.monotonic() > deadline:
            raise _too_slow()
        if _resident_bytes(process.pid) > RESIDENT_BYTES:
            raise _refusal("tracing took too much memory", "Use small arrays and few loops.")
        if select.select([process.stdout], [], [], 0.02)[0]:
            chunk = os.read(process.stdout.fileno(), 1 << 16)
            if not chunk:
                return output
            output += chunk
    raise _refusal("the reward is too large when traced", "Use fewer and shorter loops.")


def _resident_bytes(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def _parse(output: bytes, status: int | None) -> _Answer:
    if not output:
        raise _crash(status)
    try:
        return _Answer.model_validate_json(output)
    except ValidationError:
        raise _nonsense() from None


def _printable(finding: Finding) -> Finding:
    """The child's words without what could steer a terminal."""
    message, hint = (
        "".join(c if c.isprintable() else " " for c in text)[:500]
        for text in (finding.message, finding.hint)
    )
    return Finding(line=finding.line, message=message, hint=hint)


def _crash(status: int | None) -> RewardError:
    if status in (-signal.SIGKILL, -signal.SIGXCPU):  # the bound on CPU time
        return _too_slow()
    return _refusal("tracing this reward ended its process", _PLAIN)


def _too_slow() -> RewardError:
    return _refusal("tracing this reward takes too long", "Use fewer and shorter loops.")


def _nonsense() -> RewardError:
    return _refusal("the sandbox gave no answer that can be used", _PLAIN)


def _refusal(message: str, hint: str) -> RewardError:
    return RewardError((Finding(message=message, hint=hint),))
