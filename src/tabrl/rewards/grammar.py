"""The allow-list of the lint: which Python a reward may be written in.

`Grammar` walks functions and constants and notes a finding for everything else. It descends only
into what it knows, so one mistake gives one message.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager

from tabrl.rewards import literals, words
from tabrl.rewards.language import MAX_LOOP, RESERVED
from tabrl.rewards.syntax import INSTEAD, LOOPS, PLAIN
from tabrl.rewards.words import FUNCTIONS, Refusal, Words
from tabrl.robots.catalogue import Robot
from tabrl.spec import TERM_NAME, Finding


class Grammar(ast.NodeVisitor):
    """Walks a reward's module; `findings` and `calls` hold what it saw.

    Attributes:
        findings: what is not allowed.
        calls: for each function of the source, the functions of the source that it calls.
    """

    def __init__(self, robot: Robot, functions: Iterable[str]) -> None:
        self.findings: list[Finding] = []
        self.calls: dict[str, set[str]] = defaultdict(set)
        self._words = Words(robot)
        self._functions = set(functions)
        self._names: set[str] = set()
        self._known: dict[str, literals.Values] = {}
        self._sequences: set[str] = set()
        self._inside = ""
        self._turns = 1

    def refuse(self, node: ast.AST, message: str, hint: str = "") -> None:
        """Note a finding at this node's line."""
        line = getattr(node, "lineno", None)
        self.findings.append(Finding(line=line, message=message, hint=hint))

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
        elif type(node) in INSTEAD:
            self.refuse(node, *INSTEAD[type(node)])
        elif isinstance(node, PLAIN):
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
        self.visit_BinOp(ast.copy_location(ast.BinOp(node.target, node.op, node.value), node))
        self._assign(node.target, node.value)

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
        elif any(_is_sequence(side, self._sequences) for side in (node.left, node.right)):
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
        elif node.id in self._functions | FUNCTIONS:
            self.refuse(node, f"{node.id} is a function", f"Call it: {node.id}(...).")
        elif node.id not in self._names:
            self._check(node, self._words.plain(node.id, self._names | self._functions))

    def visit_Attribute(self, node: ast.Attribute) -> None:
        owner = _owner(node)
        if node.attr.startswith("_"):
            self.refuse(node, f"{node.attr} starts with an underscore", "Use the vocabulary.")
        elif owner == "s":
            self._check(node, self._words.signal(node.attr))
        elif owner == "jnp":
            self._check(node, words.jnp_value(node.attr))
        else:
            self._check(node, words.array_attribute(node.attr))
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

    def _check(self, node: ast.AST, refusal: Refusal) -> None:
        if refusal:
            self.refuse(node, *refusal)

    def _call_name(self, call: ast.Call, name: str) -> None:
        if name in self._functions:
            self.calls[self._inside].add(name)
            self._arguments(call, takes_s=True)
        elif name == "range" and not _is_short(literals.items_of(call, self._known)):
            self.refuse(call, "this range is too long, or its length is not written out", LOOPS)
        elif name in FUNCTIONS:
            self._arguments(call)
        else:
            self._check(call, self._words.plain(name, self._functions))

    def _call_attribute(self, call: ast.Call, func: ast.Attribute) -> None:
        owner = _owner(func)
        if func.attr.startswith("_"):
            self.visit_Attribute(func)
        elif owner == "s":
            self._check(call, self._words.accessor(func.attr, self._picked(call)))
        elif owner == "jnp":
            self._check(func, words.jnp_function(func.attr))
            self._arguments(call)
        elif owner == "jnp.linalg":
            self._check(func, words.linalg_function(func.attr))
            self._arguments(call)
        else:
            self._check(func, words.array_method(func.attr))
            self.visit(func.value)
            self._arguments(call)

    def _arguments(self, call: ast.Call, takes_s: bool = False) -> None:
        for argument in call.args:
            if not (takes_s and isinstance(argument, ast.Name) and argument.id == "s"):
                self._value(argument)
        for keyword in call.keywords:
            self.visit(keyword.value)

    def _picked(self, call: ast.Call) -> literals.Values:
        """All that an accessor's argument may be; empty when it is not one written name."""
        if len(call.args) != 1 or call.keywords:
            return ()
        argument = call.args[0]
        if isinstance(argument, ast.Name):
            return self._known.get(argument.id, ())
        return (argument.value,) if isinstance(argument, ast.Constant) else ()

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
            values = getattr(value, "elts", [])
            for i, element in enumerate(target.elts):
                self._assign(element, values[i] if i < len(values) else value)
        elif isinstance(target, ast.Name):
            self._new_name(target, target.id)
            self._learn(target.id, (literals.value_of(value),))
            (self._sequences.add if _is_sequence(value) else self._sequences.discard)(target.id)
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
        if arguments.defaults or any(arguments.kw_defaults):
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
            self.refuse(node, "this loop has no bound that the source tells", LOOPS)
        else:
            self._turns *= max(1, len(items))
            if len(items) > MAX_LOOP or self._turns > MAX_LOOP**2:
                self.refuse(node, "this loop is too long", LOOPS)
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


def _is_short(items: literals.Values | None) -> bool:
    return items is not None and len(items) <= MAX_LOOP


def _is_sequence(node: ast.expr, names: Container[str] = ()) -> bool:
    """Whether this is a list or text, or a name that was given one."""
    if isinstance(node, ast.Name):
        return node.id in names
    return literals.is_text(node) or isinstance(node, ast.List | ast.Tuple | ast.ListComp)


def _small_power(node: ast.expr) -> bool:
    value = literals.value_of(node)
    return isinstance(value, int | float) and abs(value) <= 16


def _owner(node: ast.Attribute) -> str:
    """Whose attribute this is: s, jnp, jnp.linalg, or "" for a value."""
    plain = isinstance(node.value, ast.Name | ast.Attribute)
    owner = ast.unparse(node.value) if plain else ""
    return owner if owner in ("s", "jnp", "jnp.linalg") else ""
