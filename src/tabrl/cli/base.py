"""`tabrl base`: the policies that training starts from."""

import json
import subprocess
import sys
from pathlib import Path

import click


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def base(ctx: click.Context, as_json: bool) -> None:
    """List the base policies, how each was trained and how well it follows a velocity command."""
    if ctx.invoked_subcommand:
        return
    from tabrl.experiments.base import base_policies
    from tabrl.robots.catalogue import robots

    cards = base_policies()
    if as_json:
        click.echo(json.dumps(cards, indent=1))
    else:
        _table(cards)
        without = [r.id for r in robots() if r.structure.takes_command and r.id not in cards]
        click.echo(f"Trained from scratch, as they have none yet: {', '.join(without)}.")


@base.command()
@click.argument("robot")
@click.option("--steps", default=8e6, show_default=True, help="Environment control steps.")
@click.option("--seed", default=0, show_default=True)
@click.option(
    "--start",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Go on from this policy.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Where to keep it; by default where this robot's trainings will find it.",
)
def train(robot: str, steps: float, seed: int, start: Path | None, out: Path | None) -> None:
    """Train a base policy for ROBOT: it walks as a velocity command tells it."""
    from tabrl.executors.environment import worker_environment
    from tabrl.experiments.base import own_base_policy
    from tabrl.robots.catalogue import robot as find_robot
    from tabrl.settings import Settings

    known = find_robot(robot)
    folder = out or own_base_policy(known)
    settings = Settings.from_env().prepare()
    # A process of its own: JAX stays out of this one.
    command = [sys.executable, "-m", "tabrl.training.base", known.id]
    command += [f"--steps={steps}", f"--seed={seed}", f"--out={folder}"]
    if start:
        command.append(f"--start={start}")
    done = subprocess.run(command, env=worker_environment(settings))
    if done.returncode:
        raise SystemExit(done.returncode)
    click.echo(
        f"{known.name} starts from {folder} from now on." if not out else f"Kept in {folder}."
    )


def _table(cards: dict[str, dict]) -> None:
    from rich.table import Table

    from tabrl.cli.console import console

    table = Table(
        "robot", "steps", "trained", "velocity error", "turn error", "falls/min", "pushed"
    )
    for robot, card in cards.items():
        steps, quality = f"{card['steps'] / 1e6:.1f} M", card.get("quality")
        if not quality:
            table.add_row(robot, steps, "not to its end")
            continue
        table.add_row(
            robot,
            steps,
            f"{card['seconds'] / 60:.0f} min on {card['machine']}",
            f"{quality['velocity_error']:.3f} m/s",
            f"{quality['turn_error']:.3f} rad/s",
            f"{quality['falls_per_minute']:.2f}",
            f"{quality['falls_per_minute_pushed']:.2f}",
        )
    console().print(table)
