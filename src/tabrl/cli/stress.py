"""`tabrl stress`: where a saved policy stops working."""

import json
from pathlib import Path

import click


@click.command()
@click.argument("policy_dir", type=click.Path(path_type=Path))
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def stress(policy_dir: Path, seed: int, as_json: bool) -> None:
    """Test the policy in POLICY_DIR over friction, mass and pushes."""
    from tabrl.cli.console import console
    from tabrl.cli.words import robustness_line
    from tabrl.experiments.stress import stress_policy
    from tabrl.settings import Settings

    robustness = stress_policy(policy_dir, seed=seed, settings=Settings.from_env())
    if as_json:
        click.echo(json.dumps([found.model_dump() for found in robustness], indent=1))
    else:
        for found in robustness:
            console().print(robustness_line(found))
