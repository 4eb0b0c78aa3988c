"""From the sandbox's bytes to a reward that runs in the trainer, after a look at what they hold.

The bytes come from a process that ran a stranger's code, so they are not believed: only arithmetic
passes, with the signals of this robot as inputs and one number a robot for each term.
"""

import math
import re
from collections.abc import Callable, Iterator
from graphlib import TopologicalSorter
from typing import Any

import jax
import jax.numpy as jnp
from jax import export
from jax.interpreters.mlir import make_ir_context
from jaxlib.mlir import ir

from tabrl.rewards.language import MAX_TERMS, shapes_for
from tabrl.rewards.sandbox import MAX_BLOB_BYTES, RewardError
from tabrl.robots.catalogue import Robot
from tabrl.spec import TERM_NAME, Finding

MAX_OPERATIONS = 20_000  # with every call written out
MAX_NUMBERS = 100_000  # in one array of one robot

RewardFunction = Callable[[dict[str, jax.Array]], dict[str, jax.Array]]

# StableHLO that computes. Not here: while, custom_call, infeed, send, rng and their like.
_ALLOWED = frozenset(
    """abs add and atan2 broadcast_in_dim case cbrt ceil clamp compare composite concatenate
    constant convert cosine divide dot_general dynamic_broadcast_in_dim dynamic_gather dynamic_iota
    dynamic_reshape dynamic_slice exponential exponential_minus_one floor gather get_dimension_size
    iota is_finite log log_plus_one logistic maximum minimum multiply negate not or pad power
    real_dynamic_slice reduce remainder reshape return reverse round_nearest_even rsqrt select sign
    sine slice sqrt subtract tan tanh transpose xor""".split()
)
_ALLOWED_CUSTOM = frozenset({"shape_assertion"})


def load_reward(blob: bytes, robot: Robot) -> RewardFunction:
    """A reward to call at batch level: it cannot be under `vmap`, it can be under `jit`.

    Args:
        blob: `ExportedReward.blob`, untrusted.
        robot: the robot it was exported for.

    Returns:
        A function of every signal, each (batch, *shape) float32, that returns each term (batch,).

    Raises:
        RewardError: the bytes hold anything but such a function of plain arithmetic.
    """
    shapes = shapes_for(robot)
    try:
        exported = export.deserialize(bytearray(blob[: MAX_BLOB_BYTES + 1]))
        _inspect_signature(exported, shapes)
        _inspect_operations(exported)
    except RewardError:
        raise
    except Exception as error:  # whatever decoding a stranger's bytes may raise
        raise _refusal(f"not an exported reward ({type(error).__name__})") from error
    return lambda signals: exported.call({name: signals[name] for name in shapes})


def _inspect_signature(exported: export.Exported, shapes: dict[str, tuple[int, ...]]) -> None:
    """Float32 signals in, one float32 a robot for each term out, and nothing beside."""
    expected: Any = jax.tree.structure(((dict.fromkeys(shapes, 0),), {}))
    if exported.in_tree != expected or exported.nr_devices != 1 or exported.has_vjp():
        raise _refusal("its inputs are not this robot's signals")
    if exported.ordered_effects or exported.unordered_effects or exported.disabled_safety_checks:
        raise _refusal("it has effects besides its value")
    for name, aval in zip(sorted(shapes), exported.in_avals, strict=True):
        _inspect_array(aval, shapes[name], f"the signal {name}")
    terms = jax.tree.unflatten(exported.out_tree, exported.out_avals)
    if not isinstance(terms, dict) or not 1 <= len(terms) <= MAX_TERMS:
        raise _refusal("it does not return a dict of terms")
    for name, aval in terms.items():
        if not isinstance(name, str) or not re.fullmatch(TERM_NAME, name):
            raise _refusal("a term has no proper name")
        _inspect_array(aval, (), f"the term {name}")


def _inspect_array(aval: Any, shape: tuple[int, ...], what: str) -> None:
    batched = len(aval.shape) == 1 + len(shape) and str(aval.shape[0]) == "b"
    if not batched or aval.shape[1:] != shape or aval.dtype != jnp.float32:
        raise _refusal(f"{what} is {aval}, not float32 of shape {('b', *shape)}")


def _inspect_operations(exported: export.Exported) -> None:
    with make_ir_context():
        module = ir.Module.parse(exported.mlir_module())
        bodies = {_text(f.attributes["sym_name"]): list(_below(f)) for f in module.body.operations}
        for operation in (operation for body in bodies.values() for operation in body):
            _inspect_operation(operation)
        calls = {name: [c for o in body for c in _callees(o)] for name, body in bodies.items()}
    _inspect_size({name: len(body) for name, body in bodies.items()}, calls)


def _below(operation: Any) -> Iterator[Any]:
    for region in operation.regions:
        for block in region:
            for inner in block:
                yield inner.operation
                yield from _below(inner.operation)


def _inspect_operation(operation: Any) -> None:
    dialect, _, name = operation.name.partition(".")
    if operation.name == "stablehlo.custom_call":
        allowed = _text(operation.attributes["call_target_name"]) in _ALLOWED_CUSTOM
    elif dialect == "func":
        allowed = name in ("call", "return")
    else:
        allowed = dialect in ("stablehlo", "chlo") and name in _ALLOWED
    if not allowed:
        raise _refusal(f"it holds the operation {operation.name}")
    for result in operation.results:
        kind = ir.RankedTensorType(result.type)
        sizes = [size for i, size in enumerate(kind.shape) if not kind.is_dynamic_dim(i)]
        if math.prod(sizes) > MAX_NUMBERS:
            raise _refusal(f"it makes an array of shape {tuple(kind.shape)}")


def _callees(operation: Any) -> list[str]:
    """Functions of the module that an operation stands for."""
    names = ("callee", "decomposition")
    return [_text(operation.attributes[n]) for n in names if n in operation.attributes]


def _inspect_size(sizes: dict[str, int], calls: dict[str, list[str]]) -> None:
    """Calls end, and written out they are not too many."""
    total: dict[str, int] = {}
    for name in TopologicalSorter(calls).static_order():
        total[name] = sizes[name] + sum(total[callee] for callee in calls[name])
        if total[name] > MAX_OPERATIONS:
            raise _refusal(f"it holds over {MAX_OPERATIONS} operations")


def _text(attribute: Any) -> str:
    return str(attribute.value)


def _refusal(message: str) -> RewardError:
    hint = "Check the reward again to export it anew."
    return RewardError((Finding(message=f"this reward cannot be trusted: {message}", hint=hint),))
