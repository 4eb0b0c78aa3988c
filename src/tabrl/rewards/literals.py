"""Values that can be read off the source without executing it."""

import ast

from tabrl.rewards.language import MAX_LOOP

MAX_NUMBER = 1e9

Values = tuple[object, ...]


def items_of(node: ast.expr, known: dict[str, Values]) -> Values | None:
    """What a loop over this expression gives: tuples and lists written out, range, zip, enumerate.

    Args:
        node: the expression that is looped over.
        known: for each name that holds such values, all that it may hold.

    Returns:
        The items, at most `MAX_LOOP + 1` of them; None when the source alone does not tell.
    """
    if isinstance(node, ast.Call):
        return _call_items(node, known)
    if isinstance(node, ast.Name):
        held = known.get(node.id, ())
        nested = [value for value in held if isinstance(value, tuple)]
        return sum(nested, ()) if nested and len(nested) == len(held) else None
    value = value_of(node)
    return value if isinstance(value, tuple) else None


def value_of(node: ast.expr) -> object:
    """The number, text or tuple that is written here; None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float | str):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        number = value_of(node.operand)
        return -number if isinstance(number, int | float) else None
    if isinstance(node, ast.Tuple | ast.List):
        values = tuple(value_of(item) for item in node.elts)
        return None if None in values else values
    return None


def is_text(node: ast.AST) -> bool:
    """Whether this is a text constant, or a statement of nothing else (a docstring)."""
    if isinstance(node, ast.Expr):
        node = node.value
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def is_moderate(number: complex) -> bool:
    """Whether this is a real number of a size that rewards have."""
    return not isinstance(number, complex) and abs(number) <= MAX_NUMBER  # false for NaN, too


def _call_items(call: ast.Call, known: dict[str, Values]) -> Values | None:
    if not isinstance(call.func, ast.Name) or call.keywords:
        return None
    if call.func.id == "range":
        return _range_items([value_of(arg) for arg in call.args])
    columns = [items_of(arg, known) for arg in call.args]
    if not columns or None in columns:
        return None
    filled = [column for column in columns if column is not None]
    if call.func.id == "zip":
        return tuple(zip(*filled, strict=False))
    if call.func.id == "enumerate" and len(filled) == 1:
        return tuple(enumerate(filled[0]))
    return None


def _range_items(bounds: list[object]) -> Values | None:
    numbers = [bound for bound in bounds if isinstance(bound, int)]
    if len(numbers) != len(bounds) or not 1 <= len(numbers) <= 3 or numbers[2:] == [0]:
        return None
    return tuple(range(*numbers)[: MAX_LOOP + 1])
