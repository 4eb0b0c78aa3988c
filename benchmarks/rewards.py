"""Rewards: which share of a language model's approaches is valid, over stored replies.

python -m benchmarks.rewards --replies DIR [--robot ID]

DIR holds experiments' folders or `exchanges.jsonl` files, at any depth. Each is replayed without a
network, its approaches checked as they are in the product.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.machine import machine
from tabrl.behaviours.builtin import propose
from tabrl.errors import TabRLError
from tabrl.executors.base import Executor, make_executor
from tabrl.experiments.authors import Worker
from tabrl.experiments.record import FILE as EXPERIMENT
from tabrl.experiments.record import load
from tabrl.llm.exchange import Replay, providers_of, recorded
from tabrl.llm.writer import REPAIRS, write
from tabrl.robots.catalogue import robot as find_robot
from tabrl.settings import Settings

GO1 = "Go1JoystickFlatTerrain"
COUNT = 3


@dataclass
class Tally:
    """Valid approaches of one provider: at first, after each repair, with those of the built-in."""

    asked: int = 0
    valid: list[int] = field(default_factory=lambda: [0] * (REPAIRS + 1))
    stood_in: int = 0

    def add(self, wanted: int, valid_after: tuple[int, ...], stood_in: int) -> None:
        """One conversation; where it ended early, what was valid then stays valid."""
        self.asked += wanted
        self.stood_in += stood_in
        last = 0
        for repair in range(REPAIRS + 1):
            last = valid_after[repair] if repair < len(valid_after) else last
            self.valid[repair] += last

    def shares(self) -> dict[str, str]:
        """The shares in words."""
        shares = {"asked for": str(self.asked)}
        for repair, valid in enumerate(self.valid):
            name = f"after repair {repair}" if repair else "valid at first"
            shares[name] = self._share(valid)
        return shares | {"after fallback": self._share(self.valid[-1] + self.stood_in)}

    def _share(self, valid: int) -> str:
        return f"{valid / max(1, self.asked):.1%}"


def main(replies: Path, *, robot: str = GO1) -> dict:
    """The share of valid approaches of each provider.

    Args:
        replies: folder of recorded exchanges.
        robot: whom a recording is for whose experiment does not tell.

    Raises:
        TabRLError: there are none.
    """
    files = sorted(replies.rglob("*.jsonl")) if replies.is_dir() else [replies]
    if not files:
        raise TabRLError(f"There are no recordings in {replies}.", "Name a folder that holds some.")
    tallies: dict[str, Tally] = {}
    with make_executor("local", Settings.from_env()) as executor:
        for file in files:
            print(file, file=sys.stderr)
            for provider, valid_after, stood_in in _replayed(file, robot, executor):
                tallies.setdefault(provider, Tally()).add(COUNT, valid_after, stood_in)
    return {
        "machine": machine(),
        "recordings": len(files),
        **{name: tally.shares() for name, tally in tallies.items()},
    }


def _replayed(
    file: Path, robot: str, executor: Executor
) -> Iterator[tuple[str, tuple[int, ...], int]]:
    """For each provider of a recording, how many were valid when, and how many the built-in
    proposer makes good.
    """
    exchanges = recorded(file)
    sentence = "a recorded sentence"
    if (file.parent / EXPERIMENT).exists():
        experiment = load(file.parent)
        robot, sentence = experiment.robot, experiment.sentence
    for name in providers_of(exchanges):
        yield name, *asyncio.run(_valid(sentence, robot, Replay(exchanges, name), executor))


async def _valid(
    sentence: str, robot: str, replay: Replay, executor: Executor
) -> tuple[tuple[int, ...], int]:
    worker, known = Worker(robot, executor), find_robot(robot)
    written = await write(sentence, known, replay, worker.check, COUNT)
    missing = COUNT - len(written.approaches)
    stand_ins = propose(sentence, known, count=missing).approaches if missing else ()
    results = [await worker.check(approach) for approach in stand_ins]
    return written.valid_after, sum(result.valid for result in results)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replies", type=Path, required=True)
    parser.add_argument("--robot", default=GO1)
    options = parser.parse_args()
    print(json.dumps(main(options.replies, robot=options.robot), indent=1))
