"""`tabrl read`: what a sentence is understood to ask for."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tabrl.behaviours.reading.model import Reading


@click.command()
@click.argument("sentence")
@click.option("--robot", metavar="ID", help="Whose body it is for; `tabrl robots` lists them.")
@click.option("--json", "as_json", is_flag=True, help="Print the reading as JSON.")
def read(sentence: str, robot: str | None, as_json: bool) -> None:
    """Read SENTENCE: what is to be done, by which limb, which way, how often, in which order."""
    from tabrl.behaviours.reading import read as read_sentence
    from tabrl.robots.catalogue import robot as find_robot

    reading = read_sentence(sentence, find_robot(robot) if robot else None)
    click.echo(reading.model_dump_json(indent=1) if as_json else _lines(reading))


def _lines(reading: "Reading") -> str:
    from tabrl.behaviours.reading.wording import told

    lines = [("" if reading.sure else "not sure: ") + (told(reading.parts) or "nothing")]
    lines += [f"changes: {reading.refers_to}"] if reading.refers_to else []
    lines += [f"unread: {', '.join(reading.unread)}"] if reading.unread else []
    lines += [f"or: {told(other.parts)}" for other in reading.alternatives]
    return "\n".join([*lines, *filter(None, [reading.note])])
