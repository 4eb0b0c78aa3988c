"""What a person may correct a reading to: the words that a body can do something with."""

from typing import get_args

from tabrl.behaviours.reading.body import able, fitted
from tabrl.behaviours.reading.model import Action, Direction, Height, Reading, Side
from tabrl.behaviours.reading.tables import domain
from tabrl.behaviours.reading.wording import DIRECTIONS, MEASURES, SIDES, Measure
from tabrl.errors import TabRLError
from tabrl.robots.catalogue import Robot
from tabrl.spec import Value

MAX_ACTIONS = 100
"""More than a sentence has room for."""
MAX_LETTERS = 50_000
MOST = 1e9
"""Of anything that is counted or measured, as the reader has it."""


class Choice(Value):
    """A word of a reading, as a person says it, and what it means where that needs words."""

    name: str
    label: str
    means: str = ""


class Choices(Value):
    """What each field of an action may be, and how it is said."""

    verbs: tuple[Choice, ...]
    parts: tuple[Choice, ...]
    sides: tuple[Choice, ...]
    directions: tuple[Choice, ...]
    heights: tuple[Choice, ...]
    manners: tuple[Choice, ...]
    measures: tuple[Measure, ...] = MEASURES


def choices(robot: Robot) -> Choices:
    """What a reading for this robot may hold."""
    table = domain()
    verbs = {name: verb.means for name, verb in table.verbs.items() if name != "same"}
    return Choices(
        verbs=_chosen({do: means for do, means in verbs.items() if able(Action(do=do), robot)}),
        parts=_chosen(
            {
                part: means
                for part, means in table.parts.items()
                if able(Action(do="move", part=part), robot)
            }
        ),
        sides=tuple(Choice(name=side, label=SIDES.get(side, side)) for side in get_args(Side)),
        directions=tuple(
            Choice(name=way, label=DIRECTIONS.get(way, way)) for way in get_args(Direction)
        ),
        heights=tuple(Choice(name=height, label=height) for height in get_args(Height)),
        manners=_chosen({name: manner.means for name, manner in table.manners.items()}),
    )


def corrected(reading: Reading, robot: Robot) -> Reading:
    """A reading that a person made, for this body: sure, except of what the body cannot do.

    Raises:
        TabRLError: it says nothing, too much, or a word that no reading has.
    """
    reading = reading.model_copy(update={"sure": True, "note": "", "alternatives": ()})
    actions = [action for part in reading.parts for action in part.actions]
    if not actions:
        raise TabRLError("This reading has nothing to do.", "Give it a part with an action.")
    if len(actions) > MAX_ACTIONS or len(reading.model_dump_json()) > MAX_LETTERS:
        raise TabRLError("This reading is too long.", f"Give at most {MAX_ACTIONS} actions.")
    for action in actions:
        _refuse_unknown(action)
    for thing in (*reading.parts, *actions):
        _refuse_immense(thing)
    return fitted(reading, robot)


def _refuse_unknown(action: Action) -> None:
    table = domain()
    for what, said, known in (
        ("verb", (action.do,), table.verbs),
        ("part", (action.part,) if action.part else (), table.parts),
        ("manner", action.manner, table.manners),
    ):
        for word in said:
            if word not in known:
                raise TabRLError(f"{word[:40]!r} is no {what}.", f"Choose of {', '.join(known)}.")


def _refuse_immense(thing: object) -> None:
    for measure in MEASURES:
        value = getattr(thing, measure.name, None)
        if value is not None and value > MOST:
            raise TabRLError(f"{measure.name} is too much.", f"Give at most {MOST:g}.")


def _chosen(means: dict[str, str]) -> tuple[Choice, ...]:
    return tuple(
        Choice(name=name, label=name, means="" if text == name else text)
        for name, text in means.items()
    )
