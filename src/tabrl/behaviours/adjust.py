"""The built-in editor of approaches: it turns what a test missed, and what a person says of size,
tempo and smoothness, into other targets, weights and clocks. Needs no key and no network.
"""

import ast
import re
from collections.abc import Iterator, Mapping

from tabrl.behaviours.modifiers import Modifiers, read
from tabrl.errors import TabRLError
from tabrl.spec import Approach, Criterion, Metric

MORE = 1.5  # by how much a leading term gains weight
FIRM = 2.0  # by how much a term gains that keeps the robot up or calm
MAX_WEIGHT = 10.0
_CLOCK = (0.2, 4.0)  # Hz
_SIZES = ("amplitude", "range", "max", "mean", "median", "rate", "final", "abs_mean")
_SCORES = ("near", "at_least")  # kernels whose second argument is a target
_WAVES = ("sin", "cos", "oscillate", "square_wave")
_HEDGES = re.compile(r"\b(a (little )?bit|a little|slightly|somewhat)\b", re.IGNORECASE)
_TOO_LITTLE = (1.1, 1.5)  # least and greatest growth of a target that is not reached


def adjust(
    approach: Approach, metric: Metric | None, numbers: Mapping[str, float | None], wish: str
) -> Approach:
    """The approach with other numbers in the same places.

    Args:
        numbers: what the metric measured of the trained robot, by the criterion's label.
        wish: what the person says of the result; unknown words change nothing.

    Raises:
        TabRLError: neither the numbers nor the words ask for anything that it could change.
    """
    said = read(_HEDGES.sub(" ", wish))
    missed = list(_missed(metric, numbers))
    changes = (_size(approach, said, missed), _tempo(approach, said, missed),
               _weights(approach, said, missed))  # fmt: skip
    fields: dict = {name: value for change, _ in changes for name, value in change.items()}
    if not fields:
        raise TabRLError(
            "The built-in proposer finds nothing to change: the test is passed, or the code has "
            "no number that it could turn.",
            "Say what should be different: wider, smaller, faster, slower or smoother; or let a "
            "language model edit it.",
        )
    words = "; ".join(words for _, words in changes if words)
    edited = approach.model_copy(update=fields)
    return edited.model_copy(update={"description": f"Edited by the built-in proposer: {words}."})


Change = tuple[dict, str]
"""Fields of an approach, and what they change in words."""


def _size(approach: Approach, said: Modifiers, missed: list[tuple[Criterion, float]]) -> Change:
    """Targets of the movement at another size: as the person says, or as the test misses it."""
    factor = said.size
    for criterion, value in missed:
        low = criterion.at_least
        if factor == 1 and low and criterion.measure in _SIZES and value * low > 0:
            factor = min(max(low / value, _TOO_LITTLE[0]), _TOO_LITTLE[1])
    source = scaled(approach.source, leading(approach.weights), factor)
    if source == approach.source:
        return {}, ""
    return {"source": source}, f"its targets are {factor:.3g} times as large"


def _tempo(approach: Approach, said: Modifiers, missed: list[tuple[Criterion, float]]) -> Change:
    """Another clock: as the person says, or as a frequency is missed."""
    rate = said.hz or approach.clock_hz * said.tempo
    for criterion, value in missed:
        if criterion.measure == "frequency" and rate == approach.clock_hz:
            rate *= 1.25 if criterion.at_least and value < criterion.at_least else 0.8
    rate = round(min(max(rate, _CLOCK[0]), _CLOCK[1]), 3)
    if rate == approach.clock_hz:
        return {}, ""
    return {"clock_hz": rate}, f"its clock beats at {rate:g} Hz instead of {approach.clock_hz:g}"


