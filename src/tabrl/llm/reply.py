"""Reads what a language model sent, whatever it made of the form: JSON with text around it, in a
fence, cut off, with other names or more of them, or nothing but code.

What can be understood is kept; what cannot be is told in words that can be sent back.
"""

import json
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from tabrl.spec import Approach, Criterion, Metric, Termination

MAX_READ = 12
"""Approaches of one answer that are looked at."""
MAX_MOVES = 100

_FENCE = re.compile(r"```[ \t]*(\w*)[^\n]*\n(.*?)(?:```|\Z)", re.DOTALL)
_HEADING = re.compile(r"^(?:#+\s*|\*\*|\d+[.)]\s+)(.+?)(?:\*\*)?:?\s*$", re.MULTILINE)
_CODE = ("code", "source", "reward", "reward_code", "reward_function", "python", "function")
_DEPTH = 5


@dataclass(frozen=True)
class Read:
    """What an answer holds.

    Attributes:
        meaning: the sentence in plain words, where the reader's hint misreads it.
        problem: why nothing of it, or not all, can be used; empty where all can.
    """

    approaches: tuple[Approach, ...] = ()
    title: str = ""
    note: str = ""
    meaning: str = ""
    problem: str = ""


def read_approaches(text: str) -> Read:
    """The approaches of an answer, as far as they can be understood."""
    document = _document(text)
    found = list(islice(_items(document), MAX_READ))
    if not found:
        found = list(islice(_from_code(text), MAX_READ))
    if not found:
        return Read(problem=_nothing(text))
    approaches, problems = [], []
    for index, item in enumerate(found):
        try:
            approaches.append(_approach(item, index))
        except ValueError as error:
            problems.append(f"approach {index + 1}: {error}")
    said = document if isinstance(document, dict) else {}
    return Read(
        approaches=tuple(approaches),
        title=plain(said.get("title"), 60),
        note=plain(said.get("note"), 600),
        meaning=plain(said.get("meaning"), 300),
        problem="; ".join(problems),
    )


def read_metric(text: str) -> Metric:
    """The metric of an answer; `ValueError` says in words why there is none."""
    document = _document(text)
    while isinstance(document, dict) and "criteria" not in document and len(document) == 1:
        document = next(iter(document.values()))  # {"test": {...}}
    if not isinstance(document, dict) or not isinstance(document.get("criteria"), list):
        raise ValueError("it holds no JSON object with a list of criteria.")
    try:
        return Metric(
            name=plain(document.get("name"), 60) or "metric",
            question=plain(document.get("question"), 300),
            criteria=tuple(_criterion(item) for item in document["criteria"][:8]),
        )
    except ValidationError as error:
        raise ValueError(_first(error)) from None


def read_moves(text: str) -> tuple[str, str, list[tuple[float, float, float, float]]]:
    """Name, description and moves of an answer: seconds, forward, left, turn; no moves where it
    holds none. `ValueError` says in words why it cannot be read.
    """
    document = _document(text)
    while isinstance(document, dict) and "moves" not in document and len(document) == 1:
        document = next(iter(document.values()))  # {"commands": {...}}
    if isinstance(document, list):
        document = {"moves": document}
    if not isinstance(document, dict) or not isinstance(document.get("moves"), list):
        raise ValueError("it holds no JSON object with a list of moves.")
    moves = [_move(item, place) for place, item in enumerate(document["moves"][:MAX_MOVES], 1)]
    return plain(document.get("name"), 60), plain(document.get("description"), 600), moves


def _move(item: Any, place: int) -> tuple[float, float, float, float]:
    given = item if isinstance(item, Mapping) else {}
    seconds, forward, left, turn = (
        _number(given.get(name, 0.0)) for name in ("seconds", "forward", "left", "turn")
    )
    if seconds is None or forward is None or left is None or turn is None or seconds <= 0:
        raise ValueError(f"move {place} needs numbers for seconds (above 0), forward, left, turn.")
    return seconds, forward, left, turn


def read_object(text: str) -> dict[str, Any]:
    """The JSON object of an answer; `ValueError` where there is none."""
    document = _document(text)
    if not isinstance(document, dict):
        raise ValueError("it holds no JSON object.")
    return document


def plain(value: Any, longest: int) -> str:
    """A value as one line of printable text: whatever it holds, it is shown as text."""
    text = value if isinstance(value, str) else ""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:longest]


def _document(text: str) -> Any:
    """The largest JSON document in a text; what was cut off is closed where it ended."""
    candidates = [text, *(body for _, body in _FENCE.findall(text)), *_braced(text)]
    for candidate in candidates:
        try:
            value = json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict | list) and value:
            return value
    for candidate in candidates:
        try:
            value = from_json(candidate.strip(), allow_partial=True)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict | list) and value:
            return value
    return None


def _braced(text: str) -> Iterator[str]:
    """What begins at the first opening bracket: up to the last closing one, and to the end."""
    starts = [text.find(bracket) for bracket in "{[" if bracket in text]
    for start in sorted(starts):
        end = text.rfind("}" if text[start] == "{" else "]")
        if end > start:
            yield text[start : end + 1]
        yield text[start:]


