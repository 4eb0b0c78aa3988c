"""What plays any policy of a robot: its graph without a policy's numbers, its scene and its facts.

`template.onnx` and `network.onnx` wait for the numbers of a policy (`tabrl.export.instance`),
`scene.mjb.gz` is the compiled scene, `boxed.mjb.gz` the same with a box in the robot's way (empty
where there can be none), `drawing.json` and `drawing.bin` are their looks, and `robot.json` says
how they go together.
"""

import gzip
import itertools
import json
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import jax
import numpy as np
import onnx

from tabrl.envs.task import Setting, Task
from tabrl.export.anatomy import anatomy
from tabrl.export.boxed import with_box
from tabrl.export.convert import write
from tabrl.export.drawing import drawing
from tabrl.export.graph import Graph
from tabrl.export.instance import (
    BOXED,
    DRAWING,
    LICENCES,
    NETWORK,
    NUMBERS,
    ROBOT,
    SCENE,
    STANDS,
    TEMPLATE,
)
from tabrl.export.layout import layout
from tabrl.export.slim import slim
from tabrl.export.step import ControlStep, control_step, weights_of
from tabrl.policies.added import ADDED, OCTAVES
from tabrl.policies.networks import initialize, make_networks, make_policy
from tabrl.robots.assets import licences

_WAY_BACK = (
    "way d ahead to where it began, as d / (0.5 m + |d|)",
    "way d to the left to where it began, as d / (0.5 m + |d|)",
    "sine of the angle that it has turned since it began",
    "one minus the cosine of the angle that it has turned since it began",
)
_VELOCITY = ("forward, m/s", "left, m/s", "turn to the left, rad/s")


def export_robot(robot_id: str, hidden: tuple[int, ...], folder: Path) -> None:
    """Write all of it.

    Args:
        hidden: units of the policy's layers.

    Raises:
        UnknownRobotError: there is no such robot.
        CannotExport: its environment computes what has no counterpart in the graph yet.
    """
    task = Task(robot_id, 1, threads=1)
    setting = task.setting(STANDS)
    about = _metadata(task, setting)
    step = control_step(task, setting, hidden, about)
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(step.model, folder / TEMPLATE)
    onnx.save(_network(task, hidden, about), folder / NETWORK)
    facts = _facts(task, setting, step)
    boxed = with_box(robot_id, task.robot.structure, task.model, facts["start"])
    scenes = {SCENE: slim(task.model), BOXED: slim(boxed[0]) if boxed else b""}
    for name, scene in scenes.items():
        (folder / name).write_bytes(gzip.compress(scene, mtime=0))
    facts["box"] = boxed and boxed[1]
    described, numbers = drawing(task.model, facts["box"])
    (folder / DRAWING).write_text(json.dumps(described, separators=(",", ":")), "utf-8")
    (folder / NUMBERS).write_bytes(numbers)
    (folder / LICENCES).write_text(licences(), "utf-8")
    (folder / ROBOT).write_text(json.dumps(facts), "utf-8")


def _network(task: Task, hidden: tuple[int, ...], about: dict[str, str]) -> onnx.ModelProto:
    """The bare policy: observation in, action out."""
    networks = make_networks(task.obs_shapes, task.action_size, hidden, 1.0)
    policy = make_policy(networks, deterministic=True)
    parameters = initialize(networks, task.obs_shapes, jax.random.PRNGKey(0))
    (size,) = task.obs_shapes["state"]
    private = np.zeros((1, *task.obs_shapes["privileged_state"]), np.float32)

    def act(observation: jax.Array, parameters: Any) -> jax.Array:
        obs = {"state": observation[None], "privileged_state": private}
        return policy(parameters, obs, jax.random.PRNGKey(0))[0][0]

    graph = Graph()
    observation = graph.input("observation", (size,), np.float32)
    action = write(graph, act, observation, weights_of(graph, parameters))
    needed = sorted(graph.needed([action]) - {"observation"})
    return graph.model({"action": action}, ["observation", *needed], about)


def _metadata(task: Task, setting: Setting) -> dict[str, str]:
    """What deployment needs, as the model's own properties: JSON where it is more than a word."""
    model, structure = task.model, task.robot.structure
    (size,) = task.obs_shapes["state"]
    about = {
        "robot": task.robot.id,
        "joints": [joint.name for joint in structure.joints],
        "joint_limits": [joint.range for joint in structure.joints],
        "default_pose": structure.home_qpos,
        "actuators": [model.actuator(i).name for i in range(model.nu)],
        "control_range": model.actuator_ctrlrange.tolist(),
        "stiffness": model.actuator_gainprm[:, 0].tolist(),
        "damping": (-model.actuator_biasprm[:, 2]).tolist(),
        "control_dt": structure.control_dt,
        "sim_dt": structure.sim_dt,
        "action": "its scale is inside: ctrl is what MuJoCo's actuators take",
        "observation": [
            *layout(task, setting),
            *_added(size - ADDED),
        ],
        "command": _VELOCITY,
        "licences": f"of the robot and its scene: {LICENCES}",
        "versions": {name: version(name) for name in ("tabrl", "mujoco", "playground")},
    }
    return {k: v if isinstance(v, str) else json.dumps(v) for k, v in about.items()}


def _added(start: int) -> Iterator[dict[str, Any]]:
    """What the end of an observation holds, from the number `start` on."""
    waves = itertools.product(range(OCTAVES), ("sine", "cosine"))
    for place, (octave, wave) in enumerate(waves, start):
        times = f"{2**octave} times " if octave else ""
        said = f"{wave} of {times}the clock's angle"
        yield {"from": place, "to": place + 1, "shape": [1], "is": said, "unit": "1"}
    for place, said in enumerate(_WAY_BACK, start + 2 * OCTAVES):
        yield {"from": place, "to": place + 1, "shape": [1], "is": said, "unit": "1"}


def _facts(task: Task, setting: Setting, step: ControlStep) -> dict[str, Any]:
    robot, structure = task.robot, task.robot.structure
    begun = task.reset(jax.random.PRNGKey(0), setting, canonical=1)
    inputs = task.split.inputs_of(begun.env)
    start = ("qpos", "qvel", "act", "mocap_pos", "mocap_quat")
    return {
        "robot": robot.id,
        "mujoco": version("mujoco"),
        "control_dt": structure.control_dt,
        "substeps": task.split.nstep,
        "reads": list(step.reads),
        "sets": list(step.sets),
        "state": {
            name: {"type": str(value.dtype), "shape": value.shape}
            for name, value in step.state.items()
        },
        "start": {n: np.asarray(inputs[n][0], np.float64).ravel().tolist() for n in start},
        "command_ranges": structure.command_ranges,
        "camera": vars(robot.camera),
        "anatomy": anatomy(task.model, structure),
        "base": int(task.model.body(structure.base_body).id),
        "free_base": structure.free_base,
    }
