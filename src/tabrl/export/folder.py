"""What plays a policy anywhere: graphs, scene and facts in one folder.

`control.onnx` takes what MuJoCo's data holds and gives its control, `policy.onnx` is the bare
network, `scene.mjb.gz` the compiled scene, `drawing.json` and `drawing.bin` its looks, and
`control.json` says how they go together.
"""

import gzip
import json
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import jax
import mujoco
import numpy as np
import onnx

from tabrl.envs.task import Setting, Task
from tabrl.export.convert import write
from tabrl.export.drawing import drawing
from tabrl.export.graph import Graph
from tabrl.export.slim import slim
from tabrl.export.step import ControlStep, control_step
from tabrl.policies import checkpoint
from tabrl.policies.networks import Parameters, make_networks, make_policy
from tabrl.robots.catalogue import Robot
from tabrl.spec import Approach

FORMAT = 1
CONTROL, POLICY, FACTS = "control.onnx", "policy.onnx", "control.json"
SCENE, DRAWING, NUMBERS = "scene.mjb.gz", "drawing.json", "drawing.bin"
_VELOCITY = ("forward, m/s", "left, m/s", "turn to the left, rad/s")


@dataclass(frozen=True)
class Playable:
    """A policy with the task that it plays, as it is exported."""

    task: Task
    setting: Setting
    parameters: Parameters
    hidden: tuple[int, ...]
    approach: Approach | None

    @classmethod
    def of(cls, folder: Path) -> "Playable":
        """A policy on disk.

        Raises:
            CheckpointError: it cannot be read, or does not fit its robot.
        """
        parameters, _, card = checkpoint.load(folder)
        task = Task(card["robot"], 1, threads=1)
        checkpoint.refuse_misfit(card, task.obs_shapes, task.action_size)
        approach = checkpoint.approach_of(card)
        return cls(task, _held(task, approach), parameters, tuple(card["hidden"]), approach)


def _held(task: Task, approach: Approach | None) -> Setting:
    """A base policy is told to stand until somebody steers it."""
    return task.setting(approach or _STANDS)


_STANDS = Approach(name="Base", description="", source="", weights={}, clock_hz=1.5)


def export_policy(playable: Playable, folder: Path) -> None:
    """Write `control.onnx`, `policy.onnx` and `control.json`.

    Raises:
        CannotExport: the environment computes what has no counterpart in the graph yet.
    """
    folder.mkdir(parents=True, exist_ok=True)
    about = _metadata(playable.task)
    step = control_step(
        playable.task, playable.setting, playable.parameters, playable.hidden, about
    )
    onnx.save(step.model, folder / CONTROL)
    onnx.save(_network(playable, about), folder / POLICY)
    (folder / FACTS).write_text(json.dumps(_facts(playable, step), indent=1), "utf-8")


def export_scene(task: Task, folder: Path) -> None:
    """Write `scene.mjb.gz`, `drawing.json` and `drawing.bin`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SCENE).write_bytes(gzip.compress(slim(task.model), mtime=0))
    described, numbers = drawing(task.model)
    (folder / DRAWING).write_text(json.dumps(described, separators=(",", ":")), "utf-8")
    (folder / NUMBERS).write_bytes(numbers)


def _network(playable: Playable, metadata: dict[str, str]) -> onnx.ModelProto:
    """The bare policy: observation in, action out."""
    task = playable.task
    networks = make_networks(task.obs_shapes, task.action_size, playable.hidden, 1.0)
    policy = make_policy(networks, deterministic=True)
    (size,) = task.obs_shapes["state"]
    private = np.zeros((1, *task.obs_shapes["privileged_state"]), np.float32)

    def act(observation: jax.Array) -> jax.Array:
        obs = {"state": observation[None], "privileged_state": private}
        return policy(playable.parameters, obs, jax.random.PRNGKey(0))[0][0]

    graph = Graph()
    action = write(graph, act, graph.input("observation", (size,), np.float32))
    return graph.model({"action": action}, ["observation"], metadata)


def _metadata(task: Task) -> dict[str, str]:
    """What deployment needs, as the model's own properties: JSON where it is more than a word."""
    model, structure = task.model, task.robot.structure
    actuators = [model.actuator(i) for i in range(model.nu)]
    about = {
        "robot": task.robot.id,
        "joints": [joint.name for joint in structure.joints],
        "joint_limits": [joint.range for joint in structure.joints],
        "default_pose": structure.home_qpos,
        "actuators": [actuator.name for actuator in actuators],
        "control_range": model.actuator_ctrlrange.tolist(),
        "stiffness": [float(actuator.gainprm[0]) for actuator in actuators],
        "damping": [float(-actuator.biasprm[2]) for actuator in actuators],
        "control_dt": structure.control_dt,
        "sim_dt": structure.sim_dt,
        "action": "inside: control is what MuJoCo's ctrl takes, the action's scale is in the graph",
        "observation": _observed(task),
        "command": _VELOCITY,
        "versions": {name: version(name) for name in ("tabrl", "mujoco", "playground")},
    }
    return {k: v if isinstance(v, str) else json.dumps(v) for k, v in about.items()}


def _observed(task: Task) -> list[dict[str, Any]]:
    (size,) = task.obs_shapes["state"]
    clock = [
        {"from": size - 2, "to": size - 1, "is": "sine of the clock's angle"},
        {"from": size - 1, "to": size, "is": "cosine of the clock's angle"},
    ]
    return [{"from": 0, "to": size - 2, "is": "the environment's own observation"}, *clock]


def _facts(playable: Playable, step: ControlStep) -> dict[str, Any]:
    """How a simulation plays it: what is read, set and remembered, and where it begins."""
    task, robot = playable.task, playable.task.robot
    approach = playable.approach
    return {
        "format": FORMAT,
        "robot": robot.id,
        "name": approach.name if approach else f"{robot.name} walks",
        "mujoco": version("mujoco"),
        "control_dt": robot.structure.control_dt,
        "substeps": task.split.nstep,
        "reads": list(step.reads),
        "sets": list(step.sets),
        "state": {
            name: {"type": str(v.dtype), "shape": v.shape, "value": v.ravel().tolist()}
            for name, v in step.state.items()
        },
        "start": _start(playable),
        "clock_hz": float(playable.setting.clock_hz),
        "command": list(approach.command) if approach else [0.0, 0.0, 0.0],
        "script": [move.model_dump() for move in approach.script] if approach else [],
        "steered": approach is None and robot.structure.takes_command,
        "command_ranges": robot.structure.command_ranges,
        "fall": _fall(playable),
        "camera": vars(robot.camera),
        "base": _base(task.model, robot),
        "free_base": robot.structure.free_base,
    }


def _start(playable: Playable) -> dict[str, list[float]]:
    """Where the simulation of a clip begins: the home pose at rest, where there is one."""
    task = playable.task
    begun = task.reset(jax.random.PRNGKey(0), playable.setting, canonical=1)
    inputs = task.split.inputs_of(begun.env)
    names = ("qpos", "qvel", "act", "mocap_pos", "mocap_quat")
    return {n: np.asarray(inputs[n][0], np.float64).ravel().tolist() for n in names}


def _fall(playable: Playable) -> dict[str, float] | None:
    """From which cosine of its tilt and from which height of its base (m) on a robot has fallen."""
    if not playable.task.robot.falls:
        return None
    least = {
        "min_upright": float(playable.setting.min_upright),
        "min_height": float(playable.setting.min_height),
    }
    return {name: value for name, value in least.items() if value > -1.0} or None


def _base(model: mujoco.MjModel, robot: Robot) -> int:
    return int(model.body(robot.structure.base_body).id)
