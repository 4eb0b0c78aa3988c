"""`tabrl experiments` and `tabrl show`: what was made before."""

import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tabrl.store.tables import ExperimentRow


@click.command()
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def experiments(limit: int, as_json: bool) -> None:
    """List what was taught, newest first."""
    from tabrl.settings import Settings
    from tabrl.store import open_store

    rows = open_store(Settings.from_env()).recent(limit)
    found = [
        {
            "id": row.id,
            "created": row.created.isoformat(),
            "robot": row.robot,
            "sentence": row.sentence,
            "status": _status(row),
            "folder": row.folder,
            "verdicts": [approach.verdict or approach.status for approach in row.approaches],
        }
        for row in rows
    ]
    if as_json:
        click.echo(json.dumps(found, indent=1, ensure_ascii=False))
    elif found:
        _table(found)
    else:
        click.echo('Nothing yet. Try: tabrl teach "Keep shaking your hips aloha dude!"')


@click.command()
@click.argument("id")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(id: str, as_json: bool) -> None:
    """Show the experiment ID (or the first letters of it) again."""
    from tabrl.cli.summary import summary
    from tabrl.experiments import load

    experiment = load(folder_of(id))
    if as_json:
        click.echo(experiment.model_dump_json(indent=1))
    else:
        summary(experiment)


def folder_of(experiment: str) -> Path:
    """An experiment's folder, by itself or by the experiment's id or the first letters of it."""
    from tabrl.settings import Settings
    from tabrl.store import open_store

    if Path(experiment).is_dir():
        return Path(experiment)
    return Path(open_store(Settings.from_env()).find(experiment).folder)


def _status(row: "ExperimentRow") -> str:
    """What the store says, but of one that runs what its folder says: it may have been killed."""
    from tabrl.errors import TabRLError
    from tabrl.experiments import load

    if row.status in ("running", "stopping"):
        with suppress(TabRLError):
            return load(Path(row.folder)).status
    return row.status


def _table(found: list[dict]) -> None:
    from rich.table import Table
    from rich.text import Text

    from tabrl.cli.console import console
    from tabrl.verdict.words import says

    table = Table("id", "when", "robot", "sentence", "status", "verdicts")
    for row in found:
        cells = (
            row["id"],
            row["created"][:16].replace("T", " "),
            row["robot"],
            row["sentence"][:80],
            row["status"],
            ", ".join(map(says, row["verdicts"])),
        )
        table.add_row(*map(Text, cells))
    console().print(table)
