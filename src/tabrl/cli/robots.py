"""`tabrl robots`: the catalogue."""

import json

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def robots(as_json: bool) -> None:
    """List the robots that can be taught."""
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
