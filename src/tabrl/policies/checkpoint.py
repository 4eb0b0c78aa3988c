"""Policies on disk: `policy.safetensors` for the numbers, `policy.json` for what they mean. No
pickle.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jax
import numpy as np
from brax.training.agents.ppo import networks as ppo_networks
from safetensors.numpy import load_file, save_file

from tabrl.errors import TabRLError
from tabrl.policies.networks import Parameters, initialize, make_networks
from tabrl.spec import Approach, Metric

FORMAT = 1


class CheckpointError(TabRLError):
    """A policy folder that cannot be read, or that does not fit what it is used for."""


def save(folder: Path, parameters: Parameters, card: Mapping[str, Any]) -> None:
    """Write a policy folder. `card` must hold what `load` needs: robot, obs_shapes, action_size,
    hidden.
    """
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"format": FORMAT, **card}, indent=1)
    arrays = {_name(path): np.array(leaf, order="C") for path, leaf in _leaves(parameters)}
    _replace(folder / "policy.safetensors", lambda temporary: save_file(arrays, temporary))
    _replace(folder / "policy.json", lambda temporary: temporary.write_text(text))


def read_card(folder: Path) -> dict[str, Any]:
    """What `policy.json` says; raises `CheckpointError` where there is none or it is not ours."""
    path = folder / "policy.json"
    try:
        card = json.loads(path.read_text())
    except FileNotFoundError:
        raise CheckpointError(
            f"There is no policy in {folder}.",
            "A policy folder holds policy.json and policy.safetensors.",
        ) from None
    except (OSError, ValueError) as error:
        raise CheckpointError(f"{path} cannot be read: {error}.") from error
    if not isinstance(card, dict) or card.get("format") != FORMAT:
        raise CheckpointError(
            f"{path} is not a policy of format {FORMAT}.",
            "It may come from another version of TabRL.",
        )
    return card


def load(folder: Path) -> tuple[Parameters, ppo_networks.PPONetworks, dict[str, Any]]:
    """Parameters, networks and card of a policy folder.

    Raises:
        CheckpointError: a file is missing or broken, or the two do not fit each other.
    """
    card = read_card(folder)
    try:
        shapes = {name: tuple(shape) for name, shape in card["obs_shapes"].items()}
        networks = make_networks(shapes, card["action_size"], tuple(card["hidden"]), 1.0)
    except (KeyError, TypeError, AttributeError) as error:
        raise CheckpointError(
            f"{folder / 'policy.json'} does not say what the policy looks like: {error!r}.",
            "It needs obs_shapes, action_size and hidden, as TabRL writes them.",
        ) from error
    template = initialize(networks, shapes, jax.random.PRNGKey(0))
    return _fill(template, folder / "policy.safetensors"), networks, card


def approach_of(card: Mapping[str, Any]) -> Approach | None:
    """The approach that a policy was trained on; None for the environment's stock reward."""
    stored = card.get("approach")
    return Approach.model_validate(stored) if stored else None


def metric_of(card: Mapping[str, Any]) -> Metric | None:
    """The metric that a policy was judged by in training, where there was one."""
    stored = card.get("metric")
    return Metric.model_validate(stored) if stored else None


def _fill(template: Parameters, path: Path) -> Parameters:
    try:
        arrays = load_file(path)
    except Exception as error:  # safetensors raises its own kinds for every way a file can be wrong
        raise CheckpointError(f"{path} cannot be read: {error}.") from error
    leaves = []
    for key, leaf in _leaves(template):
        name = _name(key)
        if name not in arrays or arrays[name].shape != np.shape(leaf):
            raise CheckpointError(f"{path} has no array {name!r} of shape {np.shape(leaf)}.")
        leaves.append(jax.numpy.asarray(arrays[name]).astype(leaf.dtype))
    return jax.tree.unflatten(jax.tree.structure(template), leaves)


def _leaves(tree: Any) -> list[tuple[Any, Any]]:
    return [
        (path, jax.numpy.asarray(leaf))
        for path, leaf in jax.tree_util.tree_flatten_with_path(tree)[0]
    ]


def _name(path: Any) -> str:
    return "/".join(str(getattr(k, "key", getattr(k, "name", getattr(k, "idx", k)))) for k in path)


def _replace(path: Path, write: Any) -> None:
    """Write beside and rename, so that a reader never sees half a file."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write(temporary)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
