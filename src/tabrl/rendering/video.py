"""Renders a motion as a clip: prepared once, drawn and encoded in parts by processes of their own.

OpenGL and MuJoCo's choice of it belong to a process from its first import, so drawing never happens
in the caller's.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING

import numpy as np

from tabrl.errors import TabRLError
from tabrl.rendering.codec import Probe, decode, encode, join, probe
from tabrl.rendering.gl import check_gl, gl_environment
from tabrl.rendering.scene import prepare

if TYPE_CHECKING:
    import mujoco

    from tabrl.robots.catalogue import Camera

__all__ = [
    "DrawingError",
    "Probe",
    "check_gl",
    "decode",
    "encode",
    "probe",
    "render_clip",
    "smooth",
]

SMOOTHING_S = 0.7  # standard deviation: a sway of 0.5 Hz keeps nine tenths of its size on screen
STEADY_DROP = 0.35  # of its height: a base that sinks further takes the camera down with it
STEPS_PER_DISTANCE = 1600
REPORT_EVERY = 10


class DrawingError(TabRLError):
    """The processes that draw could not."""


def render_clip(
    model: "mujoco.MjModel",
    qpos: np.ndarray,
    path: Path,
    *,
    camera: "Camera",
    base_body: str | None,
    mocap_pos: np.ndarray | None = None,
    mocap_quat: np.ndarray | None = None,
    size: tuple[int, int] = (640, 480),
    fps: int = 50,
    processes: int = 2,
    poster: Path | None = None,
    on_progress: Callable[[float], None] | None = None,
) -> None:
    """Writes `qpos` (T, nq), sampled at `fps`, as an H.264 yuv420p faststart MP4 of T frames.

    Args:
        model: the environment's model; it is not changed.
        mocap_pos: (T, nmocap, 3) m, and `mocap_quat` (T, nmocap, 4); the model's own if None.
        camera: where to look from; `height` is the z of the point looked at, in the world's frame.
        base_body: the body that the camera follows or is placed by; None looks at the scene's
            centre.
        size: width and height in pixels, both even.
        processes: how many share the work; one alone gives way to other work on the machine.
        poster: where to put a JPEG of the frame that differs most from the first.
        on_progress: called with the fraction done, from 0 to 1.

    Raises:
        DrawingError: this machine cannot draw.
        TabRLError: the motion does not fit the model.
    """
    motion = _motion(model, qpos, mocap_pos, mocap_quat)
    look_at, telling = _survey(model, motion, camera, base_body, fps)
    with tempfile.TemporaryDirectory(prefix="tabrl-clip-") as name:
        folder = Path(name)
        _write_job(folder, model, motion | {"look_at": look_at}, camera, size, fps, telling)
        cuts = np.linspace(0, len(qpos), min(processes, len(qpos)) + 1).astype(int).tolist()
        _run_segments(folder, cuts, on_progress or (lambda fraction: None))
        path.parent.mkdir(parents=True, exist_ok=True)
        with _whole(path) as part:
            join([folder / f"segment-{start}.mp4" for start in cuts[:-1]], part)
        if poster:
            with _whole(poster) as part:
                copyfile(folder / "poster.jpg", part)


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """Where to write a file that takes the place of `path` once it is whole: pages may play it."""
    part = path.with_name(f"{path.stem}.part{path.suffix}")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def smooth(track: np.ndarray, fps: float, sigma_s: float = SMOOTHING_S) -> np.ndarray:
    """A Gaussian low-pass of `track` (T, k) without lag, whose first and last rows stay put.

    The track is continued beyond its ends turned around them, so that clips which start in the
    same state start with the same picture, and a steady walk is followed at its own pace.
    """
    reach = min(int(4 * sigma_s * fps), len(track) - 1)
    if reach < 1:
        return track.copy()
    before = 2 * track[0] - track[reach:0:-1]
    after = 2 * track[-1] - track[-2 : -reach - 2 : -1]
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / (sigma_s * fps)) ** 2)
    kernel /= kernel.sum()
    padded = np.concatenate([before, track, after])
    return np.stack([np.convolve(column, kernel, "valid") for column in padded.T], axis=1)


def _motion(
    model: "mujoco.MjModel",
    qpos: np.ndarray,
    mocap_pos: np.ndarray | None,
    mocap_quat: np.ndarray | None,
) -> dict[str, np.ndarray]:
    """The motion with its mocap bodies, checked against the model."""
    mocap = np.flatnonzero(model.body_mocapid >= 0)
    mocap = mocap[np.argsort(model.body_mocapid[mocap])]
    frames = len(qpos)
    if mocap_pos is None:
        mocap_pos = np.broadcast_to(model.body_pos[mocap], (frames, model.nmocap, 3))
    if mocap_quat is None:
        mocap_quat = np.broadcast_to(model.body_quat[mocap], (frames, model.nmocap, 4))
    motion = {"qpos": qpos, "mocap_pos": mocap_pos, "mocap_quat": mocap_quat}
    rows = {"qpos": (model.nq,), "mocap_pos": (model.nmocap, 3), "mocap_quat": (model.nmocap, 4)}
    for name, array in motion.items():
        wanted = (frames, *rows[name])
        if frames == 0 or array.shape != wanted:
            raise TabRLError(
                f"{name} has the shape {array.shape}.",
                f"This model needs {(max(frames, 1), *rows[name])}: one row a frame.",
            )
        if not np.isfinite(array).all():
            raise TabRLError(f"{name} holds values that are not finite; there is nothing to draw.")
    return motion


def _survey(
    model: "mujoco.MjModel",
    motion: dict[str, np.ndarray],
    camera: "Camera",
    base_body: str | None,
    fps: int,
) -> tuple[np.ndarray, int]:
    """The point looked at in each frame (T, 3), and the frame furthest from the first pose."""
    import mujoco

    bodies = _body_positions(model, motion)
    if base_body is None:
        base = np.tile(model.stat.center, (len(bodies), 1))
    else:
        body = mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_BODY, base_body)
        if body < 0:
            raise TabRLError(f"The model has no body {base_body!r} for the camera to follow.")
        base = bodies[:, body]
    pose = bodies - (base * [1, 1, 0])[:, None]
    telling = int(np.linalg.norm(pose - pose[0], axis=2).sum(axis=1).argmax())
    if not camera.follow and base_body is not None:
        # Where the model has it, not where it starts: what slides about is seen from one place.
        rest = {name: rows[:1] for name, rows in motion.items()} | {"qpos": model.qpos0[None]}
        base = np.tile(_body_positions(model, rest)[:, body], (len(base), 1))
    track = smooth(base, fps) if camera.follow else base
    # Who lies down stays in the picture; who crouches is seen to do so.
    sunk = np.minimum(track[:, 2] - track[0, 2] + STEADY_DROP * camera.height, 0.0)
    look_at = np.column_stack([track[:, :2] + camera.offset, camera.height + sunk])
    # Steps of a third of a pixel: while the camera rests, the floor need not be drawn again.
    step = camera.distance / STEPS_PER_DISTANCE
    return np.round(look_at / step) * step, telling


def _body_positions(model: "mujoco.MjModel", motion: dict[str, np.ndarray]) -> np.ndarray:
    """World positions (T, nbody, 3) of all bodies."""
    import mujoco

    data = mujoco.MjData(model)
    positions = np.empty((len(motion["qpos"]), model.nbody, 3))
    for i in range(len(positions)):
        data.qpos[:] = motion["qpos"][i]
        data.mocap_pos[:] = motion["mocap_pos"][i]
        data.mocap_quat[:] = motion["mocap_quat"][i]
        mujoco.mj_kinematics(model, data)
        positions[i] = data.xpos
    return positions


def _write_job(
    folder: Path,
    model: "mujoco.MjModel",
    motion: dict[str, np.ndarray],
    camera: "Camera",
    size: tuple[int, int],
    fps: int,
    poster: int,
) -> None:
    import mujoco

    mujoco.mj_saveModel(prepare(model), str(folder / "model.mjb"))
    np.savez(folder / "motion.npz", allow_pickle=False, **motion)
    job = {"camera": asdict(camera), "size": size, "fps": fps, "poster": poster}
    (folder / "job.json").write_text(json.dumps(job))


def _run_segments(folder: Path, cuts: Sequence[int], on_progress: Callable[[float], None]) -> None:
    """Runs one process for each part between two cuts; all report to one pipe."""
    command = [sys.executable, "-m", "tabrl.rendering.segment", str(folder)]
    if len(cuts) == 2:
        command = ["nice", "-n", "10", *command]
    reader, writer = os.pipe()
    with ExitStack() as stack, (folder / "errors.txt").open("w+") as errors:
        reports = stack.enter_context(os.fdopen(reader))
        children = []
        for start, stop in pairwise(cuts):
            part = [*command, str(start), str(stop)]
            child = subprocess.Popen(part, env=gl_environment(), stdout=writer, stderr=errors)
            stack.callback(child.wait)
            stack.callback(child.kill)
            children.append(child)
        os.close(writer)
        for done, _ in enumerate(reports, start=1):
            on_progress(min(done * REPORT_EVERY / cuts[-1], 1.0))
        if any(child.wait() for child in children):
            errors.seek(0)
            said = errors.read().strip().splitlines() or ["no message"]
            raise DrawingError("The clip could not be drawn.", check_gl() or said[-1])
    on_progress(1.0)
