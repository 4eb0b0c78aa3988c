"""`tabrl improve`: edit an approach that was trained, and train on from there."""

from pathlib import Path
from typing import Any

import click

from tabrl.cli.experiments import folder_of


@click.command()
@click.argument("experiment")
@click.argument("approach")
@click.option("--say", "wish", default="", metavar="TEXT", help="What should be different.")
@click.option("--best", default="", metavar="NAME", help="The approach that you like best.")
@click.option("--worst", default="", metavar="NAME", help="The approach that you like least.")
@click.option("--provider", default="builtin", show_default=True, metavar="NAME")
@click.option("--model", metavar="NAME", help="Another model than the provider's.")
@click.option("--base-url", metavar="URL", help="Another address than the provider's.")
@click.option("--replay", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--preset",
    type=click.Choice(["quick", "standard", "quality"]),
    default="standard",
    show_default=True,
)
@click.option("--steps", type=click.IntRange(1), metavar="N")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--json", "as_json", is_flag=True, help="Print only the experiment, as JSON.")
@click.pass_context
def improve(
    ctx: click.Context, experiment: str, approach: str, as_json: bool, **options: Any
) -> None:
    """Edit APPROACH of EXPERIMENT (a folder or an id) by what was measured, and train it on."""
    from tabrl.cli.display import display
    from tabrl.cli.failure import INTERRUPTED
    from tabrl.experiments.improve import improve as improved

    folder = folder_of(experiment)
    with display() as on_event:
        made = improved(folder, approach, **options, on_event=on_event)
    if as_json:
        click.echo(made.model_dump_json(indent=1))
    else:
        from tabrl.cli.summary import summary
        from tabrl.experiments.changes import words

        summary(made)
        for each in made.approaches:
            for change in each.origin.changes if each.origin else ():
                click.echo("\n".join(words(change)))
    ctx.exit({"finished": 0, "cancelled": INTERRUPTED}.get(made.status, 1))
