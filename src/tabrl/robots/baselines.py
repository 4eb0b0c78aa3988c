"""What robots do that were taught nothing, as it was measured: `tabrl.generators.baselines`."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

PATH = Path(__file__).parent / "baselines.json"
Baseline = dict[str, tuple[float, ...]]
"""{series: (mean, 5th percentile, 95th percentile)}, of nine seconds after the first."""


def baselines(robot_id: str) -> Mapping[str, Baseline]:
    """{who: baseline}, of a still and a random robot and of its base policy at some commands;
    empty where a robot was not measured.
    """
    return _all().get(robot_id, {})


@cache
def _all() -> dict[str, dict[str, Baseline]]:
    return json.loads(PATH.read_text("utf-8")) if PATH.exists() else {}
