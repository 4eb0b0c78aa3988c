"""The short notation of readings, `lift left:front_leg + shake head x3; walk left 2m slow`.

`;` parts what comes one after another, `+` what happens at once, `!` forbids. A side stands before
its part, `xN` counts, and `5s` is how long it all goes on. Names of two words have a `_`.
"""

import math
import re
from collections.abc import Iterable
from functools import cache
from typing import Any, get_args

from tabrl.behaviours.reading.model import Action, Direction, Part, Side
from tabrl.behaviours.reading.tables import domain

_MEASURE = re.compile(r"(\d+(?:\.\d+)?)(m/s|rad/s|hz|deg|m|s)")
_FIELDS = {
    "m": ("distance_m", 1.0),
    "deg": ("angle_rad", math.pi / 180),
    "m/s": ("speed_mps", 1.0),
    "rad/s": ("turn_rate", 1.0),
    "hz": ("tempo_hz", 1.0),
    "s": ("seconds", 1.0),
}


def parse(text: str) -> tuple[Part, ...]:
    """The parts that the notation says.

    Raises:
        ValueError: a word of it is no verb, part, side, direction, measure or manner.
    """
    return tuple(_part(part) for part in text.split(";") if part.strip())


def _part(text: str) -> Part:
    fields = [slots(action) for action in text.split("+")]
    seconds = [said.pop("seconds") for said in fields if "seconds" in said]
    return Part(seconds=seconds[0] if seconds else None, actions=[Action(**f) for f in fields])


@cache
def _slots(text: str) -> tuple[tuple[str, Any], ...]:
    said: dict[str, Any] = {}
    for word in text.split():
        said |= _slot(word, said)
    return tuple(said.items())


def slots(text: str) -> dict[str, Any]:
    """What one action of the notation says, by field of `Action`; `seconds` may be among them."""
    return dict(_slots(text.strip()))


def _slot(word: str, said: dict[str, Any]) -> dict[str, Any]:
    name = word.removeprefix("!").replace("_", " ")
    if "do" not in said and name.replace(" ", "_") in domain().verb_names:
        return {"do": name} | ({"negated": True} if word.startswith("!") else {})
    side, colon, part = word.partition(":")
    if colon and side in get_args(Side) and (not part or part.replace("_", " ") in domain().parts):
        return {"side": side} | ({"part": part.replace("_", " ")} if part else {})
    if name in get_args(Direction):
        return {"direction": name}
    if name in ("low", "high"):
        return {"height": name}
    if name in domain().parts:
        return {"part": name}
    if name in domain().manners:
        return {"manner": (*said.get("manner", ()), name)}
    if match := re.fullmatch(r"x(\d+)", word):
        return {"count": int(match[1])}
    if match := _MEASURE.fullmatch(word):
        field, factor = _FIELDS[match[2]]
        return {field: float(match[1]) * factor}
    raise ValueError(f"{word!r} is no word of the notation")


def show(parts: Iterable[Part]) -> str:
    """Parts in the notation; `parse` reads it back."""
    return "; ".join(
        " + ".join(map(_action, part.actions)) + (f" {part.seconds:g}s" if part.seconds else "")
        for part in parts
    )


def _action(action: Action) -> str:
    said = [("!" if action.negated else "") + _name(action.do)]
    side = f"{action.side}:" if action.side else ""
    said += [side + _name(action.part or "")] if side or action.part else []
    said += [action.direction] if action.direction else []
    for unit, (field, factor) in _FIELDS.items():
        value = getattr(action, field, None)
        said += [] if value is None else [f"{round(value / factor, 3):g}{unit}"]
    said += [] if action.count is None else [f"x{action.count}"]
    said += [action.height] if action.height else []
    return " ".join([*said, *map(_name, action.manner)])


def _name(words: str) -> str:
    return words.replace(" ", "_")
