"""Whatever a model makes of the form, its approaches are found, or it is told why not."""

import json
from typing import Any

import pytest

from tabrl.llm.reply import Read, read_approaches, read_metric
from tabrl.spec import Termination

CODE = 'def reward(s):\n    return {"sway": near(s.roll, 0.2, 0.1), "smooth": s.action_rate}\n'
APPROACH = {
    "name": "Aloha Roll",
    "description": "Rolls from side to side.",
    "terms": [{"name": "sway", "weight": 2, "why": "x"}, {"name": "smooth", "weight": -0.005}],
    "code": CODE,
    "clock_hz": 1.2,
    "command": [0.1, 0, 0],
    "termination": {"min_upright": None, "min_height": 0.4},
    "looks": "The hips swing.",
}
FORM = {"title": "Hip shake", "note": "Hips it is.", "approaches": [APPROACH]}


def one(text: str) -> Any:
    read = read_approaches(text)
    assert len(read.approaches) == 1, read
    assert read.approaches[0].source == CODE
    return read.approaches[0]


def test_the_form_is_read_as_it_was_filled_in() -> None:
    read = read_approaches(json.dumps(FORM))
    (approach,) = read.approaches
    assert (read.title, read.note, read.problem) == ("Hip shake", "Hips it is.", "")
    assert approach.name == "Aloha Roll"
    assert approach.weights == {"sway": 2, "smooth": -0.005}
    assert (approach.clock_hz, approach.command) == (1.2, (0.1, 0, 0))
    assert approach.termination == Termination(min_upright=None, min_height=0.4)
    assert approach.looks == "The hips swing."


WRAPPED = {
    "in a fence": f"```json\n{json.dumps(FORM, indent=2)}\n```",
    "in a fence that never ends": f"Sure!\n```json\n{json.dumps(FORM)}",
    "with prose around it": f"Here you are:\n{json.dumps(FORM)}\nEnjoy! {{smile}}",
    "as a list": json.dumps([APPROACH]),
    "alone": json.dumps(APPROACH),
    "under another name": json.dumps({"reply": {"proposals": [APPROACH]}}),
    "by number": json.dumps({"approaches": {"1": APPROACH}}),
    "as JSON in JSON": json.dumps({"approaches": json.dumps([APPROACH])}),
    "with line breaks in its text": json.dumps(FORM).replace("\\n", "\n"),
    "with extra keys": json.dumps(
        FORM | {"confidence": 0.9, "approaches": [APPROACH | {"style": "wild", "id": 7}]}
    ),
    "after thinking aloud": f"<think>Hips... {{maybe}}</think>\n{json.dumps(FORM)}",
}


@pytest.mark.parametrize("text", WRAPPED.values(), ids=WRAPPED)
def test_the_form_is_found_wherever_it_is(text: str) -> None:
    assert one(text).weights == {"sway": 2, "smooth": -0.005}


CODED = {
    "a fence under a heading": f"Thoughts.\n\n### Aloha Roll\nRolls.\n\n```python\n{CODE}```\n",
    "a fence under bold words": f"**Aloha Roll**\nRolls.\n```py\n{CODE}```",
    "a numbered item": f"1. Aloha Roll\n```\n{CODE}```",
}


@pytest.mark.parametrize("text", CODED.values(), ids=CODED)
def test_code_without_a_form_is_an_approach_under_its_heading(text: str) -> None:
    assert one(text).name == "Aloha Roll"


def test_bare_code_ends_where_the_prose_begins() -> None:
    assert one(f"I would write\n\n{CODE}\nThis rolls it.").name == "Approach 1"


def test_several_fences_are_several_approaches() -> None:
    text = "".join(f"## Way {i}\n```python\n{CODE}```\n" for i in range(3))
    assert [a.name for a in read_approaches(text).approaches] == ["Way 0", "Way 1", "Way 2"]


@pytest.mark.parametrize("key", ["code", "source", "reward", "reward_code", "python"])
def test_code_is_known_by_several_names(key: str) -> None:
    given = {k: v for k, v in APPROACH.items() if k != "code"} | {key: CODE}
    assert one(json.dumps([given])).name == "Aloha Roll"


@pytest.mark.parametrize(
    "code",
    [f"```python\n{CODE}```", CODE.replace("\n", "\n    ").join(["    ", ""]), f"\n\n{CODE}\n\n"],
    ids=["fenced", "indented", "padded"],
)
def test_code_is_taken_out_of_its_wrapping(code: str) -> None:
    assert one(json.dumps([APPROACH | {"code": code}]))