def _weights(approach: Approach, said: Modifiers, missed: list[tuple[Criterion, float]]) -> Change:
    """More weight on what leads where the test is missed, on what keeps it up where it falls, and
    on what calms it where the person wants it smooth.
    """
    factors: dict[str, float] = {}
    measures = {criterion.measure for criterion, _ in missed}
    if measures - {"falls", "frequency"}:
        factors |= dict.fromkeys(leading(approach.weights), MORE)
    if "falls" in measures:
        factors |= dict.fromkeys(_upright(approach.source), FIRM)
    if said.styles & {"smooth"}:
        factors |= {name: FIRM for name, weight in approach.weights.items() if weight < 0}
    changed = dict(approach.weights)
    for name, factor in factors.items():
        weight = changed.get(name, 1.0)
        if abs(weight * factor) <= MAX_WEIGHT:
            changed[name] = float(f"{weight * factor:.4g}")
    named = [name for name in changed if changed[name] != approach.weights.get(name)]
    return ({"weights": changed}, f"more weight on {', '.join(named)}") if named else ({}, "")


def leading(weights: Mapping[str, float]) -> list[str]:
    """The terms that the behaviour itself is paid by: at least half of the greatest weight."""
    most = max(weights.values(), default=0.0)
    return [name for name, weight in weights.items() if weight > 0 and weight >= most / 2]


def scaled(source: str, terms: list[str], factor: float) -> str:
    """The source with the swing of its rhythm times a factor; where it has none, the targets of
    these terms. What is between the numbers stays as it is, comments included.
    """
    tree = ast.parse(source)
    numbers = list(_swings(tree)) or [
        number for name in terms for term in _terms(tree, name) for number in _targets(term)
    ]
    if factor == 1 or not numbers:
        return source
    lines = source.encode().split(b"\n")  # columns of a syntax tree count bytes
    for number in sorted(set(numbers), key=lambda n: (n.lineno, n.col_offset), reverse=True):
        line, end = lines[number.lineno - 1], number.end_col_offset
        assert isinstance(number.value, int | float)
        text = f"{number.value * factor:.4g}".encode()
        lines[number.lineno - 1] = line[: number.col_offset] + text + line[end:]
    return b"\n".join(lines).decode()


def _swings(tree: ast.AST) -> Iterator[ast.Constant]:
    """Amplitudes: what a wave of the clock takes, or is multiplied by."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node) == "oscillate" and len(node.args) > 1:
            yield from _factor(node.args[1])
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and _waves(node.right):
            yield from _factor(node.left)


def _waves(node: ast.AST) -> bool:
    """Whether it is a wave, or a half of one."""
    if isinstance(node, ast.UnaryOp):
        return _waves(node.operand)
    if not isinstance(node, ast.Call):
        return False
    half = _name(node) in ("maximum", "minimum", "abs", "clip")
    return _name(node) in _WAVES or (half and any(map(_waves, node.args)))


def _terms(tree: ast.AST, name: str) -> Iterator[ast.AST]:
    """What pays by this name: an expression, and those that it has names for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == name:
                    yield value
                    yield from _named_in(value, tree)


def _named_in(node: ast.AST, tree: ast.AST) -> Iterator[ast.AST]:
    names = {found.id for found in ast.walk(node) if isinstance(found, ast.Name)}
    for found in ast.walk(tree):
        if isinstance(found, ast.Assign) and names & set(map(ast.unparse, found.targets)):
            yield found.value


def _targets(term: ast.AST) -> Iterator[ast.Constant]:
    for node in ast.walk(term):
        if isinstance(node, ast.Call) and _name(node) in _SCORES and len(node.args) > 1:
            target, *margins = node.args[1:]
            yield from _factor(target)
            # What is paid from nothing up to the target still is.
            if ast.unparse(target) in map(ast.unparse, margins):
                yield from _factor(margins[0])


def _factor(node: ast.AST) -> Iterator[ast.Constant]:
    """The number that an expression is proportional to, if it begins with one."""
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        node = node.left
    if isinstance(node, ast.UnaryOp):
        node = node.operand
    if isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value:
        yield node


def _upright(source: str) -> list[str]:
    """Names of the terms that pay for staying upright."""
    return [
        str(key.value)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and "s.upright" in ast.unparse(value)
    ]


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _missed(
    metric: Metric | None, numbers: Mapping[str, float | None]
) -> Iterator[tuple[Criterion, float]]:
    for criterion in metric.criteria if metric else ():
        value = numbers.get(criterion.label)
        low, high = criterion.at_least, criterion.at_most
        if value is None:
            continue
        if (low is not None and value < low) or (high is not None and value > high):
            yield criterion, value
