"""Where MuJoCo keeps the points of a robot that the catalogue names."""

from collections.abc import Sequence
from types import ModuleType
from typing import Any

import mujoco
import numpy as np

from tabrl.robots.catalogue import Site

_FIELD = {"site": "site_xpos", "geom": "geom_xpos", "body": "xpos"}


def place(model: mujoco.MjModel, site: Site) -> tuple[str, int]:
    """The field of `MjData` with world positions (..., 3) m, and the row that is the site's."""
    return _FIELD[site.object_type], getattr(model, site.object_type)(site.object_name).id


def lowest_point(model: mujoco.MjModel, data: mujoco.MjData, geom: int) -> float:
    """Height (m) of a geom's lowest point; exact for spheres, capsules, ellipsoids and boxes."""
    up = data.geom_xmat[geom].reshape(3, 3)[2]  # the world's z in the geom's frame
    size = model.geom_size[geom]
    match mujoco.mjtGeom(model.geom_type[geom]):
        case mujoco.mjtGeom.mjGEOM_SPHERE:
            reach = size[0]
        case mujoco.mjtGeom.mjGEOM_CAPSULE:
            reach = size[0] + abs(up[2]) * size[1]
        case mujoco.mjtGeom.mjGEOM_ELLIPSOID:
            reach = np.linalg.norm(up * size)
        case _:
            centre, half = np.split(model.geom_aabb[geom], 2)
            reach = np.abs(up) @ half - up @ centre
    return float(data.geom_xpos[geom, 2] - reach)


class Soles:
    """How far feet reach below their origins; a capsule reaches further the steeper it stands.

    Attributes:
        bodies: (feet,) the bodies that the feet belong to.
    """

    def __init__(self, model: mujoco.MjModel, feet: Sequence[Site]) -> None:
        self.bodies = np.zeros(len(feet), int)
        self._radius = np.array([foot.radius for foot in feet], np.float32)  # m
        self._half = np.zeros((len(feet), 3), np.float32)  # m, a capsule's axis in the body's frame
        for i, foot in enumerate(feet):
            if foot.object_type != "geom":
                continue
            geom = model.geom(foot.object_name).id
            if model.geom_type[geom] == mujoco.mjtGeom.mjGEOM_CAPSULE:
                rotation = np.zeros(9)
                mujoco.mju_quat2Mat(rotation, model.geom_quat[geom])
                self.bodies[i] = model.geom_bodyid[geom]
                self._radius[i], half = model.geom_size[geom, :2]
                self._half[i] = half * rotation.reshape(3, 3)[:, 2]

    def below(self, up: Any, numpy: ModuleType = np) -> Any:
        """How far, (..., feet) m, the lowest points are below the origins.

        Args:
            up: (..., feet, 3) the world's z axis in the frames of `bodies`.
            numpy: the library of `up`: NumPy or `jax.numpy`.
        """
        return self._radius + numpy.abs(numpy.sum(up * self._half, axis=-1))
