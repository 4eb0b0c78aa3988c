"""What an edit changed, told as values."""

from typing import Any

import pytest

from tabrl.experiments.changes import (
    Change,
    CodeChange,
    SettingChange,
    TextChange,
    WeightChange,
    changes,
    words,
)
from tabrl.spec import Approach, Move, Termination

SOURCE = """def reward(s):
    sway = oscillate(s.phase, 0.25, 0.0)
    return {
        "roll": near(s.roll, sway, 0.1),
        "up": s.upright,
        "calm": -s.speed,
        "still": -s.drift,
        "smooth": s.smooth,
        "effort": s.effort,
        "last": near(s.height, 0.3, 0.1),
    }
"""
PARENT = Approach(
    name="Sway", description="d", source=SOURCE, weights={"roll": 2.0, "up": 1.0}, looks="It sways."
)


def edited(**fields: Any) -> list[Change]:
    return changes(PARENT, PARENT.model_copy(update=fields))


def code(old: str, new: str) -> CodeChange:
    """The one place of the code that changes."""
    (change,) = edited(source=SOURCE.replace(old, new))
    assert isinstance(change, CodeChange)
    return change


def marks(change: CodeChange) -> list[str]:
    return [line.text[slice(*line.marked)] for line in change.lines if line.marked]


def test_what_is_the_same_changes_nothing():
    assert edited() == []
    assert edited(source=SOURCE + "\n\n") == []


def test_weights_that_are_new_other_or_gone_are_told():
    assert edited(weights={"roll": 3.0, "kick": 0.5}) == [
        WeightChange(name="roll", before=2.0, after=3.0),
        WeightChange(name="up", before=1.0, after=None),
        WeightChange(name="kick", before=None, after=0.5),
    ]


def test_each_setting_and_the_looks_are_told():
    given = Termination(min_upright=None)
    told = edited(clock_hz=2.0, command=(0.5, 0.0, 0.0), termination=given, looks="It swings.")
    assert told == [
        SettingChange(name="clock_hz", before=1.5, after=2.0),
        SettingChange(name="command", before=(0.0, 0.0, 0.0), after=(0.5, 0.0, 0.0)),
        SettingChange(name="min_upright", before=0.3, after=None),
        TextChange(name="looks", before="It sways.", after="It swings."),
    ]


def test_velocity_commands_are_told_in_words():
    assert edited(script=(Move(seconds=2, forward=0.5), Move(seconds=1))) == [
        TextChange(
            name="script", before="",
            after="2.0 s forward at 0.5 m/s, then 1.0 s standing still",
        )
    ]  # fmt: skip


OTHER = {
    "source": "x", "weights": {}, "clock_hz": 1.6, "command": (0.0, 0.0, 0.1),
    "script": (Move(seconds=1),), "termination": Termination(min_height=None), "looks": "",
    "pose": {"elbow": 0.5},
}  # fmt: skip


@pytest.mark.parametrize("field", sorted(Approach.model_fields.keys() - {"name", "description"}))
def test_no_field_of_an_approach_changes_unseen(field):
    assert edited(**{field: OTHER[field]})


def test_code_comes_with_three_lines_around_it_and_the_number_marked_whole():
    change = code("0.25", "0.3375")
    kinds = [line.kind for line in change.lines]
    assert kinds == ["same", "removed", "added", "same", "same", "same"]
    assert marks(change) == ["0.25", "0.3375"]


def test_two_places_far_apart_are_two_changes():
    far = edited(source=SOURCE.replace("0.25", "0.5").replace("0.3,", "0.4,"))
    assert [change.kind for change in far] == ["code", "code"]


def test_what_is_only_longer_is_marked_from_its_last_whole_word():
    assert marks(code("s.upright,", "s.upright * 2.0,")) == ["s.upright", "s.upright * 2.0"]


def test_nothing_is_marked_where_lines_do_not_answer_each_other():
    change = code('"up": s.upright,', '"up": s.upright,\n        "kick": s.speed,')
    assert [line.kind for line in change.lines].count("added") == 1
    assert marks(change) == []


def test_in_plain_text_values_have_an_arrow_and_code_its_signs():
    told = edited(weights={"roll": 2.0}, source=SOURCE.replace("0.25", "0.5"))
    lines = [line for change in told for line in words(change)]
    assert lines[:2] == ["up: 1 → none", "  def reward(s):"]
    assert "-     sway = oscillate(s.phase, 0.25, 0.0)" in lines
    assert "+     sway = oscillate(s.phase, 0.5, 0.0)" in lines
