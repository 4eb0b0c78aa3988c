"""What benchmarks share: the machine's name, its memory, and contenders that take turns on it."""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import psutil

from tabrl.experiments.machine import machine as facts
from tabrl.experiments.machine import versions

Contender = Callable[[], int]
"""Does a piece of work and returns how many environment steps it was."""

_UNCOUNTED = 2  # turns of each contender that compile what it needs


def machine() -> str:
    """The machine and the versions that decide the numbers, in one line."""
    here, known = facts(), versions()
    names = ("python", "mujoco", "mjbatch", "jax")
    return (
        f"{here['cores']} x {here['processor']}, {here['memory_gib']} GiB, {here['system']}; "
        + ", ".join(f"{name} {known[name]}" for name in names)
    )


@dataclass(frozen=True)
class Rate:
    """Environment steps a second.

    Attributes:
        wall: by the clock on the wall: what a person waits for, and what else runs here changes.
        cpu: by the CPU time of all threads, which other work on the machine hardly changes.
    """

    wall: float
    cpu: float


def rates(
    contenders: Mapping[str, Contender], rounds: int, enough_s: float = math.inf
) -> dict[str, Rate]:
    """The rate of each contender.

    They take turns, so that what else the machine does meets all of them alike. Two turns of each
    come before and are not counted: functions compile in them. Of those as of the `rounds` that
    count, none begins once `enough_s` have passed.
    """
    _rounds(lambda: [work() for work in contenders.values()], _UNCOUNTED, enough_s)
    steps = dict.fromkeys(contenders, 0)
    wall, cpu = dict.fromkeys(contenders, 0.0), dict.fromkeys(contenders, 0.0)

    def turns() -> None:
        for name, work in contenders.items():
            began, began_cpu = time.perf_counter(), time.process_time()
            steps[name] += work()
            wall[name] += time.perf_counter() - began
            cpu[name] += time.process_time() - began_cpu

    _rounds(turns, rounds, enough_s)
    return {name: Rate(steps[name] / wall[name], steps[name] / cpu[name]) for name in contenders}


def _rounds(work: Callable[[], object], count: int, enough_s: float) -> None:
    began = time.perf_counter()
    for _ in range(count):
        work()
        if time.perf_counter() - began >= enough_s:
            return


class Memory:
    """The most memory that this process's children held together, in bytes."""

    def __init__(self) -> None:
        self.peak = 0
        self._sampled = 0.0

    def sample(self, pause_s: float = 1.0) -> None:
        """Look again, unless that was done less than `pause_s` ago."""
        if time.monotonic() - self._sampled < pause_s:
            return
        self._sampled = time.monotonic()
        self.peak = max(self.peak, sum(map(_resident, psutil.Process().children(recursive=True))))


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:  # it ended meanwhile
        return 0
