"""Number by number: arithmetic, functions, choices."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from tabrl.export.graph import Graph, Tensor, Value
from tabrl.export.writing import Writer, cast, out, plain, select


def _logical(on_bools: str, on_numbers: str) -> Writer:
    def write(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
        op = on_bools if inputs[0].dtype == np.bool_ else on_numbers
        return graph.add(op, inputs, *out(eqn))

    return write


def _not(op: str) -> Writer:
    def write(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
        shape, dtype = out(eqn)
        if inputs[0].dtype == np.bool_:
            inputs = [cast(graph, x, np.int32) for x in inputs]
        return graph.add("Not", [graph.add(op, inputs, shape, dtype)], shape, dtype)

    return write


def _rsqrt(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    shape, dtype = out(eqn)
    return graph.add("Reciprocal", [graph.add("Sqrt", inputs, shape, dtype)], shape, dtype)


def _square(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    return graph.add("Mul", [inputs[0], inputs[0]], *out(eqn))


def _log1p(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    shape, dtype = out(eqn)
    return graph.add(
        "Log", [graph.add("Add", [*inputs, np.asarray(1, dtype)], shape, dtype)], shape, dtype
    )


def _expm1(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    shape, dtype = out(eqn)
    return graph.add(
        "Sub", [graph.add("Exp", inputs, shape, dtype), np.asarray(1, dtype)], shape, dtype
    )


def _integer_pow(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    shape, dtype = out(eqn)
    power = eqn.params["y"]
    value = inputs[0]
    product = value
    for _ in range(abs(power) - 1):
        product = graph.add("Mul", [product, value], shape, dtype)
    return product if power > 0 else graph.add("Reciprocal", [product], shape, dtype)


def _remainder(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    return graph.add("Mod", inputs, *out(eqn), fmod=1)


def _round(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    """ONNX rounds half to even; half away from zero is the other one."""
    shape, dtype = out(eqn)
    if int(eqn.params["rounding_method"]) == 1:
        return graph.add("Round", inputs, shape, dtype)
    half = graph.add(
        "Add", [graph.add("Abs", inputs, shape, dtype), np.asarray(0.5, dtype)], shape, dtype
    )
    size = graph.add("Floor", [half], shape, dtype)
    return graph.add("Mul", [graph.add("Sign", inputs, shape, dtype), size], shape, dtype)


def _atan2(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    """atan(y / x), turned by half a turn where x is negative."""
    shape, dtype = out(eqn)
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
    shape, dtype = out(eqn)
    nan = graph.add("IsNaN", inputs, shape, dtype)
    infinite = graph.add("IsInf", inputs, shape, dtype)
    return graph.add("Not", [graph.add("Or", [nan, infinite], shape, dtype)], shape, dtype)


def _clamp(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    low, value, high = inputs
    shape, dtype = out(eqn)
    return graph.add("Min", [graph.add("Max", [value, low], shape, dtype), high], shape, dtype)


def _convert(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    return cast(graph, inputs[0], out(eqn)[1])


def _select_n(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    which, *cases = inputs
    if which.dtype == np.bool_:
        if isinstance(which, np.ndarray) and (which.all() or not which.any()):
            return cases[int(which.all())] if which.size else cases[0]
        return select(graph, which, cases[1], cases[0])
    chosen = cases[0]
    for index, case in enumerate(cases[1:], 1):
        is_it = graph.add("Equal", [which, np.asarray(index, which.dtype)], which.shape, np.bool_)
        chosen = select(graph, is_it, case, chosen)
    return chosen


def _same_value(graph: Graph, eqn: Any, inputs: list[Value]) -> Value:
    return inputs[0]


NUMBERS: Mapping[str, Writer] = {
    **{
        name: plain(op)
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
    "copy": _same_value,
    "copy_p": _same_value,
    "stop_gradient": _same_value,
    "optimization_barrier": lambda graph, eqn, inputs: inputs,
}
