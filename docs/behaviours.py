"""Writes `results/behaviours.md` from the tables beside it: `python docs/behaviours.py`."""

import re
from pathlib import Path

from tabrl.behaviours.library.showcase import showcase
from tabrl.robots.catalogue import Robot, robots

PATH = Path(__file__).with_name("results") / "behaviours.md"
TABLES = PATH.with_suffix("")
TEXT = """# What robots learn from a sentence

<!-- Written by docs/behaviours.py from the tables in docs/results/behaviours. -->

Every robot has sentences of its own to try; legged ones have at least twelve.
`tabrl bench behaviours --robot ID --page docs/results/behaviours/ID.md` teaches a robot all
of them, with three approaches of the built-in proposer each, and writes a table with the verdict,
the metric's numbers and the time of every approach. A sentence has passed when one of its
approaches has. Below each table stands what does not work yet, and why. `make gen` brings this page
up to date.

| robot | passed | of | not yet |
| --- | --- | --- | --- |
"""


def page() -> str:
    """The page: a line for each robot that has a table, and how many have none."""
    known = [robot for robot in robots() if _table(robot).is_file()]
    return TEXT + "".join(map(_line, known)) + "\n" + _rest(len(robots()) - len(known))


def _line(robot: Robot) -> str:
    table = _table(robot).read_text("utf-8")
    passed, taught = re.search(r"(\d+) of (\d+) sentences", table).groups()
    missed = re.findall(r"^- \*\*(.+?)\*\*", table, re.MULTILINE)
    untrained = len(showcase(robot)) - int(taught)
    missed += [f"{untrained} not taught"] if untrained else []
    link = f"[{robot.name}](behaviours/{robot.id}.md)"
    return f"| {link} | {passed} | {len(showcase(robot))} | {', '.join(missed)} |\n"


def _rest(count: int) -> str:
    return f"{count} robots of the catalogue have no table yet.\n" if count else ""


def _table(robot: Robot) -> Path:
    return TABLES / f"{robot.id}.md"


if __name__ == "__main__":
    PATH.write_text(page(), "utf-8")
