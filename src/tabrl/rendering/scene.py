"""The look of our clips: a warm tiled floor that fades into a soft sky, one key light, no clutter.

Nothing here moves a body or a geom other than the floor; only colours, textures and what is drawn.
"""

import copy
from typing import TYPE_CHECKING

import numpy as np

from tabrl.rendering.meshes import reduce_meshes

if TYPE_CHECKING:
    import mujoco

HORIZON = (0.965, 0.945, 0.915)
ZENITH = (0.45, 0.68, 0.93)
TILES = ((0.945, 0.905, 0.845), (0.905, 0.855, 0.785))
LINE = (0.985, 0.965, 0.935)
LINE_WIDTH = 0.012  # of the pattern's period
LINE_HALF_WIDTH = 0.05  # m, of planes that only mark a place on the floor
BLACKEST = 0.13  # black parts are lifted to this, or they would show no form
VISIBLE_GROUPS = 3  # MuJoCo draws geom groups 0 to 2; the others hold collision shapes
MANY_GEOMS = 1000  # from which on round shapes get fewer corners
SCENERY, ACTORS = 0, 1  # the groups of a prepared model's visible geoms


def prepare(model: "mujoco.MjModel") -> "mujoco.MjModel":
    """A copy of `model` to draw, with our look and small meshes. Pose it, never step it."""
    model = copy.copy(model)
    reduce_meshes(model)
    _show_something(model)
    hide_duplicates(model)
    model.geom_group[_is_line(model)] = VISIBLE_GROUPS
    _lift_black(model.mat_rgba)
    # A geom's own colour counts where it has no material, or where it is not MuJoCo's default.
    own = (model.geom_matid < 0) | (model.geom_rgba != [0.5, 0.5, 0.5, 1]).any(axis=1)
    model.geom_rgba[own] = _lift_black(model.geom_rgba[own])
    for geom in ground_geoms(model):
        _lay_floor(model, geom)
    _sort_into_groups(model)
    model.vis.quality.offsamples = 0  # every sample costs a pass; we draw larger and average
    if model.ngeom > MANY_GEOMS:
        model.vis.quality.numslices, model.vis.quality.numstacks = 12, 8
    model.vis.headlight.active = 1
    model.vis.headlight.ambient[:] = 0.33
    model.vis.headlight.diffuse[:] = 0.25
    model.vis.headlight.specular[:] = 0.1
    model.vis.rgba.fog[:] = (*HORIZON, 1)
    model.light_active[:] = 0
    return model


def _show_something(model: "mujoco.MjModel") -> None:
    """Shows the collision shapes of a thing that moves and has no others."""
    root = model.body_rootid[model.geom_bodyid]
    moves = model.body_weldid[model.geom_bodyid] > 0
    for thing in np.unique(root[moves]):
        own = moves & (root == thing)
        if (model.geom_group[own] >= VISIBLE_GROUPS).all():
            model.geom_group[own] = 0


def ground_geoms(model: "mujoco.MjModel") -> list[int]:
    """Visible height fields and level planes fixed to the world, without lines drawn on them."""
    import mujoco

    kinds = (mujoco.mjtGeom.mjGEOM_PLANE, mujoco.mjtGeom.mjGEOM_HFIELD)
    fixed = model.geom_bodyid == 0
    shown = model.geom_group < VISIBLE_GROUPS
    ground = np.isin(model.geom_type, kinds) & _is_level(model) & fixed & shown
    return np.flatnonzero(ground & ~_is_line(model)).tolist()


def _is_level(model: "mujoco.MjModel") -> np.ndarray:
    return np.asarray(np.abs(model.geom_quat[:, 1:3]).max(axis=1) < 1e-6)


def _is_line(model: "mujoco.MjModel") -> np.ndarray:
    """Which geoms are level planes of a few centimetres' width: marks on a floor."""
    import mujoco

    narrow = ((model.geom_size[:, :2] > 0) & (model.geom_size[:, :2] < LINE_HALF_WIDTH)).any(axis=1)
    return np.asarray((model.geom_type == mujoco.mjtGeom.mjGEOM_PLANE) & _is_level(model) & narrow)


def planar_floor(model: "mujoco.MjModel") -> int | None:
    """The one plane that is all the scenery, or None where there is a table or terrain, too."""
    import mujoco

    ground = ground_geoms(model)
    if len(ground) != 1 or model.geom_type[ground[0]] != mujoco.mjtGeom.mjGEOM_PLANE:
        return None
    return None if _tables(model).any() else ground[0]


def shadow_height(model: "mujoco.MjModel") -> float | None:
    """Height (m) of the level that catches shadows: the highest table's top, or else the ground's;
    rough ground is taken at its mean. None where there is neither.
    """
    tables = _tables(model)
    if tables.any():
        return float(_tops(model)[tables].max())
    return max((_mean_height(model, geom) for geom in ground_geoms(model)), default=None)


