"""What a robot did in the last ten seconds, and how that measures."""

import math
from collections import deque

import mujoco
import numpy as np

from tabrl.robots.catalogue import Robot
from tabrl.spec import Metric
from tabrl.verdict.judge import judge
from tabrl.verdict.trajectory import RATE_HZ, Trajectory, resample
from tabrl.verdict.vocabulary import WINDOW

CLIP_S = 10.0
LEAST_S = 2.0  # of less, nothing can be said


class Recorder:
    """Keeps what the metric needs; one that looks at certain seconds of a clip measures those after
    the last start.
    """

    def __init__(self, metric: Metric, robot: Robot) -> None:
        self._metric, self._robot = metric, robot
        self._dt = robot.structure.control_dt
        self._windowed = any(set(WINDOW) & criterion.args.keys() for criterion in metric.criteria)
        ends = [float(criterion.args.get("to_s", 0.0)) for criterion in metric.criteria]
        self._most = round(max(CLIP_S, *ends) / self._dt) + 1
        self._moved: deque[tuple[np.ndarray, np.ndarray]] = deque(maxlen=self._most)

    def begin(self, data: mujoco.MjData) -> None:
        """Forget all but what is now."""
        self._moved.clear()
        self.add(data)

    def add(self, data: mujoco.MjData) -> None:
        """What a control step made of it."""
        if not (self._windowed and len(self._moved) == self._most):
            sizes = self._robot.structure  # after its own numbers may come a box's
            self._moved.append((data.qpos[: sizes.nq].copy(), data.qvel[: sizes.nv].copy()))

    def values(self, model: mujoco.MjModel) -> dict[str, float | None] | None:
        """Numbers by the labels of criteria; None until there is enough to measure."""
        count = len(self._moved)
        if count * self._dt < LEAST_S:
            return None
        qpos, qvel = (np.array(each) for each in zip(*list(self._moved), strict=True))
        moved = Trajectory(np.arange(count) * self._dt, qpos, qvel, np.zeros((count, model.nu)))
        if not math.isclose(self._dt * RATE_HZ, 1.0):
            samples = int((count - 1) * self._dt * RATE_HZ + 1e-6) + 1
            moved = resample(model, self._dt, moved, samples)
        numbers = judge(self._metric, moved, self._robot, model).numbers
        return {
            criterion.label: numbers.get(criterion.label) for criterion in self._metric.criteria
        }
