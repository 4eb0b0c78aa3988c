"""Timed velocity commands for a sentence: from a language model, or from the built-in reader."""

from collections.abc import Iterable

from tabrl.llm import prompts
from tabrl.llm.asking import Asker, Question, Turn
from tabrl.llm.forms import COMMANDS
from tabrl.llm.moves import CLIP_S, Moves, read_moves
from tabrl.llm.reply import read_moves as read_reply
from tabrl.llm.trouble import Trouble
from tabrl.robots.catalogue import Robot
from tabrl.spec import Commands, Move

LONGEST_S = 30.0
"""Seconds of a sequence that are shown."""
SHORTEST_S = 0.02
_MAX_TOKENS = 4000
_LONGEST_READ = 2000
_AXES = (("forward or backward", "m/s"), ("sideways", "m/s"), ("in turning", "rad/s"))


def built_in(sentence: str, robot: Robot) -> Commands | None:
    """The commands of a sentence; None where it is not a matter of walking and turning alone."""
    told = read_moves(sentence[:_LONGEST_READ], robot.structure.command_ranges)
    if not told:
        return None
    return _fitted(
        "As told", "Walks and turns as the sentence says, all of it in order.", told, robot
    )


async def write_commands(sentence: str, robot: Robot, asker: Asker) -> Commands | None:
    """What a language model makes of a sentence; None where it says that commands cannot do it.

    Raises:
        Trouble: there was no answer, or none that can be read.
    """
    above, request = prompts.instructions(
        "commands",
        robot,
        COMMANDS,
        sentence=sentence,
        ranges=robot.structure.command_ranges,
        clip_s=CLIP_S,
        longest_s=LONGEST_S,
    )
    turns = (Turn(role="user", text=request),)
    answer = await asker(Question("commands", above, turns, COMMANDS, max_tokens=_MAX_TOKENS))
    try:
        name, description, told = read_reply(answer.text)
    except ValueError as error:
        raise Trouble("reply", f"The commands cannot be read: {error}") from None
    if not told:
        return None
    return _fitted(name or "As told", description, told, robot)


def _fitted(name: str, description: str, told: Moves, robot: Robot) -> Commands:
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
