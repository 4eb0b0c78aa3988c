"""Nearness of meaning, from word vectors alone."""

import subprocess
import sys

import pytest

from tabrl.behaviours import meaning


@pytest.mark.parametrize(
    ("sentence", "near", "far"),
    [
        ("whirl around until dizzy", "spin in circles", "lie down and sleep"),
        ("take a nap", "lie down and sleep", "run and sprint"),
        ("gallop", "run like a horse", "sit down"),
        ("hello there", "greet and say goodbye", "crouch low"),
    ],
)
def test_paraphrases_are_nearer_than_other_things(sentence: str, near: str, far: str) -> None:
    assert meaning.similarity(sentence, near) > meaning.similarity(sentence, far) + 0.05


def test_a_text_is_nearest_to_itself() -> None:
    assert meaning.similarity("wave your paw", "wave your paw") == pytest.approx(1.0, abs=1e-5)


def test_words_that_carry_no_meaning_change_nothing() -> None:
    assert meaning.similarity("please could you spin for me", "spin") == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("text", ["", "   ", "!?"])
def test_a_text_without_words_has_no_direction(text: str) -> None:
    assert not meaning.embed(text).any()
    assert meaning.similarity(text, "spin") == 0.0


@pytest.mark.parametrize(
    "forms", [("spin", "spins", "spinning"), ("jump", "jumped", "jumping"), ("wiggle", "wiggling")]
)
def test_forms_of_a_word_share_a_stem(forms: tuple[str, ...]) -> None:
    assert len({meaning.stem(form) for form in forms}) == 1


@pytest.mark.parametrize(
    ("phrase", "sentence", "found"),
    [
        ("hind leg", "stand on your hind legs", (3, 4)),
        ("shake head", "shake your head", (0, 2)),
        ("shake head", "head shake", ()),
        ("shake head", "shake the very big old heavy head", ()),
    ],
)
def test_phrases_are_found_in_order_and_close_together(
    phrase: str, sentence: str, found: tuple[int, ...]
) -> None:
    stems = [meaning.stem(word) for word in meaning.words(sentence)]
    assert meaning.hits(phrase, stems) == found


def test_meaning_needs_no_network() -> None:
    code = (
        "import socket\n"
        "def refuse(*a, **k): raise OSError('no network')\n"
        "socket.socket.connect = refuse; socket.getaddrinfo = refuse\n"
        "from tabrl.behaviours.meaning import similarity\n"
        "assert similarity('nap', 'sleep') > 0.2\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
