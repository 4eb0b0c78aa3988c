"""Writes `results/behaviours.md` from the tables beside it: `python docs/behaviours.py`."""

import re
from pathlib import Path

from tabrl.behaviours.library.showcase import showcase
from tabrl.robots.catalogue import Robot, robots

PATH = Path(__file__).with_name("results") / "behaviours.md"
TABLES = PATH.with_suffix("")
ASKED = PATH.with_name("sentences")
SENTENCES = Path(__file__).parents[1] / "benchmarks" / "sentences"
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
ASKED_TEXT = """
## Sentences of several parts

Sides, counts, ways, bans and what follows in its order: sentences as people say them, in
`benchmarks/sentences`. `tabrl bench behaviours --robot ID --sentences FILE` teaches them.

| robot | passed | of | not yet |
| --- | --- | --- | --- |
"""


def page() -> str:
    """The page: a line for each robot that has a table, and how many have none; then the same of
    sentences that are not the robots' own.
    """
    known = [robot for robot in robots() if (TABLES / f"{robot.id}.md").is_file()]
    asked = [robot for robot in robots() if (ASKED / f"{robot.id}.md").is_file()]
    own = [_line(robot, TABLES, len(showcase(robot))) for robot in known]
    others = [_line(robot, ASKED, _asked(robot)) for robot in asked]
    rest = _rest(len(robots()) - len(known))
    return TEXT + "".join(own) + "\n" + rest + (ASKED_TEXT + "".join(others) if others else "")


def _line(robot: Robot, folder: Path, count: int) -> str:
    """A robot's line; `count` sentences are to be taught."""
    table = (folder / f"{robot.id}.md").read_text("utf-8")
    passed, taught = re.search(r"(\d+) of (\d+) sentences", table).groups()
    missed = re.findall(r"^- \*\*(.+?)\*\*", table, re.MULTILINE)
    untrained = count - int(taught)
    missed += [f"{untrained} not taught"] if untrained else []
    link = f"[{robot.name}]({folder.name}/{robot.id}.md)"
    return f"| {link} | {passed} | {count} | {', '.join(missed)} |\n"


def _asked(robot: Robot) -> int:
    """How many sentences there are for a robot beside its own."""
    return len((SENTENCES / f"{robot.id}.txt").read_text("utf-8").splitlines())


def _rest(count: int) -> str:
    return f"{count} robots of the catalogue have no table yet.\n" if count else ""


if __name__ == "__main__":
    PATH.write_text(page(), "utf-8")
