from tabrl.behaviours.builtin import propose
from tabrl.rewards.meanings import MAX_WORDS, meanings
from tabrl.robots.catalogue import robots

SOURCE = """
def reward(s):
    # not about a term
    sway = s.phase
    terms = {
        # the trunk rolls
        # with the clock
        "roll": near(s.roll, sway, 0.1),
        "calm": s.action_rate,
        "here": near(
            s.displacement, 0.0, 0.3
        ),  # stays where it began
    }
    terms["up"] = s.upright  # on its feet
    return terms
"""


def test_a_term_means_what_the_comment_above_or_behind_it_says():
    assert meanings(SOURCE) == {
        "roll": "the trunk rolls with the clock",
        "here": "stays where it began",
        "up": "on its feet",
    }


def test_the_built_in_proposer_says_what_each_of_its_terms_is_for():
    for robot in robots():
        for approach in propose("Do something nice", robot).approaches:
            assert meanings(approach.source).keys() == approach.weights.keys(), robot.id


def test_what_is_not_python_tells_nothing():
    for source in ("def reward(s:", 'return {"a": 1', "\0", "(" * 2000, "", "x = '''"):
        assert meanings(source) == {}


def test_words_are_few():
    assert len(meanings('{"a": 1}  # ' + "word " * 500)["a"]) == MAX_WORDS
