"""From a JAX function to an ONNX graph.

A function is traced to a jaxpr and walked through. What is known without the inputs is computed
here; only the rest becomes nodes. Random numbers from a key that is known are drawn here, once;
others become the middle of their range: a policy that was taught plays without noise, and its
environment's draws are held.
"""

from collections.abc import Callable, Sequence
from typing import Any

import jax
import numpy as np
from jax.extend import core

from tabrl.export.graph import CannotExport, Graph, Tensor, Value
from tabrl.export.moving import MOVING
from tabrl.export.numbers import NUMBERS
from tabrl.export.reducing import REDUCING
from tabrl.export.writing import select

_INLINED = frozenset(
    "jit pjit closed_call core_call custom_jvp_call custom_vjp_call custom_vjp_call_jaxpr "
    "remat checkpoint".split()
)
_KEYS = frozenset(
    "random_wrap random_unwrap random_split random_seed random_fold_in random_clone "
    "threefry2x32".split()
)
_MIDDLE = {4: np.uint32(1 << 31), 2: np.uint16(1 << 15), 1: np.uint8(1 << 7)}
_LONGEST_LOOP = 64
_NODES = {**NUMBERS, **MOVING, **REDUCING}


def write(graph: Graph, function: Callable[..., Any], *args: Any) -> Any:
    """The values of a function of JAX arrays: a tree like its result, of arrays where they are
    known and of tensors else.

    Args:
        args: trees of arrays, which are known, and of tensors of the graph.

    Raises:
        CannotExport: it computes what is not written here yet.
    """
    leaves, tree = jax.tree.flatten(args, is_leaf=lambda x: isinstance(x, Tensor))
    shapes = [
        jax.ShapeDtypeStruct(x.shape, x.dtype)
        for x in (leaf if isinstance(leaf, Tensor) else np.asarray(leaf) for leaf in leaves)
    ]
    shape_args = jax.tree.unflatten(tree, shapes)
    closed, result = jax.make_jaxpr(function, return_shape=True)(*shape_args)
    values = [leaf if isinstance(leaf, Tensor) else np.asarray(leaf) for leaf in leaves]
    outputs = _walk(graph, closed.jaxpr, closed.consts, values)
    return jax.tree.unflatten(jax.tree.structure(result), outputs)


def _walk(graph: Graph, jaxpr: Any, consts: Sequence[Any], args: Sequence[Value]) -> list[Value]:
    values: dict[Any, Value] = dict(zip(jaxpr.invars, args, strict=True))
    values |= {var: np.asarray(value) for var, value in zip(jaxpr.constvars, consts, strict=True)}

    def read(atom: Any) -> Value:
        return np.asarray(atom.val) if isinstance(atom, core.Literal) else values[atom]

    for eqn in jaxpr.eqns:
        outputs = _step(graph, eqn, [read(atom) for atom in eqn.invars])
        values.update(zip(eqn.outvars, outputs, strict=True))
    return [read(atom) for atom in jaxpr.outvars]


def _step(graph: Graph, eqn: Any, inputs: list[Value]) -> list[Value]:
    name = eqn.primitive.name
    known = not any(isinstance(value, Tensor) for value in inputs)
    if not known and (name in _KEYS or any(_is_key(var.aval) for var in eqn.outvars)):
        return [_blank(var) for var in eqn.outvars]
    if not known and name == "random_bits":
        return [np.full(var.aval.shape, _MIDDLE[var.aval.dtype.itemsize]) for var in eqn.outvars]
    if name in _INLINED:
        inner = next(
            eqn.params[key] for key in ("jaxpr", "call_jaxpr", "fun_jaxpr") if key in eqn.params
        )
        return _walk(graph, inner.jaxpr, inner.consts, inputs)
    if name == "cond" and isinstance(inputs[0], np.ndarray):
        branches = eqn.params["branches"]
        chosen = branches[int(np.clip(inputs[0], 0, len(branches) - 1))]
        return _walk(graph, chosen.jaxpr, chosen.consts, inputs[1:])
    if name == "cond":
        return _either(graph, eqn, inputs)
    if name == "scan":
        return _unrolled(graph, eqn, inputs)
    if known:
        return _computed(eqn, inputs)
    if name not in _NODES:
        raise CannotExport(f"{name} has no counterpart in the exported graph yet.")
    given = _NODES[name](graph, eqn, inputs)
    return list(given) if isinstance(given, (list, tuple)) else [given]


def _is_key(aval: Any) -> bool:
    return bool(jax.numpy.issubdtype(aval.dtype, jax.dtypes.prng_key))


def _blank(var: Any) -> Tensor:
    """A stand-in for a key that is not known: draws from it are the middle of their range."""
    return Tensor("a key", tuple(var.aval.shape), np.dtype(np.uint32))


def _computed(eqn: Any, inputs: Sequence[Value]) -> list[Value]:
    with jax.ensure_compile_time_eval():
        outputs = eqn.primitive.bind(*map(jax.numpy.asarray, inputs), **eqn.params)
    several = eqn.primitive.multiple_results
    given = outputs if several else [outputs]
    return [output if _is_key(output) else np.asarray(output) for output in given]


def _either(graph: Graph, eqn: Any, inputs: list[Value]) -> list[Value]:
    """All branches of a choice, and a selection among what they give: none of them has effects."""
    which, *args = inputs
    branches = [_walk(graph, b.jaxpr, b.consts, args) for b in eqn.params["branches"]]
    chosen = branches[0]
    for index, given in enumerate(branches[1:], 1):
        is_it = graph.add("Equal", [which, np.asarray(index, which.dtype)], which.shape, np.bool_)
        chosen = [select(graph, is_it, new, old) for new, old in zip(given, chosen, strict=True)]
    return chosen


def _unrolled(graph: Graph, eqn: Any, inputs: list[Value]) -> list[Value]:
    p = eqn.params
    if p["length"] > _LONGEST_LOOP:
        raise CannotExport(f"A loop of {p['length']} rounds is too long for the exported graph.")
    fixed, carried = p["num_consts"], p["num_carry"]
    consts, carry = inputs[:fixed], inputs[fixed : fixed + carried]
    rounds = range(p["length"])
    collected: dict[int, list[Value]] = {}
    for i in reversed(rounds) if p["reverse"] else rounds:
        sliced = [_row(graph, xs, i) for xs in inputs[fixed + carried :]]
        body = p["jaxpr"]
        given = _walk(graph, body.jaxpr, body.consts, [*consts, *carry, *sliced])
        carry, collected[i] = given[:carried], given[carried:]
    columns = zip(*(collected[i] for i in rounds), strict=True)
    return [*carry, *(_stacked(graph, list(column)) for column in columns)]


def _row(graph: Graph, xs: Value, index: int) -> Value:
    if isinstance(xs, np.ndarray):
        return xs[index]
    return graph.add("Gather", [xs, np.asarray(index, np.int64)], xs.shape[1:], xs.dtype, axis=0)


def _stacked(graph: Graph, rows: list[Value]) -> Value:
    known = [row for row in rows if isinstance(row, np.ndarray)]
    if len(known) == len(rows):
        return np.stack(known)
    shape, dtype = rows[0].shape, rows[0].dtype
    axis = np.asarray([0], np.int64)
    lifted = [graph.add("Unsqueeze", [row, axis], (1, *shape), dtype) for row in rows]
    return graph.add("Concat", lifted, (len(rows), *shape), dtype, axis=0)
