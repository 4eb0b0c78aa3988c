"""One control step after another: MuJoCo's physics and the policy's graph."""

import json
import math
from pathlib import Path

import mujoco
import numpy as np
import onnxruntime

HERE = Path(__file__).parent
TYPES = {"float32": np.float32, "int32": np.int32, "bool": np.bool_, "uint32": np.uint32}


class Robot:
    """A simulation that the policy moves.

    Attributes:
        facts: what `control.json` says.
        command: forward m/s, left m/s, turn to the left rad/s; None as it was taught.
    """

    def __init__(self, folder: Path = HERE, model: mujoco.MjModel | None = None) -> None:
        self.facts = json.loads((folder / "control.json").read_text("utf-8"))
        self.model = model or load(folder / "scene.mjb", self.facts["mujoco"])
        self.data = mujoco.MjData(self.model)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # the graph is small
        self.session = onnxruntime.InferenceSession(folder / "control.onnx", options)
        self.inputs = self.session.get_inputs()
        self.outputs = [output.name for output in self.session.get_outputs()]
        self.command: list[float] | None = None
        self.reset()

    def reset(self) -> None:
        """Back to where its clip begins."""
        mujoco.mj_resetData(self.model, self.data)
        for name, values in self.facts["start"].items():
            field = getattr(self.data, name)
            field[:] = np.reshape(values, field.shape)
        mujoco.mj_forward(self.model, self.data)
        self.steps = 0
        self.state = {
            name: np.zeros(each["shape"], TYPES[each["type"]])  # `first` sets it
            for name, each in self.facts["state"].items()
        }

    def taught(self, time: float) -> list[float]:
        """The command of the policy's script at a time of its episode, s."""
        told = self.facts["command"]
        end = 0.0
        for move in self.facts["script"]:
            told = [move["forward"], move["left"], move["turn"]]
            end += move["seconds"]
            if time < end:
                break
        return told

    def step(self) -> None:
        """Look, decide, move for one control period."""
        dt = self.facts["control_dt"]
        told = self.command or self.taught(max(self.steps - 1, 0) * dt)
        given = {
            "first": np.array(self.steps == 0),
            "command": np.array(told, np.float32),
            "phase": np.array(
                2 * math.pi * (self.facts["clock_hz"] * self.steps * dt % 1), np.float32
            ),
            **self.state,
        }
        inputs = {}
        for wanted in self.inputs:
            value = given.get(wanted.name)
            if value is None:
                field = np.ravel(getattr(self.data, wanted.name)).astype(np.float32)
                value = field[: math.prod(wanted.shape)].reshape(wanted.shape)
            inputs[wanted.name] = value
        outputs = dict(zip(self.outputs, self.session.run(None, inputs), strict=True))
        for name in self.facts["sets"]:
            value = np.ravel(outputs["ctrl" if name == "ctrl" else f"set.{name}"])
            getattr(self.data, name).reshape(-1)[: value.size] = value
        self.state = {name: np.asarray(outputs[f"next.{name}"]) for name in self.state}
        mujoco.mj_step(self.model, self.data, self.facts["substeps"])
        self.steps += 1


def load(scene: Path, version: str) -> mujoco.MjModel:
    """The compiled scene, which only the MuJoCo that wrote it reads."""
    if mujoco.__version__ != version:
        raise SystemExit(
            f"{scene.name} is for mujoco {version}: pip install "
            f"mujoco=={version}, not {mujoco.__version__}."
        )
    return mujoco.MjModel.from_binary_path(str(scene))
