import copy

import mujoco
import numpy as np
import pytest
from scipy.spatial import cKDTree

from tabrl.rendering.meshes import crease_normals, reduce_meshes, simplify, weld

TETRAHEDRON = """<mujoco><asset><mesh name="m" vertex="0 0 0 1 0 0 0 1 0 0 0 1"/></asset>
<worldbody><geom type="mesh" mesh="m"/></worldbody></mujoco>"""


def part(model, i):
    start, count = model.mesh_vertadr[i], model.mesh_vertnum[i]
    vert = model.mesh_vert[start : start + count].astype(float)
    start, count = model.mesh_faceadr[i], model.mesh_facenum[i]
    return vert, model.mesh_face[start : start + count]


@pytest.fixture(scope="module")
def reduced(go1, tmp_path_factory):
    model = copy.copy(go1)
    cache = tmp_path_factory.mktemp("meshes")
    reduce_meshes(model, cache)
    return model, cache


def test_a_robot_becomes_a_twentieth_of_its_triangles(go1, reduced):
    assert reduced[0].mesh_facenum.sum() < go1.mesh_facenum.sum() / 20


def surface_points(vert, face, count):
    """Random points (count, 3), evenly spread over a mesh's surface."""
    rng = np.random.default_rng(0)
    a, b, c = vert[face].transpose(1, 0, 2)
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    chosen = rng.choice(len(face), count, p=area / area.sum())
    u, v = rng.random((2, count, 1))
    u, v = np.where(u + v > 1, 1 - u, u), np.where(u + v > 1, 1 - v, v)
    return a[chosen] + u * (b - a)[chosen] + v * (c - a)[chosen]


def test_small_meshes_stay_within_millimetres(go1, reduced):
    for i in range(go1.nmesh):
        was = surface_points(*part(go1, i), 60_000)
        now = surface_points(*part(reduced[0], i), 3_000)
        distance, _ = cKDTree(was).query(now)
        assert np.quantile(distance, 0.95) < 3e-3
        assert distance.max() < 6e-3


def test_every_index_points_into_its_own_mesh(reduced):
    model, _ = reduced
    for i in range(model.nmesh):
        vert, face = part(model, i)
        start = model.mesh_faceadr[i]
        normal = model.mesh_facenormal[start : start + len(face)]
        assert 0 <= face.min() <= face.max() < len(vert)
        assert 0 <= normal.min() <= normal.max() < model.mesh_normalnum[i]


def test_nothing_but_meshes_changes(go1, reduced):
    assert np.array_equal(go1.geom_pos, reduced[0].geom_pos)
    assert np.array_equal(go1.body_mass, reduced[0].body_mass)


def test_the_cache_gives_the_same_meshes_and_mends_a_damaged_entry(go1, reduced):
    first, cache = reduced
    (entry,) = cache.iterdir()
    entry.write_bytes(entry.read_bytes()[:100])
    again = copy.copy(go1)
    reduce_meshes(again, cache)
    assert entry.stat().st_size > 1000
    once_more = copy.copy(go1)
    before = entry.stat().st_mtime_ns
    reduce_meshes(once_more, cache)
    assert entry.stat().st_mtime_ns == before
    for model in (again, once_more):
        assert np.array_equal(model.mesh_facenum, first.mesh_facenum)
        assert np.array_equal(model.mesh_vert, first.mesh_vert)


def test_a_cache_that_cannot_be_written_does_no_harm(go1, reduced, tmp_path):
    blocked = tmp_path / "a_file"
    blocked.touch()
    model = copy.copy(go1)
    reduce_meshes(model, blocked / "meshes")
    assert np.array_equal(model.mesh_facenum, reduced[0].mesh_facenum)


def test_small_meshes_are_kept_where_the_environment_says(monkeypatch, tmp_path):
    monkeypatch.setenv("TABRL_CACHE", str(tmp_path))
    reduce_meshes(mujoco.MjModel.from_xml_string(TETRAHEDRON))
    assert len(list((tmp_path / "meshes").iterdir())) == 1


def test_welding_closes_seams_and_drops_slivers():
    vert = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0], [1.00001, 0, 0], [0, 1.00001, 0]])
    face = np.array([[0, 1, 2], [4, 3, 5], [1, 4, 2], [2, 0, 1]])
    merged, kept = weld(vert, face, 1e-3)
    assert len(merged) == 4
    assert len(kept) == 2


def test_both_sides_of_a_sheet_stay():
    _, kept = weld(np.eye(3), np.array([[0, 1, 2], [2, 1, 0]]), 1e-3)
    assert len(kept) == 2


def cube():
    """A unit cube of twelve triangles, outward."""
    corners = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], float)
    quads = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    return corners, np.array([t for a, b, c, d in quads for t in ((a, b, c), (a, c, d))])


def test_a_cube_keeps_its_edges():
    normals, index = crease_normals(*cube())
    assert len(normals) == 6
    assert np.abs(normals).max(axis=1) == pytest.approx(1)
    assert (index == index[:, :1]).all()


def test_a_small_mesh_is_left_as_it_is():
    mesh = simplify(*cube())
    assert len(mesh.vert) == 8
    assert len(mesh.face) == 12
