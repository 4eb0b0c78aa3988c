"""`tabrl export`: a policy as ONNX, or as a bundle that plays anywhere."""

from pathlib import Path

import click


@click.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "kind",
    type=click.Choice(["onnx", "bundle"]),
    default="bundle",
    show_default=True,
    help="Graphs in a folder, or a zip with the scene and scripts that play them.",
)
@click.option("--out", type=click.Path(path_type=Path), help="The folder that it goes into.")
def export(source: Path, kind: str, out: Path | None) -> None:
    """Write the policy in SOURCE, or those of the experiment in SOURCE, to take away."""
    from tabrl.cli.console import console
    from tabrl.experiments.playable import export as write
    from tabrl.experiments.playable import policies_in
    from tabrl.settings import Settings

    folder = out or Path("export")
    for name, policy in policies_in(source).items():
        path = folder / (f"{name}.zip" if kind == "bundle" else name)
        with console().status(f"Exporting {name}"):
            write(policy, kind, path, Settings.from_env())  # type: ignore[arg-type]
        console().print(f"{name}: {path}")
