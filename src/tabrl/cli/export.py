"""`tabrl export`: a policy as ONNX, or as a bundle that plays anywhere."""

from pathlib import Path

import click


@click.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "kind",
    type=click.Choice(["onnx", "bundle", "page"]),
    default="bundle",
    show_default=True,
    help="Graphs in folders, zips with scene and scripts that play them, or a page that does.",
)
@click.option("--out", type=click.Path(path_type=Path), help="The folder that it goes into.")
def export(source: Path, kind: str, out: Path | None) -> None:
    """Write the policy in SOURCE, or those of the experiment in SOURCE, to take away."""
    from tabrl.cli.console import console
    from tabrl.experiments.page import write_page
    from tabrl.experiments.playable import export as write
    from tabrl.experiments.playable import packed, policies_in, title_of
    from tabrl.settings import Settings

    folder, settings = out or Path("export"), Settings.from_env()
    if kind == "page":
        with console().status("Exporting"):
            write_page(title_of(source), policies_in(source).values(), folder, settings)
        console().print(f"Serve it from anywhere: python -m http.server -d {folder}")
        return
    for name, playable in policies_in(source).items():
        path = folder / name
        with console().status(f"Exporting {name}"):
            if kind == "onnx":
                write(playable.policy, "onnx", path, settings)
            else:
                path = path.with_name(f"{name}.zip")
                data = packed(playable.policy, "bundle", name, settings)
                folder.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        console().print(f"{name}: {path}")
