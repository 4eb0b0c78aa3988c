"""`tabrl teach`: the whole story in the terminal."""

from pathlib import Path
from typing import Any

import click

from tabrl.cli.where import settings_for, where

DEFAULT_ROBOT = "Go1JoystickFlatTerrain"


@click.command()
@click.argument("sentence")
@click.option(
    "--robot",
    default=DEFAULT_ROBOT,
    show_default=True,
    metavar="ID",
    help="Robot to teach; `tabrl robots` lists them.",
)
@click.option(
    "--preset",
    type=click.Choice(["quick", "standard", "quality"]),
    default="standard",
    show_default=True,
    help="How long to train on this machine.",
)
@click.option(
    "--steps",
    type=click.IntRange(1),
    metavar="N",
    help="Environment steps of each approach, instead of the preset's time.",
)
@click.option("--approaches", type=click.IntRange(1, 9), default=3, show_default=True)
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True)
@click.option(
    "--randomize",
    is_flag=True,
    help="Train on robots that differ, and test each policy over friction, mass and pushes.",
)
@click.option(
    "--coarse-physics/--fine-physics",
    default=None,
    help="Train with physics steps of 4 ms where the robot's own are shorter: most humanoids train "
    "nearly twice as fast. Clips and verdicts keep the robot's own.  [default: coarse where there "
    "is a base policy]",
)
@click.option(
    "--provider",
    multiple=True,
    default=("builtin",),
    show_default=True,
    metavar="NAME",
    help="Who proposes the approaches; again for more, `all` for all that are ready "
    "(`tabrl providers` lists them).",
)
@click.option("--model", metavar="NAME", help="Another model than the provider's.")
@click.option("--base-url", metavar="URL", help="Another address than the provider's.")
@click.option(
    "--replay",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Recorded exchanges that answer in place of the providers.",
)
@where(
    *("local", "ray", "modal", "inline"),
    told="Worker processes here, a Ray cluster, Modal, or this process for a debugger.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder of the experiment. [default: one in TABRL_HOME]",
)
@click.option("--json", "as_json", is_flag=True, help="Print only the experiment, as JSON.")
@click.pass_context
def teach(
    ctx: click.Context, as_json: bool, address: str | None, gpu: str | None, **options: Any
) -> None:
    """Teach a robot what SENTENCE says; ends with trained robots side by side."""
    from tabrl import experiments
    from tabrl.cli.display import display
    from tabrl.cli.failure import INTERRUPTED

    settings = settings_for(options["executor"], address, gpu)
    with display() as on_event:
        experiment = experiments.teach(**options, settings=settings, on_event=on_event)
    if as_json:
        click.echo(experiment.model_dump_json(indent=1))
    else:
        from tabrl.cli.summary import summary

        summary(experiment)
    ctx.exit({"finished": 0, "cancelled": INTERRUPTED}.get(experiment.status, 1))
