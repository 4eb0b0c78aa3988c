"""A reading as a person would read it: "walk · to the left · 2 m, then sit"."""

import math
from collections.abc import Iterable

from tabrl.behaviours.reading.model import Action, Part

_TO = {"left": "to the left", "right": "to the right", "sideways": "to the side"}
_SIDES = {"both": "both", "either": "one"}


def told(parts: Iterable[Part]) -> str:
    """Parts in words: what is done at once is joined by "and", what follows by "then"."""
    return ", then ".join(_part(part) for part in parts)


def _part(part: Part) -> str:
    said = " and ".join(map(chips, part.actions))
    return said + (f" · for {part.seconds:g} s" if part.seconds else "")


def chips(action: Action) -> str:
    """One action, its arguments parted by dots."""
    said = ["never " * action.negated + action.do]
    if action.part or action.side:
        said.append(f"{_SIDES.get(action.side or '', action.side or '')} {action.part or 'side'}")
    if action.direction:
        said.append(_TO.get(action.direction, action.direction))
    said += [f"{value:.3g} {unit}" for value, unit in _measures(action) if value is not None]
    said += [] if action.count is None else [f"{action.count} times"]
    said += [action.height] if action.height else []
    return " · ".join(text.strip() for text in (*said, *action.manner))


def _measures(action: Action) -> list[tuple[float | None, str]]:
    degrees = None if action.angle_rad is None else math.degrees(action.angle_rad)
    return [
        (action.distance_m, "m"),
        (degrees, "degrees"),
        (action.speed_mps, "m/s"),
        (action.turn_rate, "rad/s"),
        (action.tempo_hz, "times a second"),
    ]
