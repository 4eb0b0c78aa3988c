"""Numbers that move: slices, gathers, scatters, flips.

Where the places are known, all of them are one `Gather` on the flat operand: JAX itself is asked
where each number goes. Else the places are computed in the graph.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from tabrl.export.graph import CannotExport, Graph, Value
from tabrl.export.writing import Writer, cast, flat, int64, out


def _moved(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    """One operand, and where each of its numbers goes."""
    operand, *places = inputs
    if not all(isinstance(place, np.ndarray) for place in places):
        raise CannotExport(f"{eqn.primitive.name} at places that move is not written yet.")
    ids = np.arange(math.prod(operand.shape), dtype=np.int32).reshape(operand.shape)
    shape, dtype = out(eqn)
    where = _eager(eqn, ids, *places)
    if where.shape == operand.shape and np.array_equal(where, ids):
        return operand
    if where.size == ids.size and np.array_equal(where.ravel(), ids.ravel()):
        return graph.add("Reshape", [operand, int64(*shape)], shape, dtype)
    return _taken(graph, operand, where)


def _taken(graph: Graph, operand: Value, where: np.ndarray) -> Value:
    """Numbers of the flat operand, by their places."""
    row = flat(graph, operand)
    return graph.add("Gather", [row, where.astype(np.int64)], where.shape, operand.dtype, axis=0)


def _eager(eqn: Any, *operands: Any) -> np.ndarray:
    """What the primitive does to whole numbers in its operands' places."""
    with jax.ensure_compile_time_eval():
        return np.asarray(eqn.primitive.bind(*map(jnp.asarray, operands), **eqn.params))


