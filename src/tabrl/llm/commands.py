"""Timed velocity commands that a language model writes."""

from tabrl.behaviours.commands import LONGEST_S, fitted
from tabrl.behaviours.moves import CLIP_S
from tabrl.llm import prompts
from tabrl.llm.asking import ChatModel, Message, Question
from tabrl.llm.forms import COMMANDS
from tabrl.llm.reply import read_moves
from tabrl.llm.trouble import Trouble
from tabrl.robots.catalogue import Robot
from tabrl.spec import Commands

_MAX_TOKENS = 4000


async def write_commands(
    sentence: str, robot: Robot, chat: ChatModel, hint: str = ""
) -> Commands | None:
    """What a language model makes of a sentence; None where it says that commands cannot do it.

    Args:
        hint: what the built-in reader takes the sentence for, in words.

    Raises:
        Trouble: there was no answer, or none that can be read.
    """
    above, request = prompts.instructions(
        "commands",
        robot,
        COMMANDS,
        sentence=sentence,
        hint=hint,
        ranges=robot.structure.command_ranges,
        clip_s=CLIP_S,
        longest_s=LONGEST_S,
    )
    messages = (Message(role="user", text=request),)
    answer = await chat(Question("commands", above, messages, COMMANDS, max_tokens=_MAX_TOKENS))
    try:
        name, description, told = read_moves(answer.text)
    except ValueError as error:
        raise Trouble("reply", f"The commands cannot be read: {error}") from None
    if not told:
        return None
    return fitted(name or "As told", description, told, robot)
