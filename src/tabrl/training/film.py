"""The clip at the end of a job."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path

import numpy as np

from tabrl.events import Artifact, Event, Rendering
from tabrl.rendering.gl import check_gl
from tabrl.rendering.video import render_clip
from tabrl.training.rollout import Rollout, Rollouts
from tabrl.verdict.trajectory import Trajectory

PROGRESS_EVERY_S = 0.5


def look_for_gl() -> Future[str | None]:
    """Whether this machine can draw, found while the training compiles."""
    pool = ThreadPoolExecutor(1)
    looking = pool.submit(check_gl)
    pool.shutdown(wait=False)
    return looking


def leave_clip(
    job: str,
    out: Path,
    rollouts: Rollouts,
    rollout: Rollout,
    stop: threading.Event,
    *,
    clip: bool = True,
) -> Iterator[Event]:
    """Leave a rollout's trajectory, and its clip and poster unless it is stopped, in `out`."""
    trajectory = rollout.trajectory()
    trajectory.save(out / "trajectory.npz")
    yield Artifact(job=job, name="trajectory", path=str(out / "trajectory.npz"))
    if not clip or stop.is_set():
        return
    fractions = [0.0]

    def drawn(fraction: float) -> None:
        if stop.is_set():
            raise InterruptedError
        fractions.append(fraction)

    with ThreadPoolExecutor(1) as pool:
        drawing = pool.submit(_draw, out, rollouts, trajectory, rollout.mocap, drawn)
        while not wait([drawing], timeout=PROGRESS_EVERY_S).done:
            yield Rendering(job=job, fraction=round(fractions[-1], 3))
    try:
        drawing.result()
    except InterruptedError:
        return
    yield Artifact(job=job, name="clip", path=str(out / "clip.mp4"))
    yield Artifact(job=job, name="poster", path=str(out / "poster.jpg"))


def _draw(
    out: Path,
    rollouts: Rollouts,
    trajectory: Trajectory,
    mocap: tuple,
    on_progress: Callable[[float], None],
) -> None:
    robot, count = rollouts.task.robot, len(trajectory.qpos)
    position, rotation = (np.repeat(x[None], count, 0) if x.size else None for x in mocap)
    render_clip(
        rollouts.task.model,
        trajectory.qpos,
        out / "clip.mp4",
        camera=robot.camera,
        base_body=robot.structure.base_body,
        poster=out / "poster.jpg",
        on_progress=on_progress,
        mocap_pos=position,
        mocap_quat=rotation,
    )
