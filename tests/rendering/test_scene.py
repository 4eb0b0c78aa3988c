import mujoco
import numpy as np
import pytest

from tabrl.rendering.scene import (
    ACTORS,
    SCENERY,
    floor_pattern,
    ground_geoms,
    planar_floor,
    prepare,
    shadow_height,
)

TABLE = """<mujoco><worldbody>
  <geom name="floor" type="plane" size="1 1 .1"/>
  <geom name="table" type="box" size="0.6 0.4 0.02" pos="0 0 0.5" {group}/>
  <geom type="plane" size="0 0 1" zaxis="1 0 0"/>
  <body pos="0 0 1"><freejoint/>
    <geom name="one" size="0.1"/><geom name="same" size="0.1"/><geom name="other" size="0.2"/>
  </body>
</worldbody></mujoco>"""
TERRAIN = """<mujoco><asset><hfield name="h" nrow="4" ncol="4" size="1 1 .1 .1"/></asset>
<worldbody><geom type="hfield" hfield="h"/></worldbody></mujoco>"""


def test_preparing_leaves_the_environments_model_alone(go1):
    before = go1.tex_data.copy(), go1.mesh_facenum.copy(), go1.geom_size.copy()
    prepared = prepare(go1)
    after = go1.tex_data, go1.mesh_facenum, go1.geom_size
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))
    assert prepared.mesh_facenum.sum() < go1.mesh_facenum.sum()
    assert not np.array_equal(prepared.tex_data, go1.tex_data)


def test_poses_of_the_prepared_model_are_the_originals(go1):
    prepared = prepare(go1)
    places = []
    for model in (go1, prepared):
        data = mujoco.MjData(model)
        data.qpos[:] = go1.key_qpos[0]
        mujoco.mj_kinematics(model, data)
        places.append(data.geom_xpos.copy())
    assert np.array_equal(*places)


def test_the_floor_repeats_without_a_seam():
    pattern = floor_pattern(300, 300).astype(int)
    assert pattern.shape == (300, 300, 3)
    assert np.array_equal(pattern, pattern.transpose(1, 0, 2))
    lines = (pattern > 235).all(axis=(1, 2))
    assert lines[0]
    assert lines[-1]
    assert lines[150]
    assert 2 < lines.sum() < 12


def test_a_level_plane_is_floor_and_a_wall_is_not():
    model = mujoco.MjModel.from_xml_string(TABLE.format(group='group="4"'))
    assert ground_geoms(model) == [model.geom("floor").id]
    assert planar_floor(model) == model.geom("floor").id


def test_shadows_fall_on_the_table_else_on_the_ground():
    bare, table = (
        mujoco.MjModel.from_xml_string(TABLE.format(group=group)) for group in ('group="4"', "")
    )
    assert (planar_floor(table), shadow_height(table)) == (None, pytest.approx(0.52))
    assert (planar_floor(bare), shadow_height(bare)) == (bare.geom("floor").id, 0.0)
    terrain = mujoco.MjModel.from_xml_string(TERRAIN)
    terrain.hfield_data[:] = np.linspace(0, 1, 16)
    assert (planar_floor(terrain), shadow_height(terrain)) == (None, pytest.approx(0.05))
    assert shadow_height(mujoco.MjModel.from_xml_string("<mujoco/>")) is None


def test_what_stands_fast_below_a_tables_top_is_scenery():
    leg = '<geom name="leg" size="0.02 0.2" type="capsule" pos="0 0 0.25"/>'
    lamp = '<geom name="lamp" size="0.02 0.2" type="capsule" pos="0 0 0.75"/></worldbody>'
    text = TABLE.format(group="").replace("</worldbody>", leg + lamp)
    model = prepare(mujoco.MjModel.from_xml_string(text))
    groups = {name: model.geom(name).group[0] for name in ("floor", "table", "leg", "lamp", "one")}
    assert groups == {
        "floor": SCENERY, "table": SCENERY, "leg": SCENERY, "lamp": ACTORS, "one": ACTORS,
    }  # fmt: skip


def test_a_line_on_the_floor_is_no_floor():
    line = '<geom name="line" type="plane" size="0.02 1 .1" pos="0.3 0 0"/></worldbody>'
    text = TABLE.format(group='group="4"').replace("</worldbody>", line)
    model = mujoco.MjModel.from_xml_string(text)
    assert ground_geoms(model) == [model.geom("floor").id]
    assert prepare(model).geom("line").group[0] == 3


def test_the_second_of_two_equal_geoms_is_hidden():
    model = prepare(mujoco.MjModel.from_xml_string(TABLE.format(group="")))
    shown = {name: model.geom(name).group[0] < 3 for name in ("one", "same", "other")}
    assert shown == {"one": True, "same": False, "other": True}
