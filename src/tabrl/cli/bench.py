"""`tabrl bench`: measure this machine with the repository's benchmarks."""

import importlib
import json
import sys
from pathlib import Path

import click

SUITES = (
    "physics", "training", "robots", "learners", "clips",
    "teach", "studio", "behaviours", "rewards",
)  # fmt: skip


@click.command()
@click.argument("suite", type=click.Choice(SUITES))
@click.option(
    "--replies",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Recorded exchanges of language models, for `rewards`.",
)
@click.option("--robot", multiple=True, metavar="ID", help="Only these, for `robots`.")
@click.option(
    "--page",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where `robots` writes its table, such as docs/speed.md.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def bench(
    suite: str, replies: Path | None, robot: tuple[str, ...], page: Path | None, as_json: bool
) -> None:
    """Measure speed or learning: prints machine, figure, baseline and their ratio."""
    if (suite == "rewards") != (replies is not None):
        raise click.UsageError("--replies DIR is for `rewards`, which needs it.")
    if suite != "robots" and (robot or page):
        raise click.UsageError("--robot ID and --page FILE are for `robots`.")
    root = checkout()
    sys.path.insert(0, str(root))
    # What a benchmark prints on its way is progress, not its result.
    stdout, sys.stdout = sys.stdout, sys.stderr
    try:
        options = {"replies": replies, "robots": robot, "page": page}
        given = {name: value for name, value in options.items() if value}
        result = importlib.import_module(f"benchmarks.{suite}").main(**given)
    finally:
        sys.stdout = stdout
    click.echo(json.dumps(result, indent=1, default=str) if as_json else _text(result))


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
    lines = []
    for name, value in result.items():
        if isinstance(value, dict):
            lines += [f"{name}:"] + [f"  {key}: {item}" for key, item in value.items()]
        elif isinstance(value, list):
            lines += [f"{name}:"] + [f"  {item}" for item in value]
        else:
            lines.append(f"{name}: {value}")
    return "\n".join(lines)
