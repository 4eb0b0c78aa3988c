"""What people write gives the reading that stands beside it, and nothing is silently wrong."""

import random
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tabrl.behaviours.reading import Reading, read
from tabrl.behaviours.reading.notation import parse, show
from tabrl.robots.catalogue import robot, robots

TABLE = Path(__file__).with_name("readings.toml")
LANGUAGES = "en de fr es it pt ru zh ja ko ar hi".split()


@dataclass(frozen=True)
class Case:
    """A sentence, whose body it is for, and what it asks for."""

    language: str
    robot: str | None
    sentence: str
    expected: str

    def read(self) -> Reading:
        return read(self.sentence, robot(self.robot) if self.robot else None)

    def matches(self, reading: Reading) -> bool:
        """Whether a reading is the expected one, in every argument."""
        asked, *more = (text.strip() for text in self.expected.split("|"))
        said = dict(text.split(": ", 1) for text in more)
        if reading.sure == asked.startswith("?"):
            return False
        if asked == "?":
            return True
        unread = {word.strip() for word in said.get("unread", "").split(",") if word.strip()}
        unsure = asked.startswith("?")
        return (
            show(reading.parts) == show(parse(asked.lstrip("? ")))
            and (unsure or {word.lower() for word in reading.unread} == unread)
            and reading.refers_to == said.get("changes")
        )


def cases(table: Path = TABLE) -> Iterator[Case]:
    ids = {each.id for each in robots()}
    for key, sentences in tomllib.loads(table.read_text("utf-8")).items():
        for sentence, expected in sentences.items():
            known = key if key in LANGUAGES else read(sentence).language
            yield Case(known, key if key in ids else None, sentence, expected)


CASES = tuple(cases())
FOREIGN = [case for case in CASES if case.language not in LANGUAGES and case.robot is None]


def wrong(language: str) -> list[str]:
    mine = (case for case in CASES if case.language == language)
    return [case.sentence for case in mine if not case.matches(case.read())]


def test_the_table_is_long_enough_in_every_language() -> None:
    counts = {code: sum(case.language == code for case in CASES) for code in LANGUAGES}
    assert sum(counts.values()) >= 300
    assert counts["en"] >= 120
    assert min(counts.values()) >= 15


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_people_write_is_read_in_every_argument(language: str) -> None:
    allowed = 0.05 if language == "en" else 0.15
    missed = wrong(language)
    assert len(missed) <= allowed * sum(case.language == language for case in CASES), missed


def test_nothing_is_silently_wrong() -> None:
    misread = [case for case in CASES if not case.matches(case.read())]
    silent = [case for case in misread if (said := case.read()).sure and not said.unread]
    assert [case.sentence for case in silent] == []


@pytest.mark.parametrize(
    "case", [c for c in CASES if c.language not in LANGUAGES and c.robot is None]
)
def test_a_language_that_cannot_be_read_is_named(case: Case) -> None:
    reading = case.read()
    assert not reading.sure
    assert reading.language == "und" or f"({reading.language})" in reading.note
    assert reading.parts
    assert len(reading.alternatives) == 3


@pytest.mark.parametrize(
    ("code", "sentence"),
    [("nl", "loop langzaam vooruit"), ("pl", "idź powoli do przodu"), ("th", "เดินช้าๆ")],
)
def test_languages_are_told_apart(code: str, sentence: str) -> None:
    assert read(sentence).language == code


def test_the_notation_gives_back_what_it_shows() -> None:
    text = (
        "lift left:front_leg + !shake both:hand x3 slow in_place 5s; swing_up; walk left 2m 0.5m/s"
    )
    assert show(parse(text)) == text
    with pytest.raises(ValueError, match="'sideward' is no word"):
        parse("walk sideward")


def test_no_text_breaks_the_reader() -> None:
    rng = random.Random(7)
    words = [word for case in CASES for word in case.sentence.split()]
    odd = ["\0", "½", "1e999", "²", "،", "'", "--", "🐕", "ﷺ", "\u202e", "😀", "\n", "*"]
    bodies = [None, *robots()]
    for _ in range(400):
        size = rng.choice([1, 3, 8, 30])
        text = rng.choice(["", " "]).join(rng.choice(words + odd * 20) for _ in range(size))
        read(text, rng.choice(bodies)).model_dump_json()
    for text in ("", " ", "walk " * 400, "走" * 2000, "不" * 2000, "then " * 400, "9" * 2000):
        read(text).model_dump_json()


def test_a_sentence_is_read_in_less_than_50_ms_once_the_words_are_loaded() -> None:
    bodies = {case.robot: robot(case.robot) for case in CASES if case.robot}
    chosen = [(case.sentence, bodies.get(case.robot)) for case in CASES]
    for sentence, body in chosen:
        read(sentence, body)
    start = time.process_time()
    for sentence, body in chosen:
        read(sentence, body)
    assert (time.process_time() - start) / len(chosen) < 0.05
