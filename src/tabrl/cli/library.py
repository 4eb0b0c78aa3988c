"""`tabrl library`: behaviours that ship trained, and those that one adds."""

import json
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tabrl.experiments.approach_record import ApproachRecord
    from tabrl.experiments.engine.library import Library
    from tabrl.experiments.record import Experiment


@click.group()
def library() -> None:
    """Keep what a robot learned, for the studio and the built-in proposer to find."""


@library.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def listed(as_json: bool) -> None:
    """List the library: what came with TabRL, and what was added here."""
    from rich.table import Column, Table
    from rich.text import Text

    from tabrl.cli.console import console

    known = [_told(experiment) for experiment in _library().all().values()]
    if as_json:
        click.echo(json.dumps(known, indent=1, ensure_ascii=False))
        return
    table = Table(Column("name", no_wrap=True), "from", "robot", "sentence", "by", "licence")
    for row in known:
        table.add_row(*map(Text, row.values()))
    console().print(table)


@library.command()
@click.argument("experiment", metavar="EXPERIMENT")
@click.argument("approach", required=False)
@click.option(
    "--name", metavar="NAME", help="What it is called there; of its sentence if not said."
)
@click.option("--by", default="", metavar="WHO", help="Who taught it.")
@click.option("--licence", default="", metavar="ID", help="What others may do, as CC-BY-4.0.")
def add(experiment: str, approach: str | None, name: str | None, by: str, licence: str) -> None:
    """Copy what passed of EXPERIMENT (an id, the first letters of one, or a folder) into the
    library: APPROACH by its name or folder, which may be left out where one alone passed.
    """
    from tabrl.cli.experiments import folder_of
    from tabrl.experiments import load
    from tabrl.experiments.record import Credit

    found = load(folder_of(experiment))
    chosen = _chosen(found, approach)
    credit = Credit(source=found.id, by=by, licence=licence)
    made = _library().add(found, chosen, credit, name)
    click.echo(f"{chosen.name} is in the library as {made}. `tabrl serve` shows it.")


@library.command()
@click.argument("name")
def remove(name: str) -> None:
    """Remove what was added as NAME; what came with TabRL stays."""
    from tabrl.experiments.engine.library import PREFIX
    from tabrl.settings import Settings
    from tabrl.store import open_store

    _library().remove(name)
    open_store(Settings.from_env()).delete(PREFIX + name)  # votes for it
    click.echo(f"Removed {name}.")


def _library() -> "Library":
    from tabrl.experiments.engine.library import Library
    from tabrl.settings import Settings

    return Library(Settings.from_env().library)


def _chosen(experiment: "Experiment", named: str | None) -> "ApproachRecord":
    """The approach of this name or folder, or the one that passed.

    Raises:
        TabRLError: there is none, or there are several.
    """
    from tabrl.errors import TabRLError

    approaches = experiment.approaches
    if named is None:
        fit = [each for each in approaches if each.verdict == "pass"] or approaches
        what = "Several passed" if len(fit) > 1 else "There is no approach"
    else:
        said = named.casefold()
        fit = [each for each in approaches if said in (each.folder, each.name.casefold())]
        what = f"There is no approach {named!r}"
    if len(fit) != 1:
        names = ", ".join(each.folder for each in (fit or approaches))
        hint = f"Name one of: {names}." if names else "Propose some first."
        raise TabRLError(f"{what} in “{experiment.sentence[:60]}”.", hint)
    return fit[0]


def _told(experiment: "Experiment") -> dict[str, str]:
    from tabrl.experiments.engine.library import PREFIX

    credit = experiment.credit
    return {
        "name": experiment.id.removeprefix(PREFIX),
        "from": "added here" if credit else "TabRL",
        "robot": experiment.robot,
        "sentence": experiment.sentence[:80],
        "by": credit.by if credit else "",
        "licence": credit.licence if credit else "",
    }
