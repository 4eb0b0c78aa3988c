"""The words of metrics are those that are measured, for every robot."""

import inspect

import numpy as np
import pytest

from tabrl.behaviours.library import primitives_for
from tabrl.behaviours.modifiers import read
from tabrl.envs.load import load_env
from tabrl.robots.catalogue import Robot, robot, robots
from tabrl.spec import Criterion, Metric
from tabrl.verdict import measures
from tabrl.verdict.trajectory import Trajectory, series
from tabrl.verdict.vocabulary import MEASURES, lint_metric, measures_for, words_for

GO1 = robot("Go1JoystickFlatTerrain")
KINDS = (
    "Go1JoystickFlatTerrain",
    "G1JoystickFlatTerrain",
    "PandaPickCube",
    "AlohaHandOver",
    "LeapCubeReorient",
    "CartpoleBalance",
    "FishSwim",
)


@pytest.mark.parametrize("robot_id", KINDS)
def test_the_series_of_a_robot_are_those_that_its_trajectory_gives(robot_id: str) -> None:
    each, model = robot(robot_id), load_env(robot_id).mj_model
    rest = Trajectory(
        np.arange(3) / 50,
        np.tile(np.array(each.structure.home_qpos), (3, 1)),
        np.zeros((3, model.nv)),
        np.zeros((3, model.nu)),
    )
    assert {word.name for word in words_for(each)} == set(series(rest, each, model))


def test_the_measures_are_those_that_are_computed_with_their_arguments() -> None:
    assert {measure.name for measure in MEASURES} == measures.MEASURES
    for measure in MEASURES:
        assert measures._OF_SEVERAL.get(measure.name, (None, ()))[1] == measure.reads
        if not measure.reads:
            _, *others = inspect.signature(measures._MEASURES[measure.name]).parameters
            assert tuple(others) == measure.args


@pytest.mark.parametrize("each", robots(), ids=lambda r: r.id)
def test_every_metric_of_the_library_is_in_these_words(each: Robot) -> None:
    for primitive in primitives_for(each):
        assert lint_metric(primitive.build(each, read("")).metric, each) == []


def test_only_four_feet_can_alternate() -> None:
    assert "alternation" in {measure.name for measure in measures_for(GO1)}
    assert "alternation" not in {m.name for m in measures_for(robot("CartpoleBalance"))}


GOOD = {"label": "roll (rad)", "measure": "amplitude", "signal": "roll", "at_least": 0.1}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"measure": "wobble"}, "no measure 'wobble'"),
        ({"signal": "hips"}, "no series 'hips'"),
        ({"signal": None}, "no series None"),
        ({"args": {"bound": 1.0}}, "takes nothing as args"),
        ({"measure": "cycles"}, "takes height as args"),
        ({"measure": "cycles", "args": {"height": "tall"}}, "not finite"),
        ({"args": {"from_s": 5.0, "to_s": 5.0}}, "window is empty"),
        ({"args": {"from_s": -1.0}}, "window is empty"),
        ({"args": {"to_s": "end"}}, "not finite"),
        ({"signal": "roll | rill"}, "no series 'rill'"),
        ({"signal": "height - foot_height:XX"}, "no series 'foot_height:XX'"),
        ({"at_least": None}, "no bound"),
        ({"at_most": 0.05}, "above at_most"),
    ],
)
def test_what_is_wrong_with_a_criterion_is_told(changes: dict, message: str) -> None:
    metric = Metric(name="m", question="?", criteria=(Criterion(**{**GOOD, **changes}),))
    (finding,) = lint_metric(metric, GO1)
    assert message in finding.message
    assert finding.hint


@pytest.mark.parametrize(
    "changes",
    [
        {"args": {"from_s": 2.0}},
        {"args": {"from_s": 0.0, "to_s": 4.0}},
        {"signal": "foot_height:FL | foot_height:FR"},
        {"signal": "foot_height:FL - foot_height:FR | roll + pitch"},
    ],
)
def test_windows_and_signals_of_several_series_are_in_the_language(changes: dict) -> None:
    metric = Metric(name="m", question="?", criteria=(Criterion(**{**GOOD, **changes}),))
    assert lint_metric(metric, GO1) == []


def test_two_criteria_of_a_label_are_told() -> None:
    criterion = Criterion(**GOOD)
    (finding,) = lint_metric(Metric(name="m", question="?", criteria=(criterion, criterion)), GO1)
    assert "same label" in finding.message
