"""What each term of a reward is for, in the words of the comments beside it."""

import ast
import io
import tokenize
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

MAX_WORDS = 200


@lru_cache(maxsize=1024)
def meanings(source: str) -> Mapping[str, str]:
    """By a term's name the comment behind it, or else the lines of comment above it.

    A term without a comment is left out; a source that is not Python tells nothing.
    """
    try:
        terms = list(_terms(ast.parse(source)))
        behind, above = _comments(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError, tokenize.TokenError):
        return MappingProxyType({})
    found = {}
    for name, first, last in terms:
        words = behind.get(last) or " ".join(_run(above, first - 1))
        if words:
            found[name] = words[:MAX_WORDS]
    return MappingProxyType(found)


def _terms(tree: ast.Module) -> Iterator[tuple[str, int, int]]:
    """Name, first and last line of what stands in a dict or is put into one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value, key.lineno, value.end_lineno or value.lineno
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
            key = node.targets[0].slice
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, node.lineno, node.end_lineno or node.lineno


def _comments(source: str) -> tuple[dict[int, str], dict[int, str]]:
    """Comments by line: those behind code, and those with a line of their own."""
    behind: dict[int, str] = {}
    above: dict[int, str] = {}
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            alone = not token.line[: token.start[1]].strip()
            (above if alone else behind)[token.start[0]] = token.string.lstrip("#: ").rstrip()
    return behind, above


def _run(above: dict[int, str], line: int) -> list[str]:
    """The comment lines that end on this one, from the first."""
    first = line
    while first in above:
        first -= 1
    return [above[n] for n in range(first + 1, line + 1)]
