"""What a reading may be corrected to, for each body, and what a correction becomes."""

import pytest

from tabrl.behaviours.reading import Action, Part, Reading, read
from tabrl.behaviours.reading.choices import choices, corrected
from tabrl.behaviours.reading.wording import MEASURES, told
from tabrl.errors import TabRLError
from tabrl.robots.catalogue import robot, robots

BODIES = list({known.type: known for known in robots()}.values())
GO1 = robot("Go1JoystickFlatTerrain")


def doing(*actions: Action, **fields: object) -> Reading:
    return Reading(parts=(Part(actions=actions),), **fields)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.type)
def test_whatever_is_offered_can_be_asked_of_the_body(body):
    offered = choices(body)
    assert len(offered.verbs) > 5
    for verb in offered.verbs:
        assert corrected(doing(Action(do=verb.name)), body).sure, verb.name
    for part in offered.parts:
        assert corrected(doing(Action(do="move", part=part.name)), body).sure, part.name
    for manner in offered.manners:
        assert corrected(doing(Action(do="spin", manner=(manner.name,))), body).sure
    for field, among in (
        ("side", offered.sides), ("direction", offered.directions), ("height", offered.heights)
    ):  # fmt: skip
        for choice in among:
            said = told(doing(Action(do="spin", **{field: choice.name})).parts)
            assert f" {choice.label}" in said


def test_what_a_body_cannot_do_is_not_offered_and_stays_unsure_when_asked_for():
    assert "clap" not in {verb.name for verb in choices(GO1).verbs}
    made = corrected(doing(Action(do="clap")), GO1)
    assert not made.sure
    assert "no body" in made.note
    assert made.alternatives


def test_every_measure_is_a_number_of_an_action_or_its_part():
    fields = Action.model_fields | Part.model_fields
    said = Action(do="walk", distance_m=2, angle_rad=1.5707963, count=3, tempo_hz=0.5)
    assert {measure.name for measure in MEASURES} <= set(fields)
    assert told((Part(actions=(said,), seconds=5),)) == (
        "walk · 2 m · 90 degrees · 0.5 times a second · 3 times · for 5 s"
    )


def test_a_correction_takes_a_guess_back_and_leaves_what_was_not_read():
    guess = read("walk to the left, my cucumber", GO1).model_copy(
        update={"sure": False, "note": "A guess."}
    )
    made = corrected(guess, GO1)
    assert (made.sure, made.note, made.alternatives) == (True, "", ())
    assert made.unread == ("cucumber",)


@pytest.mark.parametrize(
    "reading",
    [
        Reading(),
        doing(Action(do="teleport")),
        doing(Action(do="walk", part="wing")),
        doing(Action(do="walk", manner=("purple",))),
        doing(Action(do="walk", count=10**30)),
        doing(Action(do="walk", distance_m=1e300)),
        Reading(parts=(Part(actions=(Action(do="walk"),), seconds=1e300),)),
        doing(*[Action(do="walk")] * 101),
        doing(Action(do="walk"), unread=("x" * 60_000,)),
    ],
)
def test_what_no_reader_would_say_is_refused(reading):
    with pytest.raises(TabRLError):
        corrected(reading, GO1)
