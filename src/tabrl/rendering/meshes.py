"""Level of detail: a robot's meshes made small enough for software OpenGL.

Software OpenGL spends its time on vertices, and robot meshes are drawn for manufacturing (Go1 has
418,000 triangles, of which a 640x480 clip can show a few thousand). The smaller meshes are written
over the originals in the model's own arrays, so bodies, geoms and `qpos` stay as they are.
"""

import hashlib
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import fast_simplification
import numpy as np

from tabrl.settings import Settings

if TYPE_CHECKING:
    import mujoco

FACES_PER_METRE = 3000  # of a mesh's diagonal; about a millimetre of error on a quadruped
MIN_FACES = 200
WELD_M = 5e-4  # closes the seams that would stop the simplifier
COARSEST_WELD_M = 8e-3
CREASE_COS = np.cos(np.deg2rad(35.0))
CALM = 3.0  # the simplifier's aggressiveness: a third of the error that its default of 7 makes
_VERSION = 2  # change it with the method, so that old cache files are not read


@dataclass(frozen=True)
class Mesh:
    """Vertices (n, 3) m, faces (k, 3), unit normals (p, 3), normal of each face corner (k, 3)."""

    vert: np.ndarray
    face: np.ndarray
    normal: np.ndarray
    facenormal: np.ndarray


def reduce_meshes(model: "mujoco.MjModel", cache: Path | None = None) -> None:
    """Overwrites the meshes of `model` with simplified ones, in place.

    The model may afterwards be drawn and posed, but not stepped: its collision data is stale.
    `cache` is a folder (default: `meshes` in TABRL_CACHE); a damaged entry is made again.
    """
    if model.nmesh == 0:
        return
    folder = cache or Settings.from_env().cache / "meshes"
    path = folder / f"{_fingerprint(model)}.npz"
    meshes = _load(path)
    if meshes is None:
        meshes = {i: simplify(*_read(model, i)) for i in _reducible(model)}
        with suppress(OSError):  # without a cache it only takes longer
            _save(path, meshes)
    for index, mesh in meshes.items():
        _write(model, index, mesh)


def simplify(vert: np.ndarray, face: np.ndarray) -> Mesh:
    """A mesh like (vert (n, 3) m, face (k, 3)) with faces in proportion to its size."""
    diagonal = np.linalg.norm(np.ptp(vert, axis=0))
    target = max(MIN_FACES, int(FACES_PER_METRE * diagonal))
    tolerance = WELD_M
    while True:
        new_vert, new_face = weld(vert, face, tolerance)
        if target < len(new_face):
            new_vert, new_face = fast_simplification.simplify(
                new_vert, new_face, target_count=target, agg=CALM
            )
        # Shells that do not close stop the simplifier early; a coarser weld closes them.
        if len(new_face) < 1.5 * target or tolerance >= COARSEST_WELD_M:
            return Mesh(new_vert, new_face, *crease_normals(new_vert, new_face))
        tolerance *= 4


def weld(vert: np.ndarray, face: np.ndarray, tolerance: float) -> tuple[np.ndarray, np.ndarray]:
    """Merges vertices of one `tolerance`-sized cell (m) and drops what collapses or repeats."""
    cells = np.round(vert / tolerance).astype(np.int64)
    _, inverse, count = np.unique(cells, axis=0, return_inverse=True, return_counts=True)
    inverse = inverse.reshape(-1)
    merged = np.stack([np.bincount(inverse, column) / count for column in vert.T], axis=1)
    face = inverse[face]
    a, b, c = face.T
    face = face[(a != b) & (b != c) & (c != a)]
    # Turned so that the smallest index comes first: equal rows are the same triangle, same side.
    turn = (face.argmin(axis=1)[:, None] + np.arange(3)) % 3
    face = np.unique(np.take_along_axis(face, turn, axis=1), axis=0)
    return merged, face.astype(np.int32)


