"""Timed velocity commands: what a sentence says of them, and what a robot follows of them."""

from collections.abc import Iterable

from tabrl.behaviours.moves import Moves, moves_of
from tabrl.behaviours.reading import Reading, read
from tabrl.robots.catalogue import Robot
from tabrl.spec import Commands, Move

LONGEST_S = 30.0
"""Seconds of a sequence that are shown."""
SHORTEST_S = 0.02
_AXES = (("forward or backward", "m/s"), ("sideways", "m/s"), ("in turning", "rad/s"))


def built_in(sentence: str, robot: Robot, reading: Reading | None = None) -> Commands | None:
    """The commands of a sentence, or of what it was corrected to; None where it is not a matter of
    walking and turning alone.
    """
    told = moves_of(reading or read(sentence, robot), robot.structure.command_ranges)
    if not told:
        return None
    return fitted(
        "As told", "Walks and turns as the sentence says, all of it in order.", told, robot
    )


def fitted(name: str, description: str, told: Moves, robot: Robot) -> Commands:
    """Commands that the robot follows and a clip can hold; the note says what was left out."""
    moves, notes, left_s = [], [], LONGEST_S
    for seconds, *command in told:
        held = [
            min(max(value, low), high)
            for value, (low, high) in zip(command, robot.structure.command_ranges, strict=True)
        ]
        notes += _slowed(robot, command, held)
        if min(seconds, left_s) >= SHORTEST_S:
            moves.append(Move(**_rounded(min(seconds, left_s), *held)))
        left_s -= min(seconds, left_s)
    lost = sum(seconds for seconds, *_ in told) - LONGEST_S
    if lost > SHORTEST_S:
        notes.append(
            f"The last {lost:.1f} s are cut: a clip of commands ends after {LONGEST_S:g} s."
        )
    note = " ".join(dict.fromkeys(notes))[:600]
    return Commands(name=name, description=description, note=note, moves=tuple(moves))


def _slowed(robot: Robot, asked: Iterable[float], held: Iterable[float]) -> list[str]:
    return [
        f"{robot.name} follows {abs(got):g} {unit} {axis} at most, not {abs(want):g}."
        for want, got, (axis, unit) in zip(asked, held, _AXES, strict=True)
        if want != got
    ]


def _rounded(seconds: float, forward: float, left: float, turn: float) -> dict[str, float]:
    return {
        "seconds": round(seconds, 3),
        "forward": round(forward, 3),
        "left": round(left, 3),
        "turn": round(turn, 3),
    }
