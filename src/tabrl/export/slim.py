"""A compiled model without what only draws: the physics is the same to the bit, the file small."""

import copy

import mujoco
import numpy as np

_BOXES = ("bvh_aabb", "bvh_child", "bvh_nodeid", "bvh_depth")  # for rays and collisions
_DRAWN = ("mesh_vert", "mesh_normal", "mesh_face", "mesh_facenormal", "mesh_facetexcoord", *_BOXES)
_STARTS = {
    "mesh_vert": ("mesh_vertadr", "mesh_vertnum"),
    "mesh_normal": ("mesh_normaladr", "mesh_normalnum"),
    "mesh_face": ("mesh_faceadr", "mesh_facenum"),
    "mesh_facenormal": ("mesh_faceadr", "mesh_facenum"),
    "mesh_facetexcoord": ("mesh_faceadr", "mesh_facenum"),
    **dict.fromkeys(_BOXES, ("mesh_bvhadr", "mesh_bvhnum")),
}


def slim(model: mujoco.MjModel) -> bytes:
    """MuJoCo's binary file of a model in which all is zero that only draws, so that it packs well.

    It loads with the version of MuJoCo that wrote it, in Python or in a browser.
    """
    model = copy.copy(model)
    touching = _touching(model)
    for index in range(model.nmesh):
        if index in touching:
            continue
        for name in _DRAWN:
            start, count = (int(getattr(model, part)[index]) for part in _STARTS[name])
            getattr(model, name)[start : start + count] = 0
    if not touching:
        model.mesh_texcoord[:] = 0
    model.tex_data[:] = 0
    return whole(model)


def whole(model: mujoco.MjModel) -> bytes:
    """MuJoCo's binary file of a model."""
    data = np.empty(mujoco.mj_sizeModel(model), np.uint8)
    mujoco.mj_saveModel(model, None, data)
    return data.tobytes()


def _touching(model: mujoco.MjModel) -> set[int]:
    """Meshes that physics needs: those of geoms that may collide."""
    may = (model.geom_contype | model.geom_conaffinity) > 0
    may[model.pair_geom1] = may[model.pair_geom2] = True
    kinds = (mujoco.mjtGeom.mjGEOM_MESH, mujoco.mjtGeom.mjGEOM_SDF)
    may &= np.isin(model.geom_type, kinds)
    return set(model.geom_dataid[may].tolist())
