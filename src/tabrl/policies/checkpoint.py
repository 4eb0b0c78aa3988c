"""Policies on disk: `policy.safetensors` for the numbers, `policy.json` for what they mean. No
pickle.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import jax
import numpy as np
from brax.training.agents.ppo import networks as ppo_networks
from safetensors.numpy import load_file, save_file

from tabrl.policies.added import OCTAVES, lacking, widened
from tabrl.policies.card import (
    CARD,
    FORMAT,
    NUMBERS,
    CheckpointError,
    approach_of,
    metric_of,
    read_card,
)
from tabrl.policies.networks import Parameters, initialize, make_networks

__all__ = ["CheckpointError", "approach_of", "load", "metric_of", "read_card", "refuse_misfit"]

SEES = {"clock_octaves": OCTAVES, "way_back": True}
"""What a policy that is trained today sees beside its environment's observation."""


def save(folder: Path, parameters: Parameters, card: Mapping[str, Any]) -> None:
    """Write a policy folder. `card` must hold what `load` needs: robot, obs_shapes, action_size,
    hidden.
    """
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"format": FORMAT, **SEES, **card}, indent=1)
    arrays = arrays_of(parameters)
    _replace(folder / NUMBERS, lambda temporary: save_file(arrays, temporary))
    _replace(folder / CARD, lambda temporary: temporary.write_text(text))


def load(folder: Path) -> tuple[Parameters, ppo_networks.PPONetworks, dict[str, Any]]:
    """Parameters, networks and card of a policy folder; one that sees fewer octaves of its clock
    than robots show now, or no way back, is widened.

    Raises:
        CheckpointError: a file is missing or broken, or the two do not fit each other.
    """
    card = read_card(folder)
    lacks = lacking(card)
    shapes = {name: (*shape[:-1], shape[-1] + lacks) for name, shape in card["obs_shapes"].items()}
    card |= {"obs_shapes": shapes, **SEES}
    networks = make_networks(shapes, card["action_size"], tuple(card["hidden"]), 1.0)
    template = initialize(networks, shapes, jax.random.PRNGKey(0))
    return _fill(template, folder / NUMBERS, lacks), networks, card


def refuse_misfit(
    card: Mapping[str, Any], obs_shapes: Mapping[str, tuple[int, ...]], action_size: int
) -> None:
    """Raise `CheckpointError` where a policy sees or does other things than its robot."""
    sees = {name: tuple(shape) for name, shape in card["obs_shapes"].items()}
    if sees != dict(obs_shapes) or card["action_size"] != action_size:
        raise CheckpointError(
            f"This policy does not fit {card['robot']}: it reads {sees} and gives "
            f"{card['action_size']} actions, not {dict(obs_shapes)} and {action_size}.",
            "The robot has changed since it was trained, or it is for another one.",
        )


def _fill(template: Parameters, path: Path, lacks: int) -> Parameters:
    try:
        arrays = load_file(path)
    except Exception as error:  # safetensors raises its own kinds for every way a file can be wrong
        raise CheckpointError(f"{path} cannot be read: {error}.") from error
    with suppress(KeyError, ValueError):  # what lacks or does not fit is named below
        arrays = widened(arrays, lacks)
    for name, wanted in arrays_of(template).items():
        if name not in arrays or arrays[name].shape != wanted.shape:
            raise CheckpointError(f"{path} has no array {name!r} of shape {wanted.shape}.")
    return with_arrays(template, arrays)


def arrays_of(parameters: Parameters) -> dict[str, np.ndarray]:
    """A policy's arrays by their names on disk."""
    leaves = jax.tree_util.tree_flatten_with_path(parameters)[0]
    return {array_name(path): np.array(jax.numpy.asarray(leaf), order="C") for path, leaf in leaves}


def with_arrays(like: Parameters, arrays: Mapping[str, np.ndarray]) -> Parameters:
    """Parameters with these arrays in place of those of `like`, in its types."""
    types = jax.tree.map(lambda leaf: jax.numpy.asarray(leaf).dtype, like)
    return jax.tree_util.tree_map_with_path(
        lambda path, kind: jax.numpy.asarray(arrays[array_name(path)]).astype(kind), types
    )


def array_name(path: Any) -> str:
    """The name on disk of an array at a path of `Parameters`."""
    return "/".join(str(getattr(k, "key", getattr(k, "name", getattr(k, "idx", k)))) for k in path)


def _replace(path: Path, write: Any) -> None:
    """Write beside and rename, so that a reader never sees half a file."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write(temporary)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
