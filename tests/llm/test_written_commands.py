"""Velocity commands that a language model writes."""

import asyncio
import json

import pytest

from tabrl.llm.asking import Answer, Question
from tabrl.llm.commands import write_commands
from tabrl.llm.trouble import Trouble
from tabrl.robots.catalogue import robot
from tabrl.spec import Commands, Move

GO1 = robot("Go1JoystickFlatTerrain")
TURN = {"seconds": 2, "forward": 0.3, "left": 0, "turn": 1}
FORM = {"name": "One turn", "description": "It turns.", "moves": [TURN]}


def asked(text: str) -> tuple[Commands | None, Question]:
    """What becomes of an answer, and what was asked."""
    heard: list[Question] = []

    async def chat(question: Question) -> Answer:
        heard.append(question)
        return Answer(text=text)

    return asyncio.run(write_commands("turn, please", GO1, chat)), heard[0]


def test_the_model_is_told_the_sentence_and_what_the_robot_follows() -> None:
    commands, question = asked(json.dumps(FORM))
    assert commands == Commands(
        name="One turn",
        description="It turns.",
        moves=(Move(seconds=2, forward=0.3, turn=1),),
    )
    assert question.purpose == "commands"
    assert question.form is not None
    assert question.form.name == "write_commands"
    assert '"turn, please"' in question.messages[0].text
    assert "| turn, rad/s, positive is left | -1.2 | 1.2 |" in question.instructions


@pytest.mark.parametrize(
    "text",
    [
        f"Here you are:\n```json\n{json.dumps(FORM)}\n```",
        json.dumps({"commands": FORM}),
        json.dumps([TURN]),
        json.dumps(FORM | {"moves": [{"seconds": "2", "forward": "0.3", "turn": "1.0"}]}),
        json.dumps(FORM)[:-1],
    ],
)
def test_what_was_meant_is_read(text: str) -> None:
    commands, _ = asked(text)
    assert commands is not None
    assert commands.moves == (Move(seconds=2, forward=0.3, turn=1),)


def test_a_model_may_say_that_commands_cannot_do_it() -> None:
    assert asked(json.dumps(FORM | {"moves": []}))[0] is None


@pytest.mark.parametrize(
    "moves",
    [[{}], ["walk"], [TURN | {"seconds": 0}], [TURN | {"turn": None}], [TURN | {"left": "far"}]],
)
def test_what_cannot_be_read_is_named(moves: list) -> None:
    with pytest.raises(Trouble, match=r"move 1 needs numbers for seconds \(above 0\)"):
        asked(json.dumps(FORM | {"moves": moves}))
    with pytest.raises(Trouble, match="no JSON object with a list of moves"):
        asked("I would rather not.")


def test_no_command_is_faster_or_longer_than_the_robot_and_the_clip_allow() -> None:
    wild = [TURN | {"seconds": 1e9, "forward": 9, "left": -9, "turn": -9}, TURN]
    commands, _ = asked(json.dumps(FORM | {"moves": wild}))
    assert commands is not None
    assert commands.moves == (Move(seconds=30, forward=1.5, left=-0.8, turn=-1.2),)
    assert "Go1 follows 1.5 m/s forward or backward at most, not 9." in commands.note
    assert "Go1 follows 1.2 rad/s in turning at most, not 9." in commands.note
    assert "are cut: a clip of commands ends after 30 s." in commands.note
