"""Reads a reward's source and says what a person should mend, before anything executes it.

An allow-list over the syntax tree: what is not known here is refused by name. It gives good
messages early; safety is the sandbox's work (`tabrl.rewards.sandbox`).
"""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from tabrl.rewards import literals
from tabrl.rewards.grammar import Grammar
from tabrl.rewards.language import MAX_SOURCE_BYTES, MAX_TERMS
from tabrl.robots.catalogue import Robot
from tabrl.spec import Finding

_MAX_FINDINGS = 20
_LAST = 1 << 30  # findings about the whole source come after those of a line
_FORM = 'Write `def reward(s):` that returns {"name": value, ...}.'


def lint(source: str, robot: Robot) -> list[Finding]:
    """What is wrong with a reward's source, by line; empty when nothing is.

    Args:
        source: Python source, untrusted; it is parsed and never executed.
        robot: the robot whose signals and names it may use.
    """
    try:
        findings = list(_findings(source, robot))
    except (RecursionError, MemoryError):
        findings = [_finding(None, "the source is nested too deeply", "Split it into steps.")]
    return sorted(dict.fromkeys(findings), key=lambda f: f.line or _LAST)[:_MAX_FINDINGS]


def _findings(source: str, robot: Robot) -> Iterator[Finding]:
    if len(source.encode("utf-8", "replace")) > MAX_SOURCE_BYTES:
        yield _finding(None, f"the source is longer than {MAX_SOURCE_BYTES} bytes", "Write less.")
    elif "\0" in source:
        yield _finding(None, "the source holds a null byte", "Save it as plain text.")
    else:
        try:
            tree = ast.parse(source)
        except SyntaxError as error:
            yield _finding(error.lineno, f"syntax error: {error.msg}", "")
        except ValueError as error:
            yield _finding(None, f"the source is not text: {error}", "Save it as UTF-8.")
        else:
            yield from _module(tree, robot)


def _module(tree: ast.Module, robot: Robot) -> Iterator[Finding]:
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    grammar = Grammar(robot, (function.name for function in functions))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            grammar.function(node)
        elif isinstance(node, ast.Expr) and not literals.is_text(node):
            grammar.refuse(node, "this line does nothing here", _FORM)
        elif isinstance(node, ast.For | ast.If | ast.AugAssign):
            grammar.refuse(node, "only constants and functions can stand here", _FORM)
        else:
            grammar.visit(node)
    yield from grammar.findings
    yield from _twice(functions)
    yield from _recursion(functions, grammar.calls)
    yield from _reward(functions)


def _twice(functions: list[ast.FunctionDef]) -> Iterator[Finding]:
    lines: dict[str, int] = {}
    for function in functions:
        if function.name in lines:
            what = f"{function.name} is written twice"
            yield _finding(function.lineno, what, f"The first is on line {lines[function.name]}.")
        lines.setdefault(function.name, function.lineno)


def _recursion(functions: list[ast.FunctionDef], calls: dict[str, set[str]]) -> Iterator[Finding]:
    try:
        TopologicalSorter(calls).prepare()
    except CycleError as error:
        names = error.args[1]
        lines = [f.lineno for f in functions if f.name in names]
        yield _finding(
            min(lines), f"{' calls '.join(names)}: this never ends", "Use a loop or a kernel."
        )


def _reward(functions: list[ast.FunctionDef]) -> Iterator[Finding]:
    rewards = [function for function in functions if function.name == "reward"]
    if not rewards:
        yield _finding(None, "there is no function reward", _FORM)
        return
    reward = rewards[0]
    if [argument.arg for argument in reward.args.args] != ["s"]:
        yield _finding(reward.lineno, "reward takes exactly one argument, s", _FORM)
    returns = [node for node in ast.walk(reward) if isinstance(node, ast.Return)]
    if not returns:
        yield _finding(reward.lineno, "reward returns nothing", _FORM)
    dicts = _dicts(reward)
    for node in returns:
        if not _is_terms(node.value, dicts):
            yield _finding(node.lineno, "reward does not return a dict of terms", _FORM)
    if len(_terms(reward)) > MAX_TERMS:
        yield _finding(reward.lineno, f"there are more than {MAX_TERMS} terms", "Join some.")


def _dicts(function: ast.FunctionDef) -> set[str]:
    """Names that are given a written-out dict."""
    return {
        target.id
        for node in ast.walk(function)
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }


def _is_terms(value: ast.expr | None, dicts: set[str]) -> bool:
    if isinstance(value, ast.Name):
        return value.id in dicts
    return isinstance(value, ast.Dict) and bool(value.keys)


def _terms(function: ast.FunctionDef) -> set[str]:
    """Every text key, in dicts and in brackets."""
    keys: list[ast.expr | None] = []
    for node in ast.walk(function):
        keys += node.keys if isinstance(node, ast.Dict) else []
        keys += [node.slice] if isinstance(node, ast.Subscript) else []
    return {k.value for k in keys if isinstance(k, ast.Constant) and isinstance(k.value, str)}


def _finding(line: int | None, message: str, hint: str) -> Finding:
    return Finding(line=line, message=message, hint=hint)
