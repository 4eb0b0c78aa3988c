"""The rewards of a reading: three that differ, each for all of it."""

import pytest
from performing import GO1, READINGS, wrongs

from tabrl.behaviours.builtin import propose_reading
from tabrl.behaviours.compose import metric, rewards
from tabrl.behaviours.compose.body import FAMILY
from tabrl.behaviours.compose.rewards import STYLES, ideas_of
from tabrl.behaviours.compose.timeline import timeline
from tabrl.behaviours.library import LIBRARY
from tabrl.behaviours.modifiers import Modifiers
from tabrl.behaviours.reading import Part, Reading
from tabrl.behaviours.reading.notation import parse, show
from tabrl.errors import TabRLError
from tabrl.rewards.lint import lint
from tabrl.robots.catalogue import robot, robots
from tabrl.spec import Approach
from tabrl.verdict.vocabulary import lint_metric

MOST_TERMS = 40


def approaches(robot_id: str, parts: tuple[Part, ...]) -> list[Approach]:
    return [idea.approach() for idea in ideas_of(Reading(parts=parts), robot(robot_id))]


def taught(approach: Approach) -> tuple:
    """All of an approach that a policy meets."""
    return approach.source, approach.clock_hz, approach.command, approach.script


@pytest.mark.parametrize(("robot_id", "text"), READINGS)
def test_every_reading_gets_three_rewards_that_differ(robot_id: str, text: str) -> None:
    found = approaches(robot_id, parse(text))
    assert len({approach.source for approach in found}) == len(STYLES)
    for approach in found:
        assert lint(approach.source, robot(robot_id)) == []
        assert 0 < len(approach.weights) <= MOST_TERMS


@pytest.mark.parametrize(("robot_id", "text"), READINGS)
def test_every_argument_is_in_each_reward(robot_id: str, text: str) -> None:
    """Whatever is left out, turned round, halved or doubled changes all three of them."""
    asked = [taught(approach) for approach in approaches(robot_id, parse(text))]
    for name, parts in wrongs(parse(text)):
        others = [taught(approach) for approach in approaches(robot_id, parts)]
        same = [a for a, b in zip(asked, others, strict=True) if a == b]
        assert same == [] or _same_thing(robot_id, parse(text), parts), f"{name}: {show(parts)}"


def _same_thing(robot_id: str, parts: tuple[Part, ...], other: tuple[Part, ...]) -> bool:
    """Whether two readings ask for the same: what is usual, said or not."""

    def said(each: tuple[Part, ...]) -> list[tuple]:
        return [
            (d.action.do, d.direction, d.action.count, d.speed, d.turn, d.distance, d.start, d.end)
            for slot in timeline(Reading(parts=each), robot(robot_id)).slots
            for d in (*slot.doings, *slot.forbidden)
        ]

    return said(parts) == said(other)


def test_a_sequence_has_its_time_in_its_clock_and_its_commands_in_order() -> None:
    (first, *_) = approaches(GO1, parse("turn left 90deg; walk 2m; sit"))
    assert first.clock_hz == 0.1
    turn, walk, sit = first.script
    assert turn.turn > 0 == turn.forward
    assert walk.forward > 0 == walk.turn
    assert (sit.forward, sit.left, sit.turn) == (0.0, 0.0, 0.0)
    assert sum(move.seconds for move in first.script) == pytest.approx(10.0)


def test_a_figure_is_its_walks_and_turns_as_often_as_said() -> None:
    (square, *_) = approaches(GO1, parse("square"))
    (eights, *_) = approaches(GO1, parse("figure_eight x2"))
    assert [move.turn > 0 for move in square.script] == [False, True] * 4
    assert [move.turn > 0 for move in eights.script] == [True, False] * 2


def test_a_clip_holds_so_many_parts_and_says_what_it_has_no_room_for() -> None:
    proposed = propose_reading(Reading(parts=parse("square; triangle; sit")), robot(GO1))
    assert len(proposed.approaches[0].script) == 12
    assert "more than a clip of 10 s can hold" in proposed.metric.doubt


def test_a_count_that_fills_the_clip_sets_the_clock() -> None:
    assert {a.clock_hz for a in approaches(GO1, parse("nod x3"))} == {0.3}
    assert {a.clock_hz for a in approaches(GO1, parse("nod 2hz"))} == {2.0}


def test_what_the_library_has_just_so_is_the_librarys() -> None:
    go1, hips = robot(GO1), next(p for p in LIBRARY if p.name == "hip shake")
    proposed = propose_reading(Reading(parts=parse("shake hips")), go1)
    plan = hips.plan(go1, Modifiers())
    assert proposed.approaches == tuple(idea.approach() for idea in plan.ideas[:3])
    assert proposed.metric == plan.metric
    assert proposed.title == "Hip shake"


def test_a_title_says_all_of_a_reading() -> None:
    parts = parse("walk left 2m slow; lift left:front_leg x3 + !turn")
    assert propose_reading(Reading(parts=parts), robot(GO1)).title == (
        "Walk to the left, 2 m, slow, then lift the left front leg, 3 times, never turn"
    )


def test_a_note_of_the_reading_is_the_proposals() -> None:
    reading = Reading(parts=parse("dance"), sure=False, note="A picnic is no movement.")
    proposed = propose_reading(reading, robot(GO1))
    assert proposed.note == "A picnic is no movement."
    assert "A picnic is no movement" in proposed.metric.doubt


def test_a_reading_without_anything_to_do_is_refused() -> None:
    with pytest.raises(TabRLError, match="nothing to do"):
        propose_reading(Reading(), robot(GO1))


@pytest.mark.parametrize("each", robots(), ids=lambda r: r.id)
@pytest.mark.parametrize(
    "text", ["walk left 2m; sit", "wave x3 + nod", "spin fast; !jump", "dance"]
)
def test_every_robot_gets_something_for_every_reading(each, text: str) -> None:
    proposed = propose_reading(Reading(parts=parse(text)), each, count=4)
    assert len({approach.name for approach in proposed.approaches}) == 4
    for approach in proposed.approaches:
        assert lint(approach.source, each) == []
    assert lint_metric(proposed.metric, each) == []


def test_every_verb_with_terms_has_criteria_and_no_other() -> None:
    assert set(metric._JUDGES) == set(rewards._WRITERS) == set(FAMILY.values())


def test_what_a_body_cannot_do_becomes_what_comes_near_and_passes_nobody() -> None:
    reading = Reading(parts=parse("lift object"), sure=False, note="Go1 has no hands.")
    proposed = propose_reading(reading, robot(GO1))
    assert "this is not \u201cLift the object\u201d" in proposed.metric.doubt
    assert proposed.approaches[0].weights
