"""`tabrl check`: is this reward one that can be trained on, and what does it pay?"""

from collections.abc import Mapping
from pathlib import Path

import click

from tabrl.cli.where import settings_for, where


@click.command()
@click.argument("reward", type=click.Path(path_type=Path), metavar="REWARD.PY")
@click.option("--robot", required=True, metavar="ID", help="Robot that the reward is for.")
@where("local", "ray", told="Check here, or on a Ray cluster.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def check(
    ctx: click.Context,
    reward: Path,
    robot: str,
    as_json: bool,
    executor: str,
    address: str | None,
) -> None:
    """Check a reward function; exit status 0 where it is valid, 1 where not."""
    from tabrl.experiments import check_reward, read_reward
    from tabrl.robots.catalogue import robot as find_robot

    source, known = read_reward(reward), find_robot(robot)
    settings = settings_for(executor, address)
    result = check_reward(source, known.id, settings, executor=executor)
    if as_json:
        click.echo(result.model_dump_json(indent=1))
    else:
        for finding in result.findings:
            line = f"{reward}:{finding.line}: " if finding.line else ""
            click.echo(f"{line}{finding.severity}: {finding.said}")
        _print_term_means(result.term_means)
        click.echo("valid" if result.valid else "not valid")
    ctx.exit(0 if result.valid else 1)


def _print_term_means(means: Mapping[str, Mapping[str, float | None]]) -> None:
    """Mean reward a step of each term for each baseline."""
    if not means:
        return
    from rich.table import Table

    from tabrl.cli.console import console
    from tabrl.cli.words import number

    table = Table("term", *(f"{baseline} robot" for baseline in means), title="mean reward a step")
    for term in dict.fromkeys(term for baseline in means.values() for term in baseline):
        table.add_row(term, *(number(baseline.get(term)) for baseline in means.values()))
    console().print(table)
