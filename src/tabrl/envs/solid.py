"""Scenes in which a flat floor stops the whole robot.

In most of Playground's scenes only feet touch the floor, so that a robot that lies down or falls
sinks through it. Rough ground stays as it is: MJX has no contacts of height fields with some of
these shapes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import mujoco
import numpy as np

from tabrl.envs.patch import patched

FLOOR = 1 << 10
"""Collision bit of the floor alone: bodies gain no contacts with one another."""
CLEARANCE = 0.005
"""m above the floor in the home pose below which a geom stays out, as feet do their work there."""
HULL = 32
"""Most vertices of a mesh's convex hull."""
_VISUAL = 2  # the group of geoms that are looks only, by MuJoCo Menagerie's convention
_compile = mujoco.MjSpec.compile
_KEPT: ContextVar[list[mujoco.MjSpec] | None] = ContextVar("kept", default=None)


@contextmanager
def solid_bodies() -> Iterator[None]:
    """Models that are compiled in this block get bodies that the floor stops."""

    def from_xml_string(xml: str, assets: dict[str, Any] | None = None) -> mujoco.MjModel:
        return solid(mujoco.MjSpec.from_string(xml, include=assets, assets=assets))

    with patched(
        (mujoco.MjModel, "from_xml_string", from_xml_string), (mujoco.MjSpec, "compile", solid)
    ):
        yield


@contextmanager
def kept() -> Iterator[list[mujoco.MjSpec]]:
    """What the models are compiled from that `solid` makes in this block."""
    specs: list[mujoco.MjSpec] = []
    token = _KEPT.set(specs)
    try:
        yield specs
    finally:
        _KEPT.reset(token)


def solid(spec: mujoco.MjSpec) -> mujoco.MjModel:
    """Compile a scene in which every body of the robot that has a shape is stopped by the floor."""
    specs = _KEPT.get()
    if specs is not None:
        specs.append(spec)
    floors = [geom for geom in spec.worldbody.geoms if geom.type == mujoco.mjtGeom.mjGEOM_PLANE]
    model = _compile(spec)
    chosen = [
        geom
        for body in spec.bodies[1:]
        if floors and not any(_meet(geom, floor) for geom in body.geoms for floor in floors)
        for geom in _shape(body, model.geom_rbound)
    ]
    if not chosen:  # rough ground, or a scene that is solid already
        return model
    for geom in chosen:
        geom.conaffinity |= FLOOR
        geom.margin = 0.0  # MJX knows none between planes and meshes
        if geom.type == mujoco.mjtGeom.mjGEOM_MESH:
            spec.mesh(geom.meshname).maxhullvert = HULL
    for floor in floors:
        floor.contype |= FLOOR
    model = _compile(spec)
    low = _near_the_floor(model)
    if not low:
        return model
    for geom in chosen:
        if geom.id in low:
            geom.conaffinity &= ~FLOOR
    return _compile(spec)


def _meet(geom: Any, floor: Any) -> bool:
    return bool(geom.contype & floor.conaffinity or geom.conaffinity & floor.contype)


def _shape(body: Any, sizes: np.ndarray) -> list[Any]:
    """A body's collision geoms; where it has none, the largest of those that are looks."""
    geoms = list(body.geoms)
    collision = [geom for geom in geoms if geom.group > _VISUAL]
    return collision or sorted(geoms, key=lambda geom: -sizes[geom.id])[:1]


def _near_the_floor(model: mujoco.MjModel) -> set[int]:
    """Ids of the geoms that touch the floor, only since they are solid, in all poses it has."""
    found, margin = set(np.flatnonzero(model.geom_conaffinity & FLOOR)), model.geom_margin.copy()
    model.geom_margin[:] += CLEARANCE
    data = mujoco.MjData(model)
    for key in range(model.nkey):
        mujoco.mj_resetDataKeyframe(model, data, key)
        mujoco.mj_fwdPosition(model, data)
        found &= set(np.ravel(data.contact.geom))
    model.geom_margin[:] = margin
    return {int(geom) for geom in found} if model.nkey else set()
