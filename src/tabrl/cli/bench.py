"""`tabrl bench`: measure this machine with the repository's benchmarks."""

import importlib
import json
import sys
from collections.abc import Iterator, Mapping
from inspect import Parameter, signature
from pathlib import Path
from typing import Any

import click

SUITES = (
    "physics", "training", "mjx", "robots", "learners", "clips",
    "teach", "studio", "explore", "behaviours", "finetuning", "rewards",
)  # fmt: skip


@click.command()
@click.argument("suite", type=click.Choice(SUITES))
@click.option("--robot", multiple=True, metavar="ID", help="This robot, not the usual ones.")
@click.option(
    "--only",
    multiple=True,
    metavar="NAME",
    help="These of a robot's `behaviours`, such as spin, or of the variants of `finetuning`.",
)
@click.option("--sentence", metavar="TEXT", help="What `finetuning` teaches.")
@click.option(
    "--sentences",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="What `behaviours` teaches, one a line, instead of the robot's own.",
)
@click.option("--preset", type=click.Choice(["quick", "standard", "quality"]))
@click.option(
    "--steps",
    type=click.IntRange(1),
    metavar="N",
    help="Of each approach, instead of the preset's time.",
)
@click.option(
    "--coarse-physics/--fine-physics",
    default=None,
    help="Train in physics steps of 4 ms where the robot's own are shorter.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="Keep what it makes, and go on."
)
@click.option(
    "--page",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a table, such as docs/results/speed.md for `robots`.",
)
@click.option(
    "--replies",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Recorded exchanges of language models, for `rewards`.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def bench(suite: str, as_json: bool, **options: Any) -> None:
    """Measure speed or learning: prints machine, figure, baseline and their ratio."""
    root = checkout()
    sys.path.insert(0, str(root))
    # What a benchmark prints on its way is progress, not its result.
    stdout, sys.stdout = sys.stdout, sys.stderr
    try:
        measure = importlib.import_module(f"benchmarks.{suite}").main
        result = measure(**_arguments(suite, signature(measure).parameters, options))
    finally:
        sys.stdout = stdout
    click.echo(json.dumps(result, indent=1, default=str) if as_json else _text(result))


def _arguments(
    suite: str, parameters: Mapping[str, Parameter], options: Mapping[str, Any]
) -> dict[str, Any]:
    """The options that were given, as a benchmark takes them.

    Raises:
        click.UsageError: one is not for this benchmark, or one that it needs is missing.
    """
    given = {name: value for name, value in options.items() if value not in (None, ())}
    if "robot" in given and "robots" in parameters:
        given["robots"] = given.pop("robot")
    elif "robot" in given and "robot" in parameters:
        if len(given["robot"]) > 1:
            raise click.UsageError(f"`{suite}` takes one --robot at a time.")
        (given["robot"],) = given["robot"]
    for name in given:
        if name not in parameters:
            raise click.UsageError(f"--{name.replace('_', '-')} is not for `{suite}`.")
    for name, parameter in parameters.items():
        positional = parameter.kind is Parameter.POSITIONAL_OR_KEYWORD
        if positional and parameter.default is Parameter.empty and name not in given:
            raise click.UsageError(f"`{suite}` needs --{name}.")
    return given


def checkout() -> Path:
    """The repository's root: benchmarks are not part of the installed package."""
    from tabrl.errors import TabRLError

    for root in (Path(__file__).parents[3], Path.cwd()):
        if (root / "benchmarks").is_dir() and (root / "pyproject.toml").is_file():
            return root
    raise TabRLError(
        "The benchmarks are not here: they are in TabRL's repository, not in the package.",
        "Run `tabrl bench` in a clone of the repository.",
    )


def _text(result: dict) -> str:
    """The result's fields, one a line; nested ones indented."""
    return "\n".join(_lines(result, ""))


def _lines(fields: Mapping[str, Any], indent: str) -> Iterator[str]:
    for name, value in fields.items():
        if isinstance(value, dict):
            yield f"{indent}{name}:"
            yield from _lines(value, indent + "  ")
        elif isinstance(value, list):
            yield f"{indent}{name}:"
            yield from (f"{indent}  {_line(item)}" for item in value)
        else:
            yield f"{indent}{name}: {value}"


def _line(value: Any) -> str:
    """A value in one line: `approach: Royal Bow, verdict: pass, ...`."""
    if not isinstance(value, dict):
        return str(value)
    return ", ".join(f"{name}: {_line(item)}" for name, item in value.items())
