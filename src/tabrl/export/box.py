"""A box that a person drops in a robot's way: a free body after all others. No JAX here."""

from collections.abc import Mapping
from typing import Any

import mujoco
import numpy as np

NUMBERS = 7, 6
"""What the box adds at the end of `qpos` and of `qvel`."""
MOVING = 0.1  # m/s, from which on a robot's way is where it goes to, and not where it looks to
FALL_S = 0.4  # about how long the box falls
RISES = 60  # by half a box each, until it touches nothing
_STATE = ("qpos", "qvel", "act", "ctrl", "qacc_warmstart", "mocap_pos", "mocap_quat")


def take_state(source: mujoco.MjData, target: mujoco.MjData) -> None:
    """Give the data of the other scene the state of the robot and of its things."""
    for name in _STATE:
        ours, theirs = getattr(target, name).reshape(-1), getattr(source, name).reshape(-1)
        size = min(len(ours), len(theirs))
        ours[:size] = theirs[:size]
    target.time = source.time


def way(data: mujoco.MjData, base: int, *, free_base: bool) -> np.ndarray:
    """(3,) level, of length 1: where the robot goes to, else where its base looks to."""
    along = data.qvel[:3] if free_base else np.zeros(3)
    if np.hypot(*along[:2]) < MOVING:
        along = data.xmat[base].reshape(3, 3)[:, 0]
    length = np.hypot(*along[:2])
    return np.array([*along[:2], 0.0]) / length if length > 0.1 * MOVING else np.array([1.0, 0, 0])


def drop(model: mujoco.MjModel, data: mujoco.MjData, box: Mapping[str, Any]) -> None:
    """Let the box fall ahead of the robot, from as high as it must be to touch nothing."""
    mujoco.mj_kinematics(model, data)
    base, free = box["base"], box["free_base"]
    along = way(data, base, free_base=free)
    speed = max(0.0, float(data.qvel[:3] @ along)) if free else 0.0
    qpos, qvel = data.qpos[-NUMBERS[0] :], data.qvel[-NUMBERS[1] :]
    qpos[:3] = data.xpos[base] + along * (box["ahead"] + FALL_S * speed)
    qpos[2] += box["above"]
    turn = 0.5 * np.arctan2(along[1], along[0])
    qpos[3:] = (np.cos(turn), 0, 0, np.sin(turn))
    qvel[:] = 0
    for _ in range(RISES):
        mujoco.mj_forward(model, data)
        if not data.qfrc_constraint[-NUMBERS[1] :].any():
            return
        qpos[2] += box["half"][2]
