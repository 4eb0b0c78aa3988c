"""What a policy sees beside its environment's observation: the behaviour clock, and the way back.

The clock is shown by sine and cosine of its angle, and of the double of it, and of the double of
that, as far as these are not too quick to follow: one that turns once in a clip of several parts
says by itself hardly more than which part it is; its octaves tell when to leap. Positions in a
sequence are told to a network in the same way (Vaswani et al. 2017, "Attention Is All You Need",
3.5).

The way back tells a robot with a floating base where it began, and how far it has turned since:
environments show neither, so that no policy could stay on its spot or end a turn by more than luck.

No JAX here.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

OCTAVES = 5
"""That an observation has room for, each with a sine and a cosine."""
FASTEST_HZ = 2.0
"""No octave turns faster, unless it is the clock itself."""
WAY_BACK = 4
"""Numbers of the way back, the last ones of an observation: `tabrl.envs.signals.way_back`."""
ADDED = 2 * OCTAVES + WAY_BACK
"""Numbers that stand behind an environment's own."""
LEAST_STD = 0.5
"""By what numbers are divided at least that some policies were never shown: these had a standard
deviation of zero.
"""

INPUTS = {"state": "networks/policy/params/MLP_0/hidden_0",
          "privileged_state": "networks/value/params/hidden_0"}  # fmt: skip
"""The first layer of actor and critic, by what it sees."""


def octaves_shown(clock_hz: float) -> int:
    """How many octaves a clock of this rate shows; the others are zero."""
    return sum(octave == 0 or clock_hz * 2**octave <= FASTEST_HZ for octave in range(OCTAVES))


def lacking(card: Mapping[str, Any]) -> int:
    """How many of the added numbers a policy was trained without."""
    way_back = WAY_BACK if card.get("way_back", False) else 0
    return ADDED - 2 * int(card.get("clock_octaves", 1)) - way_back


def widened(arrays: Mapping[str, np.ndarray], lacks: int) -> dict[str, np.ndarray]:
    """A policy's arrays, by their names on disk, with an input for every added number; those that
    it `lacks`, the last ones, say nothing yet.
    """
    wide = dict(arrays)
    count = int(arrays["normalizer/count/hi"]) * 2**32 + int(arrays["normalizer/count/lo"])
    new = slice(2 - ADDED, None)
    for seen, layer in INPUTS.items():
        kernel = f"{layer}/kernel"
        wide[kernel] = np.pad(arrays[kernel], ((0, lacks), (0, 0)))
        for name, least in (
            ("mean", -np.inf),
            ("std", LEAST_STD),
            ("summed_variance", LEAST_STD**2 * count),
        ):
            key = f"normalizer/{name}/{seen}"
            wide[key] = np.pad(arrays[key], (0, lacks))
            wide[key][new] = np.maximum(wide[key][new], np.float32(least))
    return wide


def silenced(arrays: Mapping[str, np.ndarray], shown: int) -> dict[str, np.ndarray]:
    """The same actor where all octaves are given to it and it is to heed only the first ones: what
    the others, being zero, added to its first layer is a part of the bias.
    """
    if shown == OCTAVES:
        return dict(arrays)
    size = len(arrays[f"{INPUTS['state']}/kernel"])
    return hidden(arrays, np.arange(size)[2 * shown - ADDED : -WAY_BACK])


def hidden(arrays: Mapping[str, np.ndarray], places: np.ndarray) -> dict[str, np.ndarray]:
    """The same actor, to which some numbers of its observation are what they would be if they were
    zero: that is a part of the first layer's bias.
    """
    layer = INPUTS["state"]
    kernel = np.array(arrays[f"{layer}/kernel"])
    mean, std = (arrays[f"normalizer/{name}/state"][places] for name in ("mean", "std"))
    bias = arrays[f"{layer}/bias"] - (mean / std) @ kernel[places]
    kernel[places] = 0.0
    return {**arrays, f"{layer}/bias": bias, f"{layer}/kernel": kernel}
