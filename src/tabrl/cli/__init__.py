"""The command line: parse, call one service, present. Heavy imports wait until they are used."""

import click

from tabrl import __version__
from tabrl.cli.base import base
from tabrl.cli.bench import bench
from tabrl.cli.check import check
from tabrl.cli.db import db
from tabrl.cli.deploy import deploy
from tabrl.cli.doctor import doctor
from tabrl.cli.experiments import experiments, show
from tabrl.cli.export import export
from tabrl.cli.failure import Group
from tabrl.cli.improve import improve
from tabrl.cli.library import library
from tabrl.cli.providers import providers
from tabrl.cli.read import read
from tabrl.cli.render import render
from tabrl.cli.robots import robots
from tabrl.cli.serve import serve
from tabrl.cli.stress import stress
from tabrl.cli.teach import teach
from tabrl.cli.tune import tune


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tabrl")
def main() -> None:
    """Describe a behaviour in a sentence and watch several trained robots do it."""


STORY = (teach, improve, tune, serve, check, render, export, stress, experiments, show, library)
HELPERS = (read, robots, base, providers, db, deploy, doctor, bench)
for command in (*STORY, *HELPERS):
    main.add_command(command)
