"""`tabrl doctor`: what this machine has, and what to do about what it lacks."""

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Look at this machine; exit status 1 where something must be mended."""
    import json
    from dataclasses import asdict

    from tabrl.cli.diagnosis import examine

    signs = list(examine())
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
