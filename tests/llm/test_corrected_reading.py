"""What a person corrected of a reading is what language models and their stand-ins hear."""

import asyncio
import json

import pytest

from tabrl.behaviours.builtin import propose
from tabrl.behaviours.reading import read
from tabrl.experiments.authors import take_part
from tabrl.experiments.record import Experiment
from tabrl.llm.asking import Answer, Question
from tabrl.llm.panel import Part, Script, Topic, consult
from tabrl.llm.trouble import Trouble
from tabrl.robots.catalogue import robot
from tabrl.spec import CheckResult, Judgement, Metric

GO1 = robot("Go1JoystickFlatTerrain")
RIGHT = read("walk to the right", GO1)


REWARD = "def reward(s):\n    return {'ahead': s.forward_speed}\n"


def meaning(words: str, topic: Topic) -> Part:
    """The part of a model that says what the sentence means; it writes no judge."""

    async def speaking(question: Question) -> Answer:
        if question.purpose != "approaches":
            raise Trouble("reply", "I write rewards.")
        approach = {"name": "Own", "description": "", "terms": [], "code": REWARD}
        text = json.dumps({"title": "T", "meaning": words, "approaches": [approach]})
        return Answer(text=text, model="m")

    async def check(approach: object) -> CheckResult:
        return CheckResult(valid=True, findings=())

    async def judge_baselines(metric: Metric) -> dict[str, Judgement]:
        return {}

    panel = {"lab": (speaking, 1)}
    (part,) = asyncio.run(consult(topic, panel, check, judge_baselines))
    return part


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


SPOKEN = "Go back to where you came from, dear gizmo"


def test_a_model_corrects_what_the_reader_took_a_sentence_for():
    part = meaning("walk backward 2 m, then sit", Topic(SPOKEN, GO1))
    assert part.reading is not None
    assert part.reading.parts == read("walk backward 2 m, then sit", GO1).parts
    # It wrote no judge, and the built-in one follows the corrected reading.
    assert part.behaviour.metric == propose("", GO1, reading=part.reading).metric


@pytest.mark.parametrize("words", ["", SPOKEN, "dance the gizmo", "something with a lot of zest"])
def test_what_is_no_sure_reading_corrects_nothing(words):
    assert meaning(words, Topic(SPOKEN, GO1)).reading is None


def test_a_person_who_corrected_is_not_overruled():
    assert (
        meaning("walk backward 2 m", Topic("Walk to the left", GO1, reading=RIGHT)).reading == RIGHT
    )


def test_the_first_correction_is_kept_and_told(tmp_path):
    sentence = read(SPOKEN, GO1)
    experiment = Experiment(
        id="x",
        sentence=SPOKEN,
        robot=GO1.id,
        seed=0,
        preset="quick",
        folder=tmp_path,
        reading=sentence,
    )
    for words in ("walk backward 2 m", "sit"):
        take_part(experiment, meaning(words, Topic(SPOKEN, GO1)))
    assert experiment.reading == read("walk backward 2 m", GO1)
    assert experiment.note.count("reads it as") == 1
    assert "lab reads it as: walk backward 2 m." in experiment.note


@pytest.mark.parametrize("sentence", ["Raise your right hand", "Walk ahead", "Florble the wug"])
def test_a_model_s_approach_begins_in_the_pose_that_the_reading_asks_for(sentence):
    g1 = robot("G1JoystickFlatTerrain")
    own = meaning("", Topic(sentence, g1)).behaviour.approaches[0]
    pose = propose("Raise your right hand", g1).approaches[0].pose
    assert (own.source, own.pose) == (REWARD, pose if "hand" in sentence else {})
