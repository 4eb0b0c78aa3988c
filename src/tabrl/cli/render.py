"""`tabrl render`: a clip of a saved policy."""

from pathlib import Path

import click


@click.command()
@click.argument("policy_dir", type=click.Path(path_type=Path))
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder for the clip. [default: the policy's]",
)
def render(policy_dir: Path, seed: int, out: Path | None) -> None:
    """Roll out the policy in POLICY_DIR and render its clip."""
    from tabrl.experiments.render import render_policy
    from tabrl.settings import Settings

    settings = Settings.from_env()
    for name, path in render_policy(policy_dir, out, seed=seed, settings=settings).items():
        click.echo(f"{name}: {path}")
