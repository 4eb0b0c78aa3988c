"""A custom robot, made from MJCF or URDF:

    python -m tabrl.generators.adopt SOURCE FOLDER OPTIONS

It writes into FOLDER, an empty one, what makes a robot of the catalogue: scene and assets, card,
thumbnail and preview. OPTIONS are JSON: those of `adopt`, beside `id`, and `upload`. Each stage is
a line, `{"stage": ...}`; the last line that it prints is its answer, JSON.
"""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

from tabrl.errors import TabRLError, UndecidedError
from tabrl.rendering.gl import gl_environment

LICENCE = "LICENSE"
_MAX_LICENCE_BYTES = 2**18


def adopt(
    source: str,
    robot_id: str,
    folder: Path,
    *,
    kind: str = "",
    forward: str = "",
    base: str = "",
    within: Path | None = None,
    stage: Callable[[str], None] = lambda _: None,
) -> list[str]:
    """Make the robot; what a person should know about it, in sentences.

    Args:
        kind: what kind of body it is; empty to see by its structure.
        forward: the axis of the base's frame that is ahead; empty to look for it.
        base: "floating" or "fixed", of a URDF file; empty to see by its structure.
        within: the folder that all of its files lie in; None takes the one that holds its folder.
        stage: is told what is done now.

    Raises:
        TabRLError: the model cannot be taught; the message says why.
    """
    stage("Reading the model")
    from tabrl.generators.anatomy import Anatomy
    from tabrl.generators.kinds import entry_of, fitting
    from tabrl.generators.mjcf import find_scene
    from tabrl.generators.teachable import make_teachable

    path = find_scene(source)
    made = make_teachable(path, folder, forward or None, base or None, within)
    stage("Understanding its body")
    anatomy, notes = Anatomy(made.model), made.notes
    entry = entry_of(anatomy, kind or None) | {"id": robot_id}

    # What takes long to import comes after what may be refused.
    from tabrl.envs.custom import CustomEnv
    from tabrl.generators.portrait import portray
    from tabrl.robots.catalogue import CARD, CUSTOM, SCENE, robot_from_json
    from tabrl.robots.structure import build_structure

    env = CustomEnv(folder / SCENE, entry["base"], entry["objects"])
    if env.without_mjx:
        notes.append(f"It trains on CPUs only, as MJX does not simulate it: {env.without_mjx}")
    structure = build_structure(env, entry)
    moved = sum(joint.actuated for joint in structure.joints)
    notes += keep_licence(path.parent, folder, within)
    card = {
        "id": robot_id,
        "name": robot_id.replace("_", " ").replace("-", " ").title(),
        "type": entry["type"],
        "category": CUSTOM,
        "description": f"One of your own: {moved} joints, {structure.mass:.3g} kg.",
        "camera": anatomy.camera(),
        "structure": asdict(structure),
        "understood": {
            "notes": notes,
            "forward": made.forward,
            "kinds": fitting(anatomy),
            "ways": made.ways,
            "bases": made.bases,
        },
    }
    (folder / CARD).write_text(json.dumps(card), "utf-8")
    stage("Drawing its picture")
    portray(robot_from_json(card), env.mj_model, folder)
    return notes


def adopt_upload(
    upload: Path, robot_id: str, folder: Path, *, model: str = "", **options: Any
) -> list[str]:
    """`adopt` of what somebody sent, which is written out beside `folder` first, and whose files
    may not refer to any other.

    Args:
        model: which of several that are in it.
    """
    from tabrl.generators.unpack import find_model, unpack

    files = folder.parent / "upload"  # beside `folder`, which is of another name
    files.mkdir()
    try:
        unpack(upload, files)
        path = find_model(files, model)
        return adopt(str(path), robot_id, folder, within=files.resolve(), **options)
    except UndecidedError:
        raise
    except TabRLError as error:  # a person knows nothing of where this was written
        raise TabRLError(_told(error.message, files), _told(error.hint, files)) from error


def _told(text: str, files: Path) -> str:
    for root in {str(files), str(files.resolve())}:
        text = text.replace(f"{root}/", "").replace(root, "what you give")
    return text


def keep_licence(source: Path, folder: Path, within: Path | None = None) -> list[str]:
    """Keep the licence that lies beside a model, or above it up to `within`, and say so."""
    folders = [each for each in source.parents if within and each.is_relative_to(within)]
    for file in chain.from_iterable(
        sorted(each.glob("LICEN[CS]E*")) for each in (source, *folders)
    ):
        if file.is_file() and file.stat().st_size < _MAX_LICENCE_BYTES:
            text = file.read_text("utf-8", "replace")
            (folder / LICENCE).write_text(text, "utf-8")
            first = next((line.strip() for line in text.splitlines() if line.strip()), "")
            return [f"The model's licence is kept with it as {LICENCE}: {first[:80]}"]
    return []


def main(argv: list[str]) -> None:
    source, folder, words = argv
    options = json.loads(words)
    robot_id, upload = options.pop("id"), options.pop("upload")
    os.environ.update(gl_environment())  # MuJoCo reads it once, when it is imported

    def tell(said: dict[str, Any]) -> None:
        print(json.dumps(said), flush=True)

    def stage(name: str) -> None:
        tell({"stage": name})

    make: Callable[..., list[str]] = adopt_upload if upload else adopt
    try:
        tell(
            {
                "notes": make(
                    Path(source) if upload else source,
                    robot_id,
                    Path(folder),
                    stage=stage,
                    **options,
                )
            }
        )
    except TabRLError as error:
        choices = error.choices if isinstance(error, UndecidedError) else []
        tell({"error": [error.message, error.hint], "choices": choices})


if __name__ == "__main__":
    main(sys.argv[1:])
