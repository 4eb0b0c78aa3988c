"""The allow-list of the lint: which Python a reward may be written in, and which names.

`Grammar` walks functions and constants and notes a `Problem` for everything else. It descends only
into what it knows, so one mistake gives one message.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches

from tabrl.rewards import literals
from tabrl.rewards.language import (
    ARRAY_ATTRIBUTES,
    ARRAY_METHODS,
    BUILTINS,
    JNP_CONSTANTS,
    JNP_FUNCTIONS,
    LINALG_FUNCTIONS,
    MAX_LOOP,
    RESERVED,
)
from tabrl.rewards.vocabulary import ACCESSORS, KERNELS, SIGNALS, names_for, signals_for
from tabrl.robots.catalogue import Robot
from tabrl.spec import TERM_NAME

_KINDS = {accessor.name: accessor.of for accessor in ACCESSORS}
_KERNELS = {kernel.name for kernel in KERNELS}

# Syntax that is fine by itself; the walk goes on below it.
_PLAIN = (
    *(
        ast.Return,
        ast.Pass,
        ast.Break,
        ast.Continue,
        ast.If,
        ast.IfExp,
        ast.BoolOp,
        ast.Compare,
        ast.UnaryOp,
    ),
    *(ast.Tuple, ast.List, ast.Slice, ast.keyword, ast.expr_context),
    *(ast.boolop, ast.unaryop, ast.cmpop, ast.operator),
)

_LOOPS = f"Loop over range(n) with n up to {MAX_LOOP}, or over names written out."
_INSTEAD = {
    ast.While: ("a while loop has no bound", _LOOPS),
    ast.AsyncFor: ("async is not available", ""),
    ast.AsyncWith: ("async is not available", ""),
    ast.AsyncFunctionDef: ("async is not available", "Write `def reward(s):`."),
    ast.Await: ("await is not available", ""),
    ast.Import: ("import is not available", "jnp and the kernels are there already."),
    ast.ImportFrom: ("import is not available", "jnp and the kernels are there already."),
    ast.Lambda: ("lambda is not available", "Write a small function outside of reward."),
    ast.FunctionDef: ("a function inside a function is not available", "Write it outside."),
    ast.ClassDef: ("class is not available", "Write small functions."),
    ast.Global: ("global is not available", "Pass values as arguments."),
    ast.Nonlocal: ("nonlocal is not available", "Pass values as arguments."),
    ast.Try: ("try is not available", "Choose with jnp.where."),
    ast.Raise: ("raise is not available", "Choose with jnp.where."),
    ast.Assert: ("assert is not available", "Choose with jnp.where."),
    ast.With: ("with is not available", ""),
    ast.Delete: ("del is not available", "Leave the name alone."),
    ast.Yield: ("yield is not available", "Return the dict of terms."),
    ast.YieldFrom: ("yield is not available", "Return the dict of terms."),
    ast.NamedExpr: (":= is not available", "Assign on a line of its own."),
    ast.JoinedStr: ("an f-string is not available", "Write each name out."),
    ast.Starred: ("a star argument is not available", "Write the arguments out."),
    ast.DictComp: ("a dict comprehension is not available", "Write each term's name out."),
    ast.SetComp: ("a set is not available", "Use a tuple."),
    ast.Set: ("a set is not available", "Use a tuple."),
    ast.Match: ("match is not available", "Choose with jnp.where."),
}


@dataclass(frozen=True)
class Problem:
    """One thing that the lint refuses, and what to do instead."""

    line: int | None
    message: str
    hint: str


class Grammar(ast.NodeVisitor):
    """Walks a reward's module; `problems` and `calls` hold what it saw.

    Attributes:
        problems: what is not allowed.
        calls: for each function of the source, the functions of the source that it calls.
    """

    def __init__(self, robot: Robot, functions: Iterable[str]) -> None:
        self.problems: list[Problem] = []
        self.calls: dict[str, set[str]] = defaultdict(set)
        self._robot = robot
        self._signals = {signal.name for signal in signals_for(robot)}
        self._functions = set(functions)
        self._names: set[str] = set()
        self._known: dict[str, literals.Values] = {}
        self._inside = ""
        self._turns = 1

    def refuse(self, node: ast.AST, message: str, hint: str = "") -> None:
        """Note a problem at this node's line."""
        self.problems.append(Problem(getattr(node, "lineno", None), message, hint))

    def function(self, node: ast.FunctionDef) -> None:
        """Walk one function of the module."""
        if node.decorator_list:
            self.refuse(node.decorator_list[0], "a decorator is not available", "Leave it out.")
        self._new_name(node, node.name)
        names, known = set(self._names), dict(self._known)
        self._names |= self._parameters(node)
        self._names |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and _is_store(n)}
        self._inside = node.name
        for statement in node.body:
            self.visit(statement)
        self._names, self._known = names, known

    def visit(self, node: ast.AST) -> None:
        """Walk one node, by the method of its kind, or refuse it."""
        method = getattr(self, f"visit_{type(node).__name__}", None)
        if method:
            method(node)
        elif type(node) in _INSTEAD:
            self.refuse(node, *_INSTEAD[type(node)])
        elif isinstance(node, _PLAIN):
            self.generic_visit(node)
        else:
            self.refuse(node, f"{type(node).__name__} is not available", "Use plain arithmetic.")

    # statements

    def visit_Expr(self, node: ast.Expr) -> None:
        if not literals.is_text(node):  # a docstring is fine
            self.visit(node.value)

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            self._assign(target, node.value)
        self._value(node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is None:
            self.refuse(node, "a name without a value", "Give it one: x = 0.0.")
        else:
            self._assign(node.target, node.value)
            self._value(node.value)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self._assign(node.target, node.value)
        self.visit_BinOp(ast.copy_location(ast.BinOp(node.target, node.op, node.value), node))

    def visit_For(self, node: ast.For) -> None:
        if node.orelse:
            self.refuse(node, "else after a loop is not available", "Leave it out.")
        with self._loop(node, node.target, node.iter):
            for statement in node.body:
                self.visit(statement)

    # expressions

    def visit_ListComp(self, node: ast.ListComp) -> None:
        self._comprehension(node, node.generators)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> None:
        self._comprehension(node, node.generators)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            hint = 'Text names a term, {"tall": ...}, or picks, s.joint("...").'
            self.refuse(node, "text has no use here", hint)
        elif isinstance(node.value, bytes) or node.value is ...:
            self.refuse(node, f"{node.value!r} is not a number", "Use plain numbers.")
        elif node.value is not None and not literals.is_moderate(node.value):
            self.refuse(node, "a number this large has no use", "Use numbers up to 1e9.")

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if isinstance(node.op, ast.LShift | ast.RShift):
            self.refuse(node, "shifting bits is not available", "Multiply instead.")
        elif isinstance(node.op, ast.Pow) and not _small_power(node.right):
            hint = "Use a written number up to 16, or jnp.power(x, y)."
            self.refuse(node, "the exponent of ** is not a small number", hint)
        elif any(_is_sequence(side) for side in (node.left, node.right)):
            hint = "Make an array first: jnp.array([...])."
            self.refuse(node, "arithmetic on lists and text repeats or joins them", hint)
        else:
            self.visit(node.left)
            self.visit(node.right)

    def visit_Dict(self, node: ast.Dict) -> None:
        seen: set[str] = set()
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                self.refuse(value, "** is not available in a dict", "Write each term out.")
                continue
            name = self._term(key)
            if name in seen:
                self.refuse(key, f"the term {name!r} is there twice", "Give it another name.")
            seen |= {name} if name else set()
            self.visit(value)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if literals.is_text(node.slice):
            self._term(node.slice)
        else:
            self.visit(node.slice)
        self.visit(node.value)

    def visit_Name(self, node: ast.Name) -> None:
        if node.id == "s" and "s" in self._names:
            self.refuse(node, "s itself is not a number", "Read a signal of it: s.height.")
        elif node.id == "jnp":
            self.refuse(node, "jnp itself is not a number", "Call one of its functions.")
        elif node.id in self._functions | BUILTINS | _KERNELS:
            self.refuse(node, f"{node.id} is a function", f"Call it: {node.id}(...).")
        elif node.id not in self._names:
            known = self._names | BUILTINS | _KERNELS | self._functions
            hint = _suggest(node.id, known, "Signals are read as s.height")
            if node.id in self._signals:
                hint = f"Write s.{node.id}."
            self.refuse(node, f"there is nothing named {node.id}", hint)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        owner = node.value.id if isinstance(node.value, ast.Name) else ""
        if node.attr.startswith("_"):
            self.refuse(node, f"{node.attr} starts with an underscore", "Use the vocabulary.")
        elif owner == "s":
            self._signal(node)
        elif owner == "jnp":
            if node.attr in JNP_FUNCTIONS | {"linalg"}:
                self.refuse(node, f"jnp.{node.attr} is a function", "Call it.")
            elif node.attr not in JNP_CONSTANTS:
                self._unknown_jnp(node, node.attr)
        elif node.attr in ARRAY_METHODS:
            self.refuse(node, f"{node.attr} is a method", f"Call it: x.{node.attr}().")
        else:
            self._known_attribute(node, ARRAY_ATTRIBUTES)
            self.visit(node.value)

    def visit_Call(self, node: ast.Call) -> None:
        if any(keyword.arg is None for keyword in node.keywords):
            self.refuse(node, "a star argument is not available", "Write the arguments out.")
        elif isinstance(node.func, ast.Name):
            self._call_name(node, node.func.id)
        elif isinstance(node.func, ast.Attribute):
            self._call_attribute(node, node.func)
        else:
            self.refuse(node, "only named functions can be called", "Call jnp.tanh(x), near(...).")

    # parts

    def _call_name(self, call: ast.Call, name: str) -> None:
        if name in self._functions:
            self.calls[self._inside].add(name)
            self._arguments(call, takes_s=True)
        elif name in BUILTINS | _KERNELS:
            self._arguments(call)
        else:
            known = self._functions | BUILTINS | _KERNELS
            self.refuse(call, f"there is no function {name}", _suggest(name, known, "There are"))

    def _call_attribute(self, call: ast.Call, func: ast.Attribute) -> None:
        owner = func.value.id if isinstance(func.value, ast.Name) else ""
        if func.attr.startswith("_"):
            self.visit_Attribute(func)
        elif owner == "s":
            self._access(call, func.attr)
        elif owner == "jnp":
            if func.attr not in JNP_FUNCTIONS:
                self._unknown_jnp(func, func.attr)
            self._arguments(call)
        elif ast.unparse(func.value) == "jnp.linalg":
            if func.attr not in LINALG_FUNCTIONS:
                self.refuse(func, f"there is no jnp.linalg.{func.attr}", "There is norm.")
            self._arguments(call)
        else:
            self._known_attribute(func, ARRAY_METHODS)
            self.visit(func.value)
            self._arguments(call)

    def _arguments(self, call: ast.Call, takes_s: bool = False) -> None:
        for argument in call.args:
            if not (takes_s and isinstance(argument, ast.Name) and argument.id == "s"):
                self._value(argument)
        for keyword in call.keywords:
            self.visit(keyword.value)

    def _signal(self, node: ast.Attribute) -> None:
        name = node.attr
        if name in _KINDS:
            self.refuse(node, f"s.{name} takes a name", f's.{name}("...")')
        elif name not in self._signals:
            exists = any(signal.name == name for signal in SIGNALS)
            what = f"{self._robot.name} has no s.{name}" if exists else f"there is no s.{name}"
            self.refuse(node, what, _suggest(name, self._signals | set(_KINDS), "It has"))

    def _access(self, call: ast.Call, name: str) -> None:
        """`s.joint("FR_hip_joint")`: the accessor exists and the robot has what it names."""
        if name in self._signals:
            self.refuse(call, f"s.{name} is not a function", f"Write s.{name} without brackets.")
        elif name not in _KINDS:
            known = self._signals | set(_KINDS)
            self.refuse(call, f"there is no s.{name}", _suggest(name, known, "There are"))
        else:
            self._check_picked(call, name)

    def _check_picked(self, call: ast.Call, accessor: str) -> None:
        names, kind = names_for(self._robot, _KINDS[accessor]), _KINDS[accessor]
        picked = self._picked(call)
        if not names:
            self.refuse(call, f"{self._robot.name} has no {kind} to name", "Use another signal.")
        elif not picked:
            hint = _suggest("", names, f"Write a {kind} out")
            self.refuse(call, f"s.{accessor} takes one {kind} name", hint)
        for name in picked:
            if names and name not in names:
                hint = _suggest(str(name), names, "There are")
                self.refuse(call, f"{self._robot.name} has no {kind} {name!r}", hint)

    def _picked(self, call: ast.Call) -> literals.Values:
        """All that an accessor's argument may be; empty when it is not one written name."""
        if len(call.args) != 1 or call.keywords:
            return ()
        argument = call.args[0]
        if isinstance(argument, ast.Name):
            return self._known.get(argument.id, ())
        return (argument.value,) if isinstance(argument, ast.Constant) else ()

    def _known_attribute(self, node: ast.Attribute, known: frozenset[str]) -> None:
        if node.attr not in known:
            hint = _suggest(node.attr, ARRAY_METHODS | ARRAY_ATTRIBUTES, "Arrays have")
            self.refuse(node, f"there is no .{node.attr} here", hint)

    def _unknown_jnp(self, node: ast.AST, name: str) -> None:
        hint = _suggest(name, JNP_FUNCTIONS | JNP_CONSTANTS, "There are")
        self.refuse(node, f"jnp.{name} is not available", hint)

    def _term(self, key: ast.expr) -> str | None:
        """The name of a term, if it is one."""
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            self.refuse(key, "a term's name is not written out", 'Write it: {"tall": s.height}.')
            return None
        if not re.match(TERM_NAME, key.value) or key.value.endswith("\n"):
            hint = "Use letters, digits and _, a letter first, up to 41 of them."
            self.refuse(key, f"{key.value[:60]!r} cannot name a term", hint)
        return key.value

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Subscript) and literals.is_text(target.slice):
            self.visit(target)
        elif isinstance(target, ast.Tuple | ast.List):
            for element in target.elts:
                self._assign(element, value)
        elif isinstance(target, ast.Name):
            self._new_name(target, target.id)
            self._learn(target.id, (literals.value_of(value),))
        else:
            hint = "Arrays cannot be changed: make a new one, as with jnp.where."
            self.refuse(target, "this cannot be assigned to", hint)

    def _value(self, node: ast.expr) -> None:
        """Walk a value; tuples of names are fine here, to loop over or pick with."""
        value = literals.value_of(node)
        if isinstance(value, str | tuple):
            for constant in ast.walk(node):
                if isinstance(constant, ast.Constant) and not isinstance(constant.value, str):
                    self.visit(constant)
        else:
            self.visit(node)

    def _learn(self, name: str, values: literals.Values) -> None:
        self._known[name] = self._known.get(name, ()) + tuple(v for v in values if v is not None)

    def _new_name(self, node: ast.AST, name: str) -> None:
        if name in RESERVED or name.startswith("__"):
            self.refuse(node, f"{name} cannot be given a new meaning", "Use another name.")
        self._names.add(name)

    def _parameters(self, node: ast.FunctionDef) -> set[str]:
        arguments = node.args
        if arguments.defaults or arguments.kw_defaults:
            self.refuse(node, "a default argument is not available", "Pass every argument.")
        if arguments.vararg or arguments.kwarg or arguments.kwonlyargs or arguments.posonlyargs:
            self.refuse(node, "only plain arguments are available", "Write def tilt(s, x):.")
        names = {argument.arg for argument in arguments.args}
        for name in sorted(names & (RESERVED - {"s"})):
            self.refuse(node, f"{name} cannot be given a new meaning", "Use another name.")
        return names

    def _comprehension(
        self, node: ast.ListComp | ast.GeneratorExp, generators: list[ast.comprehension]
    ) -> None:
        if not generators:
            self.visit(node.elt)
            return
        with self._loop(node, generators[0].target, generators[0].iter):
            for condition in generators[0].ifs:
                self.visit(condition)
            self._comprehension(node, generators[1:])

    @contextmanager
    def _loop(self, node: ast.AST, target: ast.expr, over: ast.expr) -> Iterator[None]:
        items = literals.items_of(over, self._known)
        outer = self._turns
        if items is None:
            self.refuse(node, "this loop has no bound that the source tells", _LOOPS)
        else:
            self._turns *= max(1, len(items))
            if len(items) > MAX_LOOP or self._turns > MAX_LOOP**2:
                self.refuse(node, "this loop is too long", _LOOPS)
        self._bind(target, items or ())
        yield
        self._turns = outer

    def _bind(self, target: ast.expr, items: literals.Values) -> None:
        """Give a loop's names all that they will hold."""
        if isinstance(target, ast.Name):
            self._new_name(target, target.id)
            self._learn(target.id, items)
        elif isinstance(target, ast.Tuple):
            for i, element in enumerate(target.elts):
                rows = [item for item in items if isinstance(item, tuple) and len(item) > i]
                self._bind(element, tuple(row[i] for row in rows))
        else:
            self.refuse(target, "a loop needs plain names", "Write for leg in (...):.")


def _is_store(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


def _is_sequence(node: ast.expr) -> bool:
    return literals.is_text(node) or isinstance(node, ast.List | ast.Tuple | ast.ListComp)


def _small_power(node: ast.expr) -> bool:
    value = literals.value_of(node)
    return isinstance(value, int | float) and abs(value) <= 16


def _suggest(name: str, known: Iterable[str], otherwise: str) -> str:
    """The nearest known names, or the first ones."""
    names = sorted(known)
    close = get_close_matches(name, names, 3, 0.6)
    if close:
        return f"Did you mean {' or '.join(close)}?"
    more = ", ..." if len(names) > 12 else ""
    return f"{otherwise}: {', '.join(names[:12])}{more}."
