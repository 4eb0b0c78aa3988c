"""Short, small clips of the policy so far, drawn beside the training."""

import math
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np

from tabrl.events import Artifact
from tabrl.rendering.video import render_clip
from tabrl.spec import TrainSpec
from tabrl.training.rollout import Rollout, Rollouts
from tabrl.verdict.trajectory import RATE_HZ

SECONDS = 3
SIZE = (320, 240)
EVERY = 2  # frames of the trajectory for one of the preview: 25 a second
PAUSE_S = 15.0  # between two, at least: each takes about 2 s of one core


class Previews:
    """Draws one preview at a time in a process of low priority; where `spec` asks for none, none.

    A preview that cannot be drawn is left out: the training matters more.
    """

    def __init__(self, spec: TrainSpec, rollouts: Rollouts) -> None:
        self._spec, self._rollouts = spec, rollouts
        self._pool = ThreadPoolExecutor(1) if spec.previews else None
        self._began = -math.inf
        self._left = False
        self._pending: list[tuple[int, Path, Future[None]]] = []

    def draw(self, rollout: Rollout, step: int) -> None:
        """Begin a preview of this rollout, unless one was begun a moment ago."""
        now = time.monotonic()
        if self._pool is None or self._pending or now < self._began + PAUSE_S:
            return
        self._began = now
        path = Path(self._spec.out) / f"preview-{step}.mp4"
        self._pending.append((step, path, self._pool.submit(self._render, rollout, path)))

    def drawn(self) -> Iterator[Artifact]:
        """What has been done since it was asked last."""
        done = [item for item in self._pending if item[2].done()]
        self._pending = [item for item in self._pending if not item[2].done()]
        for step, path, future in done:
            if not future.cancelled() and (error := future.exception()):
                print(f"No preview of step {step}: {error}", file=sys.stderr)
            elif path.is_file():
                yield Artifact(job=self._spec.job, name="preview", path=str(path), step=step)

    def close(self, *, wait: bool = True) -> None:
        """Wait for what is being drawn, or leave it."""
        self._left = not wait
        if self._pool is not None:
            self._pool.shutdown(wait=wait, cancel_futures=True)

    def _render(self, rollout: Rollout, path: Path) -> None:
        motion = rollout.trajectory().qpos[: int(SECONDS * RATE_HZ) : EVERY]
        position, rotation = (
            np.repeat(x[None], len(motion), 0) if x.size else None for x in rollout.mocap
        )
        robot = self._rollouts.task.robot
        render_clip(
            self._rollouts.task.model,
            motion,
            path,
            camera=robot.camera,
            base_body=robot.structure.base_body,
            mocap_pos=position,
            mocap_quat=rotation,
            size=SIZE,
            fps=round(RATE_HZ / EVERY),
            processes=1,
            on_progress=self._go_on,
        )

    def _go_on(self, fraction: float) -> None:
        if self._left:
            raise InterruptedError("nobody waits for it")
