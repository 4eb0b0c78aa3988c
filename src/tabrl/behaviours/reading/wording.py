"""A reading as a person would read it: "walk · to the left · 2 m, then sit"."""

import math
from collections.abc import Iterable

from pydantic import Field

from tabrl.behaviours.reading.model import Action, Part, Reading
from tabrl.spec import Value

DIRECTIONS = {"left": "to the left", "right": "to the right", "sideways": "to the side"}
SIDES = {"both": "left and right", "either": "one"}
"""Where a word of the reading is not what a person would say."""


class Measure(Value):
    """A number of a reading, as it is asked for and as it is said."""

    name: str = Field(description="The field of the action; `seconds` is its part's.")
    asks: str = Field(examples=["how far"])
    said: str = Field(description="Words with {} for the number.", examples=["{} m"])
    said_of: dict[str, str] = Field({}, description="Other words by the verb of the action.")
    factor: float = Field(1.0, description="What is said of it over what the reading holds.")
    usual: float = Field(description="What a new one says.")
    whole: bool = False


MEASURES = (
    Measure(
        name="distance_m", asks="how far", said="{} m", said_of={"circle": "radius {} m"}, usual=1
    ),
    Measure(
        name="angle_rad", asks="how far round", said="{} degrees", factor=180 / math.pi, usual=90
    ),
    Measure(name="speed_mps", asks="how fast", said="{} m/s", usual=0.5),
    Measure(name="turn_rate", asks="how fast to turn", said="{} rad/s", usual=0.5),
    Measure(name="tempo_hz", asks="at what tempo", said="{} times a second", usual=1),
    Measure(name="count", asks="how often", said="{} times", usual=2, whole=True),
    Measure(name="seconds", asks="how long", said="for {} s", usual=3),
)
"""In the order in which they are said."""


def told(parts: Iterable[Part]) -> str:
    """Parts in words: what is done at once is joined by "and", what follows by "then"."""
    return ", then ".join(_part(part) for part in parts)


def sentence(reading: Reading) -> str:
    """All that there is to say of a reading, in one line."""
    said = f"I read: {told(reading.parts) or 'nothing'}"
    said += "" if reading.sure else " (not sure)"
    unread = ", ".join(f"'{word}'" for word in dict.fromkeys(reading.unread))
    return said + (f"; not read: {unread}" if unread else "")


def plain(reading: Reading) -> str:
    """A reading as a sentence that asks for it."""
    return told(reading.parts).replace(" · ", " ")


def _part(part: Part) -> str:
    return " · ".join((" and ".join(map(chips, part.actions)), *_measured(part)))


def chips(action: Action) -> str:
    """One action, its arguments parted by dots."""
    said = ["never " * action.negated + action.do]
    if action.part or action.side:
        side = SIDES.get(action.side or "", action.side or "")
        said.append(f"{side} {action.part or 'side'}".strip())
    if action.direction:
        said.append(DIRECTIONS.get(action.direction, action.direction))
    said += _measured(action)
    said += [action.height] if action.height else []
    return " · ".join((*said, *action.manner))


def _measured(thing: Action | Part) -> list[str]:
    verb = thing.do if isinstance(thing, Action) else ""
    values = [(measure, getattr(thing, measure.name, None)) for measure in MEASURES]
    return [
        m.said_of.get(verb, m.said).format(f"{round(v * m.factor, 2):.10g}")
        for m, v in values
        if v is not None
    ]
