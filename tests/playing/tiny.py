"""A box with an arm whose motor does as it is commanded: files that play it, made in a moment."""

import gzip
import json
from importlib.metadata import version
from pathlib import Path

import mujoco
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from tabrl.export.instance import BOXED, SCENE
from tabrl.export.slim import whole
from tabrl.playing.scenes import Scenes

HEAD = """
<mujoco>
  <option timestep="0.005"/>
  <worldbody>
    <geom type="plane" size="9 9 1"/>
    <body name="base" pos="0 0 0.1">
      <freejoint/>
      <geom type="box" size="0.2 0.1 0.1" mass="2"/>
      <body name="arm" pos="0 0 0.15">
        <joint name="shoulder" axis="0 0 1"/>
        <geom type="capsule" size="0.02" fromto="0 0 0 0.2 0 0" mass="0.1"/>
      </body>
    </body>
"""
TAIL = """
  </worldbody>
  <actuator><motor joint="shoulder" gear="0.1"/></actuator>
</mujoco>
"""
IN_ITS_WAY = """
    <body><freejoint/><geom type="box" size="0.05 0.1 0.04" mass="0.2"/></body>
"""
FALL = {"min_upright": 0.5}


def model(*, boxed: bool = False) -> mujoco.MjModel:
    """The robot, compiled, with or without a box in its way."""
    return mujoco.MjModel.from_xml_string(HEAD + boxed * IN_ITS_WAY + TAIL)


def scenes() -> Scenes:
    """Those of one page, which shares them with nobody."""
    return Scenes(model(), lambda: model(boxed=True))


def write(folder: Path) -> Path:
    """Write `control.json`, `control.onnx` and the compiled scenes."""
    compiled = model()
    folder.mkdir(parents=True, exist_ok=True)
    for name, each in ((SCENE, compiled), (BOXED, model(boxed=True))):
        (folder / name).write_bytes(gzip.compress(whole(each)))
    facts = {
        "robot": "Tiny",
        "mujoco": version("mujoco"),
        "control_dt": 0.02,
        "substeps": 4,
        "sets": ["ctrl"],
        "state": {"state.count": {"type": "float32", "shape": [1]}},
        "start": {"qpos": compiled.qpos0.tolist(), "qvel": [0.0] * compiled.nv},
        "clock_hz": 1.0,
        "command": [0.0, 0.0, 0.0],
        "script": [],
        "fall": FALL,
        "box": {
            "half": [0.05, 0.1, 0.04],
            "ahead": 0.4,
            "above": 0.1,
            "base": 1,
            "free_base": True,
        },
        "base": 1,
        "free_base": True,
    }
    (folder / "control.json").write_text(json.dumps(facts), "utf-8")
    onnx.save(_graph(compiled.nq), folder / "control.onnx")
    return folder


def _graph(nq: int) -> onnx.ModelProto:
    """Control is the command's first number; the state counts control steps."""
    f32 = TensorProto.FLOAT
    nodes = [
        helper.make_node("Slice", ["command", "from", "to"], ["ctrl"]),
        helper.make_node("Add", ["state.count", "one"], ["next.state.count"]),
    ]
    known = [
        numpy_helper.from_array(np.array([0], np.int64), "from"),
        numpy_helper.from_array(np.array([1], np.int64), "to"),
        numpy_helper.from_array(np.array([1], np.float32), "one"),
    ]
    takes = [
        helper.make_tensor_value_info(name, f32, shape)
        for name, shape in (("command", [3]), ("qpos", [nq]), ("state.count", [1]))
    ]
    gives = [helper.make_tensor_value_info(name, f32, [1]) for name in ("ctrl", "next.state.count")]
    graph = helper.make_graph(nodes, "tiny", takes, gives, known)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
