"""What a sentence asks for, over HTTP."""

import pytest

ROBOT = "Go1JoystickFlatTerrain"


def test_a_sentence_is_read_for_a_robot(site):
    asked = {"sentence": "Raise your right hand, not the left", "robot": ROBOT}
    reading = site.json("POST", "/api/training/read", asked)
    assert (reading["language"], reading["sure"], reading["unread"]) == ("en", True, [])
    (part,) = reading["parts"]
    assert [(a["part"], a["side"], a["negated"]) for a in part["actions"]] == [
        ("front leg", "right", False),
        ("front leg", "left", True),
    ]


@pytest.mark.parametrize("sentence", ["左前足を上げて", "🐕💨➡️", "\u202e\0", "走" * 2000])
def test_any_script_has_a_reading(site, sentence):
    reading = site.json("POST", "/api/training/read", {"sentence": sentence})
    assert reading["parts"]


def test_an_unknown_robot_is_a_problem(site):
    asked = {"sentence": "walk", "robot": "Go2"}
    assert "Go2" in site.json("POST", "/api/training/read", asked, 404)["detail"]
