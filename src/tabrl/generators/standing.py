"""Put a robot on whatever is the ground of its scene, and the ground at height 0."""

import copy

import mujoco
import numpy as np

from tabrl.generators import frames
from tabrl.generators.anatomy import below, moved_joints, root_of
from tabrl.generators.draft import Draft
from tabrl.robots.ground import Ground
from tabrl.robots.sites import is_solid, lowest_point
from tabrl.robots.structure import floats, in_plane

_INSIDE, _ABOVE = 0.005, 0.02  # m, that a home may be inside of the ground, or above it
_ABOVE_SHARE = 0.05  # of the base's height, instead, if that is more
_FLUID = 10.0  # kg/m3: a robot in something denser swims


def stand(draft: Draft) -> bool:
    """Move home onto the ground, and a level ground to height 0; whether there is any ground.

    Home stays in the air where nothing pulls or where the robot swims.
    """
    model, data = draft.model, draft.at_home()
    base = root_of(model, moved_joints(model, data))
    moves = floats(model, base) or in_plane(model)
    if not moves:
        return _level_plane(draft)
    beneath = _Beneath(model, data, base)
    if not beneath.found:
        if not draft.posed and floats(model, base):
            draft.qpos[2] -= beneath.lowest
        return False
    clearance, height = beneath.clearance, float(data.xpos[base, 2] - beneath.ground)
    swims = model.opt.gravity[2] == 0 or model.opt.density > _FLUID
    above = max(_ABOVE, _ABOVE_SHARE * height)
    if not swims and (clearance < -_INSIDE or clearance > above or not draft.posed):
        if draft.posed:
            was = f"{abs(clearance):.2g} m {'inside' if clearance < 0 else 'above'} the ground"
            draft.notes.append(f"Its home was {was}: it was put on it.")
        if floats(model, base):
            draft.qpos[2] -= clearance
        else:
            body = draft.spec.body(model.body(base).name)
            body.pos = np.array(body.pos) - [0, 0, clearance]
            draft.refresh()
    if not Ground(model).rough and abs(beneath.ground) > 1e-6:
        _to_zero(draft, beneath.ground)
    return True


def _level_plane(draft: Draft) -> bool:
    """The floor below a robot that is fixed to the world."""
    model = draft.model
    kinds = (mujoco.mjtGeom.mjGEOM_PLANE, mujoco.mjtGeom.mjGEOM_HFIELD)
    found = np.isin(model.geom_type, kinds) & (model.geom_bodyid == 0) & is_solid(model)
    planes = found & (model.geom_type == kinds[0]) & (not Ground(model).rough)
    if planes.any() and abs(top := float(model.geom_pos[planes, 2].max())) > 1e-6:
        _to_zero(draft, top)
    return bool(found.any())


def _to_zero(draft: Draft, height: float) -> None:
    frames.shift_scene(draft, np.array([0.0, 0.0, -height]))
    draft.notes.append(f"Its ground was at {height:.3g} m: the scene was moved so that it is at 0.")


class _Beneath:
    """What is below a robot.

    Attributes:
        found: whether anything is.
        ground: height (m) below the base.
        clearance: least height (m) of the robot's solid parts above what is below each.
        lowest: height (m) of its lowest point.
    """

    def __init__(self, model: mujoco.MjModel, data: mujoco.MjData, base: int) -> None:
        own = [
            g for g in np.flatnonzero(is_solid(model)) if below(model, _body(model, int(g)), base)
        ]
        bottoms = np.array([lowest_point(model, data, int(geom)) for geom in own])
        self.lowest = float(bottoms.min(initial=np.inf)) if len(own) else 0.0
        size = float(np.linalg.norm(np.ptp(data.geom_xpos[own], axis=0))) if len(own) else 1.0
        top = float(data.xpos[base, 2]) + size + 0.1
        rays = _Rays(model, data)
        self.ground = rays.height(data.xpos[base], top)
        grounds = np.array([rays.height(data.geom_xpos[geom], top) for geom in own])
        self.found = bool(np.isfinite(self.ground) and len(own))
        self.clearance = float((bottoms - grounds).min(initial=np.inf))


class _Rays:
    """Looks down at what is solid and stands fast."""

    def __init__(self, model: mujoco.MjModel, data: mujoco.MjData) -> None:
        self._model, self._data = copy.copy(model), data
        fast = (model.body_weldid[model.geom_bodyid] == 0) & is_solid(model)
        self._model.geom_group[:] = np.where(fast, 0, 1)
        self._model.geom_rgba[:, 3] = 1.0  # rays pass what cannot be seen
        self._model.geom_matid[:] = -1
        self._groups = np.array([1, 0, 0, 0, 0, 0], np.uint8)

    def height(self, place: np.ndarray, top: float) -> float:
        """Of the ground at a place, m; -inf where there is none."""
        start, down = np.array([*place[:2], top]), np.array([0.0, 0.0, -1.0])
        hit = np.zeros(1, np.int32)
        way = mujoco.mj_ray(self._model, self._data, start, down, self._groups, 1, -1, hit)
        return top - way if way >= 0 else -np.inf


def _body(model: mujoco.MjModel, geom: int) -> int:
    return int(model.geom_bodyid[geom])
