"""The kernels of the reward language: smooth building blocks, documented in `vocabulary.KERNELS`.

Each takes scalars or vectors; those that score return one scalar, the mean over a vector.
"""

import jax
import jax.numpy as jnp

TURN = 2 * jnp.pi
_EDGE = 0.05  # turns over which a window opens and closes
_TINY = 1e-6  # keeps a width or margin of 0 a step instead of 0/0


def near(x: jax.Array, target: jax.Array, width: jax.Array) -> jax.Array:
    """1 at the target, exp(-1/2) at one width from it. Scalar."""
    error = (x - target) / jnp.maximum(width, _TINY)
    return jnp.mean(jnp.exp(-0.5 * error**2))


def at_least(x: jax.Array, bound: jax.Array, margin: jax.Array) -> jax.Array:
    """1 from the bound up, falling linearly to 0 at bound - margin. Scalar."""
    return jnp.mean(_ramp(jnp.asarray(x) - bound, margin))


def at_most(x: jax.Array, bound: jax.Array, margin: jax.Array) -> jax.Array:
    """1 up to the bound, falling linearly to 0 at bound + margin. Scalar."""
    return jnp.mean(_ramp(bound - jnp.asarray(x), margin))


def between(x: jax.Array, low: jax.Array, high: jax.Array, margin: jax.Array) -> jax.Array:
    """1 from low to high, falling linearly to 0 a margin outside. Scalar."""
    x = jnp.asarray(x)
    return jnp.mean(jnp.minimum(_ramp(x - low, margin), _ramp(high - x, margin)))


def oscillate(
    phase: jax.Array, amplitude: jax.Array, shift: float = 0.0, harmonic: float = 1
) -> jax.Array:
    """amplitude * sin(harmonic * phase + shift), in the shape of its arguments; phases in rad."""
    return amplitude * jnp.sin(harmonic * phase + shift)


def square_wave(phase: jax.Array, shift: float = 0.0, sharpness: float = 6.0) -> jax.Array:
    """A sine pressed towards -1 and 1; phases in rad."""
    return jnp.tanh(sharpness * jnp.sin(phase + shift))


def window(phase: jax.Array, start: float, length: float) -> jax.Array:
    """1 while phase/(2 pi) is within `length` after `start`, both shares of a turn, else 0.

    Passes 1/2 at either border, in a smooth step of 0.05 turns. Wraps around.
    """
    from_middle = jnp.mod(phase / TURN - (start + length / 2) + 0.5, 1.0) - 0.5
    t = jnp.clip((length / 2 - jnp.abs(from_middle)) / _EDGE + 0.5, 0.0, 1.0)
    return t * t * (3 - 2 * t)


def norm_sq(x: jax.Array) -> jax.Array:
    """Sum of squares. Scalar."""
    return jnp.sum(jnp.square(x))


def _ramp(excess: jax.Array, margin: jax.Array) -> jax.Array:
    return jnp.clip(1 + excess / jnp.maximum(margin, _TINY), 0.0, 1.0)
