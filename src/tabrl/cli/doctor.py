"""`tabrl doctor`: what this machine has, and what to do about what it lacks."""

from typing import TYPE_CHECKING

import click

from tabrl.cli.where import settings_for

if TYPE_CHECKING:
    from tabrl.cli.diagnosis import Sign


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Look at this machine; exit status 1 where something must be mended."""
    if ctx.invoked_subcommand:
        return
    from tabrl.cli.diagnosis import examine

    _show(ctx, list(examine()), as_json)


@doctor.command()
@click.option("--address", metavar="HOST:PORT", help="The Ray cluster, as of `tabrl teach`.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def ray(ctx: click.Context, address: str | None, as_json: bool) -> None:
    """Look at a Ray cluster and at each of its nodes."""
    from tabrl.cli.diagnosis_ray import examine_ray

    _show(ctx, list(examine_ray(settings_for("ray", address))), as_json)


@doctor.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def modal(ctx: click.Context, as_json: bool) -> None:
    """Look at Modal: package, token, app, and what it costs."""
    from tabrl.cli.diagnosis_modal import examine_modal

    _show(ctx, list(examine_modal(settings_for("modal", None))), as_json)


def _show(ctx: click.Context, signs: "list[Sign]", as_json: bool) -> None:
    import json
    from dataclasses import asdict

    if as_json:
        click.echo(json.dumps([asdict(sign) for sign in signs], indent=1))
    else:
        for sign in signs:
            mark, colour = {"ok": ("✓", "green"), "note": ("·", "yellow"), "bad": ("✗", "red")}[
                sign.state
            ]
            click.echo(f"{click.style(mark, fg=colour)} {sign.name}: {sign.found}")
            if sign.advice:
                click.echo(f"    {sign.advice}")
    ctx.exit(int(any(sign.state == "bad" for sign in signs)))
