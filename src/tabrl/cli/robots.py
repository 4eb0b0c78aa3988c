"""`tabrl robots`: the catalogue, and custom robots."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def robots(ctx: click.Context, as_json: bool) -> None:
    """List the robots that can be taught, add your own, remove them."""
    if ctx.invoked_subcommand:
        return
    from tabrl.robots.catalogue import robots as catalogue

    found = [
        {
            "id": robot.id,
            "name": robot.name,
            "type": robot.type,
            "category": robot.category,
            "dof": robot.dof,
            "base_policy": robot.base_policy,
            "description": robot.description,
        }
        for robot in catalogue()
    ]
    if as_json:
        click.echo(json.dumps(found, indent=1, ensure_ascii=False))
        return
    from rich.table import Column, Table

    from tabrl.cli.console import console

    table = Table(Column("id", no_wrap=True), "name", "type", "joints", "base policy")
    for robot in found:
        table.add_row(*(str(robot[k] or "") for k in ("id", "name", "type", "dof", "base_policy")))
    console().print(table)


@robots.command()
@click.argument("source", metavar="MODEL")
@click.option(
    "--id", "robot_id", metavar="ID", help="Its name; the file's or folder's if not said."
)
@click.option("--kind", metavar="KIND", help="What kind of body it is, where TabRL is mistaken.")
@click.option(
    "--forward", metavar="AXIS", help="Where its base's frame has ahead: x, -x, y, -y, z or -z."
)
@click.option(
    "--base",
    type=click.Choice(["floating", "fixed"]),
    help="Whether a URDF robot floats, where TabRL is mistaken.",
)
def add(
    source: str, robot_id: str | None, kind: str | None, forward: str | None, base: str | None
) -> None:
    """Make a teachable robot of an MJCF or URDF file, its folder, or the name of a Menagerie
    model.
    """
    from tabrl.experiments.robots import add as add_robot
    from tabrl.settings import Settings

    settings = Settings.from_env().prepare()
    with _downloads() as progress:
        made, notes = add_robot(
            source,
            robot_id=robot_id,
            kind=kind,
            forward=forward,
            base=base,
            settings=settings,
            progress=progress,
        )
    s = made.structure
    parts = [f"{made.dof} joints", f"{s.mass:.3g} kg"]
    parts += [f"{len(things)} {what}" for things, what in ((s.feet, "feet"), (s.hands, "hands"))]
    click.echo(f"{made.id}: {made.type}, {', '.join(p for p in parts if not p.startswith('0 '))}")
    for note in notes:
        click.echo(f"  {note}")
    click.echo(f'Teach it: tabrl teach "..." --robot {made.id}')


@contextmanager
def _downloads() -> Iterator[Callable[[int, int], None]]:
    """A bar that appears with the first bytes."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

    columns = ("Downloading", BarColumn(), DownloadColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)

    def show(done: int, total: int) -> None:
        if not bar.tasks:
            bar.start()
            bar.add_task("", total=total or None)
        bar.update(bar.tasks[0].id, completed=done)

    try:
        yield show
    finally:
        if bar.tasks:
            bar.stop()


@robots.command()
@click.argument("robot_id", metavar="ID")
def remove(robot_id: str) -> None:
    """Remove a robot of your own."""
    from tabrl.experiments.robots import remove as remove_robot

    remove_robot(robot_id)
    click.echo(f"Removed {robot_id}.")
