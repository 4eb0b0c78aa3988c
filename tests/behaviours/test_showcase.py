"""The sentences that each robot is shown with: enough of them, and each one understood."""

import pytest

from tabrl.behaviours.builtin import propose, rank
from tabrl.behaviours.library import LIBRARY
from tabrl.behaviours.library.showcase import _tables, showcase
from tabrl.behaviours.modifiers import read
from tabrl.robots.catalogue import Robot, robot, robots

CATALOGUE = robots()
LEAST = {
    "quadruped": 12,
    "humanoid": 12,
    "biped": 12,
    "arm": 6,
    "bimanual": 6,
    "hand": 6,
    "planar": 2,
    "swimmer": 2,
    "classic": 2,
}


@pytest.mark.parametrize("each", CATALOGUE, ids=lambda each: each.id)
def test_every_sentence_is_understood_as_the_behaviour_that_it_names(each: Robot) -> None:
    shown = showcase(each)
    found = {name: rank(read(said).meant, each)[0].primitive.name for name, said in shown.items()}
    assert found == {name: name for name in shown}


@pytest.mark.parametrize("each", CATALOGUE, ids=lambda each: each.id)
def test_every_robot_has_enough_sentences_and_none_twice(each: Robot) -> None:
    shown = showcase(each)
    assert len(shown) >= LEAST[each.type]
    assert len(set(shown.values())) == len(shown)


@pytest.mark.parametrize("kind", LEAST)
def test_no_sentence_is_a_guess_or_two_behaviours_at_once(kind: str) -> None:
    each = next(each for each in CATALOGUE if each.type == kind)
    made = {said: propose(said, each, count=1) for said in showcase(each).values()}
    assert [said for said, b in made.items() if "nearest" in b.note or "Both" in b.note] == []


def test_a_biped_without_arms_is_asked_for_nothing_that_takes_arms() -> None:
    g1, berkeley = robot("G1JoystickFlatTerrain"), robot("BerkeleyHumanoidJoystickFlatTerrain")
    assert set(showcase(g1)) - set(showcase(berkeley)) == {"hello", "arm swing"}


def test_a_robot_s_own_table_goes_before_its_type_s() -> None:
    cabinet, cube = robot("PandaOpenCabinet"), robot("PandaPickCube")
    assert showcase(cabinet)["lift"] == "Open the cabinet" != showcase(cube)["lift"]
    assert showcase(cabinet).keys() == showcase(cube).keys()


def test_tables_are_of_robots_and_types_and_name_primitives() -> None:
    known = {each.id for each in CATALOGUE} | {kind for each in LIBRARY for kind in each.types}
    assert set(_tables()) <= known
    names = {each.name for each in LIBRARY}
    assert [name for table in _tables().values() for name in table if name not in names] == []
