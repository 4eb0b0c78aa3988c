"""One control step of a policy as a graph: raw state, command and clock in, control out.

Between two physics calls an environment looks at what the physics gave, the policy decides, and the
environment turns the action into the physics' inputs; all three are one graph here. What an
environment remembers from step to step, such as the last action, goes in and comes out as
`state.*`; what never changes is a constant of the graph.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import onnx

from tabrl.envs.split import EnvState
from tabrl.envs.task import Setting, Task, observation
from tabrl.export.convert import write
from tabrl.export.graph import Graph, Tensor
from tabrl.policies.networks import Parameters, make_networks, make_policy

_KEPT = frozenset({"qacc_warmstart", "time"})
"""What the physics keeps by itself."""


@dataclass(frozen=True)
class ControlStep:
    """A graph of one control step, and what its first call needs.

    Attributes:
        model: inputs `first` (bool: nothing was done yet), `command` (3,) forward m/s, left m/s,
            turn rad/s, `phase` () rad, `reads`, and `state.*`; outputs `ctrl` and other inputs of
            the physics that the environment sets, `action`, `observation`, and the next `state.*`.
        reads: fields of MuJoCo's data that it takes, as they are after a control step.
        sets: fields of MuJoCo's data that it gives for the next one.
        state: what `state.*` is at first.
    """

    model: onnx.ModelProto
    reads: tuple[str, ...]
    sets: tuple[str, ...]
    state: dict[str, np.ndarray]


def control_step(
    task: Task,
    setting: Setting,
    parameters: Parameters,
    hidden: tuple[int, ...],
    metadata: Mapping[str, str] = {},
    seed: int = 0,
) -> ControlStep:
    """The graph of a policy, as it begins at home.

    Args:
        task: of one simulation.
    """
    begun = task.reset(jax.random.PRNGKey(seed), setting, canonical=1)
    networks = make_networks(task.obs_shapes, task.action_size, hidden, 1.0)
    policy = make_policy(networks, deterministic=True)
    derived = task.physics.step(task.split.inputs_of(begun.env), 0)
    outputs = {name: np.asarray(value[0]) for name, value in derived.items()}
    still = np.zeros((1, task.action_size), np.float32)
    begin = jax.tree.map(lambda x: np.asarray(x)[0], _remembered(begun.env, still, outputs))

    def step(
        first: jax.Array,
        command: jax.Array,
        phase: jax.Array,
        outputs: dict[str, jax.Array],
        remembered: dict[str, Any],
    ) -> dict[str, Any]:
        outputs, before = jax.tree.map(lambda x: x[None], (outputs, remembered))
        told = command[None]
        after, _ = task.split.post(
            _state(begun.env, before, outputs), before["action"], told, outputs
        )
        start = _state(begun.env, jax.tree.map(lambda x: x[None], begin), outputs)
        now = jax.tree.map(lambda one, other: jnp.where(first, one, other), start, after)
        obs = observation(now.obs, phase[None])
        action, _ = policy(parameters, obs, jax.random.PRNGKey(0))
        sets = task.split.pre(now, action, told)
        given = {
            "sets": {name: value for name, value in sets.items() if name not in _KEPT},
            "action": action,
            "observation": obs["state"],
            "remembered": _remembered(now, action, outputs),
        }
        return jax.tree.map(lambda x: x[0], given)

    return _written(step, outputs, begin, metadata)


def _remembered(env: EnvState, action: Any, outputs: Mapping[str, Any]) -> dict[str, Any]:
    """What goes from step to step beside what the physics gives anew."""
    data = {name: value for name, value in env.data.items() if name not in outputs}
    return {"data": data, "obs": env.obs, "info": env.info, "action": action}


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
        given = write(graph, step, first, command, phase, read, jax.tree.unflatten(tree, values))
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
    model = graph.model(
        shown | {f"next.{name}": following[name] for name in kept},
        ["first", "command", "phase", *sorted(needed & read.keys()), *kept],
        metadata,
    )
    return ControlStep(
        model,
        reads=tuple(sorted(needed & read.keys())),
        sets=tuple(sets),
        state={name: np.asarray(names[name]) for name in kept},
    )


def _by_name(tree: Any) -> tuple[dict[str, Any], Any]:
    """Leaves by their path, such as `state.info.last_act`, and the structure that they make."""
    leaves, structure = jax.tree_util.tree_flatten_with_path(
        tree, is_leaf=lambda x: isinstance(x, Tensor)
    )
    names = (jax.tree_util.keystr(path, simple=True, separator=".") for path, _ in leaves)
    return {f"state.{n}": leaf for n, (_, leaf) in zip(names, leaves, strict=True)}, structure
