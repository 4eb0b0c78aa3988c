"""The process that executes a stranger's reward: JSON in, JSON out, nothing else.

Started by `tabrl.rewards.sandbox`. It imports and warms JAX, gives up everything it can
(`tabrl.rewards.confine`), and only then compiles the source. The reward runs once, with tracers for
numbers, over a batch of symbolic size.
"""

import __future__

import base64
import json
import os
import sys
import traceback
from collections.abc import Iterator
from typing import Any

from tabrl.rewards.confine import confine, isolate

_FILE = "<reward>"
_WARM = "def reward(s):\n    return {'a': jnp.where(s.time > 0, near(s.time, 0.5, 1), 0)}\n"
_USE_ARRAYS = "Choose with jnp.where, jnp.minimum, jnp.maximum, or a kernel such as at_least."
# Names of JAX's exceptions for Python that needs the value of a number it does not know yet.
_NEEDS_VALUE = {
    "TracerBoolConversionError": ("this needs a yes or no while signals are arrays", _USE_ARRAYS),
    "ConcretizationTypeError": ("this needs a plain number, not a signal", _USE_ARRAYS),
    "TracerIntegerConversionError": (
        "a signal cannot be an index or a count",
        "Index with a number, and choose with jnp.where.",
    ),
    "TracerArrayConversionError": (
        "this needs a plain array, not a signal",
        "Use jnp's functions.",
    ),
}


class _RefusedError(Exception):
    """The reward does not give what a reward must give."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def main() -> None:
    """Answer the one request on standard input on standard output."""
    request = json.loads(sys.stdin.buffer.read())
    protections = isolate()
    _export(_WARM, {"time": []}, {})  # imports what JAX leaves for later
    protections += confine(request["cpu_s"], request["memory_bytes"])
    lacking = missing(request["needed"], protections)
    reply = {"protections": protections, **(lacking or answer(request))}
    sys.stdout.buffer.write(json.dumps(reply).encode())
    sys.stdout.buffer.flush()
    os._exit(0)  # nothing that the source left behind runs at exit


def missing(needed: list[str], protections: list[str]) -> dict[str, Any]:
    """One finding where this process lacks a wall that it must have; nothing of the source was
    executed. Landlock comes with a number.
    """
    lacking = [wall for wall in needed if not any(held.startswith(wall) for held in protections)]
    if not lacking:
        return {}
    message = f"a stranger's reward does not run here: the sandbox lacks {', '.join(lacking)}"
    hint = (
        "Let the container use them (user namespaces for one that is not root, CAP_SYS_ADMIN for "
        "root; Linux 5.13 or newer for Landlock), or check and train on a machine that has them."
    )
    return {"findings": [{"line": None, "message": message, "hint": hint}]}


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Execute `request["source"]`: its blob and terms, or one finding, as JSON can say it.

    Nothing here protects the caller: a stranger's source needs a process that is confined.
    """
    try:
        blob, terms = _export(request["source"], request["shapes"], request["picks"])
        return {"blob": base64.b64encode(blob).decode(), "terms": terms}
    except BaseException as error:
        return {"findings": [_finding(error)]}


def _export(source: str, shapes: dict[str, Any], picks: Any) -> tuple[bytes, list[str]]:
    """The serialised reward and its terms in the order in which it names them."""
    import jax
    import jax.numpy as jnp
    from jax import export

    from tabrl.rewards.namespace import Signals, namespace

    terms: list[str] = []

    def reward(values: dict[str, jax.Array]) -> dict[str, jax.Array]:
        scope = namespace()
        exec(compile(source, _FILE, "exec", __future__.annotations.compiler_flag, True), scope)
        if not callable(scope.get("reward")):
            raise _RefusedError("there is no function reward", "Write `def reward(s):`.")
        pay = _checked(scope["reward"](Signals(values, picks)))
        terms[:] = pay
        return {name: jnp.asarray(value, jnp.float32) for name, value in pay.items()}

    one = {n: jax.ShapeDtypeStruct(tuple(s), jnp.float32) for n, s in shapes.items()}
    _refuse_not_finite(jax.make_jaxpr(reward)(one))
    (batch,) = export.symbolic_shape("b")
    many = {n: jax.ShapeDtypeStruct((batch, *s), jnp.float32) for n, s in shapes.items()}
    exported = export.export(jax.jit(jax.vmap(reward)), platforms=("cpu", "cuda"))(many)
    return bytes(exported.serialize()), terms


def _checked(pay: Any) -> dict[str, Any]:
    """Returns what the reward returned if it is a dict of scalars."""
    if not (isinstance(pay, dict) and pay):
        what = "an empty dict" if isinstance(pay, dict) else type(pay).__name__
        raise _RefusedError(
            f"the reward returned {what}", 'Return a dict of terms: return {"tall": s.height}.'
        )
    for name, value in pay.items():
        _check_term(name, value)
    return pay


def _check_term(name: Any, value: Any) -> None:
    import jax.numpy as jnp

    if not isinstance(name, str):
        raise _RefusedError(f"the term name {name!r} is not text", 'Name it: {"tall": s.height}.')
    try:
        array = jnp.asarray(value)
    except (TypeError, ValueError):
        what = type(value).__name__
        raise _RefusedError(f"term {name!r} is a {what}", "A term is one number.") from None
    if array.shape != ():
        hint = "Reduce it with jnp.mean, jnp.sum or jnp.max."
        raise _RefusedError(f"term {name!r} has shape {array.shape}, not one number", hint)
    if jnp.issubdtype(array.dtype, jnp.complexfloating):
        raise _RefusedError(f"term {name!r} is complex", "A term is one real number.")


def _refuse_not_finite(closed: Any) -> None:
    """Numbers that are written down must be finite; computed ones are seen in the pre-flight."""
    import numpy as np

    numbers = [*closed.consts, *_literals(closed.jaxpr)]
    if not all(np.all(np.isfinite(np.asarray(n, np.float64))) for n in numbers):
        hint = "Look for a division by zero or a number above 3e38."
        raise _RefusedError("a constant of this reward is infinite or not a number", hint)


def _literals(jaxpr: Any) -> Iterator[Any]:
    atoms = [*jaxpr.outvars, *(atom for eqn in jaxpr.eqns for atom in eqn.invars)]
    return (atom.val for atom in atoms if hasattr(atom, "val"))


def _finding(error: BaseException) -> dict[str, Any]:
    """Line, message and hint for whatever executing the source raised."""
    if isinstance(error, _RefusedError):
        return {"line": None, "message": str(error), "hint": error.hint}
    if isinstance(error, SyntaxError):
        return {"line": error.lineno, "message": f"syntax error: {error.msg}", "hint": ""}
    if isinstance(error, MemoryError | RecursionError):
        hint = "Use small arrays, few loops and no recursion."
        return {"line": _line(error), "message": "this takes too much memory", "hint": hint}
    for kind in type(error).__mro__:
        if kind.__name__ in _NEEDS_VALUE:
            message, hint = _NEEDS_VALUE[kind.__name__]
            break
    else:
        first = (str(error).strip().splitlines() or [""])[0]
        message, hint = f"{type(error).__name__}: {first}"[:500], ""
    return {"line": _line(error), "message": message, "hint": hint}


def _line(error: BaseException) -> int | None:
    frames = traceback.walk_tb(error.__traceback__)
    lines = [line for frame, line in frames if frame.f_code.co_filename == _FILE]
    return lines[-1] if lines else None


if __name__ == "__main__":
    main()
