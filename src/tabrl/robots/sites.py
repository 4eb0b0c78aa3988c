"""Where MuJoCo keeps the points of a robot that the catalogue names."""

from itertools import product
from types import ModuleType
from typing import Any

import mujoco
import numpy as np

from tabrl.robots.catalogue import Site, Structure

_SOLE = 0.01  # m, that what a foot stands on may differ in height at home
_FIELD = {"site": "site_xpos", "geom": "geom_xpos", "body": "xpos"}


def place(model: mujoco.MjModel, site: Site) -> tuple[str, int]:
    """The field of `MjData` with world positions (..., 3) m, and the row that is the site's."""
    return _FIELD[site.object_type], getattr(model, site.object_type)(site.object_name).id


def body_of(model: mujoco.MjModel, object_type: str, object_name: str) -> int:
    """The body that a body, geom or site is or belongs to."""
    thing = getattr(model, object_type)(object_name)
    return int(thing.id if object_type == "body" else thing.bodyid[0])


def is_solid(model: mujoco.MjModel) -> np.ndarray:
    """Which geoms (ngeom,) can touch anything, by their masks or by an explicit pair."""
    solid = (model.geom_contype | model.geom_conaffinity) > 0
    solid[model.pair_geom1] = solid[model.pair_geom2] = True
    return solid


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
    """How far feet reach below their origins, whichever way they are turned: what they stand on at
    home has its lowest point at the end of a capsule, at a corner of a box.

    Attributes:
        bodies: (feet,) the bodies that the feet belong to.
        points: (feet, n, 4) m: x, y, z from the foot's origin in its body's frame, and the radius
            about each.
    """

    def __init__(self, model: mujoco.MjModel, structure: Structure) -> None:
        data = mujoco.MjData(model)
        data.qpos[:] = structure.home_qpos
        mujoco.mj_kinematics(model, data)
        soles = [_sole(model, data, foot) for foot in structure.feet]
        most = max((len(points) for _, points in soles), default=1)
        # A point more than once changes nothing.
        filled = [np.resize(points, (most, 4)) for _, points in soles]
        self.bodies = np.array([body for body, _ in soles], int)
        self.points = np.reshape(filled, (-1, most, 4)).astype(np.float32)

    def below(self, up: Any, numpy: ModuleType = np) -> Any:
        """How far, (..., feet) m, the lowest points are below the origins.

        Args:
            up: (..., feet, 3) the world's z axis in the frames of `bodies`.
            numpy: the library of `up`: NumPy or `jax.numpy`.
        """
        heights = numpy.sum(up[..., None, :] * self.points[..., :3], axis=-1)
        return numpy.max(self.points[..., 3] - heights, axis=-1)


def _sole(model: mujoco.MjModel, data: mujoco.MjData, foot: Site) -> tuple[int, np.ndarray]:
    """A foot's body, and points (n, 4) m: x, y, z from the foot's origin in the body's frame, and
    the radius about each.
    """
    field, index = place(model, foot)
    body = body_of(model, foot.object_type, foot.object_name)
    solid = np.flatnonzero((model.geom_bodyid == body) & is_solid(model))
    heights = np.array([lowest_point(model, data, int(geom)) for geom in solid])
    touching = solid[heights < heights.min(initial=np.inf) + _SOLE]
    if not len(touching):
        return body, np.array([[0.0, 0.0, 0.0, foot.radius]])
    turn = data.xmat[body].reshape(3, 3)
    points = []
    for geom in touching:
        ends, radius = _ends(model, int(geom))
        at = data.geom_xpos[geom] + ends @ data.geom_xmat[geom].reshape(3, 3).T
        local = (at - getattr(data, field)[index]) @ turn
        points.append(np.column_stack([local, np.full(len(ends), radius)]))
    return body, np.concatenate(points)


def _ends(model: mujoco.MjModel, geom: int) -> tuple[np.ndarray, float]:
    """Points (n, 3) m of a geom in its frame and the radius about them (m): a sphere's centre, a
    capsule's ends, the corners of the box around anything else.
    """
    radius, half = model.geom_size[geom, :2]
    match mujoco.mjtGeom(model.geom_type[geom]):
        case mujoco.mjtGeom.mjGEOM_SPHERE:
            return np.zeros((1, 3)), radius
        case mujoco.mjtGeom.mjGEOM_CAPSULE:
            return np.array([[0.0, 0.0, half], [0.0, 0.0, -half]]), radius
        case _:
            centre, halves = np.split(model.geom_aabb[geom], 2)
            return centre + halves * list(product((-1.0, 1.0), repeat=3)), 0.0
