"""A custom robot, made from MJCF or URDF:

    python -m tabrl.generators.adopt SOURCE ID KIND FORWARD BASE FOLDER

It writes into FOLDER, an empty one, what makes a robot of the catalogue: scene and assets, card,
thumbnail and preview. The last line that it prints is its answer, JSON.
"""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from tabrl.errors import TabRLError
from tabrl.rendering.gl import gl_environment

LICENCE = "LICENSE"
_MAX_LICENCE_BYTES = 2**18


def adopt(
    source: str, robot_id: str, kind: str, forward: str, base: str, folder: Path
) -> list[str]:
    """Make the robot; what a person should know about it, in sentences.

    Args:
        kind: what kind of body it is; empty to see by its structure.
        forward: the axis of the base's frame that is ahead; empty to look for it.
        base: "floating" or "fixed", of a URDF file; empty to see by its structure.

    Raises:
        TabRLError: the model cannot be taught; the message says why.
    """
    from tabrl.envs.custom import CustomEnv
    from tabrl.generators.anatomy import Anatomy
    from tabrl.generators.kinds import entry_of
    from tabrl.generators.mjcf import find_scene
    from tabrl.generators.portrait import portray
    from tabrl.generators.teachable import make_teachable
    from tabrl.robots.catalogue import CARD, CUSTOM, SCENE, robot_from_json
    from tabrl.robots.structure import build_structure

    path = find_scene(source)
    model, notes = make_teachable(path, folder, forward or None, base or None)
    anatomy = Anatomy(model)
    entry = entry_of(anatomy, kind or None) | {"id": robot_id}
    env = CustomEnv(folder / SCENE, entry["base"], entry["objects"])
    if env.without_mjx:
        notes.append(f"It trains on CPUs only, as MJX does not simulate it: {env.without_mjx}")
    structure = build_structure(env, entry)
    moved = sum(joint.actuated for joint in structure.joints)
    card = {
        "id": robot_id,
        "name": robot_id.replace("_", " ").replace("-", " ").title(),
        "type": entry["type"],
        "category": CUSTOM,
        "description": f"One of your own: {moved} joints, {structure.mass:.3g} kg.",
        "camera": anatomy.camera(),
        "structure": asdict(structure),
    }
    (folder / CARD).write_text(json.dumps(card), "utf-8")
    notes += keep_licence(path.parent, folder)
    portray(robot_from_json(card), env.mj_model, folder)
    return notes


def keep_licence(source: Path, folder: Path) -> list[str]:
    """Keep the licence that lies beside a model, and say so."""
    for file in sorted(source.glob("LICEN[CS]E*")):
        if file.is_file() and file.stat().st_size < _MAX_LICENCE_BYTES:
            text = file.read_text("utf-8", "replace")
            (folder / LICENCE).write_text(text, "utf-8")
            first = next((line.strip() for line in text.splitlines() if line.strip()), "")
            return [f"The model's licence is kept with it as {LICENCE}: {first[:80]}"]
    return []


def main(argv: list[str]) -> None:
    source, robot_id, kind, forward, base, folder = argv
    os.environ.update(gl_environment())  # MuJoCo reads it once, when it is imported
    try:
        answer = {"notes": adopt(source, robot_id, kind, forward, base, Path(folder))}
    except TabRLError as error:
        answer = {"error": [error.message, error.hint]}
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
