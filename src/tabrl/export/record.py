"""What a policy does where it was trained, to compare with what it does elsewhere."""

import json
from pathlib import Path

import jax
import numpy as np

from tabrl.envs.task import Task
from tabrl.export.instance import STANDS
from tabrl.export.slim import whole
from tabrl.policies import checkpoint
from tabrl.policies.networks import make_policy

STEPS = 25
"""Control steps: later a rounded digit decides about contacts."""


def record(policy: Path, folder: Path) -> None:
    """Write `recorded.json`, the positions before each control step, and `scene.mjb`, which is
    drawn, too.
    """
    parameters, networks, card = checkpoint.load(policy)
    task = Task(card["robot"], 1, threads=1)
    checkpoint.refuse_misfit(card, task.obs_shapes, task.action_size)
    setting = task.setting(checkpoint.approach_of(card) or STANDS)
    decide = make_policy(networks, deterministic=True)
    key = jax.random.PRNGKey(0)
    act = jax.jit(lambda state: decide(parameters, state.obs, key)[0])
    before = jax.jit(lambda state, action: task.act(state, action, setting))
    after = jax.jit(lambda s, a, outputs: task.settle(s, a, outputs, setting, s, key, 10**6)[0])
    state = task.reset(key, setting, canonical=1)
    positions = []
    for _ in range(STEPS):
        action = act(state)
        inputs = before(state, action)
        positions.append(np.asarray(inputs["qpos"][0], np.float64).tolist())
        state = after(state, action, task.physics.step(inputs, task.split.nstep))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "recorded.json").write_text(json.dumps({"qpos": positions}), "utf-8")
    (folder / "scene.mjb").write_bytes(whole(task.model))
