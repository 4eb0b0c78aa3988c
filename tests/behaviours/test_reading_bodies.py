"""A reading for a robot has its limbs, its speed and what its body can do."""

import pytest

from tabrl.behaviours.library import LIBRARY, primitives_for
from tabrl.behaviours.library.showcase import showcase
from tabrl.behaviours.reading import read, stock
from tabrl.behaviours.reading.body import able
from tabrl.behaviours.reading.notation import parse, show
from tabrl.robots.catalogue import Robot, robot, robots

GO1 = robot("Go1JoystickFlatTerrain")
G1 = robot("G1JoystickFlatTerrain")
PANDA = robot("PandaPickCube")
KINDS = {each.type: each for each in reversed(robots())}


@pytest.mark.parametrize("body", robots(), ids=lambda body: body.id)
def test_what_the_page_suggests_is_read_in_full_as_what_the_library_has(body: Robot) -> None:
    for name, sentence in showcase(body).items():
        reading = read(sentence, body)
        assert (reading.sure, reading.unread) == (True, ()), sentence
        assert stock(reading.parts[0].actions[0], body) == name, (sentence, show(reading.parts))


@pytest.mark.parametrize("primitive", list(LIBRARY), ids=lambda primitive: primitive.name)
def test_a_behaviour_s_title_is_read_surely(primitive) -> None:  # type: ignore[no-untyped-def]
    body = next(each for each in robots() if primitive.fits(each))
    reading = read(primitive.title, body)
    assert (reading.sure, reading.unread) == (True, ()), show(reading.parts)
    assert stock(reading.parts[0].actions[0], body) in {p.name for p in primitives_for(body)}


@pytest.mark.parametrize(
    ("body", "asked", "name"),
    [
        (GO1, "shake hips", "hip shake"),
        (GO1, "dance robot", "robot dance"),
        (GO1, "dance breakdance", "breakdance"),
        (GO1, "walk left 2m", "sidestep"),
        (GO1, "walk backward slow", "walk backwards"),
        (GO1, "stand both:rear_leg", "hind legs"),
        (G1, "wave right:hand", "hello"),
        (G1, "swim", None),
        (PANDA, "lift object", "lift"),
        (GO1, "!jump", None),
    ],
)
def test_the_nearest_behaviour_is_found(body: Robot, asked: str, name: str | None) -> None:
    assert stock(parse(asked)[0].actions[0], body) == name


def test_a_usual_speed_makes_a_speed_of_a_ratio() -> None:
    assert show(read("walk twice as fast as usual", GO1).parts) == "walk 1.6m/s"
    assert show(read("walk twice as fast as usual").parts) == "walk fast"


def test_limbs_are_those_of_the_body() -> None:
    assert show(read("raise your right hand", GO1).parts) == "lift right:front_leg"
    assert show(read("raise your right hind leg", G1).parts) == "lift right:leg"
    assert show(read("wag your tail", GO1).parts) == "shake hips"


@pytest.mark.parametrize(
    ("sentence", "body"),
    [("walk forward", PANDA), ("clap your hands", GO1), ("swim", G1), ("sit", KINDS["hand"])],
)
def test_what_a_body_cannot_do_is_not_sure_and_has_alternatives(sentence: str, body: Robot) -> None:
    reading = read(sentence, body)
    assert not reading.sure
    assert body.name in reading.note
    assert 0 < len(reading.alternatives) <= 3
    for option in reading.alternatives:
        assert all(able(action, body) for part in option.parts for action in part.actions)


@pytest.mark.parametrize("body", robots(), ids=lambda body: body.id)
def test_every_body_has_a_playful_idea(body: Robot) -> None:
    reading = read("Good news, we are going to a picnic!", body)
    assert not reading.sure
    assert "playful" in reading.note
    assert reading.unread
    for option in (reading, *reading.alternatives):
        assert all(able(action, body) for part in option.parts for action in part.actions)
    assert 1 <= len(reading.alternatives) <= 3
