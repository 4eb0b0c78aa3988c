"""A robot's thumbnail and preview, drawn in this process: it must have been started for OpenGL."""

from pathlib import Path

import mujoco
import numpy as np
from PIL import Image

from tabrl.generators.gallery import PREVIEW, THUMBNAIL
from tabrl.policies import SHIPPED, checkpoint
from tabrl.rendering.codec import encode
from tabrl.rendering.loop import FPS, FRAMES, loop
from tabrl.rendering.motions import motion_of
from tabrl.rendering.scene import prepare, tile_period
from tabrl.rendering.segment import replay
from tabrl.rendering.stage import Stage
from tabrl.robots.catalogue import Robot
from tabrl.spec import Approach
from tabrl.training.rollout import rollouts_of
from tabrl.verdict.trajectory import RATE_HZ

WEBP_QUALITY = 88
STEADY_S = 2.0  # after which a walk is the same from step to step
_WALK = Approach(name="Walk", description="", source="", weights={}, command=(0.7, 0.0, 0.0))


def portray(robot: Robot, model: mujoco.MjModel, folder: Path) -> None:
    """Write ID.webp and ID.mp4 (3 s, H.264, its end leads to its start)."""
    motion = motion_of(robot)
    qpos = walk(robot, model) if motion.walks else loop(robot, model, motion)
    frames = _scene(robot, model, qpos)
    drawn = prepare(model)
    with Stage(drawn, robot.camera, THUMBNAIL) as stage:
        first = {name: rows[motion.telling :][:1] for name, rows in frames.items()}
        picture = next(replay(drawn, stage, first))
        Image.fromarray(picture).save(folder / f"{robot.id}.webp", quality=WEBP_QUALITY, method=6)
    with Stage(drawn, robot.camera, PREVIEW) as stage:
        encode(replay(drawn, stage, frames), folder / f"{robot.id}.mp4", PREVIEW, FPS)


def walk(robot: Robot, model: mujoco.MjModel) -> np.ndarray:
    """Poses (FRAMES, nq) of the base policy at a steady walk, bent a little so that they repeat."""
    parameters, _, card = checkpoint.load(SHIPPED / str(robot.base_policy))
    rollouts = rollouts_of(robot.id, tuple(card["hidden"]))
    rollout = rollouts.run(parameters, rollouts.task.setting(_WALK), 0)
    qpos = rollout.trajectory().qpos[:: round(RATE_HZ / FPS)]
    starts = np.arange(int(STEADY_S * FPS), len(qpos) - FRAMES)
    start = min(starts, key=lambda i: np.linalg.norm(qpos[i + FRAMES, 2:] - qpos[i, 2:]))
    part = qpos[start : start + FRAMES + 1]
    missed = part[-1] - part[0]
    period = tile_period(model)
    missed[0] -= period * np.round(missed[0] / period)  # a whole number of tiles passes below
    return part[:-1] - np.linspace(0, 1, FRAMES, endpoint=False)[:, None] * missed


def _scene(robot: Robot, model: mujoco.MjModel, qpos: np.ndarray) -> dict[str, np.ndarray]:
    """What `replay` needs: the camera looks at home, and passes by at a walk's mean speed."""
    data = mujoco.MjData(model)
    data.qpos[:] = robot.structure.home_qpos
    for name, place in motion_of(robot).targets.items():
        data.mocap_pos[model.body(name).mocapid[0]] = place
    mujoco.mj_kinematics(model, data)
    at = data.body(robot.structure.base_body).xpos[:2] + robot.camera.offset
    look_at = np.tile([*at, robot.camera.height], (len(qpos), 1))
    if motion_of(robot).walks:
        ahead = (qpos[-1, :2] - qpos[0, :2]) * len(qpos) / (len(qpos) - 1)
        look_at[:, :2] = qpos[0, :2] + np.linspace(0, 1, len(qpos), endpoint=False)[:, None] * ahead
    still = {"mocap_pos": data.mocap_pos, "mocap_quat": data.mocap_quat}
    return {"qpos": qpos, "look_at": look_at} | {
        name: np.repeat(rows[None], len(qpos), axis=0) for name, rows in still.items()
    }
