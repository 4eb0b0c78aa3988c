"""What the built-in proposer changes of an approach that was trained, and what it leaves."""

import ast

import pytest

from tabrl.behaviours.adjust import adjust, scaled
from tabrl.behaviours.builtin import propose
from tabrl.behaviours.library import primitives_for
from tabrl.behaviours.modifiers import read
from tabrl.errors import TabRLError
from tabrl.rewards.lint import lint
from tabrl.robots.catalogue import robot, robots
from tabrl.spec import Approach, Criterion, Metric

SOURCE = """def reward(s):
    # grüße: a circle of the trunk
    sway = oscillate(s.phase, 0.25, 0.0)
    lift = 0.35 * s.home_height * jnp.maximum(-jnp.sin(s.phase), 0.0)
    return {
        "roll": near(s.roll, sway, 0.1) + 0.5 * near(s.pitch, oscillate(s.phase, -0.2), 0.1),
        "up": at_least(s.upright, 0.9, 0.5),
        "lift": near(s.height, lift, 0.1),
        "smooth": s.action_rate,
    }
"""
HIPS = Approach(
    name="Hula", description="", source=SOURCE, clock_hz=1.5,
    weights={"roll": 2.0, "up": 0.2, "smooth": -0.005},
)  # fmt: skip
SWING = Criterion(label="swing", measure="amplitude", signal="sway", at_least=0.2)
BEAT = Criterion(label="beat", measure="frequency", signal="sway", at_least=1.0, at_most=2.0)
FALLS = Criterion(label="falls", measure="falls", at_most=0)
HULA = Metric(name="hula", question="Does it?", criteria=(SWING, BEAT, FALLS))
GOOD = {"swing": 0.25, "beat": 1.5, "falls": 0.0}


def test_wider_scales_every_swing_of_the_clock_and_nothing_else() -> None:
    edited = adjust(HIPS, HULA, GOOD, "swing wider, please")
    expected = SOURCE.replace("0.25, 0.0", "0.3375, 0.0").replace("-0.2)", "-0.27)")
    assert edited.source == expected.replace("0.35 * s.home", "0.4725 * s.home")
    assert "1.35 times as large" in edited.description
    assert edited.model_copy(update={"source": SOURCE, "description": ""}) == HIPS


@pytest.mark.parametrize(
    ("numbers", "wish", "fields"),
    [
        (GOOD, "a bit faster", {"clock_hz": 2.025}),
        (GOOD, "twice a second", {"clock_hz": 2.0}),
        (GOOD, "smoother", {"weights": HIPS.weights | {"smooth": -0.01}}),
        (GOOD | {"beat": 0.5}, "", {"clock_hz": 1.875}),
        (GOOD | {"beat": 4.0}, "", {"clock_hz": 1.2}),
        (GOOD | {"falls": 2.0}, "", {"weights": HIPS.weights | {"up": 0.4}}),
    ],
)
def test_one_cause_changes_one_thing(numbers: dict, wish: str, fields: dict) -> None:
    edited = adjust(HIPS, HULA, numbers, wish)
    assert edited == HIPS.model_copy(update=fields | {"description": edited.description})


def test_a_swing_that_is_too_small_gets_a_wider_target_and_more_weight() -> None:
    edited = adjust(HIPS, HULA, GOOD | {"swing": 0.16}, "")
    assert edited.weights["roll"] == 3.0
    assert "oscillate(s.phase, 0.3125, 0.0)" in edited.source  # 0.25 * 0.2 / 0.16
    far = adjust(HIPS, HULA, GOOD | {"swing": 0.001}, "")
    assert "oscillate(s.phase, 0.375, 0.0)" in far.source  # half as much again, and no more


@pytest.mark.parametrize("wish", ["", "more soul", "a little"])
def test_where_there_is_nothing_to_change_it_says_what_one_could_say(wish: str) -> None:
    with pytest.raises(TabRLError, match="nothing to change") as problem:
        adjust(HIPS, HULA, GOOD, wish)
    assert "wider" in problem.value.hint


def test_without_a_rhythm_the_targets_of_the_leading_terms_are_scaled() -> None:
    source = (
        'def reward(s):\n    return {"bow": near(s.pitch, 0.4, 0.15), "up": near(s.yaw, 1, 1)}\n'
    )
    assert scaled(source, ["bow"], 1.5) == source.replace("0.4", "0.6")
    assert scaled(source, ["gone"], 1.5) == source


def test_a_target_that_has_a_name_grows_and_is_paid_from_nothing_as_before() -> None:
    lines = ("def reward(s):", "    up = at_least(s.height, 0.4, 0.4)", '    return {"up": up}')
    assert scaled("\n".join(lines), ["up"], 1.5).splitlines()[1] == lines[1].replace("0.4", "0.6")


@pytest.mark.parametrize("id", [known.id for known in robots() if known.base_policy])
def test_most_ideas_of_the_library_can_be_made_larger_and_stay_valid(id: str) -> None:
    known = robot(id)
    kept = ideas = 0
    for primitive in primitives_for(known):
        for idea in primitive.build(known, read("")).ideas:
            ideas, approach = ideas + 1, idea.approach()
            try:
                edited = adjust(approach, None, {}, "wider")
            except TabRLError:
                kept += 1
                continue
            ast.parse(edited.source)
            assert edited.source != approach.source
            assert not [f for f in lint(edited.source, known) if f.severity == "error"]
    # On two legs, lying down (two of 42 ideas) has no size.
    assert kept < (0.05 if known.type == "quadruped" else 0.1) * ideas


def test_a_wider_hip_shake_is_wider() -> None:
    go1 = robot("Go1JoystickFlatTerrain")
    shaken = propose("Keep shaking your hips", go1, count=1, seed=0)
    edited = adjust(shaken.approaches[0], shaken.metric, {}, "wider")
    assert "oscillate(s.phase, 0.3375" in edited.source
