"""What a browser draws of a robot, in the look of our clips: shapes, colours and small meshes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import mujoco
import numpy as np

from tabrl.rendering.scene import ACTORS, HORIZON, LINE, LINE_WIDTH, TILES, ZENITH, prepare
from tabrl.rendering.stage import (
    FOG,
    KEY_HEIGHT_DEG,
    KEY_RGB,
    KEY_TURN_DEG,
    RIM_HEIGHT_DEG,
    RIM_RGB,
    RIM_TURN_DEG,
    SKY_RISE_RAD,
)

_STEPS = 65535  # a mesh's coordinates are counted in so many steps of its box
_Geom = mujoco.mjtGeom
_SHAPES = {
    _Geom.mjGEOM_PLANE: "plane",
    _Geom.mjGEOM_HFIELD: "hfield",
    _Geom.mjGEOM_SPHERE: "sphere",
    _Geom.mjGEOM_CAPSULE: "capsule",
    _Geom.mjGEOM_ELLIPSOID: "ellipsoid",
    _Geom.mjGEOM_CYLINDER: "cylinder",
    _Geom.mjGEOM_BOX: "box",
    _Geom.mjGEOM_MESH: "mesh",
}
LOOK = {
    "horizon": HORIZON,
    "zenith": ZENITH,
    "sky_rise": SKY_RISE_RAD,
    "tiles": TILES,
    "line": LINE,
    "line_width": LINE_WIDTH,
    "key": {"turn_deg": KEY_TURN_DEG, "height_deg": KEY_HEIGHT_DEG, "rgb": KEY_RGB},
    "rim": {"turn_deg": RIM_TURN_DEG, "height_deg": RIM_HEIGHT_DEG, "rgb": RIM_RGB},
    "fog": FOG,
}
"""Light and colours of the stage; the fog is in units of the camera's distance."""
_BOX = {
    "shape": "box",
    "pos": (0, 0, 0),
    "quat": (1, 0, 0, 0),
    "rgba": (0.87, 0.47, 0.24, 1),
    "floor": False,
    "shine": 0.2,
}
"""Of the colour of nothing else on the stage."""


@dataclass
class _Packed:
    """Arrays one after another, each at a multiple of four bytes."""

    parts: list[bytes] = field(default_factory=list)
    size: int = 0

    def put(self, array: np.ndarray) -> dict[str, int]:
        data = np.ascontiguousarray(array).tobytes()
        place = {"at": self.size, "count": array.size}
        padded = data + bytes(-len(data) % 4)
        self.parts.append(padded)
        self.size += len(padded)
        return place


def drawing(
    model: mujoco.MjModel, box: Mapping[str, Any] | None = None
) -> tuple[dict[str, Any], bytes]:
    """Geoms and meshes that are drawn: what is said of them as JSON, and their numbers.

    A geom has its pose in the frame of its body, with a (w, x, y, z) quaternion; sizes are
    MuJoCo's, in m. A mesh has the lowest corner and the extent of its box in m, vertices as (n, 3)
    uint16 steps of it, and faces as (k, 3) uint16 or uint32; a height field has rows of heights
    in m.

    Args:
        box: what may be dropped in the robot's way: a body after all others.
    """
    shown = prepare(model)
    packed = _Packed()
    geoms = [i for i in range(shown.ngeom) if shown.geom_group[i] in (0, ACTORS)]
    meshes: dict[int, Any] = {}
    described = []
    for i in geoms:
        shape = _SHAPES.get(_Geom(shown.geom_type[i]))
        rgba = _rgba(shown, i)
        if shape is None or rgba[3] == 0:
            continue
        entry: dict[str, Any] = {
            "body": int(shown.geom_bodyid[i]),
            "shape": shape,
            "pos": np.round(shown.geom_pos[i], 6).tolist(),
            "quat": np.round(shown.geom_quat[i], 7).tolist(),
            "size": np.round(shown.geom_size[i], 5).tolist(),
            "rgba": rgba,
            "floor": bool(shown.geom_group[i] != ACTORS) and shape in ("plane", "hfield"),
            "shine": _shine(shown, i),
        }
        if shape == "mesh":
            index = int(shown.geom_dataid[i])
            if index not in meshes:
                meshes[index] = _mesh(shown, index, packed)
            entry["mesh"] = list(meshes).index(index)
        if shape == "hfield":
            entry["hfield"] = _heights(shown, int(shown.geom_dataid[i]), packed)
        described.append(entry)
    if box:
        described.append({"body": shown.nbody, "size": box["half"], **_BOX})
    return {"geoms": described, "meshes": list(meshes.values()), "look": LOOK}, b"".join(
        packed.parts
    )


def _rgba(model: mujoco.MjModel, geom: int) -> list[float]:
    """A material's colour, unless the geom has one of its own."""
    own = model.geom_rgba[geom]
    material = model.geom_matid[geom]
    rgba = own if material < 0 or (own != [0.5, 0.5, 0.5, 1]).any() else model.mat_rgba[material]
    return [round(float(x), 4) for x in rgba]


def _shine(model: mujoco.MjModel, geom: int) -> float:
    material = model.geom_matid[geom]
    return 0.5 if material < 0 else round(float(model.mat_specular[material]), 3)


def _mesh(model: mujoco.MjModel, index: int, packed: _Packed) -> dict[str, Any]:
    first, count = model.mesh_vertadr[index], model.mesh_vertnum[index]
    vert = model.mesh_vert[first : first + count].astype(np.float64)
    first, count = model.mesh_faceadr[index], model.mesh_facenum[index]
    face = model.mesh_face[first : first + count]
    used, face = np.unique(face, return_inverse=True)
    vert = vert[used]
    low, extent = vert.min(axis=0), np.maximum(np.ptp(vert, axis=0), 1e-9)
    steps = np.round((vert - low) / extent * _STEPS).astype(np.uint16)
    wide = len(vert) > _STEPS
    return {
        "low": np.round(low, 7).tolist(),
        "extent": np.round(extent, 7).tolist(),
        "vertices": packed.put(steps),
        "faces": packed.put(face.reshape(-1).astype(np.uint32 if wide else np.uint16)),
        "wide": wide,
    }


def _heights(model: mujoco.MjModel, index: int, packed: _Packed) -> dict[str, Any]:
    rows, columns = int(model.hfield_nrow[index]), int(model.hfield_ncol[index])
    first = model.hfield_adr[index]
    heights = model.hfield_data[first : first + rows * columns] * model.hfield_size[index, 2]
    return {
        "rows": rows,
        "columns": columns,
        "size": model.hfield_size[index].tolist(),
        "heights": packed.put(heights.astype(np.float32)),
    }