def _items(node: Any, name: str = "", depth: int = 0) -> Iterator[dict[str, Any]]:
    """The approaches in a document, wherever the model has put them: objects that hold code."""
    if isinstance(node, str) and depth and node.lstrip()[:1] in ("{", "["):
        node = _document(node)  # a document inside of a document
    if depth > _DEPTH:
        return
    if isinstance(node, dict) and any(isinstance(node.get(key), str) for key in _CODE):
        yield {"name": name, **node}
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _items(value, key, depth + 1)
    elif isinstance(node, list):
        for item in node:
            yield from _items(item, "", depth + 1)


def _from_code(text: str) -> Iterator[dict[str, Any]]:
    """An approach for each piece of code, under the heading that stands above it."""
    for match in _FENCE.finditer(text):
        if "def reward" in match[2]:
            yield _headed(text[: match.start()]) | {"code": match[2]}
    if "```" not in text and (start := text.find("def reward")) >= 0:
        yield _headed(text[:start]) | {"code": _block(text[start:])}


def _headed(above: str) -> dict[str, Any]:
    said = above.rpartition("```")[2]
    headings = _HEADING.findall(said)
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    told = [line for line in lines if not _HEADING.match(line)]
    return {
        "name": headings[-1].strip("*: ") if headings else "",
        "description": told[0] if told else "",
    }


def _block(text: str) -> str:
    """A function and what is indented under it, without the prose that follows."""
    lines = text.splitlines()
    end = next(
        (i for i, line in enumerate(lines[1:], 1) if line.strip() and not line[0].isspace()),
        len(lines),
    )
    return "\n".join(lines[:end])


def _approach(item: Mapping[str, Any], index: int) -> Approach:
    code = next(item[name] for name in _CODE if isinstance(item.get(name), str))
    try:
        return Approach(
            name=plain(item.get("name") or item.get("title"), 60) or f"Approach {index + 1}",
            description=plain(item.get("description"), 600),
            source=_source(code),
            weights=_weights(item),
            clock_hz=_within(_number(item.get("clock_hz")), 0.1, 6.0, 1.5),
            command=_command(item.get("command")),
            termination=_termination(item.get("termination")),
            looks=plain(item.get("looks") or item.get("expected_look"), 300),
        )
    except ValidationError as error:
        raise ValueError(_first(error)) from None


def _source(code: str) -> str:
    """Code without the fence and the indentation that it came in."""
    fenced = _FENCE.search(code)
    text = fenced[2] if fenced else code
    return textwrap.dedent(text.expandtabs(4)).strip("\n") + "\n"


def _weights(item: Mapping[str, Any]) -> dict[str, float]:
    """Weights from a list of terms, from {name: weight}, or from both."""
    weights: dict[str, float] = {}
    for given in (item.get("terms"), item.get("weights")):
        pairs: Iterable[tuple[Any, Any]] = ()
        if isinstance(given, Mapping):
            pairs = given.items()
        elif isinstance(given, list):
            pairs = [(t.get("name"), t.get("weight")) for t in given if isinstance(t, Mapping)]
        for name, value in pairs:
            number = _number(value.get("weight") if isinstance(value, Mapping) else value)
            if isinstance(name, str) and number is not None:
                weights[name] = number
    return weights


def _command(given: Any) -> tuple[float, float, float]:
    if isinstance(given, Mapping):
        given = [given.get(name, 0.0) for name in ("forward", "left", "turn")]
    numbers = [_number(value) or 0.0 for value in given[:3]] if isinstance(given, list) else []
    forward, left, turn = ([*numbers, 0.0, 0.0, 0.0])[:3]
    return (
        _within(forward, -3.0, 3.0, 0.0),
        _within(left, -3.0, 3.0, 0.0),
        _within(turn, -6.0, 6.0, 0.0),
    )


def _termination(given: Any) -> Termination:
    if not isinstance(given, Mapping):
        return Termination()
    usual = Termination()
    bounds: dict[str, float | None] = {}
    for name, low, high in (("min_upright", -1.0, 1.0), ("min_height", 0.0, 2.0)):
        if name in given and given[name] is None:
            bounds[name] = None
        else:
            bounds[name] = _within(_number(given.get(name)), low, high, getattr(usual, name))
    return Termination(**bounds)


def _criterion(item: Any) -> Criterion:
    given = item if isinstance(item, Mapping) else {}
    args = given.get("args")
    named = {
        str(name): number
        for name, value in (args if isinstance(args, Mapping) else {}).items()
        if (number := _number(value)) is not None
    }
    slack = _number(given.get("slack"))
    return Criterion(
        label=plain(given.get("label"), 80) or plain(given.get("measure"), 80),
        measure=plain(given.get("measure"), 60),
        signal=plain(given.get("signal"), 80) or None,
        args=dict(named),
        at_least=_number(given.get("at_least")),
        at_most=_number(given.get("at_most")),
        slack=_within(slack, 0.0, 1.0, 0.3),
    )


def _number(value: Any) -> float | None:
    """A finite number, also where it came as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if abs(number) < 1e12 else None


def _within(value: float | None, low: float, high: float, otherwise: float) -> float:
    return otherwise if value is None else min(max(value, low), high)


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"]))
    return f"{where}: {first['msg'].removeprefix('Value error, ')}"


def _nothing(text: str) -> str:
    if "def reward" in text:
        return "the code in it cannot be told from the text around it."
    return "it holds neither the form that was asked for nor any code."