def _broadcast(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    shape, dtype = out(eqn)
    between = [1] * len(shape)
    for axis, size in zip(eqn.params["broadcast_dimensions"], inputs[0].shape, strict=True):
        between[axis] = size
    value = inputs[0]
    if tuple(between) != value.shape:
        value = graph.add("Reshape", [value, int64(*between)], between, dtype)
    if tuple(between) == shape:
        return value
    return graph.add("Expand", [value, int64(*shape)], shape, dtype)


def _concatenate(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    parts = [x for x in inputs if math.prod(x.shape)]
    if len(parts) == 1:
        return parts[0]
    return graph.add("Concat", parts, *out(eqn), axis=eqn.params["dimension"])


def _transpose(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    shape, dtype = out(eqn)
    return graph.add("Transpose", inputs, shape, dtype, perm=list(eqn.params["permutation"]))


def _split(graph: Graph, eqn: Any, inputs: list[Value]) -> list[Value]:
    ids = np.arange(math.prod(inputs[0].shape), dtype=np.int32).reshape(inputs[0].shape)
    cuts = np.cumsum(eqn.params["sizes"])[:-1]
    return [_taken(graph, inputs[0], part) for part in np.split(ids, cuts, eqn.params["axis"])]


def _pad(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    operand, padding = inputs
    size = math.prod(operand.shape)
    ids = np.arange(size, dtype=np.int32).reshape(operand.shape)
    where = _eager(eqn, ids, np.int32(size))
    return _from_both(graph, operand, padding, where)


def _scatter(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    """Numbers put into places that are known."""
    operand, places, updates = inputs
    if not isinstance(places, np.ndarray):
        return _scatter_anywhere(graph, eqn, inputs)
    size = math.prod(operand.shape)
    ids = np.arange(size, dtype=np.int32).reshape(operand.shape)
    new = size + np.arange(math.prod(updates.shape), dtype=np.int32).reshape(updates.shape)
    return _from_both(graph, operand, updates, _eager(eqn, ids, places, new))


def _from_both(graph: Graph, old: Value, new: Value, where: np.ndarray) -> Value:
    """Numbers of the two, one after the other, by their places."""
    both = [x for x in (flat(graph, old), flat(graph, new)) if math.prod(x.shape)]
    size = sum(x.shape[0] for x in both)
    joined = both[0] if len(both) == 1 else graph.add("Concat", both, (size,), old.dtype, axis=0)
    return _taken(graph, joined, where)


def _scatter_add(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    """Numbers added at places that are known, several of them maybe at one."""
    operand, places, updates = inputs
    shape, dtype = out(eqn)
    if not isinstance(places, np.ndarray):
        raise CannotExport(f"{eqn.primitive.name} at places that move is not written yet.")
    count = math.prod(updates.shape)
    ones = np.eye(count, dtype=np.float32).reshape(count, *updates.shape)
    zeros = np.zeros(operand.shape, np.float32)
    hits = np.stack([_eager(eqn, zeros, places, one) for one in ones]).reshape(count, -1)
    if (hits.sum(axis=0) <= 1).all():
        return _combine(graph, eqn, inputs, "Add", 0)
    row = graph.add("Reshape", [updates, int64(1, count)], (1, count), dtype)
    sums = graph.add("MatMul", [row, hits.astype(dtype)], (1, hits.shape[1]), dtype)
    spread = graph.add("Reshape", [sums, int64(*shape)], shape, dtype)
    return graph.add("Add", [operand, spread], shape, dtype)


def _combined(op: str, neutral: float) -> Writer:
    """Numbers combined with those at places that are known, one at each place."""
    return lambda graph, eqn, inputs: _combine(graph, eqn, inputs, op, neutral)


def _combine(graph: Graph, eqn: Any, inputs: list[Value], op: str, neutral: float) -> Value:
    operand, places, updates = inputs
    shape, dtype = out(eqn)
    if not isinstance(places, np.ndarray):
        raise CannotExport(f"{eqn.primitive.name} at places that move is not written yet.")
    size = math.prod(updates.shape)
    ids = 2 + np.arange(size, dtype=np.float32).reshape(updates.shape)
    blank = np.full(operand.shape, neutral, np.float32)
    marked = _eager(eqn, blank, places, ids).astype(np.int64)
    rest = np.asarray([neutral], dtype)
    untouched = marked == neutral
    spread = _from_both(graph, updates, rest, np.where(untouched, size, marked - 2))
    return graph.add(op, [operand, spread], shape, dtype)


def _gather(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    operand, starts = inputs
    if isinstance(starts, np.ndarray):
        if (
            isinstance(operand, np.ndarray)
            or eqn.params["mode"] != jax.lax.GatherScatterMode.FILL_OR_DROP
        ):
            return _moved(graph, eqn, inputs)
        return _moved(graph, _in_bounds(eqn), inputs)
    numbers = eqn.params["dimension_numbers"]
    if numbers.operand_batching_dims:
        raise CannotExport("A gather with batches at places that move is not written yet.")
    shape, _ = out(eqn)
    sizes = eqn.params["slice_sizes"]
    origin = np.zeros((*starts.shape[:-1], starts.shape[-1]), np.int32)
    ids = np.arange(math.prod(operand.shape), dtype=np.int32).reshape(operand.shape)
    offsets = _eager(_in_bounds(eqn), ids, origin)  # of each number within its slice
    base = _base(graph, operand.shape, starts, numbers.start_index_map, sizes)
    batch = [axis for axis in range(len(shape)) if axis not in numbers.offset_dims]
    lifted = [shape[axis] if axis in batch else 1 for axis in range(len(shape))]
    base = graph.add("Reshape", [base, int64(*lifted)], lifted, np.int64)
    where = graph.add("Add", [base, offsets.astype(np.int64)], shape, np.int64)
    return graph.add("Gather", [flat(graph, operand), where], shape, operand.dtype, axis=0)


def _in_bounds(eqn: Any) -> Any:
    return eqn.replace(
        params=eqn.params | {"mode": jax.lax.GatherScatterMode.CLIP, "fill_value": None}
    )


def _base(
    graph: Graph,
    shape: Sequence[int],
    starts: Value,
    axes: Sequence[int],
    sizes: Sequence[int],
) -> Value:
    """(batch...): places in the flat operand where slices begin, kept inside it."""
    strides = _strides(shape)
    most = np.asarray([shape[axis] - sizes[axis] for axis in axes], np.int64)
    each = np.asarray([strides[axis] for axis in axes], np.int64)
    wide = cast(graph, starts, np.int64)
    kept = graph.add(
        "Min",
        [graph.add("Max", [wide, int64(0)], wide.shape, np.int64), most],
        wide.shape,
        np.int64,
    )
    scaled = graph.add("Mul", [kept, each], wide.shape, np.int64)
    axis = int64(len(wide.shape) - 1)
    return graph.add("ReduceSum", [scaled, axis], wide.shape[:-1], np.int64, keepdims=0)


def _strides(shape: Sequence[int]) -> tuple[int, ...]:
    return tuple(math.prod(shape[axis + 1 :]) for axis in range(len(shape)))


def _dynamic_slice(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    operand, *starts = inputs
    if all(isinstance(start, np.ndarray) for start in starts):
        return _moved(graph, eqn, inputs)
    shape, dtype = out(eqn)
    ids = np.arange(math.prod(operand.shape), dtype=np.int64).reshape(operand.shape)
    offsets = ids[tuple(slice(0, size) for size in shape)]
    base = _base(graph, operand.shape, _vector(graph, starts), range(len(shape)), shape)
    where = graph.add("Add", [base, offsets], shape, np.int64)
    return graph.add("Gather", [flat(graph, operand), where], shape, dtype, axis=0)


def _vector(graph: Graph, scalars: Sequence[Value]) -> Value:
    wide = [cast(graph, scalar, np.int64) for scalar in scalars]
    ones = [graph.add("Reshape", [x, int64(1)], (1,), np.int64) for x in wide]
    return graph.add("Concat", ones, (len(ones),), np.int64, axis=0)


def _dynamic_update_slice(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    operand, update, *starts = inputs
    shape, dtype = out(eqn)
    size = math.prod(shape)
    if all(isinstance(start, np.ndarray) for start in starts):
        ids = np.arange(size, dtype=np.int32).reshape(shape)
        new = size + np.arange(math.prod(update.shape), dtype=np.int32).reshape(update.shape)
        return _from_both(graph, operand, update, _eager(eqn, ids, new, *starts))
    places = np.arange(size, dtype=np.int64).reshape(shape)
    offsets = places[tuple(slice(0, size) for size in update.shape)]
    base = _base(graph, shape, _vector(graph, starts), range(len(shape)), update.shape)
    where = graph.add("Add", [base, offsets.ravel()], (offsets.size,), np.int64)
    row = graph.add(
        "ScatterElements",
        [flat(graph, operand), where, flat(graph, update)],
        (size,),
        dtype,
        axis=0,
    )
    return graph.add("Reshape", [row, int64(*shape)], shape, dtype)


def _scatter_anywhere(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    operand, starts, updates = inputs
    numbers = eqn.params["dimension_numbers"]
    if numbers.operand_batching_dims or starts.shape[:-1] not in ((), (1,)):
        raise CannotExport("A scatter with batches at places that move is not written yet.")
    shape, dtype = out(eqn)
    window = [1 if axis in numbers.inserted_window_dims else None for axis in range(len(shape))]
    kept = iter(updates.shape[axis] for axis in numbers.update_window_dims)
    sizes = [next(kept) if size is None else size for size in window]
    ids = np.arange(math.prod(shape), dtype=np.int64).reshape(shape)
    offsets = ids[tuple(slice(0, size) for size in sizes)].ravel()
    base = _base(graph, shape, starts, numbers.scatter_dims_to_operand_dims, sizes)
    base = graph.add("Reshape", [base, int64(1)], (1,), np.int64)
    where = graph.add("Add", [base, offsets], (offsets.size,), np.int64)
    row = graph.add(
        "ScatterElements",
        [flat(graph, operand), where, flat(graph, updates)],
        (ids.size,),
        dtype,
        axis=0,
    )
    return graph.add("Reshape", [row, int64(*shape)], shape, dtype)


MOVING: Mapping[str, Writer] = {
    **dict.fromkeys(("reshape", "tile", "squeeze", "expand_dims", "slice", "rev"), _moved),
    "transpose": _transpose,
    "broadcast_in_dim": _broadcast,
    "concatenate": _concatenate,
    "split": _split,
    "pad": _pad,
    "gather": _gather,
    "dynamic_slice": _dynamic_slice,
    "dynamic_update_slice": _dynamic_update_slice,
    "scatter": _scatter,
    "scatter-add": _scatter_add,
    "scatter-mul": _combined("Mul", 1),
}
