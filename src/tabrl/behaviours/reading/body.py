"""What a reading means for one body: what it can do, with which limbs, and which behaviour of the
library is nearest.
"""

from functools import cache
from typing import TYPE_CHECKING

from tabrl.behaviours.reading.model import Action, Part, Reading
from tabrl.behaviours.reading.notation import slots
from tabrl.behaviours.reading.tables import domain, load

if TYPE_CHECKING:
    from tabrl.robots.catalogue import Robot

_USUAL_MPS = 0.8
_GROUPS = {
    "head": "head",
    "neck": "neck",
    "tail": "tail",
    "arm": "arm arms right_arm left_arm",
    "hand": "hands",
    "elbow": "elbow elbows",
    "wrist": "wrist wrists",
    "shoulder": "shoulder shoulders",
    "waist": "waist",
    "fingers": "fingers",
    "index finger": "index_finger",
    "middle finger": "middle_finger",
    "ring finger": "ring_finger",
    "little finger": "little_finger",
    "thumb": "thumb",
    "leg": "feet",
    "front leg": "front_legs front_leg",
    "rear leg": "rear_legs rear_leg",
    "knee": "knees",
    "hips": "hips free_base",
    "object": "objects",
    "pole": "pole",
}
"""What of a structure a part asks for: a field of it that is not empty, or one of its groups."""


def usual_mps(robot: "Robot") -> float | None:
    """The speed at which this robot walks where nothing is said, m/s; None without a command."""
    ranges = robot.structure.command_ranges
    return min(_USUAL_MPS, ranges[0][1]) if robot.structure.takes_command else None


def able(action: Action, robot: "Robot") -> bool:
    """Whether this body can do it, as far as its type and its parts say."""
    verb = domain().verbs[action.do]
    if action.negated:
        return True
    typed = not verb.types or robot.type in verb.types or robot.type == "other"
    return (
        typed
        and all(_has(robot, need) for need in verb.needs)
        and (action.part is None or _has(robot, _GROUPS.get(action.part, "")))
    )


def _has(robot: "Robot", names: str) -> bool:
    s = robot.structure
    if names == "head":  # without a joint of its own, the trunk nods and shakes for it
        return robot.type not in ("hand", "classic")
    if names == "place":
        return s.free_base or any(joint.kind == "slide" for joint in s.joints)
    return not names or any(
        bool(getattr(s, name, ())) or name in s.groups for name in names.split()
    )


def fitted(reading: Reading, robot: "Robot") -> Reading:
    """The reading with the limbs of this body, and with what to do instead of what it cannot."""
    parts = tuple(_limbs(part, robot) for part in reading.parts)
    reading = reading.model_copy(update={"parts": parts})
    cannot = [a for part in parts for a in part.actions if not able(a, robot)]
    if not cannot:
        return reading
    said = ", ".join(dict.fromkeys(f"{a.do} ({a.part})" if a.part else a.do for a in cannot))
    note = f"{robot.name} has no body for this: {said}."
    return reading.model_copy(
        update={
            "sure": False,
            "note": f"{reading.note} {note}".strip()[:600],
            "alternatives": _alternatives(reading, robot),
        }
    )


def _limbs(part: Part, robot: "Robot") -> Part:
    return part.model_copy(update={"actions": tuple(_limb(a, robot) for a in part.actions)})


def _limb(action: Action, robot: "Robot") -> Action:
    """With this body's own limbs: a dog's hands are its front legs, a person's paws are hands."""
    limbs = load_stock()["limbs"].get(robot.type, {})
    verbs = load_stock()["verbs"].get(robot.type, {})
    part, do = action.part and limbs.get(action.part, action.part), verbs.get(action.do, action.do)
    return action.model_copy(update={"part": part, "do": do})


def _alternatives(reading: Reading, robot: "Robot") -> tuple[Reading, ...]:
    """The reading with near verbs in place of what this body cannot do; three at most."""
    options = []
    for drop in (False, True):
        parts = tuple(_nearest(part, robot, drop) for part in reading.parts)
        options.append(tuple(part for part in parts if part is not None))
    for text in load_stock()["instead"].get(robot.type, "").split("|"):
        options += [(Part(actions=(Action(**slots(text)),)),)] if text.strip() else []
    kept = [parts for at, parts in enumerate(options) if parts and parts not in options[:at]]
    return tuple(
        Reading(language=reading.language, refers_to=reading.refers_to, parts=parts)
        for parts in kept[:3]
        if all(able(a, robot) for part in parts for a in part.actions)
    )


def _nearest(part: Part, robot: "Robot", drop: bool) -> Part | None:
    actions = []
    for action in part.actions:
        for _ in range(4):  # from near to near, which may lead in a circle
            if able(action, robot):
                break
            near = domain().verbs[action.do].near
            if action.part is not None:
                action = action.model_copy(update={"part": None, "side": None})
            elif near and not drop:
                action = action.model_copy(update={"do": near})
            else:
                break
        actions += [action] if able(action, robot) else []
    return part.model_copy(update={"actions": tuple(actions)}) if actions else None


def stock(action: Action, robot: "Robot") -> str | None:
    """The library's behaviour that is nearest to an action, by name; None where there is none."""
    from tabrl.behaviours.library import primitives_for  # what only reads does not wait for it

    if action.negated:
        return None
    names = [p.name for p in primitives_for(robot)]
    patterns = load_stock()["behaviours"]
    fits = [
        (_match(dict(pattern), action), -at, name)
        for name in names
        for at, pattern in enumerate(_patterns(patterns.get(name, "")))
    ]
    best = max(fits, default=(0, 0, ""))
    return best[2] if best[0] > 0 else None


@cache
def _patterns(text: str) -> tuple[tuple[tuple[str, object], ...], ...]:
    return tuple(tuple(slots(one).items()) for one in text.split("|") if one.strip())


def _match(pattern: dict[str, object], action: Action) -> int:
    """How many fields agree; 0 where one that the pattern names does not."""
    for name, wanted in pattern.items():
        said = getattr(action, name)
        if not (set(wanted) <= set(said) if name == "manner" else wanted == said):  # type: ignore[call-overload]
            return 0
    return len(pattern)


@cache
def load_stock() -> dict[str, dict]:
    """`stock.toml`: what the library has for which action, and limbs by robot type."""
    return load("stock.toml")
