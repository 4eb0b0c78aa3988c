"""What people write gives the reading that stands beside it, and nothing is silently wrong."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

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
