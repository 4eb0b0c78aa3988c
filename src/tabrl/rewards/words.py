"""Whether a name that a reward uses exists, and which one was probably meant.

Each question answers None when all is well, else what is wrong and what to do.
"""

from collections.abc import Iterable
from difflib import get_close_matches

from tabrl.rewards.language import (
    ARRAY_ATTRIBUTES,
    ARRAY_METHODS,
    BUILTINS,
    JNP_CONSTANTS,
    JNP_FUNCTIONS,
    LINALG_FUNCTIONS,
)
from tabrl.rewards.vocabulary import ACCESSORS, KERNELS, SIGNALS, names_for, signals_for
from tabrl.robots.catalogue import Robot

Refusal = tuple[str, str] | None

FUNCTIONS = BUILTINS | {kernel.name for kernel in KERNELS}
_KINDS = {accessor.name: accessor.of for accessor in ACCESSORS}
_ALL_SIGNALS = {signal.name for signal in SIGNALS}
_SHOWN = 12


class Words:
    """The words of one robot."""

    def __init__(self, robot: Robot) -> None:
        self._robot = robot
        self._signals = {signal.name for signal in signals_for(robot)}

    def plain(self, name: str, known: Iterable[str]) -> Refusal:
        """A name by itself, where `known` is what the source has defined."""
        if name in self._signals:
            return f"there is nothing named {name}", f"Write s.{name}."
        hint = suggest(name, {*known, *FUNCTIONS}, "There are")
        return f"there is nothing named {name}", hint

    def signal(self, name: str) -> Refusal:
        """`s.name`"""
        if name in self._signals:
            return None
        if name in _KINDS:
            return f"s.{name} takes a name", f's.{name}("...")'
        what = f"{self._robot.name} has no" if name in _ALL_SIGNALS else "there is no"
        return f"{what} s.{name}", suggest(name, self._signals | set(_KINDS), "It has")

    def accessor(self, name: str, picked: tuple[object, ...]) -> Refusal:
        """`s.name("x")`, where `picked` is all that x may be; empty if the source does not tell."""
        if name in self._signals:
            return f"s.{name} is not a function", f"Write s.{name} without brackets."
        if name not in _KINDS:
            return f"there is no s.{name}", suggest(name, self._signals | set(_KINDS), "There are")
        kind = _KINDS[name]
        names = names_for(self._robot, kind)
        if not names:
            return f"{self._robot.name} has no {kind} to name", "Use another signal."
        if not picked:
            return f"s.{name} takes one {kind} name", suggest("", names, "Write one of these out")
        unknown = [word for word in picked if word not in names]
        if unknown:
            hint = suggest(str(unknown[0]), names, "There are")
            return f"{self._robot.name} has no {kind} {unknown[0]!r}", hint
        return None


def jnp_value(name: str) -> Refusal:
    """`jnp.name`, not called."""
    if name in JNP_CONSTANTS:
        return None
    if name in JNP_FUNCTIONS or name == "linalg":
        return f"jnp.{name} is a function", "Call it."
    return jnp_function(name)


def jnp_function(name: str) -> Refusal:
    """`jnp.name(...)`"""
    if name in JNP_FUNCTIONS:
        return None
    hint = suggest(name, JNP_FUNCTIONS | JNP_CONSTANTS, "There are")
    return f"jnp.{name} is not available", hint


def linalg_function(name: str) -> Refusal:
    """`jnp.linalg.name(...)`"""
    known = suggest(name, LINALG_FUNCTIONS, "There is")
    return None if name in LINALG_FUNCTIONS else (f"there is no jnp.linalg.{name}", known)


def array_attribute(name: str) -> Refusal:
    """`x.name`, not called."""
    if name in ARRAY_ATTRIBUTES:
        return None
    if name in ARRAY_METHODS:
        return f"{name} is a method", f"Call it: x.{name}()."
    return array_method(name)


def array_method(name: str) -> Refusal:
    """`x.name(...)`"""
    if name in ARRAY_METHODS:
        return None
    hint = suggest(name, ARRAY_METHODS | ARRAY_ATTRIBUTES, "Arrays have")
    return f"there is no .{name} here", hint


def suggest(name: str, known: Iterable[str], otherwise: str) -> str:
    """The nearest known names, or the first ones after `otherwise`."""
    names = sorted(known)
    close = get_close_matches(name, names, 3, 0.6)
    if close:
        return f"Did you mean {' or '.join(close)}?"
    more = ", ..." if len(names) > _SHOWN else ""
    return f"{otherwise}: {', '.join(names[:_SHOWN])}{more}."
