"""`tabrl serve`: the studio in the browser."""

import click

from tabrl.cli.where import settings_for, where


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port; 0 takes any that is free.",
)
@click.option("--open", "open_page", is_flag=True, help="Open the page in a browser.")
@click.option(
    "--token",
    envvar="TABRL_TOKEN",
    help="Access token where --host is not this machine's own. [default: a new one]",
)
@click.option(
    "--accounts",
    is_flag=True,
    help="Host it for several people, who sign in; see docs/accounts.md.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Processes that answer; more than one need PostgreSQL, see docs/scale.md.",
)
@click.option(
    "--log",
    type=click.Choice(["debug", "info", "warning", "error"]),
    default="warning",
    show_default=True,
    help="Least level of the JSON log on stderr.",
)
@where(
    "local", "ray", "modal", told="Train in worker processes here, on a Ray cluster, or at Modal."
)
def serve(
    host: str,
    port: int,
    open_page: bool,
    token: str | None,
    accounts: bool,
    workers: int,
    log: str,
    executor: str,
    address: str | None,
    gpu: str | None,
) -> None:
    """Open the studio: pick a robot, say what it should do, watch it learn, compare."""
    from tabrl.server.serve import serve as run

    settings = settings_for(executor, address, gpu)
    run(
        host,
        port,
        open_page=open_page,
        token=token,
        accounts=accounts,
        workers=workers,
        settings=settings,
        log=log,
        executor=executor,
    )
