"""What the check says about rewards that teach nothing, or that break."""

from threading import Event as Flag

import lessons
import pytest
from structures import nightly

from tabrl import events
from tabrl.events import Checked, PhaseStarted
from tabrl.policies import SHIPPED
from tabrl.spec import Approach, CheckResult, CheckSpec, Move
from tabrl.training.check import check


def checked(approach: Approach, base_policy: str | None = None) -> CheckResult:
    spec = CheckSpec(job="a", robot=lessons.ROBOT, approach=approach, base_policy=base_policy)
    began, result = check(spec, stop=Flag())
    assert isinstance(began, PhaseStarted)
    assert isinstance(result, Checked)
    return result.result


def test_a_sound_reward_has_no_findings_and_says_what_each_term_pays(
    taught: lessons.Lesson,
) -> None:
    terms = """{
        "right": s.joint("slider"),
        "up": 0.5 * jnp.cos(s.joint("hinge_1")),
        "calm": -0.01 * s.action_rate,
    }"""
    result = checked(lessons.approach(terms), str(taught.out / "policy"))
    assert result.valid
    assert result.findings == ()
    assert result.terms == ("right", "up", "calm")
    assert set(result.term_means) == {"still", "random", "base"}
    assert result.term_means["still"]["calm"] == 0
    assert result.term_means["random"]["calm"] < 0
    assert result.term_means["base"]["right"] > result.term_means["still"]["right"] + 1


def test_a_total_that_is_always_the_same_is_invalid() -> None:
    result = checked(lessons.approach('{"up": s.time, "down": -s.time, "idle": 1.0}'))
    (finding,) = result.findings
    assert not result.valid
    assert "pays the same whatever the robot does" in finding.message


@pytest.mark.parametrize("term", ["jnp.log(-1.0 - s.time**2)", 's.joint("slider") / 0.0'])
def test_a_reward_that_is_never_finite_is_told_in_words_across_the_process_boundary(
    term: str,
) -> None:
    spec = CheckSpec(job="a", robot=lessons.ROBOT, approach=lessons.approach(f'{{"bad": {term}}}'))
    *_, event = check(spec, stop=Flag())
    told = events.loads(events.dumps(event))
    assert isinstance(told, Checked)
    (finding,) = told.result.findings
    assert not told.result.valid
    assert "The term bad is NaN or infinite" in finding.message
    assert told.result.term_means["random"]["bad"] is None


def test_a_term_that_is_not_finite_is_invalid_and_named() -> None:
    result = checked(lessons.approach('{"time": s.time, "log": jnp.log(s.joint("slider") - 9.0)}'))
    (finding,) = result.findings
    assert not result.valid
    assert finding.message == "The term log is NaN or infinite for a still and a random robot."


def test_every_term_that_is_not_finite_is_named_at_once() -> None:
    result = checked(lessons.approach('{"one": jnp.log(-1.0 - s.time), "two": s.time / 0.0}'))
    assert [f.message.split()[2] for f in result.findings] == ["one", "two"]


def test_a_flipped_sign_is_suspected() -> None:
    result = checked(lessons.approach('{"calm": s.action_rate, "up": 0.01 * s.time}'))
    assert result.valid
    assert any("Moving at random pays most" in finding.message for finding in result.findings)


def on_legs(terms: str, **values: object) -> CheckResult:
    base = values.pop("base_policy", None)
    approach = lessons.approach(terms).model_copy(update=values)
    spec = CheckSpec(job="a", robot="Go1JoystickFlatTerrain", approach=approach, base_policy=base)
    *_, event = check(spec, stop=Flag())
    assert isinstance(event, Checked)
    return event.result


def test_what_breaks_or_pays_a_robot_on_its_back_is_told() -> None:
    broken = on_legs('{"root": jnp.sqrt(s.upright), "up": s.height}')
    (found,) = broken.findings
    assert "The term root is NaN or infinite for" in found.message
    assert "fallen" in found.message
    lazy = on_legs('{"low": at_most(s.height, 0.1, 0.2), "calm": 0.1 * s.upright}')
    assert any("Lying on its back pays most" in finding.message for finding in lazy.findings)
    assert set(lazy.term_means) == {"still", "random"}


@pytest.mark.parametrize(
    "told",
    [
        {"command": (0.5, 0.0, 0.0)},
        nightly({"script": (Move(seconds=2.0, forward=0.5), Move(seconds=2.0, forward=0.4))}),
    ],
)
def test_a_reward_that_pays_the_opposite_way_is_told(told: dict) -> None:
    told = told | {"base_policy": str(SHIPPED / "go1")}
    right = on_legs('{"ahead": s.forward_speed, "told": near(s.command[0], 0.5, 0.1)}', **told)
    ahead = {who: means["ahead"] for who, means in right.term_means.items()}
    assert ahead["base"] > 0.2 > -0.2 > ahead["opposite"]
    assert right.term_means["opposite"]["told"] == right.term_means["base"]["told"]
    assert not any("opposite" in finding.message for finding in right.findings)
    flipped = on_legs('{"ahead": -s.forward_speed}', **told)
    assert any(
        "Going the opposite way of what was asked pays most" in finding.message
        for finding in flipped.findings
    )
    assert "opposite" not in on_legs('{"up": s.height}').term_means


def test_a_term_that_dominates_and_one_that_never_changes_are_warned_of() -> None:
    terms = '{"much": 9 + jnp.cos(s.time), "idle": 0.1, "right": 0.01 * s.joint("slider")}'
    result = checked(lessons.approach(terms))
    assert result.valid
    assert {finding.severity for finding in result.findings} == {"warning"}
    idle, much = (finding.message for finding in result.findings)
    assert idle == "The term idle never changed in any of the rollouts."
    assert much.startswith("The term much is 9")


def test_a_weight_of_no_term_is_invalid() -> None:
    result = checked(lessons.approach('{"right": s.joint("slider")}', left=2.0))
    assert not result.valid
    assert "There is a weight for 'left'" in result.findings[0].message
    assert "Its terms are right" in result.findings[0].hint


@pytest.mark.parametrize("terms", ['{"right": s.bogus}', "open('x')"])
def test_a_source_that_the_language_does_not_know_is_invalid(terms: str) -> None:
    result = checked(lessons.approach(terms))
    assert not result.valid
    assert result.findings[0].line == 2
    assert result.term_means == {}
