"""Draws and encodes one part of a clip, in a process of its own:

    python -m tabrl.rendering.segment FOLDER START STOP

FOLDER holds what `video.render_clip` wrote: the prepared model, the motion and the job. A line on
standard output stands for each `REPORT_EVERY` frames that are done.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import mujoco
import numpy as np
from PIL import Image

from tabrl.rendering.codec import encode
from tabrl.rendering.stage import Stage
from tabrl.robots.catalogue import Camera

REPORT_EVERY = 10


def main(folder: Path, start: int, stop: int) -> None:
    """Writes `segment-START.mp4`, and `poster.jpg` if that frame lies in this part."""
    job = json.loads((folder / "job.json").read_text())
    model = mujoco.MjModel.from_binary_path(str(folder / "model.mjb"))
    motion = np.load(folder / "motion.npz")
    size = tuple(job["size"])
    with Stage(model, Camera(**job["camera"]), size) as stage:
        frames = replay(model, stage, {name: motion[name][start:stop] for name in motion.files})
        frames = _keep_poster(frames, job["poster"] - start, folder / "poster.jpg")
        encode(_report(frames), folder / f"segment-{start}.mp4", size, job["fps"])


def replay(
    model: mujoco.MjModel, stage: Stage, motion: dict[str, np.ndarray]
) -> Iterator[np.ndarray]:
    """A picture of each frame of a motion: rows of qpos, mocap_pos, mocap_quat and look_at.

    The model is never stepped: its collision data is stale.
    """
    data = mujoco.MjData(model)
    for i, look_at in enumerate(motion["look_at"]):
        data.qpos[:] = motion["qpos"][i]
        data.mocap_pos[:] = motion["mocap_pos"][i]
        data.mocap_quat[:] = motion["mocap_quat"][i]
        mujoco.mj_kinematics(model, data)
        mujoco.mj_comPos(model, data)
        mujoco.mj_camlight(model, data)
        mujoco.mj_tendon(model, data)
        yield stage.draw(data, look_at)


def _report(frames: Iterator[np.ndarray]) -> Iterator[np.ndarray]:
    for count, frame in enumerate(frames, start=1):
        yield frame
        if count % REPORT_EVERY == 0:
            print(flush=True)


def _keep_poster(frames: Iterator[np.ndarray], index: int, path: Path) -> Iterator[np.ndarray]:
    for i, frame in enumerate(frames):
        if i == index:
            Image.fromarray(frame).save(path, quality=90)
        yield frame


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
