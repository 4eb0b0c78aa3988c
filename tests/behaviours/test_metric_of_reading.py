"""The metric of a reading: it passes a robot that does it, and no robot that does the nearest
wrong thing.
"""

from functools import cache

import numpy as np
import pytest
from performing import GO1, READINGS, Series, perform, shaking, still, wrongs

from tabrl.behaviours.compose.metric import metric_of
from tabrl.behaviours.reading import Reading
from tabrl.behaviours.reading.notation import parse
from tabrl.robots.catalogue import robot
from tabrl.spec import Metric
from tabrl.verdict.judge import judge_series
from tabrl.verdict.vocabulary import lint_metric


@cache
def metric(robot_id: str, text: str) -> Metric:
    return metric_of(Reading(parts=parse(text)), robot(robot_id))


def verdict(robot_id: str, text: str, values: Series) -> str:
    return judge_series(
        metric(robot_id, text), values, robot(robot_id).structure.base_height
    ).verdict


@pytest.mark.parametrize(("robot_id", "text"), READINGS)
def test_a_robot_that_does_it_passes(robot_id: str, text: str) -> None:
    values = perform(robot(robot_id), parse(text))
    judged = judge_series(metric(robot_id, text), values, robot(robot_id).structure.base_height)
    assert judged.reasons == ()
    assert lint_metric(metric(robot_id, text), robot(robot_id)) == []


@pytest.mark.parametrize(("robot_id", "text"), READINGS)
def test_the_nearest_wrong_thing_does_not_pass(robot_id: str, text: str) -> None:
    each = robot(robot_id)
    right = perform(each, parse(text))
    passed = [
        name
        for name, parts in wrongs(parse(text))
        if not _alike(right, values := perform(each, parts))
        and verdict(robot_id, text, values) == "pass"
    ]
    assert passed == []


@pytest.mark.parametrize(("robot_id", "text"), READINGS)
def test_robots_that_were_taught_nothing_do_not_pass(robot_id: str, text: str) -> None:
    each = robot(robot_id)
    assert verdict(robot_id, text, still(each)) != "pass"
    assert all(verdict(robot_id, text, shaking(each, seed)) != "pass" for seed in range(3))


def _alike(one: Series, other: Series) -> bool:
    return all(np.allclose(one[name], other[name], atol=1e-6) for name in one)


@pytest.mark.parametrize(("robot_id", "text"), READINGS)
def test_every_argument_has_a_criterion(robot_id: str, text: str) -> None:
    assert metric(robot_id, text).doubt == ""


@pytest.mark.parametrize(
    ("reading", "reason"),
    [
        ({"parts": parse("walk left"), "unread": ["picnic"]}, "did not read \u201cpicnic\u201d"),
        ({"parts": parse("walk left"), "sure": False}, "not sure what was meant"),
        ({"parts": parse("walk"), "sure": False, "note": "A guess."}, "A guess."),
        ({"parts": parse("walk graceful")}, "no measure for \u201cgraceful\u201d"),
        ({"parts": parse("sit x3")}, "no measure for how often of \u201csit\u201d"),
        ({"parts": parse("turn left 90deg; look right")}, "which way it looks after a turn"),
        ({"parts": parse("walk + !bow x2; lie 20s")}, "a clip ends after 10 s"),
    ],
)
def test_what_has_no_criterion_is_for_a_person_to_look_at(reading: dict, reason: str) -> None:
    metric = metric_of(Reading(**reading), robot(GO1))
    assert reason in metric.doubt
    values = perform(robot(GO1), reading["parts"])
    judged = judge_series(metric, values, robot(GO1).structure.base_height)
    assert judged.verdict == "needs review"
    assert reason in judged.reasons[0]


@pytest.mark.parametrize(("text", "belly"), [("lie", "pass"), ("lie back", "fail")])
def test_who_lies_down_is_on_its_belly_unless_its_back_was_asked_for(text: str, belly: str) -> None:
    values = perform(robot(GO1), parse(text))
    assert verdict(GO1, text, values) == belly
    values["upright"] = -values["upright"]
    assert verdict(GO1, text, values) == ("fail" if belly == "pass" else "pass")


@pytest.mark.parametrize(
    ("text", "left_up", "judged"),
    [
        ("lie left", -1.0, "pass"),
        ("lie left", 1.0, "fail"),
        ("lie left", 0.0, "fail"),
        ("lie right", 1.0, "pass"),
        ("lie right", -1.0, "fail"),
        ("lie sideways", -1.0, "pass"),
        ("lie sideways", 1.0, "pass"),
        ("lie sideways", 0.0, "fail"),
    ],
)
def test_who_lies_on_a_side_lies_on_the_one_that_was_asked_for(
    text: str, left_up: float, judged: str
) -> None:
    values = perform(robot(GO1), parse(text))
    assert verdict(GO1, text, values | {"left_up": np.full(500, left_up)}) == judged


def test_who_looks_up_and_turns_away_does_not_pass() -> None:
    values = perform(robot(GO1), parse("look up"))
    assert verdict(GO1, "look up", values) == "pass"
    values["yaw"] = np.linspace(0.0, 1.2, 500)
    assert verdict(GO1, "look up", values) == "fail"


def test_what_must_not_be_is_asked_for_once() -> None:
    told, said_not = (
        [each.label for each in metric("G1JoystickFlatTerrain", text).criteria]
        for text in ("lift right:hand", "lift right:hand + !lift left:hand")
    )
    assert sum("left hand down" in label for label in told) == 1
    assert sum("left hand down" in label for label in said_not) == 1
    assert any(label.endswith("down, as it must be") for label in said_not)