def _tables(model: "mujoco.MjModel") -> np.ndarray:
    """Which geoms are wide things that stand fast on the ground."""
    import mujoco

    fast = (model.body_weldid[model.geom_bodyid] == 0) & (model.geom_group < VISIBLE_GROUPS)
    fast &= ~np.isin(model.geom_type, (mujoco.mjtGeom.mjGEOM_PLANE, mujoco.mjtGeom.mjGEOM_HFIELD))
    return np.asarray(fast & ((model.geom_aabb[:, 3:] > 0.3).sum(axis=1) >= 2))


def _tops(model: "mujoco.MjModel") -> np.ndarray:
    """Height (ngeom,) m of the top of each geom's bounding box, in the model's first pose."""
    import mujoco

    data = mujoco.MjData(model)
    mujoco.mj_kinematics(model, data)
    up = data.geom_xmat.reshape(-1, 3, 3)[:, 2]
    centre, half = model.geom_aabb[:, :3], model.geom_aabb[:, 3:]
    return np.asarray(data.geom_xpos[:, 2] + (up * centre + np.abs(up) * half).sum(axis=1))


def _mean_height(model: "mujoco.MjModel", geom: int) -> float:
    field = int(model.geom_dataid[geom])
    if field < 0:
        return float(model.geom_pos[geom, 2])
    first, size = model.hfield_adr[field], model.hfield_nrow[field] * model.hfield_ncol[field]
    heights = model.hfield_data[first : first + size]
    return float(model.geom_pos[geom, 2] + model.hfield_size[field, 2] * heights.mean())


def hide_duplicates(model: "mujoco.MjModel") -> None:
    """Makes geoms invisible that show the same shape in the same place as an earlier one."""
    seen = set()
    for i in range(model.ngeom):
        if model.geom_group[i] >= VISIBLE_GROUPS:
            continue
        where = (model.geom_pos[i], model.geom_quat[i], model.geom_size[i])
        what = (model.geom_type[i], model.geom_dataid[i], model.geom_bodyid[i])
        key = (*what, *np.round(np.concatenate(where), 6).tolist())
        if key in seen:
            model.geom_group[i] = VISIBLE_GROUPS
        seen.add(key)


def floor_pattern(height: int, width: int) -> np.ndarray:
    """Two by two tiles with thin light joints, as RGB (height, width, 3) uint8; it repeats."""
    y, x = np.mgrid[0:height, 0:width] / np.array([height, width]).reshape(2, 1, 1)
    checker = ((x >= 0.5) ^ (y >= 0.5))[..., None]
    joint = np.minimum(np.abs((x + 0.25) % 0.5 - 0.25), np.abs((y + 0.25) % 0.5 - 0.25))
    colour = np.where(checker, TILES[0], TILES[1])
    colour = np.where((joint < LINE_WIDTH / 2)[..., None], LINE, colour)
    return np.round(colour * 255).astype(np.uint8)


def tile_period(model: "mujoco.MjModel") -> float:
    """After how many metres the floor's pattern repeats."""
    return float(2.0 ** np.round(np.log2(1.2 * max(model.stat.extent, 0.2))))


def _sort_into_groups(model: "mujoco.MjModel") -> None:
    """Sets the scenery apart from all else that is shown: the ground, tables, and what stands fast
    below their tops.
    """
    shown, level = model.geom_group < VISIBLE_GROUPS, shadow_height(model)
    scenery = _tables(model)
    scenery[ground_geoms(model)] = True
    if level is not None:
        fast = model.body_weldid[model.geom_bodyid] == 0
        scenery |= fast & (_tops(model) < level + 1e-3)
    model.geom_group[shown] = np.where(scenery, SCENERY, ACTORS)[shown]


def _lift_black(rgba: np.ndarray) -> np.ndarray:
    """Raises the colours of (n, 4) in place, so that none is darker than `BLACKEST`."""
    rgba[:, :3] = BLACKEST + (1 - BLACKEST) * rgba[:, :3]
    return rgba


def _lay_floor(model: "mujoco.MjModel", geom: int) -> None:
    """Paints the ground in our tiles, without an edge where it is a plane."""
    import mujoco

    if model.geom_type[geom] == mujoco.mjtGeom.mjGEOM_PLANE:
        model.geom_size[geom, :2] = 0
    material = model.geom_matid[geom]
    picture = mujoco.mjtTextureRole.mjTEXROLE_RGB
    texture = model.mat_texid[material, picture] if material >= 0 else -1
    if texture < 0 or model.tex_nchannel[texture] != 3:
        model.geom_matid[geom] = -1
        model.geom_rgba[geom] = (*TILES[0], 1)
        return
    _paint(model, texture)
    model.mat_texrepeat[material] = 1 / tile_period(model)
    model.mat_texuniform[material] = True
    model.mat_rgba[material] = 1
    model.geom_rgba[geom] = (0.5, 0.5, 0.5, 1)  # MuJoCo's default; any other would dye the tiles
    model.mat_reflectance[material] = 0
    model.mat_specular[material] = 0
    model.mat_emission[material] = 0


def _paint(model: "mujoco.MjModel", texture: int) -> None:
    height, width = model.tex_height[texture], model.tex_width[texture]
    start = model.tex_adr[texture]
    model.tex_data[start : start + height * width * 3] = floor_pattern(height, width).reshape(-1)
