"""A page of static files that plays policies live: it needs no server of ours, and no network."""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path

from tabrl.errors import TabRLError
from tabrl.experiments.playable import FILES, played
from tabrl.settings import Settings

BUILT = Path(str(files("tabrl"))) / "server" / "static"
_PAGE = "live.html"
_NAME = re.compile(r"[\w.-]+\.(?:js|mjs|css|wasm|woff2|svg)")


def write_page(title: str, policies: Mapping[str, Path], out: Path, settings: Settings) -> None:
    """Write `index.html`, what it loads, and the policies, into a folder that was not there.

    Args:
        policies: folders of policies by their names.

    Raises:
        TabRLError: the page is not built, `out` is there already, or a policy cannot be exported.
    """
    if not (BUILT / _PAGE).is_file():
        raise TabRLError("The page is not built.", "Run `make web` first.")
    if out.exists():
        raise TabRLError(f"{out} is there already.", "Give --out a folder that is not.")
    assets = out / "assets"
    assets.mkdir(parents=True)
    # Absolute in the studio, whose addresses have folders; here the page may lie anywhere.
    text = (BUILT / _PAGE).read_text("utf-8").replace('="/', '="./')
    (out / "index.html").write_text(text, "utf-8")
    for name in _needed(text):
        shutil.copyfile(BUILT / "assets" / name, assets / name)
    shutil.copyfile(BUILT / "logo.svg", out / "logo.svg")
    listed = []
    for number, (name, policy) in enumerate(policies.items(), 1):
        folder = f"policies/{number}"
        (out / folder).mkdir(parents=True)
        for file in FILES:
            shutil.copyfile(played(policy, file, settings), out / folder / file)
        listed.append({"name": name, "folder": folder})
    (out / "contents.json").write_text(json.dumps({"title": title, "policies": listed}), "utf-8")


def _needed(text: str) -> Iterator[str]:
    """Names of all built files that a text leads to, directly or through others."""
    there = {path.name for path in (BUILT / "assets").iterdir()}
    waiting, seen = [text], set[str]()
    while waiting:
        for name in set(_NAME.findall(waiting.pop())) & there - seen:
            seen.add(name)
            yield name
            if name.endswith((".js", ".mjs", ".css")):
                waiting.append((BUILT / "assets" / name).read_text("utf-8"))
