"""What a person corrected of a reading is what language models and their stand-ins hear."""

import asyncio

from tabrl.behaviours.builtin import propose
from tabrl.behaviours.reading import read
from tabrl.llm.asking import Answer, Question
from tabrl.llm.panel import Part, Script, Topic, consult
from tabrl.llm.trouble import Trouble
from tabrl.robots.catalogue import robot
from tabrl.spec import CheckResult, Judgement, Metric

GO1 = robot("Go1JoystickFlatTerrain")
RIGHT = read("walk to the right", GO1)


def asked(topic: Topic) -> tuple[list[Question], list[Part], list[Script]]:
    """What a model that never answers is asked, and what stands in for it."""
    heard: list[Question] = []
    scripts: list[Script] = []

    async def silent(question: Question) -> Answer:
        heard.append(question)
        raise Trouble("reply", "Nobody is there.")

    async def check(approach: object) -> CheckResult:
        return CheckResult(valid=True, findings=())

    async def judge_baselines(metric: Metric) -> dict[str, Judgement]:
        return {}

    panel = {"lab": (silent, 3)}
    parts = asyncio.run(consult(topic, panel, check, judge_baselines, on_script=scripts.append))
    return heard, parts, scripts


def test_a_model_hears_the_sentence_with_its_correction():
    heard, _, _ = asked(Topic("Walk to the left", GO1, reading=RIGHT))
    assert {question.purpose for question in heard} == {"approaches", "metric", "commands"}
    for question in heard:
        assert '"Walk to the left (I mean: walk to the right)"' in question.messages[0].text


def test_what_stands_in_does_what_was_corrected():
    _, (part,), (script,) = asked(Topic("Walk to the left", GO1, reading=RIGHT))
    assert part.behaviour.approaches == propose("walk to the right", GO1).approaches
    assert script.commands
    assert script.commands.moves[0].left < 0


def test_a_sentence_that_nobody_corrected_is_heard_as_it_is():
    heard, _, _ = asked(Topic("Walk to the left", GO1))
    assert all("I mean" not in question.messages[0].text for question in heard)


def test_a_model_hears_what_the_reader_takes_a_sentence_for_as_a_hint():
    heard, _, _ = asked(Topic("Walk to the left like my grandpa's gizmo", GO1))
    assert {question.purpose for question in heard} == {"approaches", "metric", "commands"}
    for question in heard:
        told = question.messages[0].text
        assert "walk · to the left" in told
        assert "not read: " in told
        assert "gizmo" in told.split("not read: ")[1]
        assert "the sentence is right" in told.replace("\n", " ")


def test_a_person_who_corrected_needs_no_hint():
    heard, _, _ = asked(Topic("Walk to the left", GO1, reading=RIGHT))
    assert all("That is a hint" not in question.messages[0].text for question in heard)