def crease_normals(vert: np.ndarray, face: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Normals (p, 3) and their index per corner (k, 3): smooth, but sharp across creases."""
    a, b, c = vert[face].transpose(1, 0, 2)
    area = np.cross(b - a, c - a)
    unit = area / np.maximum(np.linalg.norm(area, axis=1, keepdims=True), 1e-20)
    mine, other = _pairs_at_equal(face.reshape(-1))
    alike = np.einsum("ij,ij->i", unit[mine // 3], unit[other // 3]) >= CREASE_COS
    mine, other = mine[alike], other[alike]
    total = np.stack([np.bincount(mine, area[other // 3, k], face.size) for k in range(3)], axis=1)
    length = np.linalg.norm(total, axis=1, keepdims=True)
    normals = np.where(length > 0, total / np.maximum(length, 1e-20), [0.0, 0.0, 1.0])
    unique, index = np.unique(np.round(normals, 2), axis=0, return_inverse=True)
    return unique, index.reshape(face.shape).astype(np.int32)


def _pairs_at_equal(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All ordered pairs (i, j), i = j included, with keys[i] == keys[j]; keys count from 0."""
    order, count = np.argsort(keys, kind="stable"), np.bincount(keys)
    start = np.cumsum(count) - count
    partners = count[keys]
    first = np.repeat(np.arange(len(keys)), partners)
    nth = np.arange(len(first)) - np.repeat(np.cumsum(partners) - partners, partners)
    return first, order[np.repeat(start[keys], partners) + nth]


def _reducible(model: "mujoco.MjModel") -> list[int]:
    """Meshes that are drawn and carry no picture (a texture would be lost with its coordinates)."""
    import mujoco

    is_mesh = model.geom_type == mujoco.mjtGeom.mjGEOM_MESH
    material = model.geom_matid
    textured = (material >= 0) & (model.mat_texid[material] >= 0).any(axis=1) if model.nmat else 0
    keep = set(model.geom_dataid[is_mesh & (textured & (material >= 0))].tolist())
    return sorted(set(model.geom_dataid[is_mesh].tolist()) - keep)


def _read(model: "mujoco.MjModel", i: int) -> tuple[np.ndarray, np.ndarray]:
    start, count = model.mesh_vertadr[i], model.mesh_vertnum[i]
    vert = model.mesh_vert[start : start + count].astype(np.float64)
    start, count = model.mesh_faceadr[i], model.mesh_facenum[i]
    return vert, model.mesh_face[start : start + count].copy()


def _write(model: "mujoco.MjModel", i: int, mesh: Mesh) -> None:
    """Puts `mesh` into the slots of mesh `i`, unless it would need more room than they have."""
    room = (model.mesh_vertnum[i], model.mesh_normalnum[i], model.mesh_facenum[i])
    if any(len(a) > n for a, n in zip((mesh.vert, mesh.normal, mesh.face), room, strict=True)):
        return
    _fill(model.mesh_vert, model.mesh_vertadr[i], mesh.vert)
    _fill(model.mesh_normal, model.mesh_normaladr[i], mesh.normal)
    _fill(model.mesh_face, model.mesh_faceadr[i], mesh.face)
    _fill(model.mesh_facenormal, model.mesh_faceadr[i], mesh.facenormal)
    model.mesh_vertnum[i] = len(mesh.vert)
    model.mesh_normalnum[i] = len(mesh.normal)
    model.mesh_facenum[i] = len(mesh.face)
    model.mesh_texcoordadr[i] = -1
    model.mesh_graphadr[i] = -1  # the convex hull refers to the vertices that were here before


def _fill(array: np.ndarray, start: int, rows: np.ndarray) -> None:
    array[start : start + len(rows)] = rows


def _fingerprint(model: "mujoco.MjModel") -> str:
    digest = hashlib.sha256(repr((_VERSION, FACES_PER_METRE, MIN_FACES, WELD_M, CALM)).encode())
    for array in (model.mesh_vert, model.mesh_face, model.mesh_vertadr, _reducible(model)):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:32]


def _load(path: Path) -> dict[int, Mesh] | None:
    try:
        with np.load(path) as stored:
            parts = ("vert", "face", "normal", "facenormal")
            return {
                i: Mesh(*(stored[f"{i}.{part}"] for part in parts))
                for i in stored["indices"].tolist()
            }
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None


def _save(path: Path, meshes: dict[int, Mesh]) -> None:
    """Writes beside and renames, so that a reader never sees half a file."""
    arrays = {f"{i}.{part}": a for i, mesh in meshes.items() for part, a in vars(mesh).items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(handle, "wb") as file:
        np.savez(file, indices=np.array(list(meshes), dtype=np.int32), **arrays)
    os.replace(name, path)
