"""What all writers of nodes share."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from tabrl.export.graph import Graph, Tensor, Value

Writer = Callable[[Graph, Any, list[Value]], Value | list[Value]]
"""Writes the counterpart of one equation of a jaxpr, given the values of its inputs."""
_TO = {np.float32: 1, np.int32: 6, np.int64: 7, np.bool_: 9, np.uint32: 12}


def int64(*values: int) -> np.ndarray:
    """A vector of ONNX's whole numbers."""
    return np.asarray(values, np.int64)


def out(eqn: Any) -> tuple[tuple[int, ...], np.dtype]:
    """Shape and type of an equation's first output."""
    aval = eqn.outvars[0].aval
    return tuple(aval.shape), np.dtype(aval.dtype)


def plain(op: str) -> Writer:
    """One node of this kind."""

    def write(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
        return graph.add(op, inputs, *out(eqn))

    return write


def cast(graph: Graph, value: Value, dtype: Any) -> Value:
    """The same numbers as another type."""
    dtype = np.dtype(dtype)
    if value.dtype == dtype:
        return value
    return graph.add("Cast", [value], value.shape, dtype, to=_TO[dtype.type])


def select(graph: Graph, which: Value, then: Value, otherwise: Value) -> Value:
    """`then` where `which` (bool), `otherwise` elsewhere."""
    if then is otherwise or _same(then, otherwise):
        return then
    shape = np.broadcast_shapes(which.shape, then.shape, otherwise.shape)
    if then.dtype == np.bool_:  # runtimes choose among numbers alone
        then, otherwise = (cast(graph, x, np.int32) for x in (then, otherwise))
        chosen = graph.add("Where", [which, then, otherwise], shape, np.int32)
        return cast(graph, chosen, np.bool_)
    return graph.add("Where", [which, then, otherwise], shape, then.dtype)


def _same(a: Value, b: Value) -> bool:
    if isinstance(a, Tensor) or isinstance(b, Tensor):
        return False
    return a.dtype == b.dtype and np.array_equal(a, b)


def flat(graph: Graph, value: Value) -> Value:
    """All numbers in one row."""
    size = math.prod(value.shape)
    if value.shape == (size,):
        return value
    return graph.add("Reshape", [value, int64(size)], (size,), value.dtype)
