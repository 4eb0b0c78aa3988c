"""The ground that a robot stands on: a plane at height 0, a slope, or a height field."""

from types import ModuleType
from typing import Any

import mujoco
import numpy as np

CONTACT_HEIGHT = 0.01
"""m: a foot lower than this above the ground counts as touching it."""


class Ground:
    """Heights of a scene's ground. Beyond the border of a height field it goes on as at the border.

    Attributes:
        rough: whether there is a height field or a slope; else the ground is at height 0.
    """

    def __init__(self, model: mujoco.MjModel) -> None:
        fields = (model.geom_type == mujoco.mjtGeom.mjGEOM_HFIELD) & (model.geom_bodyid == 0)
        self._slope = None if fields.any() else _slope(model)
        self.rough = bool(fields.any()) or self._slope is not None
        if fields.any():
            geom = int(np.flatnonzero(fields)[0])
            field = int(model.geom_dataid[geom])
            rows, columns = int(model.hfield_nrow[field]), int(model.hfield_ncol[field])
            first = int(model.hfield_adr[field])
            radii, top = model.hfield_size[field, :2], model.hfield_size[field, 2]
            heights = model.hfield_data[first : first + rows * columns].reshape(rows, columns)
            self._heights = (model.geom_pos[geom, 2] + top * heights).astype(np.float32)
            self._corner = (model.geom_pos[geom, :2] - radii).astype(np.float32)
            self._cells = np.array([columns - 1, rows - 1])
            self._pitch = (2 * radii / self._cells).astype(np.float32)

    def below(self, points: Any, numpy: ModuleType = np) -> Any:
        """Height (...) of the ground below points (..., 2 or 3), m in the world frame.

        Args:
            numpy: the library of the points: NumPy or `jax.numpy`.
        """
        if not self.rough:
            return numpy.zeros(points.shape[:-1], points.dtype)
        if self._slope is not None:
            level, rise = self._slope
            return level + points[..., 0] * rise[0] + points[..., 1] * rise[1]
        at = numpy.clip((points[..., :2] - self._corner) / self._pitch, 0, self._cells)
        cell = numpy.minimum(at.astype(int), self._cells - 1)
        x, y = at[..., 0] - cell[..., 0], at[..., 1] - cell[..., 1]
        heights = numpy.asarray(self._heights)
        column, row = cell[..., 0], cell[..., 1]
        here, far = heights[row, column], heights[row + 1, column + 1]
        right, ahead = heights[row, column + 1], heights[row + 1, column]
        # MuJoCo cuts each cell into two triangles, from its first corner to its last.
        return numpy.where(
            x > y,
            here + (right - here) * x + (far - right) * y,
            here + (far - ahead) * x + (ahead - here) * y,
        )


def _slope(model: mujoco.MjModel) -> tuple[float, np.ndarray] | None:
    """Height (m) at the origin and rise (2,) of the only plane of a scene, if it leans."""
    planes = np.flatnonzero(
        (model.geom_type == mujoco.mjtGeom.mjGEOM_PLANE) & (model.geom_bodyid == 0)
    )
    if len(planes) != 1:
        return None
    turn = np.zeros(9)
    mujoco.mju_quat2Mat(turn, model.geom_quat[planes[0]])
    normal, place = turn.reshape(3, 3)[:, 2], model.geom_pos[planes[0]]
    if not 0.5 < normal[2] < 1 - 1e-6:
        return None
    rise = -normal[:2] / normal[2]
    return float(place[2] - rise @ place[:2]), rise
