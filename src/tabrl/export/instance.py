"""A policy's own graphs: a robot's template with the policy's numbers in it. No JAX here, so that a
server does it in a moment.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import numpy_helper
from safetensors.numpy import load_file

from tabrl.policies.added import lacking, octaves_shown, silenced, widened
from tabrl.policies.card import NUMBERS as WEIGHTS
from tabrl.policies.card import approach_of, read_card
from tabrl.robots.catalogue import robot as find_robot
from tabrl.spec import Approach

TEMPLATE, NETWORK, ROBOT = "template.onnx", "network.onnx", "robot.json"
SCENE, BOXED = "scene.mjb.gz", "boxed.mjb.gz"
DRAWING, NUMBERS = "drawing.json", "drawing.bin"
LICENCES = "licences.txt"
CONTROL, POLICY, FACTS = "control.onnx", "policy.onnx", "control.json"
FORMAT = 6
STANDS = Approach(name="Stand", description="", source="", weights={}, clock_hz=1.5)
"""How a base policy plays until somebody steers it; it was trained with any clock."""


def write_policy(policy: Path, robot: Path, folder: Path) -> None:
    """Write `control.onnx`, `policy.onnx` and `control.json`.

    Args:
        policy: a policy's folder.
        robot: what `export_robot` wrote for its robot and sizes.

    Raises:
        CheckpointError: the policy cannot be read.
    """
    card = read_card(policy)
    approach = approach_of(card) or STANDS
    arrays = widened(load_file(policy / WEIGHTS), lacking(card))
    arrays = silenced(arrays, octaves_shown(approach.clock_hz))
    facts = json.loads((robot / ROBOT).read_text("utf-8"))
    folder.mkdir(parents=True, exist_ok=True)
    for template, name in ((TEMPLATE, CONTROL), (NETWORK, POLICY)):
        onnx.save(_filled(onnx.load(robot / template), arrays), folder / name)
    told = json.dumps(_facts(card, approach, facts), indent=1)
    (folder / FACTS).write_text(told, "utf-8")


def _filled(model: onnx.ModelProto, arrays: Mapping[str, np.ndarray]) -> onnx.ModelProto:
    """The model with those of its inputs that are a policy's arrays as constants."""
    graph = model.graph
    asked = [value for value in graph.input if value.name in arrays]
    for value in asked:
        graph.input.remove(value)
        number = np.asarray(arrays[value.name], np.float32)
        graph.initializer.append(numpy_helper.from_array(number, value.name))
    return model


def _facts(card: Mapping[str, Any], approach: Approach, robot: dict[str, Any]) -> dict[str, Any]:
    """How a simulation plays it: what is read, set and remembered, and where it begins."""
    taught = approach is not STANDS
    known = find_robot(card["robot"])
    end = approach.termination
    fall = {
        "min_upright": end.min_upright,
        "min_height": end.min_height and end.min_height * known.structure.base_height,
    }
    return {
        "format": FORMAT,
        **robot,
        "name": approach.name if taught else f"{known.name} walks",
        "clock_hz": approach.clock_hz,
        "command": list(approach.command),
        "script": [move.model_dump() for move in approach.script],
        "steered": not taught and known.structure.takes_command,
        "fall": {k: v for k, v in fall.items() if v is not None} if known.falls else None,
    }
