"""Many numbers into one: sums, extremes, products of matrices."""

from collections.abc import Mapping
from itertools import chain
from typing import Any

import numpy as np

from tabrl.export.graph import Graph, Value
from tabrl.export.writing import Writer, cast, int64, out


def _reduced(op: str) -> Writer:
    def write(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
        shape, dtype = out(eqn)
        axes = int64(*eqn.params["axes"])
        return graph.add(op, [inputs[0], axes], shape, dtype, keepdims=0)

    return write


def _any_or_all(op: str) -> Writer:
    def write(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
        shape, _ = out(eqn)
        axes = int64(*eqn.params["axes"])
        numbers = cast(graph, inputs[0], np.int32)
        return cast(graph, graph.add(op, [numbers, axes], shape, np.int32, keepdims=0), np.bool_)

    return write


def _arg(op: str) -> Writer:
    def write(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
        shape, dtype = out(eqn)
        (axis,) = eqn.params["axes"]
        return cast(graph, graph.add(op, inputs, shape, np.int64, axis=axis, keepdims=0), dtype)

    return write


def _cumsum(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    axis = np.asarray(eqn.params["axis"], np.int64)
    return graph.add("CumSum", [inputs[0], axis], *out(eqn), reverse=int(eqn.params["reverse"]))


def _dot_general(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    """As a plain product of matrices where it is one, else by the names of its axes."""
    (left_sum, right_sum), (left_batch, right_batch) = eqn.params["dimension_numbers"]
    shape, dtype = out(eqn)
    left, right = (cast(graph, value, dtype) for value in inputs)
    last = len(left.shape) - 1
    plain = not left_batch and tuple(left_sum) == (last,) and tuple(right_sum) == (0,)
    if plain and len(right.shape) == 2:  # runtimes fuse a transposed matrix with a vector wrongly
        return graph.add("MatMul", [left, right], shape, dtype)
    letters = iter("abcdefghijklmnopqrstuvwxyz")
    names: dict[tuple[int, int], str] = {}
    for a, b in [
        *zip(left_batch, right_batch, strict=True),
        *zip(left_sum, right_sum, strict=True),
    ]:
        names[0, a] = names[1, b] = next(letters)
    sides = []
    for side, value in enumerate((left, right)):
        axes = range(len(value.shape))
        sides.append([names.setdefault((side, axis), "") or next(letters) for axis in axes])
    used = [
        [sides[0][axis] for axis in left_batch],
        *(
            [name for axis, name in enumerate(side) if axis not in (*summed, *batch)]
            for side, summed, batch in (
                (sides[0], left_sum, left_batch),
                (sides[1], right_sum, right_batch),
            )
        ),
    ]
    equation = f"{''.join(sides[0])},{''.join(sides[1])}->{''.join(chain.from_iterable(used))}"
    return graph.add("Einsum", [left, right], shape, dtype, equation=equation)


REDUCING: Mapping[str, Writer] = {
    "reduce_sum": _reduced("ReduceSum"),
    "reduce_max": _reduced("ReduceMax"),
    "reduce_min": _reduced("ReduceMin"),
    "reduce_prod": _reduced("ReduceProd"),
    "reduce_and": _any_or_all("ReduceMin"),
    "reduce_or": _any_or_all("ReduceMax"),
    "argmax": _arg("ArgMax"),
    "argmin": _arg("ArgMin"),
    "cumsum": _cumsum,
    "dot_general": _dot_general,
}
