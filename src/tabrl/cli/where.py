"""Where a command's jobs run: options that several commands share."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import click

from tabrl.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])


def where(*executors: str, told: str) -> Callable[[Command], Command]:
    """The options `--executor`, the first of these unless it is given, and `--address`."""

    def add(command: Command) -> Command:
        command = click.option(
            "--address",
            metavar="HOST:PORT",
            help="The Ray cluster.  [default: RAY_ADDRESS, or the one that this machine is a node "
            "of]",
        )(command)
        return click.option(
            "--executor",
            type=click.Choice(executors),
            default=executors[0],
            show_default=True,
            help=told,
        )(command)

    return add


def settings_for(executor: str, address: str | None) -> Settings:
    """This machine's settings with the cluster that was asked for."""
    settings = Settings.from_env()
    if address is None:
        return settings
    if executor != "ray":
        raise click.UsageError("--address names a Ray cluster: add --executor ray.")
    return replace(settings, ray=address)
