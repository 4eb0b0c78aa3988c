"""One control step of a policy as a graph: raw state, command and clock in, control out.

Between two physics calls an environment looks at what the physics gave, the policy decides, and the
environment turns the action into the physics' inputs; all three are one graph here. What an
environment remembers from step to step, such as the last action, goes in and comes out as
`state.*`; what never changes is a constant of the graph.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import onnx

from tabrl.envs.signals import pose_of, way_back
from tabrl.envs.split import EnvState
from tabrl.envs.task import Setting, Task, observation
from tabrl.export.convert import write
from tabrl.export.graph import Graph, Tensor
from tabrl.policies.added import OCTAVES, WAY_BACK
from tabrl.policies.checkpoint import array_name
from tabrl.policies.networks import Parameters, initialize, make_networks, make_policy

_KEPT = frozenset({"qacc_warmstart", "time"})
"""What the physics keeps by itself."""


@dataclass(frozen=True)
class ControlStep:
    """A graph of one control step of a robot, for any policy of these sizes.

    Attributes:
        model: inputs `first` (bool: nothing was done yet), `command` (3,) forward m/s, left m/s,
            turn rad/s, `phase` () rad, of which all octaves are shown, `reads`, `state.*`, and the
            policy's own arrays; outputs
            `ctrl` and other inputs of the physics that the environment sets, `action`,
            `observation`, and the next `state.*`.
        reads: fields of MuJoCo's data that it takes, as they are after a control step.
        sets: fields of MuJoCo's data that it gives for the next one.
        state: zeros in the shapes of `state.*`; what they are at first does not count.
        weights: names of the inputs that are the policy's arrays, as in `policy.safetensors`.
    """

    model: onnx.ModelProto
    reads: tuple[str, ...]
    sets: tuple[str, ...]
    state: dict[str, np.ndarray]
    weights: tuple[str, ...]


def control_step(
    task: Task,
    setting: Setting,
    hidden: tuple[int, ...],
    metadata: Mapping[str, str] = MappingProxyType({}),
    seed: int = 0,
) -> ControlStep:
    """The graph of a robot whose episodes begin as its clips do.

    Args:
        task: of one simulation.
        setting: any that holds its command; what it holds is an input of the graph.
    """
    key = jax.random.PRNGKey(seed)
    keys, _, answers = task.answered(key, setting.commands[0])
    begun = task.reset(key, setting, canonical=1).env
    networks = make_networks(task.obs_shapes, task.action_size, hidden, 1.0)
    policy = make_policy(networks, deterministic=True)
    parameters = initialize(networks, task.obs_shapes, key)
    derived = task.physics.step(task.split.inputs_of(begun), 0)
    outputs = {name: np.asarray(value[0]) for name, value in derived.items()}
    still, origin = np.zeros((1, task.action_size), np.float32), np.zeros((1, 4), np.float32)
    begin = jax.tree.map(lambda x: np.asarray(x)[0], _remembered(begun, still, outputs, origin))

    def step(
        first: jax.Array,
        command: jax.Array,
        phase: jax.Array,
        outputs: dict[str, jax.Array],
        remembered: dict[str, Any],
        parameters: Parameters,
    ) -> dict[str, Any]:
        outputs, before = jax.tree.map(lambda x: x[None], (outputs, remembered))
        told = command[None]
        # A clip's first answers, but for what the physics says of where the robot is put.
        answered: list[dict] = [*answers[:-1], outputs] if answers else []
        start = task.split.reset_end(keys, command, answered)
        after, _ = task.split.post(_state(begun, before, outputs), before["action"], told, outputs)
        now = jax.tree.map(lambda one, other: jnp.where(first, one, other), start, after)
        origin, back = before["origin"], jnp.zeros((1, WAY_BACK))
        if task.robot.structure.free_base:
            here = pose_of(outputs["qpos"])
            origin = jnp.where(first, here, origin)
            back = way_back(here, origin)
        obs = observation(now.obs, phase[None], OCTAVES, back)
        action, _ = policy(parameters, obs, key)
        sets = task.split.pre(now, action, told)
        given = {
            "sets": {name: value for name, value in sets.items() if name not in _KEPT},
            "action": action,
            "observation": obs["state"],
            "remembered": _remembered(now, action, outputs, origin),
        }
        return jax.tree.map(lambda x: x[0], given)

    return _written(step, outputs, begin, parameters, metadata)


def _remembered(
    env: EnvState, action: Any, outputs: Mapping[str, Any], origin: Any
) -> dict[str, Any]:
    """What goes from step to step beside what the physics gives anew; `origin` is where it began, a
    pose as of `pose_of`.
    """
    data = {name: value for name, value in env.data.items() if name not in outputs}
    return {"data": data, "obs": env.obs, "info": env.info, "action": action, "origin": origin}


def _state(like: EnvState, remembered: dict[str, Any], outputs: Mapping[str, Any]) -> EnvState:
    anew = {
        name: outputs[name].reshape(value.shape)
        for name, value in like.data.items()
        if name in outputs
    }
    return EnvState(remembered["data"] | anew, remembered["obs"], remembered["info"])


def _written(
    step: Callable[..., dict[str, Any]],
    outputs: Mapping[str, np.ndarray],
    begin: dict[str, Any],
    parameters: Parameters,
    metadata: Mapping[str, str],
) -> ControlStep:
    """Write the graph; again, as long as something that was taken for a constant turns out to
    change.
    """
    changing: set[str] = set()
    while True:
        graph = Graph()
        first = graph.input("first", (), np.bool_)
        command = graph.input("command", (3,), np.float32)
        phase = graph.input("phase", (), np.float32)
        read = {
            name: graph.input(name, v.shape, np.float32) if v.size else v.astype(np.float32)
            for name, v in outputs.items()
        }
        names, tree = _by_name(begin)
        values = [
            graph.input(name, value.shape, value.dtype) if name in changing else value
            for name, value in names.items()
        ]
        weights = weights_of(graph, parameters)
        remembered = jax.tree.unflatten(tree, values)
        given = write(graph, step, first, command, phase, read, remembered, weights)
        following = _by_name(given["remembered"])[0]
        found = {
            name
            for name, value in following.items()
            if isinstance(value, Tensor) or not np.array_equal(value, names[name])
        }
        if found <= changing:
            break
        changing |= found
    sets = {
        name: value
        for name, value in given["sets"].items()
        if name == "ctrl" or (isinstance(value, Tensor) and value is not read.get(name))
    }
    shown = {n if n == "ctrl" else f"set.{n}": value for n, value in sets.items()} | {
        "action": given["action"],
        "observation": given["observation"],
    }
    state: set[str] = set()
    while True:  # what is remembered only for itself is left out
        needed = graph.needed([*shown.values(), *(following[name] for name in state)])
        if needed & changing <= state:
            break
        state |= needed & changing
    kept = [name for name in names if name in state]
    reads = tuple(sorted(needed & read.keys()))
    arrays = tuple(sorted(needed & {leaf.name for leaf in _tensors(weights)}))
    model = graph.model(
        shown | {f"next.{name}": following[name] for name in kept},
        ["first", "command", "phase", *reads, *kept, *arrays],
        metadata,
    )
    return ControlStep(
        model,
        reads=reads,
        sets=tuple(sets),
        weights=arrays,
        state={name: np.zeros_like(np.asarray(names[name])) for name in kept},
    )


def _by_name(tree: Any) -> tuple[dict[str, Any], Any]:
    """Leaves by their path, such as `state.info.last_act`, and the structure that they make."""
    leaves, structure = jax.tree_util.tree_flatten_with_path(
        tree, is_leaf=lambda x: isinstance(x, Tensor)
    )
    names = (jax.tree_util.keystr(path, simple=True, separator=".") for path, _ in leaves)
    return {f"state.{n}": leaf for n, (_, leaf) in zip(names, leaves, strict=True)}, structure


def weights_of(graph: Graph, parameters: Parameters) -> Parameters:
    """A policy's arrays as inputs of the graph, by their names on disk."""

    def asked(path: Any, leaf: Any) -> Any:
        value = np.asarray(leaf)
        if value.dtype != np.float32:
            return value
        return graph.input(array_name(path), value.shape, value.dtype)

    return jax.tree_util.tree_map_with_path(asked, parameters)


def _tensors(tree: Any) -> list[Tensor]:
    leaves = jax.tree.leaves(tree, is_leaf=lambda x: isinstance(x, Tensor))
    return [leaf for leaf in leaves if isinstance(leaf, Tensor)]
