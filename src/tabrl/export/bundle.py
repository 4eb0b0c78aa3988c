"""A zip that plays a policy wherever Python has mujoco and onnxruntime."""

import json
import tempfile
import zipfile
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import jax
import numpy as np

from tabrl.export.folder import Playable, export_policy
from tabrl.export.slim import whole
from tabrl.policies.networks import make_networks, make_policy

STEPS = 25
"""Control steps that `check.py` compares: later a rounded digit decides about contacts."""
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


def bundle(playable: Playable, path: Path) -> None:
    """Write the zip."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        export_policy(playable, folder)
        inside = {each.name: each.read_bytes() for each in sorted(folder.iterdir())}
    facts = json.loads(inside["control.json"])
    inside["scene.mjb"] = whole(playable.task.model)
    inside["recorded.json"] = json.dumps(recorded(playable)).encode()
    inside["requirements.txt"] = f"mujoco=={version('mujoco')}\nonnxruntime>=1.20\n".encode()
    inside["README.md"] = _README.format(**facts).encode()
    for script in ("control.py", "play.py", "check.py"):
        inside[script] = (files("tabrl.export") / "scripts" / script).read_bytes()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in inside.items():
            packed.writestr(
                zipfile.ZipInfo(f"{path.stem}/{name}", _FIXED), data, zipfile.ZIP_DEFLATED
            )


def recorded(playable: Playable, steps: int = STEPS) -> dict[str, list[list[float]]]:
    """Positions before each control step, of the policy as it plays where it was trained."""
    task, setting = playable.task, playable.setting
    networks = make_networks(task.obs_shapes, task.action_size, playable.hidden, 1.0)
    policy = make_policy(networks, deterministic=True)
    key = jax.random.PRNGKey(0)
    act = jax.jit(lambda state: policy(playable.parameters, state.obs, key)[0])
    before = jax.jit(lambda state, action: task.act(state, action, setting))
    after = jax.jit(lambda s, a, outputs: task.settle(s, a, outputs, setting, s, key, 10**6)[0])
    state = task.reset(key, setting, canonical=1)
    positions = []
    for _ in range(steps):
        action = act(state)
        inputs = before(state, action)
        positions.append(np.asarray(inputs["qpos"][0], np.float64).tolist())
        state = after(state, action, task.physics.step(inputs, task.split.nstep))
    return {"qpos": positions}
