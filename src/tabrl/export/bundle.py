"""What plays a policy wherever Python has mujoco and onnxruntime. No JAX here."""

import io
import json
import zipfile
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

_FIXED = (1980, 1, 1, 0, 0, 0)  # a zip of the same files is the same zip
_README = """# {name}

A policy for {robot}, taught with TabRL.

    pip install -r requirements.txt
    python check.py          # does it move here as it did where it was trained?
    python play.py           # MuJoCo's viewer
    python play.py 0.5 0 0   # told to walk ahead, where it follows a velocity command

`control.onnx` takes fields of MuJoCo's data, a velocity command (forward m/s, left m/s, turn
rad/s) and the angle of a clock (rad), and gives MuJoCo's control; `policy.onnx` is the network
alone; the models' own metadata tells joints, limits, gains, default pose and observation.
`control.json` says how they go together, and `control.py` does it.
"""


def bundle(parts: Iterable[Path], out: Path) -> None:
    """Fill a folder with these files, and scripts that play and check them."""
    inside = {part.name: part.read_bytes() for part in parts}
    facts = json.loads(inside["control.json"])
    inside["requirements.txt"] = f"mujoco=={facts['mujoco']}\nonnxruntime>=1.20\n".encode()
    inside["README.md"] = _README.format(**facts).encode()
    for script in ("control.py", "play.py", "check.py"):
        inside[script] = (files("tabrl.export") / "scripts" / script).read_bytes()
    out.mkdir(parents=True, exist_ok=True)
    for name, data in inside.items():
        (out / name).write_bytes(data)


def zipped(folder: Path) -> bytes:
    """The zip of a folder and all that is in it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder.parent).as_posix(), _FIXED)
            packed.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return made.getvalue()
