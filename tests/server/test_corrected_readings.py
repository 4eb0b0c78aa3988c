"""A sentence is read as it is typed, corrected, and what was read is kept."""

import json

import pytest

from tabrl.behaviours.reading import read
from tabrl.robots.catalogue import robot

ROBOT = "Go1JoystickFlatTerrain"
READ, TEACH = "/api/training/read", "/api/training/approaches"
LEFT = "Walk to the left"


def reading(site, sentence: str, id: str = ROBOT) -> dict:
    return site.json("POST", READ, {"robot": id, "sentence": sentence})


def to_the_right(read: dict) -> dict:
    (action,) = read["parts"][0]["actions"]
    return read | {"parts": [{"seconds": None, "actions": [action | {"direction": "right"}]}]}


def proposed(experiment: dict) -> list[tuple]:
    return [(a["source"], a["command"], a["metric"]["criteria"]) for a in experiment["approaches"]]


def test_a_sentence_is_read_for_the_body_that_is_asked(site):
    seen = reading(site, "Walk 2 m to the left, then sit down, zorp")
    (walk,), (sit,) = (part["actions"] for part in seen["parts"])
    assert (walk["do"], walk["direction"], walk["distance_m"], sit["do"]) == (
        "walk", "left", 2, "sit",
    )  # fmt: skip
    assert seen["unread"] == ["zorp"]
    assert not reading(site, "Clap your hands")["sure"]
    assert reading(site, "Clap your hands", "G1JoystickFlatTerrain")["sure"]


@pytest.mark.parametrize(
    "sentence",
    ["走" * 2000, "🐕💨" * 1000, "ارفع " * 400, "\0\ud7ff\ufffe", "walk, " * 333, "9" * 2000, " "],
    ids=["chinese", "emoji", "arabic", "odd", "walks", "digits", "space"],
)
def test_no_sentence_breaks_it(site, sentence):
    seen = reading(site, sentence)
    assert seen["sure"] in (True, False)


def test_a_sentence_that_is_too_long_or_for_nobody_is_a_problem(site):
    for body, status in (
        ({"robot": ROBOT, "sentence": "x" * 2001}, 422),
        ({"robot": "Go1Joystik", "sentence": "walk"}, 404),
    ):
        assert site.http.post(READ, json=body).status_code == status


def test_what_was_read_is_kept_and_follows_into_copies_and_shares(site):
    made = site.propose(sentence=LEFT)
    known = read(LEFT, robot(ROBOT)).model_dump(mode="json")
    assert made["reading"] == known
    kept = site.engine.find(made["id"]).experiment.folder / "experiment.json"
    assert json.loads(kept.read_text("utf-8"))["reading"] == known
    copy = site.json("POST", f"/api/experiments/{made['id']}/duplicate", status=201)
    assert copy["reading"] == known
    share = site.json("POST", f"/api/experiments/{made['id']}/share")["share_id"]
    assert site.json("GET", f"/api/shared/{share}")["reading"] == known


def test_a_correction_is_what_is_kept_and_what_is_proposed(site):
    left, right = site.propose(sentence=LEFT), site.propose(sentence="Walk to the right")
    assert proposed(left) != proposed(right)
    corrected = site.propose(sentence=LEFT, reading=to_the_right(left["reading"]))
    assert corrected["sentence"] == LEFT
    assert corrected["reading"] == right["reading"]
    assert proposed(corrected) == proposed(right)


def test_a_reading_that_is_none_is_a_problem_in_words(site):
    fine = reading(site, LEFT)
    (action,) = fine["parts"][0]["actions"]
    deep = fine
    for _ in range(200):
        deep = fine | {"alternatives": [deep]}
    for broken in (
        fine | {"parts": []},
        fine | {"parts": [{"seconds": None, "actions": []}]},
        fine | {"parts": [{"seconds": -1, "actions": [action]}]},
        fine | {"parts": [{"seconds": None, "actions": [action | {"do": "teleport"}]}]},
        fine | {"parts": [{"seconds": None, "actions": [action | {"distance_m": 1e300}]}]},
        fine | {"parts": [{"seconds": None, "actions": [action] * 101}]},
        fine | {"unread": ["x" * 60_000]},
        fine | {"unknown": 1},
        [],
    ):
        answer = site.http.post(TEACH, json={"robot": ROBOT, "sentence": LEFT, "reading": broken})
        assert 400 <= answer.status_code < 500, answer.text
        assert answer.json()["detail"]
    answer = site.http.post(TEACH, json={"robot": ROBOT, "sentence": LEFT, "reading": deep})
    assert answer.status_code in (201, 422)


def test_the_choices_are_those_of_the_body(site):
    dog = site.json("GET", f"/api/playground/{ROBOT}/choices")
    hand = site.json("GET", "/api/playground/LeapCubeReorient/choices")
    verbs = [{verb["name"] for verb in each["verbs"]} for each in (dog, hand)]
    assert "walk" in verbs[0] - verbs[1]
    assert "victory" in verbs[1] - verbs[0]
    assert site.http.get("/api/playground/Go1Joystik/choices").status_code == 404


def test_commands_follow_the_correction(site):
    left = site.propose(sentence=LEFT)
    corrected = site.propose(sentence=LEFT, reading=to_the_right(left["reading"]))
    ways = [each["commands"]["moves"][0]["left"] for each in (left, corrected)]
    assert ways[0] > 0 > ways[1]
