"""`tabrl providers`: the language models that can be asked."""

import json

import click


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def providers(ctx: click.Context, as_json: bool) -> None:
    """List who can propose approaches, and whether each is ready."""
    if ctx.invoked_subcommand:
        return
    from dataclasses import asdict

    from tabrl.llm.providers import book, exposed, states
    from tabrl.settings import Settings

    found = [
        {"name": "builtin", "title": "Built-in", "model": "", "state": "ready", "detail": ""},
        *map(asdict, states(book().providers)),
    ]
    if as_json:
        click.echo(json.dumps(found, indent=1, ensure_ascii=False))
    else:
        _table(found)
    if warning := exposed(Settings.from_env()):
        click.secho(" ".join(warning), fg="yellow", err=True)


@providers.command()
@click.argument("name")
@click.option("--model", metavar="NAME", help="Another model than the configured one.")
@click.option("--base-url", metavar="URL", help="Another address than the configured one.")
def test(name: str, model: str | None, base_url: str | None) -> None:
    """Make one small call to the provider NAME and say what is wrong, if anything is."""
    from tabrl.llm.providers import book
    from tabrl.llm.tryout import try_out

    answer = try_out(book().find(name).at(model=model, base_url=base_url))
    price = "" if answer.cost_usd is None else f", ${answer.cost_usd:.4f}"
    click.echo(
        f"{name} is ready: {answer.model or 'it'} answered in {answer.seconds:.1f} s "
        f"({answer.input_tokens} + {answer.output_tokens} tokens{price})."
    )


def _table(found: list[dict]) -> None:
    from rich.table import Table
    from rich.text import Text

    from tabrl.cli.console import console

    colours = {"ready": "green", "no key": "yellow", "unreachable": "red"}
    table = Table("name", "title", "model", "state", "")
    for row in found:
        detail = "" if row["state"] == "ready" else row["detail"]
        cells = (row["name"], row["title"], row["model"])
        table.add_row(*map(Text, cells), Text(row["state"], colours[row["state"]]), Text(detail))
    console().print(table)
