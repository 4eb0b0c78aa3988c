"""What a reward sees: `s`, `jnp`, the kernels and a few builtins."""

import builtins
from types import SimpleNamespace
from typing import Any

import jax
import jax.numpy as jnp

from tabrl.rewards import kernels
from tabrl.rewards.language import (
    BUILTINS,
    JNP_CONSTANTS,
    JNP_FUNCTIONS,
    LINALG_FUNCTIONS,
    PICKS_FROM,
    Picks,
)
from tabrl.rewards.vocabulary import ACCESSORS, KERNELS

_KIND = {accessor.name: accessor.of for accessor in ACCESSORS}


class Signals:
    """The `s` of a reward: signals as attributes, accessors as methods; one robot, no batch axis.

    Args:
        values: each signal's array, shaped as in `language.shapes_for`.
        picks: the rows that names stand for, from `language.picks_for`.

    Unknown signals raise `AttributeError`, unknown names `LookupError`, with what there is.
    """

    def __init__(self, values: dict[str, jax.Array], picks: Picks) -> None:
        self._values = values
        self._picks = picks

    def __getattr__(self, name: str) -> Any:
        if name in _KIND:
            return lambda of: self._pick(name, of)
        if name in self._values:
            return self._values[name]
        raise AttributeError(f"there is no signal s.{name}; this robot has {_list(self._values)}")

    def _pick(self, accessor: str, name: str) -> jax.Array:
        rows = self._picks[_KIND[accessor]]
        if name not in rows:
            raise LookupError(f"there is no {_KIND[accessor]} {name!r}; there is {_list(rows)}")
        values, row = self._values[PICKS_FROM[accessor]], rows[name]
        return jnp.stack([values[i] for i in row]) if isinstance(row, list) else values[row]


def namespace() -> dict[str, Any]:
    """Fresh globals to execute a reward's source in."""
    maths: dict[str, Any] = {n: getattr(jnp, n) for n in JNP_FUNCTIONS | JNP_CONSTANTS}
    maths["linalg"] = SimpleNamespace(**{n: getattr(jnp.linalg, n) for n in LINALG_FUNCTIONS})
    return {
        "__builtins__": {name: getattr(builtins, name) for name in BUILTINS},
        "jnp": SimpleNamespace(**maths),
        **{kernel.name: getattr(kernels, kernel.name) for kernel in KERNELS},
    }


def _list(names: dict[str, Any]) -> str:
    return ", ".join(names) or "none"
