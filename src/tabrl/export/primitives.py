"""The counterpart of each JAX primitive in ONNX: those that Playground's environments, our signals
and policies are made of.

Whatever only moves numbers about by places that are known (slices, gathers, scatters, flips) is
one `Gather` on the flat operand: JAX itself is asked where each number goes.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from tabrl.export.graph import CannotExport, Graph, Tensor, Value

Writer = Callable[[Graph, Any, list[Value]], Value | list[Value]]


def _int64(*values: int) -> np.ndarray:
    return np.asarray(values, np.int64)


def _out(eqn: Any) -> tuple[tuple[int, ...], np.dtype]:
    aval = eqn.outvars[0].aval
    return tuple(aval.shape), np.dtype(aval.dtype)


# Number by number


def _plain(op: str) -> Writer:
    def write(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
        return graph.add(op, inputs, *_out(eqn))

    return write


def _logical(on_bools: str, on_numbers: str) -> Writer:
    def write(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
        op = on_bools if inputs[0].dtype == np.bool_ else on_numbers
        return graph.add(op, inputs, *_out(eqn))

    return write


def _not(op: str) -> Writer:
    def write(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
        shape, dtype = _out(eqn)
        if inputs[0].dtype == np.bool_:
            inputs = [graph.add("Cast", [x], x.shape, np.int32, to=_TO[np.int32]) for x in inputs]
        return graph.add("Not", [graph.add(op, inputs, shape, dtype)], shape, dtype)

    return write


def _equal(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    return graph.add("Equal", inputs, *_out(eqn))


def _with_constant(op: str, constant: float, *, before: bool = False) -> Writer:
    def write(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
        shape, dtype = _out(eqn)
        number = np.asarray(constant, dtype)
        return graph.add(op, [number, *inputs] if before else [*inputs, number], shape, dtype)

    return write


def _rsqrt(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    shape, dtype = _out(eqn)
    return graph.add("Reciprocal", [graph.add("Sqrt", inputs, shape, dtype)], shape, dtype)


def _square(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    return graph.add("Mul", [inputs[0], inputs[0]], *_out(eqn))


def _log1p(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    shape, dtype = _out(eqn)
    return graph.add(
        "Log", [graph.add("Add", [*inputs, np.asarray(1, dtype)], shape, dtype)], shape, dtype
    )


def _expm1(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    shape, dtype = _out(eqn)
    return graph.add(
        "Sub", [graph.add("Exp", inputs, shape, dtype), np.asarray(1, dtype)], shape, dtype
    )


def _integer_pow(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    shape, dtype = _out(eqn)
    power = eqn.params["y"]
    value = inputs[0]
    product = value
    for _ in range(abs(power) - 1):
        product = graph.add("Mul", [product, value], shape, dtype)
    return product if power > 0 else graph.add("Reciprocal", [product], shape, dtype)


def _remainder(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    return graph.add("Mod", inputs, *_out(eqn), fmod=1)


def _round(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    """ONNX rounds half to even; half away from zero is the other one."""
    shape, dtype = _out(eqn)
    if int(eqn.params["rounding_method"]) == 1:
        return graph.add("Round", inputs, shape, dtype)
    half = graph.add("Add", [graph.add("Abs", inputs, shape, dtype), np.asarray(0.5, dtype)], shape, dtype)
    size = graph.add("Floor", [half], shape, dtype)
    return graph.add("Mul", [graph.add("Sign", inputs, shape, dtype), size], shape, dtype)


def _atan2(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    """atan(y / x), turned by half a turn where x is negative."""
    shape, dtype = _out(eqn)
    y, x = inputs
    zero, pi = np.asarray(0, dtype), np.asarray(math.pi, dtype)

    def add(op: str, *values: Value, to: Any = dtype) -> Tensor:
        return graph.add(op, values, shape, to)

    below = add("Less", y, zero, to=np.bool_)
    half = add("Where", below, -pi, pi)
    is_zero = add("Equal", x, zero, to=np.bool_)
    angle = add("Atan", add("Div", y, add("Where", is_zero, np.asarray(1, dtype), x)))
    turned = add("Where", add("Less", x, zero, to=np.bool_), add("Add", angle, half), angle)
    upright = add("Mul", add("Sign", y), pi / 2)
    return add("Where", is_zero, upright, turned)


def _is_finite(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    shape, dtype = _out(eqn)
    nan = graph.add("IsNaN", inputs, shape, dtype)
    infinite = graph.add("IsInf", inputs, shape, dtype)
    return graph.add("Not", [graph.add("Or", [nan, infinite], shape, dtype)], shape, dtype)


def _clamp(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    low, value, high = inputs
    shape, dtype = _out(eqn)
    return graph.add("Min", [graph.add("Max", [value, low], shape, dtype), high], shape, dtype)


_TO = {np.float32: 1, np.int32: 6, np.int64: 7, np.bool_: 9, np.uint32: 12}


def _convert(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    shape, dtype = _out(eqn)
    return cast(graph, inputs[0], dtype)


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
    known = isinstance(a, np.ndarray) and isinstance(b, np.ndarray)
    return known and a.dtype == b.dtype and np.array_equal(a, b)


def _select_n(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    which, *cases = inputs
    shape, _ = _out(eqn)
    if which.dtype == np.bool_:
        if isinstance(which, np.ndarray) and (which.all() or not which.any()):
            return cases[int(which.all())] if which.size else cases[0]
        return select(graph, which, cases[1], cases[0])
    chosen = cases[0]
    for index, case in enumerate(cases[1:], 1):
        is_it = graph.add("Equal", [which, np.asarray(index, which.dtype)], which.shape, np.bool_)
        chosen = select(graph, is_it, case, chosen)
    return chosen


# Numbers that move


def _moved(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    """One operand, and where each of its numbers goes."""
    operand, *places = inputs
    if not all(isinstance(place, np.ndarray) for place in places):
        raise CannotExport(f"{eqn.primitive.name} at places that move is not written yet.")
    ids = np.arange(math.prod(operand.shape), dtype=np.int32).reshape(operand.shape)
    shape, dtype = _out(eqn)
    where = _eager(eqn, ids, *places)
    if where.shape == operand.shape and np.array_equal(where, ids):
        return operand
    if where.size == ids.size and np.array_equal(where.ravel(), ids.ravel()):
        return graph.add("Reshape", [operand, _int64(*shape)], shape, dtype)
    return _taken(graph, operand, where)


def _taken(graph: Graph, operand: Value, where: np.ndarray) -> Value:
    """Numbers of the flat operand, by their places."""
    flat = _flat(graph, operand)
    return graph.add("Gather", [flat, where.astype(np.int64)], where.shape, operand.dtype, axis=0)


def _flat(graph: Graph, value: Value) -> Value:
    size = math.prod(value.shape)
    if value.shape == (size,):
        return value
    return graph.add("Reshape", [value, _int64(size)], (size,), value.dtype)


def _eager(eqn: Any, *operands: np.ndarray) -> np.ndarray:
    """What the primitive does to whole numbers in its operands' places."""
    with jax.ensure_compile_time_eval():
        return np.asarray(eqn.primitive.bind(*map(jnp.asarray, operands), **eqn.params))


