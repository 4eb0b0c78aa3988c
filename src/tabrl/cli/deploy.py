"""`tabrl deploy`: put TabRL where trainings are to run."""

from pathlib import Path

import click

LOCK = Path(__file__).parents[3] / "requirements.lock"


@click.group()
def deploy() -> None:
    """Put TabRL where trainings are to run."""


@deploy.command()
@click.option("--gpu", is_flag=True, help="Add a function for GPUs, with its larger image.")
@click.option(
    "--lock",
    type=click.Path(path_type=Path),
    default=LOCK,
    help="Lock file of the image.  [default: the one of this clone]",
)
def modal(gpu: bool, lock: Path) -> None:
    """Build the image from the lock file and deploy the app, again after each change of TabRL."""
    from tabrl.executors.modal_cloud import deploy as run

    click.echo(f"Deployed: {run(lock, gpu=gpu)}")
