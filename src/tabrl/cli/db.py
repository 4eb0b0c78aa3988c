"""`tabrl db`: the store behind the list of experiments."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sqlalchemy import URL


@click.group()
def db() -> None:
    """Look after the database of experiments and people."""


@db.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
def copy(source: str, target: str) -> None:
    """Copy all of the store FROM into the empty store TO, and compare every row.

    Each is a URL: sqlite:////home/me/.local/share/tabrl/tabrl.db,
    postgresql://user:password@host/name. Stop the studio first: what it does meanwhile is not
    copied. Experiments' folders stay where they are.
    """
    from tabrl.store.copy import copy as run
    from tabrl.store.database import read_url

    given, taken = read_url(source, "FROM"), read_url(target, "TO")
    with _without_studio(given), _without_studio(taken):
        rows = run(given, taken, _progress)
    click.echo(f"Copied {rows:,} rows, and each is as it was.")
    click.echo("Start TabRL with TABRL_DATABASE_URL set to it, and the same TABRL_HOME.")


@contextmanager
def _without_studio(url: "URL") -> Iterator[None]:
    """Let no studio of the home that a file of SQLite lies in begin meanwhile, or run now."""
    from tabrl.experiments.locking import claim

    lock = Path(url.database or "").parent / "studio.lock"
    if url.get_backend_name() != "sqlite" or not lock.is_file():
        yield
        return
    with claim(lock, f"A studio uses {url.database}.", "Stop it first."):
        yield


def _progress(table: str, done: int, of: int) -> None:
    if done == of:
        click.echo(f"{table}: {of:,}")
    elif done:
        click.echo(f"{table}: {done:,} of {of:,}", err=True)
