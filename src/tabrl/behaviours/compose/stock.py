"""Behaviours of the library as pieces of a reading."""

from tabrl.behaviours.compose.body import composes
from tabrl.behaviours.library import primitives_for
from tabrl.behaviours.library.base import Plan, Primitive
from tabrl.behaviours.modifiers import Modifiers
from tabrl.behaviours.reading import Action, Reading, stock
from tabrl.behaviours.reading.body import able, load_stock
from tabrl.behaviours.reading.notation import show, slots
from tabrl.robots.catalogue import Robot

_TEMPO = {"slow": 0.65, "calm": 0.65, "fast": 1.35, "energetic": 1.35, "fastest": 1.7}
_SIZE = {"small": 0.6, "soft": 0.6, "big": 1.35, "strong": 1.35}
_STYLES = {
    "stiff": "stiff",
    "robot": "stiff",
    "zombie": "stiff",
    "smooth": "smooth",
    "graceful": "smooth",
    "bouncy": "bouncy",
    "floaty": "floaty",
    "cheerful": "cheerful",
    "sneaky": "sneaky",
    "quiet": "sneaky",
    "tiptoe": "sneaky",
    "tired": "tired",
    "sad": "tired",
    "old": "tired",
    "proud": "proud",
}


_RELATIVES = frozenset(
    "look; lift; lift front_leg; lift leg; lift hand; lift arm; lift both:arm; lift both:hand; "
    "kick; point; lean forward; stand; limp; turn; flip; flip high; flip sideways; reach; "
    "reach up; point up; walk zombie".split("; ")
)
"""What the library has a near relative of only, in the notation of readings."""


def just_so(reading: Reading, robot: Robot) -> Primitive | None:
    """The library's behaviour where it is all that a reading asks for."""
    if len(reading.parts) != 1 or len(reading.parts[0].actions) != 1 or reading.parts[0].seconds:
        return None
    action = reading.parts[0].actions[0]
    found = stock_primitive(action, robot)
    if found is None or (show(reading.parts) in _RELATIVES and composes(robot, action)):
        return None
    patterns = load_stock()["behaviours"].get(found.name, "").split("|")
    known = [Action(**slots(pattern)) for pattern in patterns if pattern.strip()]
    return found if _usual(action) in known else None


def teachable(reading: Reading, robot: Robot) -> bool:
    """Whether there is a reward for anything that a reading asks for."""
    actions = [action for part in reading.parts for action in part.actions]
    return any(
        action.negated
        or (able(action, robot) and (composes(robot, action) or stock_primitive(action, robot)))
        for action in actions
    )


def _usual(action: Action) -> Action:
    """Without what a behaviour does by itself."""
    usual = {"walk": "forward", "run": "forward"}.get(action.do)
    if usual and action.direction == usual:
        action = action.model_copy(update={"direction": None})
    return action


def stock_primitive(action: Action, robot: Robot) -> Primitive | None:
    """The library's behaviour for an action; None where it has none."""
    name = stock(action, robot)
    return next((each for each in primitives_for(robot) if each.name == name), None)


def stock_plan(action: Action, robot: Robot) -> Plan | None:
    """What the library makes of an action; None where it has no behaviour for it."""
    found = stock_primitive(action, robot)
    return found.build(robot, modifiers_of(action)) if found else None


def modifiers_of(action: Action) -> Modifiers:
    """An action's manner as the library's builders take it."""
    manner = action.manner
    directions = {action.direction, action.side} - {None, "both", "either", "up", "down"}
    renamed = {"counterclockwise": "anticlockwise"}
    size = next((_SIZE[each] for each in manner if each in _SIZE), 1.0)
    return Modifiers(
        tempo=next((_TEMPO[each] for each in manner if each in _TEMPO), 1.0),
        hz=action.tempo_hz if action.tempo_hz and 0.1 <= action.tempo_hz <= 6.0 else None,
        size={"low": 0.6, "high": 1.35}.get(action.height or "", size),
        directions=frozenset(renamed.get(each, each) for each in directions if each),
        styles=frozenset(_STYLES[each] for each in manner if each in _STYLES),
        count=action.count,
    )
