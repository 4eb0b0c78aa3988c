"""A page of static files that plays policies live: it needs no server of ours, and no network."""

import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from importlib.metadata import distribution
from importlib.resources import files
from pathlib import Path
from typing import Any

from tabrl.errors import TabRLError
from tabrl.experiments.playable import FILES, Playable, played, title_of
from tabrl.export.instance import LICENCES
from tabrl.settings import Settings

BUILT = Path(str(files("tabrl"))) / "server" / "static"
_PAGE = "live.html"
_LICENCES_BUILT = "licences.md"
_LICENCE = re.compile(r"LICENSE|ThirdPartyNotices")
_ENGINES = {"MuJoCo": "mujoco", "ONNX Runtime": "onnxruntime"}
_NAME = re.compile(r"[\w.-]+\.(?:js|mjs|css|wasm|woff2|svg)")


def write_page(title: str, policies: Iterable[Playable], out: Path, settings: Settings) -> None:
    """Write `index.html`, what it loads, and the policies, into a folder that was not there.

    Args:
        policies: all of one robot.

    Raises:
        TabRLError: the page is not built, `out` is there already, or a policy cannot be exported.
    """
    if not (BUILT / _PAGE).is_file():
        raise TabRLError("The page is not built.", "Run `make web` first.")
    if out.exists():
        raise TabRLError(f"{out} is there already.", "Give --out a folder that is not.")
    out.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=".", dir=out.parent))
    try:
        _fill(scratch, title, policies, settings)
        scratch.chmod(0o755)
        scratch.rename(out)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _fill(out: Path, title: str, policies: Iterable[Playable], settings: Settings) -> None:
    assets = out / "assets"
    assets.mkdir()
    # Absolute in the studio, whose addresses have folders; here the page may lie anywhere.
    text = (BUILT / _PAGE).read_text("utf-8").replace('="/', '="./')
    (out / "index.html").write_text(text, "utf-8")
    for name in _needed(text):
        shutil.copyfile(BUILT / "assets" / name, assets / name)
    shutil.copyfile(BUILT / "logo.svg", out / "logo.svg")
    listed: list[dict[str, Any]] = []
    for number, playable in enumerate(policies, 1):
        folder = f"policies/{number}"
        (out / folder).mkdir(parents=True)
        for file in FILES:
            shutil.copyfile(played(playable.policy, file, settings), out / folder / file)
        metric = playable.metric and playable.metric.model_dump(mode="json")
        listed.append({"name": title_of(playable.policy), "folder": folder, "metric": metric})
    told = (out / listed[0]["folder"] / LICENCES).read_text("utf-8") if listed else ""
    (out / LICENCES).write_text(told + "".join(_libraries()), "utf-8")
    (out / "contents.json").write_text(json.dumps({"title": title, "policies": listed}), "utf-8")


def _libraries() -> Iterator[str]:
    """The licences of what the page runs, in full. Its engines come without theirs, which are those
    of their Python packages.
    """
    line = f"\n{'-' * 80}\n\n"
    for name, package in _ENGINES.items():
        for file in distribution(package).files or ():
            if _LICENCE.match(file.name):
                yield f"{line}{name}: {file.name}\n\n{file.read_text().strip()}\n"
    yield line + (BUILT / _LICENCES_BUILT).read_text("utf-8")


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