def _broadcast(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    shape, dtype = _out(eqn)
    between = [1] * len(shape)
    for axis, size in zip(eqn.params["broadcast_dimensions"], inputs[0].shape, strict=True):
        between[axis] = size
    value = inputs[0]
    if tuple(between) != value.shape:
        value = graph.add("Reshape", [value, _int64(*between)], between, dtype)
    if tuple(between) == shape:
        return value
    return graph.add("Expand", [value, _int64(*shape)], shape, dtype)


def _concatenate(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    parts = [x for x in inputs if math.prod(x.shape)]
    if len(parts) == 1:
        return parts[0]
    return graph.add("Concat", parts, *_out(eqn), axis=eqn.params["dimension"])


def _transpose(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    shape, dtype = _out(eqn)
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
    both = [x for x in (_flat(graph, old), _flat(graph, new)) if math.prod(x.shape)]
    size = sum(x.shape[0] for x in both)
    joined = both[0] if len(both) == 1 else graph.add("Concat", both, (size,), old.dtype, axis=0)
    return _taken(graph, joined, where)


def _scatter_add(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    """Numbers added at places that are known, several of them maybe at one."""
    operand, places, updates = inputs
    shape, dtype = _out(eqn)
    if not isinstance(places, np.ndarray):
        raise CannotExport(f"{eqn.primitive.name} at places that move is not written yet.")
    count = math.prod(updates.shape)
    ones = np.eye(count, dtype=np.float32).reshape(count, *updates.shape)
    zeros = np.zeros(operand.shape, np.float32)
    hits = np.stack([_eager(eqn, zeros, places, one) for one in ones]).reshape(count, -1)
    if (hits.sum(axis=0) <= 1).all():
        return _combined("Add", 0)(graph, eqn, inputs)
    flat = graph.add("Reshape", [updates, _int64(1, count)], (1, count), dtype)
    sums = graph.add("MatMul", [flat, hits.astype(dtype)], (1, hits.shape[1]), dtype)
    spread = graph.add("Reshape", [sums, _int64(*shape)], shape, dtype)
    return graph.add("Add", [operand, spread], shape, dtype)


def _combined(op: str, neutral: float) -> Writer:
    """Numbers combined with those at places that are known, one at each place."""

    def write(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
        operand, places, updates = inputs
        shape, dtype = _out(eqn)
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

    return write


# Places that are known only when the graph runs


def _gather(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    operand, starts = inputs
    if isinstance(starts, np.ndarray):
        if isinstance(operand, np.ndarray) or eqn.params["mode"] != jax.lax.GatherScatterMode.FILL_OR_DROP:
            return _moved(graph, eqn, inputs)
        return _moved(graph, _in_bounds(eqn), inputs)
    numbers = eqn.params["dimension_numbers"]
    if numbers.operand_batching_dims:
        raise CannotExport("A gather with batches at places that move is not written yet.")
    shape, _ = _out(eqn)
    sizes = eqn.params["slice_sizes"]
    origin = np.zeros((*starts.shape[:-1], starts.shape[-1]), np.int32)
    ids = np.arange(math.prod(operand.shape), dtype=np.int32).reshape(operand.shape)
    offsets = _eager(_in_bounds(eqn), ids, origin)  # of each number within its slice
    base = _base(graph, operand.shape, starts, numbers.start_index_map, sizes)
    batch = [axis for axis in range(len(shape)) if axis not in numbers.offset_dims]
    lifted = [shape[axis] if axis in batch else 1 for axis in range(len(shape))]
    base = graph.add("Reshape", [base, _int64(*lifted)], lifted, np.int64)
    where = graph.add("Add", [base, offsets.astype(np.int64)], shape, np.int64)
    return graph.add("Gather", [_flat(graph, operand), where], shape, operand.dtype, axis=0)


def _in_bounds(eqn: Any) -> Any:
    return eqn.replace(params=eqn.params | {"mode": jax.lax.GatherScatterMode.CLIP, "fill_value": None})


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
    kept = graph.add("Min", [graph.add("Max", [wide, _int64(0)], wide.shape, np.int64), most], wide.shape, np.int64)
    scaled = graph.add("Mul", [kept, each], wide.shape, np.int64)
    axis = _int64(len(wide.shape) - 1)
    return graph.add("ReduceSum", [scaled, axis], wide.shape[:-1], np.int64, keepdims=0)


def _strides(shape: Sequence[int]) -> tuple[int, ...]:
    return tuple(math.prod(shape[axis + 1 :]) for axis in range(len(shape)))


def _dynamic_slice(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    operand, *starts = inputs
    if all(isinstance(start, np.ndarray) for start in starts):
        return _moved(graph, eqn, inputs)
    shape, dtype = _out(eqn)
    ids = np.arange(math.prod(operand.shape), dtype=np.int64).reshape(operand.shape)
    offsets = ids[tuple(slice(0, size) for size in shape)]
    base = _base(graph, operand.shape, _vector(graph, starts), range(len(shape)), shape)
    where = graph.add("Add", [base, offsets], shape, np.int64)
    return graph.add("Gather", [_flat(graph, operand), where], shape, dtype, axis=0)


def _vector(graph: Graph, scalars: Sequence[Value]) -> Value:
    wide = [cast(graph, scalar, np.int64) for scalar in scalars]
    ones = [graph.add("Reshape", [x, _int64(1)], (1,), np.int64) for x in wide]
    return graph.add("Concat", ones, (len(ones),), np.int64, axis=0)


def _dynamic_update_slice(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    operand, update, *starts = inputs
    shape, dtype = _out(eqn)
    size = math.prod(shape)
    if all(isinstance(start, np.ndarray) for start in starts):
        ids = np.arange(size, dtype=np.int32).reshape(shape)
        new = size + np.arange(math.prod(update.shape), dtype=np.int32).reshape(update.shape)
        return _from_both(graph, operand, update, _eager(eqn, ids, new, *starts))
    ids = np.arange(size, dtype=np.int64).reshape(shape)
    offsets = ids[tuple(slice(0, size) for size in update.shape)]
    base = _base(graph, shape, _vector(graph, starts), range(len(shape)), update.shape)
    where = graph.add("Add", [base, offsets.ravel()], (offsets.size,), np.int64)
    flat = graph.add(
        "ScatterElements", [_flat(graph, operand), where, _flat(graph, update)], (size,), dtype, axis=0
    )
    return graph.add("Reshape", [flat, _int64(*shape)], shape, dtype)


def _scatter_anywhere(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    operand, starts, updates = inputs
    numbers = eqn.params["dimension_numbers"]
    if numbers.operand_batching_dims or starts.shape[:-1] not in ((), (1,)):
        raise CannotExport("A scatter with batches at places that move is not written yet.")
    shape, dtype = _out(eqn)
    window = [
        1 if axis in numbers.inserted_window_dims else None for axis in range(len(shape))
    ]
    kept = iter(updates.shape[axis] for axis in numbers.update_window_dims)
    sizes = [next(kept) if size is None else size for size in window]
    ids = np.arange(math.prod(shape), dtype=np.int64).reshape(shape)
    offsets = ids[tuple(slice(0, size) for size in sizes)].ravel()
    base = _base(graph, shape, starts, numbers.scatter_dims_to_operand_dims, sizes)
    base = graph.add("Reshape", [base, _int64(1)], (1,), np.int64)
    where = graph.add("Add", [base, offsets], (offsets.size,), np.int64)
    flat = graph.add(
        "ScatterElements",
        [_flat(graph, operand), where, _flat(graph, updates)],
        (ids.size,),
        dtype,
        axis=0,
    )
    return graph.add("Reshape", [flat, _int64(*shape)], shape, dtype)


# Many numbers into one


def _reduced(op: str) -> Writer:
    def write(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
        shape, dtype = _out(eqn)
        axes = _int64(*eqn.params["axes"])
        return graph.add(op, [inputs[0], axes], shape, dtype, keepdims=0)

    return write


def _any_or_all(op: str) -> Writer:
    def write(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
        shape, dtype = _out(eqn)
        axes = _int64(*eqn.params["axes"])
        numbers = cast(graph, inputs[0], np.int32)
        return cast(graph, graph.add(op, [numbers, axes], shape, np.int32, keepdims=0), np.bool_)

    return write


def _arg(op: str) -> Writer:
    def write(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
        shape, dtype = _out(eqn)
        (axis,) = eqn.params["axes"]
        return cast(graph, graph.add(op, inputs, shape, np.int64, axis=axis, keepdims=0), dtype)

    return write


def _cumsum(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    axis = np.asarray(eqn.params["axis"], np.int64)
    return graph.add("CumSum", [inputs[0], axis], *_out(eqn), reverse=int(eqn.params["reverse"]))


def _dot_general(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    """As a plain product of matrices where it is one, else by the names of its axes."""
    (left_sum, right_sum), (left_batch, right_batch) = eqn.params["dimension_numbers"]
    shape, dtype = _out(eqn)
    left, right = (cast(graph, value, dtype) for value in inputs)
    last = len(left.shape) - 1
    if not left_batch and tuple(left_sum) == (last,) and tuple(right_sum) == (0,):
        if len(right.shape) == 2:  # runtimes fuse a transposed matrix with a vector wrongly
            return graph.add("MatMul", [left, right], shape, dtype)
    letters = iter("abcdefghijklmnopqrstuvwxyz")
    names: dict[tuple[int, int], str] = {}
    for a, b in [*zip(left_batch, right_batch, strict=True), *zip(left_sum, right_sum, strict=True)]:
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
    equation = f"{''.join(sides[0])},{''.join(sides[1])}->{''.join(sum(used, []))}"
    return graph.add("Einsum", [left, right], shape, dtype, equation=equation)


def _same_value(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    return inputs[0]


NODES: Mapping[str, Writer] = {
    **{
        name: _plain(op)
        for name, op in {
            "add": "Add",
            "add_any": "Add",
            "sub": "Sub",
            "mul": "Mul",
            "div": "Div",
            "pow": "Pow",
            "neg": "Neg",
            "abs": "Abs",
            "sign": "Sign",
            "sqrt": "Sqrt",
            "exp": "Exp",
            "log": "Log",
            "sin": "Sin",
            "cos": "Cos",
            "tan": "Tan",
            "asin": "Asin",
            "acos": "Acos",
            "atan": "Atan",
            "sinh": "Sinh",
            "cosh": "Cosh",
            "tanh": "Tanh",
            "logistic": "Sigmoid",
            "erf": "Erf",
            "floor": "Floor",
            "ceil": "Ceil",
            "lt": "Less",
            "gt": "Greater",
            "le": "LessOrEqual",
            "ge": "GreaterOrEqual",
            "eq": "Equal",
        }.items()
    },
    "max": _logical("Or", "Max"),
    "min": _logical("And", "Min"),
    "and": _logical("And", "BitwiseAnd"),
    "or": _logical("Or", "BitwiseOr"),
    "xor": _logical("Xor", "BitwiseXor"),
    "not": _logical("Not", "BitwiseNot"),
    "ne": _not("Equal"),
    "rsqrt": _rsqrt,
    "square": _square,
    "log1p": _log1p,
    "expm1": _expm1,
    "integer_pow": _integer_pow,
    "rem": _remainder,
    "round": _round,
    "atan2": _atan2,
    "is_finite": _is_finite,
    "clamp": _clamp,
    "convert_element_type": _convert,
    "select_n": _select_n,
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
    "copy": _same_value,
    "copy_p": _same_value,
    "stop_gradient": _same_value,
    "optimization_barrier": lambda graph, eqn, inputs: inputs,
}
