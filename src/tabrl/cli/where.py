"""Where a command's jobs run: options that several commands share."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import click

from tabrl.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])


DEFAULT_GPU = "L4"


def where(*executors: str, told: str) -> Callable[[Command], Command]:
    """The options `--executor`, the first of these unless it is given, `--address`, and where
    Modal is one of them `--gpu`.
    """

    def add(command: Command) -> Command:
        if "modal" in executors:
            command = click.option(
                "--gpu",
                is_flag=False,
                flag_value=DEFAULT_GPU,
                metavar="[KIND]",
                help="Train on a GPU at Modal, on MJX; an L4 where no kind is named.  [default: on "
                "cores]",
            )(command)
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


def settings_for(executor: str, address: str | None, gpu: str | None = None) -> Settings:
    """This machine's settings with the cluster or the GPU that was asked for."""
    settings = Settings.from_env()
    if address is not None:
        if executor != "ray":
            raise click.UsageError("--address names a Ray cluster: add --executor ray.")
        settings = replace(settings, ray=address)
    if gpu is not None:
        if executor != "modal":
            raise click.UsageError("--gpu asks Modal for a GPU: add --executor modal.")
        settings = replace(settings, gpu=gpu)
    return settings
