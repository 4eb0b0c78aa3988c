"""How a policy sees the behaviour clock: by sine and cosine of its angle, and of the double of it,
and of the double of that, as far as these are not too quick to follow.

A clock that turns once in a clip of several parts says by itself hardly more than which part it is;
its octaves tell when to leap. Positions in a sequence are told to a network in the same way
(Vaswani et al. 2017, "Attention Is All You Need", 3.5). No JAX here.
"""

from collections.abc import Mapping

import numpy as np

OCTAVES = 5
"""That an observation has room for, each with a sine and a cosine; it ends with them."""
FASTEST_HZ = 2.0
"""No octave turns faster, unless it is the clock itself."""
LEAST_STD = 0.5
"""By what an octave's numbers are divided at least: one that was never shown had a standard
deviation of zero.
"""

_INPUTS = {"state": "networks/policy/params/MLP_0/hidden_0",
           "privileged_state": "networks/value/params/hidden_0"}  # fmt: skip


def octaves_shown(clock_hz: float) -> int:
    """How many octaves a clock of this rate shows; the others are zero."""
    return sum(octave == 0 or clock_hz * 2**octave <= FASTEST_HZ for octave in range(OCTAVES))


def widened(arrays: Mapping[str, np.ndarray], octaves: int) -> dict[str, np.ndarray]:
    """A policy's arrays, by their names on disk, with an input for every octave; to one that was
    trained with fewer the others say nothing yet.
    """
    added, wide = 2 * (OCTAVES - octaves), dict(arrays)
    count = int(arrays["normalizer/count/hi"]) * 2**32 + int(arrays["normalizer/count/lo"])
    new = slice(-2 * (OCTAVES - 1), None)
    for seen, layer in _INPUTS.items():
        kernel = f"{layer}/kernel"
        wide[kernel] = np.pad(arrays[kernel], ((0, added), (0, 0)))
        for name, least in (
            ("mean", -np.inf),
            ("std", LEAST_STD),
            ("summed_variance", LEAST_STD**2 * count),
        ):
            key = f"normalizer/{name}/{seen}"
            wide[key] = np.pad(arrays[key], (0, added))
            wide[key][new] = np.maximum(wide[key][new], np.float32(least))
    return wide


def silenced(arrays: Mapping[str, np.ndarray], shown: int) -> dict[str, np.ndarray]:
    """The same actor where all octaves are given to it and it is to heed only the first ones: what
    the others, being zero, added to its first layer is a part of the bias.
    """
    if shown == OCTAVES:
        return dict(arrays)
    layer, hidden = _INPUTS["state"], slice(2 * (shown - OCTAVES), None)
    kernel = np.array(arrays[f"{layer}/kernel"])
    mean, std = (arrays[f"normalizer/{name}/state"][hidden] for name in ("mean", "std"))
    bias = arrays[f"{layer}/bias"] - (mean / std) @ kernel[hidden]
    kernel[hidden] = 0.0
    return {**arrays, f"{layer}/bias": bias, f"{layer}/kernel": kernel}
