"""How two actions in the making belong together: what one takes over from the other, what cannot be
done at once.
"""

from typing import Any

from tabrl.behaviours.reading.draft import Draft
from tabrl.behaviours.reading.slots import crosses
from tabrl.behaviours.reading.tables import domain

BOUNDS = frozenset({"distance_m", "angle_rad", "count"})
ENDS = BOUNDS | {"seconds"}
GOING = frozenset({"walk", "run", "march", "crawl", "hop", "circle", "limp", "swim", "travel"})
ON_FOOT = frozenset({"walk", "run"})
_TURNS = frozenset({"turn", "spin", "circle", "look", "twist"})


def goes_with(said: dict[str, Any], do: str) -> bool:
    """Whether a verb can have these amounts."""
    if said.keys() & {"angle_rad", "turn_rate"}:
        return do in _TURNS
    return "distance_m" not in said or do in GOING


def same_limb(draft: Draft, last: Draft) -> None:
    """ "Raise your right hand, not the left": what is left out is as it was."""
    said = draft.said
    if draft.negated and "part" in last.said and said.get("direction") in ("left", "right"):
        said["side"] = said.pop("direction")
    if "part" in last.said and "part" not in said:
        said["part"] = last.said["part"]
        if "direction" in said and "side" in last.said:
            said.setdefault("side", last.said["side"])


def as_far(draft: Draft, last: Draft) -> None:
    """ "2 m to the left, then to the right": how far is not said again."""
    draft.said |= {name: last.said[name] for name in ENDS & last.said.keys()}


def conflicts(draft: Draft, last: Draft) -> bool:
    """Whether it says something else of what the last one said."""
    return any(
        last.said.get(name, value) != value
        for name, value in draft.said.items()
        if name not in last.implied
    )


def merge(last: Draft, draft: Draft) -> None:
    """Add what it says to the last one."""
    for name, value in draft.said.items():
        last.put(name, value)
    last.add({"manner": tuple(draft.manner)})
    last.read += draft.read
    last.near = last.near or draft.near


def apart(draft: Draft, other: Draft) -> bool:
    """Whether a body can do both at once."""
    common = _uses(draft) & _uses(other)
    return not common or (common <= {"limb", "arms"} and _other_limb(draft, other))


def _other_limb(draft: Draft, other: Draft) -> bool:
    limbs = [(d.said.get("part"), d.said.get("side")) for d in (draft, other)]
    return all(any(limb) for limb in limbs) and limbs[0] != limbs[1]


def across(draft: Draft, last: Draft) -> bool:
    """ "Diagonally forward and to the left": the way that the first one goes, too."""
    ways = (draft.said.get("direction", ""), last.said.get("direction", ""))
    joined = draft.link in ("and", "comma") and draft.do == last.do and not draft.negated
    return last.diagonal and not last.across and joined and crosses(*ways)


def other_way(draft: Draft) -> list[Draft]:
    """What a diagonal does beside its direction: ahead where nothing else was said."""
    if not draft.diagonal or draft.do not in ON_FOOT:
        return []
    way = draft.said.setdefault("direction", "forward")
    ahead = "forward" if way in ("left", "right", "sideways") else "sideways"
    said = {name: value for name, value in draft.said.items() if name not in ENDS}
    said["direction"] = draft.across or ahead
    return [Draft(draft.do, said, list(draft.manner), link="while")]


def _uses(draft: Draft) -> set[str]:
    part, uses = draft.said.get("part"), domain().verbs[draft.do].uses
    if "part" not in uses:
        return set(uses)
    return {domain().areas[part]} if part else set(uses - {"part"}) or {"trunk"}
