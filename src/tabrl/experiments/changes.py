"""What an edit changed, as values: the page, the command line and the report only draw them."""

import difflib
import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from pydantic import Field

from tabrl.experiments import moves
from tabrl.spec import Approach, Value

Setting = Literal["clock_hz", "command", "min_upright", "min_height"]


class WeightChange(Value):
    """Another weight of a term."""

    kind: Literal["weight"] = "weight"
    name: str
    before: float | None = Field(description="None where none was given: a term then weighs 1.")
    after: float | None


class SettingChange(Value):
    """Another clock, command or bound of a fall."""

    kind: Literal["setting"] = "setting"
    name: Setting
    before: float | tuple[float, float, float] | None
    after: float | tuple[float, float, float] | None


class TextChange(Value):
    """Other velocity commands or another first pose, in words, or another look. A description is
    left out: an edit's tells of the edit.
    """

    kind: Literal["text"] = "text"
    name: Literal["script", "pose", "looks"]
    before: str
    after: str


class CodeLine(Value):
    """A line of code."""

    kind: Literal["same", "removed", "added"]
    text: str
    marked: tuple[int, int] | None = Field(
        None, description="Where it differs from its counterpart: first character and end."
    )


class CodeChange(Value):
    """One place of the reward's code that changed, with up to three lines around it."""

    kind: Literal["code"] = "code"
    lines: tuple[CodeLine, ...]


Change = Annotated[
    WeightChange | SettingChange | TextChange | CodeChange, Field(discriminator="kind")
]


def changes(parent: Approach, edited: Approach) -> list[Change]:
    """What turns one approach into the other: weights, setting, texts, then code."""
    return [
        *_weights(parent, edited),
        *_settings(parent, edited),
        *_texts(parent, edited),
        *_code(parent.source, edited.source),
    ]


def words(change: Change) -> list[str]:
    """A change in lines of plain text; code as in a unified diff."""
    if isinstance(change, CodeChange):
        return [f"{SIGNS[line.kind]} {line.text}".rstrip() for line in change.lines]
    return [f"{change.name}: {shown(change.before)} → {shown(change.after)}"]


SIGNS = {"same": " ", "removed": "-", "added": "+"}


def shown(value: float | Sequence[float] | str | None) -> str:
    """One side of a change, for people."""
    if value is None or value == "":
        return "none"
    if isinstance(value, str):
        return value
    return f"{value:g}" if isinstance(value, float | int) else ", ".join(map(shown, value))


def mark(lines: Sequence[CodeLine]) -> tuple[CodeLine, ...]:
    """The lines, with marks where as many come as go in one place."""
    marked = list(lines)
    begin = 0
    while begin < len(lines):
        gone = _run(lines, begin, "removed")
        come = _run(lines, begin + gone, "added")
        for old in range(begin, begin + gone) if gone == come else ():
            new = old + gone
            spans = _differing(lines[old].text, lines[new].text)
            for place, span in zip((old, new), spans, strict=True):
                if span[0] < span[1]:
                    marked[place] = lines[place].model_copy(update={"marked": span})
        begin += max(1, gone + come)
    return tuple(marked)


def _weights(parent: Approach, edited: Approach) -> Iterator[WeightChange]:
    for name in dict.fromkeys([*parent.weights, *edited.weights]):
        before, after = parent.weights.get(name), edited.weights.get(name)
        if before != after:
            yield WeightChange(name=name, before=before, after=after)


def _settings(parent: Approach, edited: Approach) -> Iterator[SettingChange]:
    names: tuple[Setting, ...] = ("clock_hz", "command", "min_upright", "min_height")
    sides = [{**dict(each), **dict(each.termination)} for each in (parent, edited)]
    for name in names:
        before, after = (side[name] for side in sides)
        if before != after:
            yield SettingChange(name=name, before=before, after=after)


def _texts(parent: Approach, edited: Approach) -> Iterator[TextChange]:
    names: tuple[Literal["script", "pose", "looks"], ...] = ("script", "pose", "looks")
    sides = [
        {
            "script": ", then ".join(map(moves.words, each.script)),
            "pose": ", ".join(f"{joint} {at:g}" for joint, at in each.pose.items()),
            "looks": each.looks,
        }
        for each in (parent, edited)
    ]
    for name in names:
        before, after = (side[name] for side in sides)
        if before != after:
            yield TextChange(name=name, before=before, after=after)


def _code(parent: str, edited: str) -> Iterator[CodeChange]:
    before, after = (text.rstrip().splitlines() for text in (parent, edited))
    for place in difflib.SequenceMatcher(None, before, after).get_grouped_opcodes():
        lines: list[CodeLine] = []
        for what, i, j, k, m in place:
            if what == "equal":
                lines += [CodeLine(kind="same", text=text) for text in before[i:j]]
            else:
                lines += [CodeLine(kind="removed", text=text) for text in before[i:j]]
                lines += [CodeLine(kind="added", text=text) for text in after[k:m]]
        yield CodeChange(lines=mark(lines))


def _run(lines: Sequence[CodeLine], begin: int, kind: str) -> int:
    end = begin
    while end < len(lines) and lines[end].kind == kind:
        end += 1
    return end - begin


def _differing(old: str, new: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """The whole words in which two texts differ, from the first to the last, in each."""
    shorter = min(len(old), len(new))
    start = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    while start and _IN_WORD.match(old[start - 1]):
        start -= 1
    left = shorter - start
    end = next((i for i in range(left) if old[-1 - i] != new[-1 - i]), left)
    while end and _IN_WORD.match(old[len(old) - end]):
        end -= 1
    return (start, len(old) - end), (start, len(new) - end)


_IN_WORD = re.compile(r"[\w.]")
