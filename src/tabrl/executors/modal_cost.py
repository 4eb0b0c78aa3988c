"""What trainings at Modal cost, about, and the cap on it.

An estimate: seconds of a container times what it holds, at the prices of `modal_prices.json`. Each
training has a file of its own below TABRL_HOME, so that a studio and commands write beside each
other, and whoever comes next finds its call.
"""

import json
import os
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from tabrl.errors import TabRLError
from tabrl.executors.modal_orders import CORES, IDLE_S, INSIST_S, MEMORY_GIB, MOST_S

LEAST_S = 120.0
"""A training that may run for less is not begun: it would hardly compile, s."""
WAITS_S = 3600.0  # for a container, at most: of one that is not heard of, nobody knows more
KEPT_S = 60 * 86400  # what was spent last month is looked at no more


@cache
def prices() -> dict[str, Any]:
    """`usd_per_s` of a core and a GiB, `gpu_usd_per_s` by kind, their `source` and date."""
    found: dict[str, Any] = json.loads(
        files(__package__).joinpath("modal_prices.json").read_text("utf-8")
    )
    return found


def known_gpu(kind: str) -> str:
    """A kind of GPU as Modal names it.

    Raises:
        TabRLError: there is none, or its price is not known.
    """
    kinds = prices()["gpu_usd_per_s"]
    found = next((name for name in kinds if name.lower() == kind.lower()), None)
    if found is None:
        raise TabRLError(f"There is no GPU {kind!r} at Modal.", f"Use one of: {', '.join(kinds)}.")
    return found


def rate(gpu: str | None) -> float:
    """What a container costs, USD a second."""
    each = prices()["usd_per_s"]
    card = prices()["gpu_usd_per_s"][gpu] if gpu else 0.0
    return float(CORES * each["core"] + MEMORY_GIB * each["gib"] + card)


@dataclass(frozen=True)
class Entry:
    """A training at Modal.

    Attributes:
        key: names the attempt.
        approach: the folder that all attempts of its approach have in common.
        gpu: its kind; None for cores alone.
        asked: when it was handed over, Unix time.
        most_s: how long it may run; None for as long as Modal lets it.
        call: Modal's id of its call; empty until that is known.
        began: when its container began, Unix time; None until that is known.
        until: when it ended; None while it runs.
        kept: whether what it left is still in the volume.
    """

    key: str
    approach: str
    gpu: str | None
    asked: float
    most_s: float | None
    call: str = ""
    began: float | None = None
    until: float | None = None
    kept: bool = True

    @property
    def runs(self) -> bool:
        """Whether it may run or wait for a container."""
        return self.until is None and time.time() - self.asked < MOST_S + WAITS_S

    @property
    def ends(self) -> float:
        """When it ended, or ends at the latest where nobody heard of it, Unix time."""
        return self.until or (self.began or self.asked) + MOST_S

    @property
    def seconds(self) -> float:
        """How long it has been paid for, s."""
        if self.began is None:
            return 0.0
        return min(float(MOST_S), (self.until or time.time()) - self.began) + IDLE_S

    @property
    def usd(self) -> float:
        """What it has cost so far, about."""
        return rate(self.gpu) * self.seconds

    @property
    def at_most_usd(self) -> float:
        """What it may come to."""
        if not self.runs:
            return self.usd
        return max(self.usd, rate(self.gpu) * ((self.most_s or MOST_S) + INSIST_S + IDLE_S))


class Ledger:
    """The trainings at Modal of one home.

    Args:
        cap: USD that those of a calendar month (UTC) may cost together; None for no cap.
    """

    def __init__(self, folder: Path, cap: float | None) -> None:
        self._folder, self.cap = folder, cap
        folder.mkdir(parents=True, exist_ok=True)
        for entry in self.entries():
            if time.time() - entry.asked > KEPT_S:
                (folder / f"{entry.key}.json").unlink(missing_ok=True)

    def entries(self) -> list[Entry]:
        """All that are kept; a damaged file counts as none."""
        found = []
        for path in sorted(self._folder.glob("*.json")):
            with suppress(OSError, ValueError, TypeError):
                found.append(Entry(**json.loads(path.read_bytes())))
        return found

    def find(self, key: str) -> Entry | None:
        """The training of this name, if it was handed over from here."""
        return next((entry for entry in self.entries() if entry.key == key), None)

    def write(self, entry: Entry) -> Entry:
        """Keep a training, whole or as it was."""
        path = self._folder / f"{entry.key}.json"
        part = path.with_name(f".{path.name}.{os.getpid()}")
        part.write_text(json.dumps(asdict(entry)))
        part.replace(path)
        return entry

    def change(self, entry: Entry, **changes: Any) -> Entry:
        """Keep what has become known of a training."""
        changed = replace(entry, **changes)
        return entry if changed == entry else self.write(changed)

    def spent(self) -> float:
        """What this month's trainings have cost so far, USD, about."""
        return sum(entry.usd for entry in self._of_this_month())

    def share(self, gpu: str | None, places: int) -> float | None:
        """How long one more training may run, s: an even share of what is left under the cap, and
        an hour if there is as much. So the cap holds whoever watches; None where there is none.

        Args:
            places: trainings that run at once.

        Raises:
            TabRLError: too little is left.
        """
        if self.cap is None:
            return None
        others = self._of_this_month()
        left = self.cap - sum(entry.at_most_usd for entry in others)
        running = sum(entry.runs for entry in others)
        even = max(left / max(1, places - running), 3600 * rate(gpu))
        seconds = min(left, even) / rate(gpu) - INSIST_S - IDLE_S
        if seconds < LEAST_S:
            spent, held = self.spent(), sum(e.at_most_usd - e.usd for e in others)
            raise TabRLError(
                f"The cap on what Modal may cost is reached: ${self.cap:.2f} a month, of which "
                f"about ${spent:.2f} are spent and ${held:.2f} are held for what runs.",
                "Wait for what runs, for the next month, or raise TABRL_MODAL_CAP.",
            )
        return min(seconds, float(MOST_S))

    def _of_this_month(self) -> list[Entry]:
        now = datetime.fromtimestamp(time.time(), UTC)
        start = datetime(now.year, now.month, 1, tzinfo=UTC).timestamp()
        return [e for e in self.entries() if e.runs or e.ends >= start]
