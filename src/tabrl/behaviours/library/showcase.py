"""Sentences to try with a robot, which the page suggests and the benchmark teaches."""

import tomllib
from functools import cache
from importlib.resources import files

from tabrl.behaviours.library import primitives_for
from tabrl.robots.catalogue import Robot


def showcase(robot: Robot) -> dict[str, str]:
    """Sentences that this robot can be taught, by the name of the primitive that each asks for."""
    tables = _tables()
    able = {primitive.name for primitive in primitives_for(robot)}
    said = tables.get(robot.type, {}) | tables.get(robot.id, {})
    return {name: sentence for name, sentence in said.items() if name in able}


@cache
def _tables() -> dict[str, dict[str, str]]:
    """`showcase.toml`, with a table for each type and each robot of its own."""
    read = tomllib.loads((files(__package__) / "showcase.toml").read_text("utf-8"))
    return {each: table for kinds, table in read.items() for each in kinds.split()}
