"""The metric of a reading: it passes a robot that does it, and no robot that does the nearest
wrong thing.
"""

from functools import cache

import numpy as np
import pytest
from performing import Series, perform, read, shaking, still, wrongs

from tabrl.behaviours.compose.metric import metric_of
from tabrl.behaviours.reading import Reading
from tabrl.robots.catalogue import robot
from tabrl.spec import Metric
from tabrl.verdict.judge import judge_series
from tabrl.verdict.vocabulary import lint_metric

GO1, G1, PANDA = "Go1JoystickFlatTerrain", "G1JoystickFlatTerrain", "PandaPickCube"
READINGS = [
    (GO1, "circle left"),
    (GO1, "circle right 2m"),
    (GO1, "look up held"),
    (GO1, "look down"),
    (GO1, "look left"),
    (GO1, "lift left:front_leg + shake left:front_leg x3"),
    (GO1, "lift right:rear_leg"),
    (GO1, "lift left:front_leg x2"),
    (GO1, "walk forward; sit"),
    (GO1, "walk 2m; sit"),
    (GO1, "spin 360deg; stand"),
    (GO1, "spin left x1; lie"),
    (GO1, "walk sideways + !turn"),
    (GO1, "walk left 0.2m/s"),
    (GO1, "walk right 2m"),
    (GO1, "walk backward slow + sway hips"),
    (GO1, "walk forward fast"),
    (GO1, "walk 0.8m/s"),
    (GO1, "walk forward 4s; lie"),
    (GO1, "crawl forward"),
    (GO1, "walk forward low"),
    (GO1, "walk sneaky"),
    (GO1, "walk proud"),
    (GO1, "walk drunk"),
    (GO1, "limp right:rear_leg"),
    (GO1, "turn left 90deg; walk 2m"),
    (GO1, "turn right 180deg"),
    (GO1, "turn left 0.5rad/s"),
    (GO1, "hop x2; lie"),
    (GO1, "jump x3"),
    (GO1, "jump x4; sit"),
    (GO1, "nod x2"),
    (GO1, "nod 1.5hz"),
    (GO1, "nod big"),
    (GO1, "nod small"),
    (GO1, "shake head x3; stand"),
    (GO1, "sway hips slow"),
    (GO1, "lean left"),
    (GO1, "crouch; stand high"),
    (GO1, "sit; walk forward"),
    (GO1, "wave left:front_leg; walk backward"),
    (GO1, "kick left:front_leg x2"),
    (GO1, "point right:front_leg"),
    (GO1, "zigzag forward"),
    (GO1, "walk forward + !lift left:front_leg"),
    (GO1, "walk forward + !jump"),
    (GO1, "figure_eight"),
    (G1, "lift right:hand + !lift left:hand"),
    (G1, "lift left:hand"),
    (G1, "lift both:hand"),
    (G1, "nod + wave"),
    (G1, "nod x3 + wave right:hand"),
    (G1, "walk right x3"),
    (G1, "bow; wave"),
    (G1, "bow x2"),
    (G1, "wave right:hand; walk backward"),
    (G1, "turn left 90deg; walk 1m"),
    (G1, "shake head x3"),
    (G1, "lift left:leg"),
    (G1, "kick right:leg x1; stand"),
    (G1, "walk zombie"),
    (G1, "circle right"),
    (G1, "look left; look right"),
    (PANDA, "point left; point up"),
    (PANDA, "point right; point left"),
    (PANDA, "nod x2"),
]


@cache
def metric(robot_id: str, text: str) -> Metric:
    return metric_of(Reading(parts=read(text)), robot(robot_id))


def verdict(robot_id: str, text: str, values: Series) -> str:
    return judge_series(
        metric(robot_id, text), values, robot(robot_id).structure.base_height
    ).verdict


@pytest.mark.parametrize(("robot_id", "text"), READINGS)
def test_a_robot_that_does_it_passes(robot_id: str, text: str) -> None:
    values = perform(robot(robot_id), read(text))
    judged = judge_series(metric(robot_id, text), values, robot(robot_id).structure.base_height)
    assert judged.reasons == ()
    assert lint_metric(metric(robot_id, text), robot(robot_id)) == []


@pytest.mark.parametrize(("robot_id", "text"), READINGS)
def test_the_nearest_wrong_thing_does_not_pass(robot_id: str, text: str) -> None:
    each = robot(robot_id)
    right = perform(each, read(text))
    passed = [
        name
        for name, parts in wrongs(read(text))
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
        ({"parts": read("walk left"), "unread": ["picnic"]}, "did not read \u201cpicnic\u201d"),
        ({"parts": read("walk left"), "sure": False}, "not sure what was meant"),
        ({"parts": read("walk"), "sure": False, "note": "A guess."}, "A guess."),
        ({"parts": read("walk graceful")}, "no measure for \u201cgraceful\u201d"),
        ({"parts": read("sit x3")}, "no measure for how often of \u201csit\u201d"),
        ({"parts": read("walk + !bow x2; lie 20s")}, "a clip ends after 10 s"),
    ],
)
def test_what_has_no_criterion_is_for_a_person_to_look_at(reading: dict, reason: str) -> None:
    metric = metric_of(Reading(**reading), robot(GO1))
    assert reason in metric.doubt
    values = perform(robot(GO1), reading["parts"])
    judged = judge_series(metric, values, robot(GO1).structure.base_height)
    assert judged.verdict == "needs review"
    assert reason in judged.reasons[0]