@pytest.mark.parametrize(
    "given",
    [
        {"terms": {"sway": 2, "smooth": "-0.005"}},
        {"terms": {"sway": {"weight": 2}, "smooth": {"weight": -0.005}}},
        {"terms": ["sway", "smooth"], "weights": {"sway": 2, "smooth": -0.005}},
    ],
)
def test_weights_are_read_in_any_form(given: dict[str, Any]) -> None:
    assert one(json.dumps([APPROACH | given])).weights == {"sway": 2, "smooth": -0.005}


@pytest.mark.parametrize(
    ("field", "given", "kept"),
    [
        ("clock_hz", 40, 6.0),
        ("clock_hz", "fast", 1.5),
        ("clock_hz", None, 1.5),
        ("command", {"forward": 1, "turn": "0.5"}, (1, 0, 0.5)),
        ("command", [99], (3, 0, 0)),
        ("command", "walk", (0, 0, 0)),
        ("termination", "never", Termination()),
        ("termination", {"min_height": 7}, Termination(min_height=2.0)),
        ("name", "", "Approach 1"),
        ("name", "<b>Hi</b>\x1b[2J\n" + "x" * 90, ("<b>Hi</b> [2J " + "x" * 90)[:60]),
        ("description", 7, ""),
    ],
)
def test_what_does_not_fit_becomes_what_does(field: str, given: object, kept: object) -> None:
    assert getattr(one(json.dumps([APPROACH | {field: given}])), field) == kept


@pytest.mark.parametrize("share", [0.35, 0.5, 0.7, 0.9])
def test_an_answer_that_was_cut_off_gives_what_is_whole(share: float) -> None:
    many = [APPROACH | {"name": f"Way {i}"} for i in range(4)]
    text = json.dumps({"title": "Hips", "approaches": many})
    read = read_approaches(text[: int(len(text) * share)])
    names = [a.name for a in read.approaches if a.source == CODE]
    assert names == [f"Way {i}" for i in range(len(names))]
    assert len(names) >= int(4 * share)


NOTHING = {
    "nothing": "",
    "prose": "I would make the robot sway its hips with a sine wave.",
    "empty JSON": "{}",
    "a number": "42",
    "an empty list": '{"approaches": []}',
    "no code": '{"approaches": [{"name": "x", "terms": []}]}',
    "deep brackets": "[" * 100_000,
    "megabytes": "word " * 400_000,
    "megabytes of braces": "{" * 500_000,
    "open fences": "```\n" * 50_000,
}


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING)
def test_nothing_is_told_in_words(text: str) -> None:
    read = read_approaches(text)
    assert read.approaches == ()
    assert read.problem


def test_a_weight_out_of_all_proportion_is_told() -> None:
    given = APPROACH | {"terms": [{"name": "sway", "weight": 1e9}]}
    read = read_approaches(json.dumps([given]))
    assert read.approaches == ()
    assert "-10000 and 10000" in read.problem


def test_no_more_than_a_dozen_are_looked_at() -> None:
    assert len(read_approaches(json.dumps([APPROACH] * 500)).approaches) == 12


def test_what_is_not_there_has_no_problem() -> None:
    assert Read().problem == ""


METRIC = {
    "name": "sway",
    "question": "Does it sway?",
    "criteria": [
        {"label": "roll (rad)", "measure": "amplitude", "signal": "roll", "at_least": "0.1"},
        {"label": "up", "measure": "fraction_above", "signal": "upright", "args": {"bound": 0.9},
         "at_least": 0.8, "slack": 9, "comment": "extra"},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(METRIC),
        f"```json\n{json.dumps(METRIC)}\n```",
        json.dumps({"test": METRIC}),
        f"Here: {json.dumps(METRIC)} Done.",
    ],
)
def test_a_metric_is_read(text: str) -> None:
    metric = read_metric(text)
    assert metric.question == "Does it sway?"
    assert metric.criteria[0].at_least == 0.1
    assert metric.criteria[1].args == {"bound": 0.9}
    assert metric.criteria[1].slack == 1.0


@pytest.mark.parametrize("text", ["", "no", "{}", "[]", '{"criteria": []}', '{"criteria": 3}'])
def test_what_is_no_metric_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_metric(text)
