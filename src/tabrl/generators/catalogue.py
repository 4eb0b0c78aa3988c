"""Writes `robots/catalogue.json` from the environments: `python -m tabrl.generators.catalogue`."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mujoco_playground import dm_control_suite, locomotion, manipulation

from tabrl.envs.load import load_env
from tabrl.robots.catalogue import entries
from tabrl.robots.structure import build_structure

PATH = Path(__file__).parents[1] / "robots" / "catalogue.json"
_CATEGORIES = {
    "locomotion": locomotion.ALL_ENVS,
    "manipulation": manipulation.ALL_ENVS,
    "dm_control_suite": dm_control_suite.ALL_ENVS,
}


def build_catalogue(robot_ids: list[str] | None = None) -> dict[str, Any]:
    """What the models say about the named robots, or about all of them, ready for JSON."""
    built = {}
    for robot_id, entry in entries().items():
        if robot_ids is None or robot_id in robot_ids:
            structure = build_structure(load_env(robot_id), entry)
            category = next(name for name, ids in _CATEGORIES.items() if robot_id in ids)
            built[robot_id] = {"category": category, "structure": asdict(structure)}
    return built


def to_json(catalogue: dict[str, Any]) -> str:
    """One robot a line, so that a change reads as the robots it touches."""
    lines = (
        f"{json.dumps(key)}:{json.dumps(value, separators=(',', ':'))}"
        for key, value in catalogue.items()
    )
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    PATH.write_text(to_json(build_catalogue()), "utf-8")
