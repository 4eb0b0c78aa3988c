"""What is read of the manner of a behaviour."""

import pytest

from tabrl.behaviours.modifiers import read


@pytest.mark.parametrize(
    ("sentence", "hz"),
    [
        ("nod at 2 Hz", 2.0),
        ("nod at 0.5hz please", 0.5),
        ("dance at 120 bpm", 2.0),
        ("jump every second", 1.0),
        ("jump every two seconds", 0.5),
        ("bow every 4 seconds", 0.25),
        ("hop three times a second", 3.0),
        ("nod twice per second", 2.0),
    ],
)
def test_a_rate_in_numbers_is_read_in_hertz(sentence: str, hz: float) -> None:
    assert read(sentence).hz == pytest.approx(hz)
    assert read(sentence).rate(1.0) == pytest.approx(hz)


@pytest.mark.parametrize("sentence", ["nod", "nod at 900 Hz", "nod for a second", "1999 was fun"])
def test_what_is_no_sensible_rate_is_not_taken_for_one(sentence: str) -> None:
    assert read(sentence).hz is None


def test_slow_is_slower_and_frantic_is_faster_than_fast() -> None:
    rates = [read(f"wave {how}").rate(1.5) for how in ("slowly", "", "fast", "frantically")]
    assert rates == sorted(rates)
    assert len(set(rates)) == 4


def test_rates_stay_within_what_a_robot_can_do() -> None:
    assert read("shake at 6 Hz").rate(1.5, 0.5, 2.5) == 2.5


def test_gently_is_smaller_and_huge_is_bigger_up_to_a_bound() -> None:
    sizes = [read(f"sway {how}").scaled(0.25, 0.4) for how in ("gently", "", "wildly")]
    assert sizes == sorted(sizes)
    assert len(set(sizes)) == 3
    assert read("a huge sway").scaled(0.25, 0.3) == 0.3
    assert read("jump as high as you can").size > 1


@pytest.mark.parametrize(
    ("sentence", "turn"),
    [("spin", 1), ("spin clockwise", -1), ("spin counterclockwise", 1), ("turn to the right", -1)],
)
def test_turning_has_a_sense(sentence: str, turn: int) -> None:
    assert read(sentence).turn == turn


def test_left_and_right_together_are_no_direction() -> None:
    assert not read("swing left and right").directions
    assert read("walk to the left").side == 1
    assert read("walk to the right").side == -1


@pytest.mark.parametrize(
    ("sentence", "style"),
    [
        ("move in a mechanical way", "stiff"),
        ("dance smoothly", "smooth"),
        ("a bouncy walk", "bouncy"),
        ("cheerful walk", "cheerful"),
        ("walk like an exhausted clerk", "tired"),
        ("a proud walk", "proud"),
    ],
)
def test_styles_are_named(sentence: str, style: str) -> None:
    assert style in read(sentence).styles


def test_what_is_negated_is_set_aside() -> None:
    manner = read("Walk forward without jumping, fast")
    assert manner.avoid == ("jumping",)
    assert "jump" not in manner.meant
    assert manner.tempo > 1


def test_not_to_stop_and_not_to_move_are_wishes_of_their_own() -> None:
    assert read("don't stop dancing").avoid == ()
    assert "move" in read("don't move").meant


def test_counts_and_times_are_read() -> None:
    assert read("jump five times").count == 5
    assert read("sit for 10 seconds").seconds == 10
    assert read("jump").count is None


def test_absurd_numbers_do_no_harm() -> None:
    manner = read("jump " + "9" * 5000 + " times at " + "9" * 5000 + " Hz")
    assert manner.hz is None
