"""Earlier formats of `experiment.json`: each step turns what one left into the next.

A persisted name that changes gets a step here, and `FORMAT` one more.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from tabrl.errors import TabRLError
from tabrl.experiments.changes import (
    Change,
    CodeChange,
    CodeLine,
    SettingChange,
    WeightChange,
    mark,
)

FORMAT = 3


def upgrade(found: Any) -> Any:
    """What `experiment.json` holds, in today's format; what is no record comes back as it is.

    Raises:
        TabRLError: a newer TabRL wrote it.
        ValueError: it is not of the format that it names.
    """
    if not isinstance(found, dict) or not isinstance(number := found.get("format", 1), int):
        return found
    if number > FORMAT:
        raise TabRLError(
            f"The experiment is of format {number}; this TabRL reads formats up to {FORMAT}.",
            "Install a newer TabRL to open it.",
        )
    for step in _STEPS[max(number, 1) - 1 :]:
        try:
            step(found)
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError(f"it is not of format {number}: {error}") from error
    return found | {"format": FORMAT}


def _to_2(found: dict[str, Any]) -> None:
    """The text of what an edit changed becomes values."""
    for approach in found.get("approaches", []):
        if origin := approach.get("origin"):
            changes = _read_diff(origin.pop("diff", ""))
            origin["changes"] = [change.model_dump(mode="json") for change in changes]


def _to_3(found: dict[str, Any]) -> None:
    """Names become the field's."""
    _rename(found, keeper="client")
    for approach in found.get("approaches", []):
        _rename(approach, pays="term_means", strains="robustness")


def _rename(found: dict[str, Any], **names: str) -> None:
    for old, new in names.items():
        if old in found:
            found[new] = found.pop(old)


_STEPS: tuple[Callable[[dict[str, Any]], None], ...] = (_to_2, _to_3)

_WEIGHT = re.compile(r"([ +-])# (\w+) weighs (\S+)")
_SETTING = re.compile(r"([ +-])# (\{.*\})")
_KINDS: dict[str, Any] = {"-": "removed", "+": "added"}


def _read_diff(diff: str) -> list[Change]:
    """The changes in a unified diff of format 1: code, then a comment for each weight, then the
    setting as JSON.
    """
    places: list[list[CodeLine]] = []
    weights: dict[str, dict[str, float]] = {}
    settings: dict[str, dict[str, Any]] = {"-": {}, "+": {}}
    for line in diff.splitlines()[2:]:  # the first two name the approaches
        if line.startswith("@@"):
            places.append([])
        elif weight := _WEIGHT.fullmatch(line):
            weights.setdefault(weight[2], {})[weight[1]] = float(weight[3])
        elif setting := _SETTING.fullmatch(line):
            settings[setting[1]] = _flat(json.loads(setting[2]))
        elif places:
            places[-1].append(CodeLine(kind=_KINDS.get(line[:1], "same"), text=line[1:]))
    before, after = settings["-"], settings["+"]
    return [
        *(
            WeightChange(name=name, before=sides.get("-"), after=sides.get("+"))
            for name, sides in weights.items()
            if sides.get("-") != sides.get("+")
        ),
        *(
            SettingChange.model_validate({"name": name, "before": before.get(name), "after": value})
            for name, value in after.items()
            if before.get(name) != value
        ),
        *(
            CodeChange(lines=mark(lines))
            for lines in places
            if any(line.kind != "same" for line in lines)
        ),
    ]


def _flat(setting: dict[str, Any]) -> dict[str, Any]:
    bounds = setting.pop("termination", {})
    return {**setting, **bounds}
