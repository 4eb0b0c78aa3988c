"""What native physics promises, against plain MuJoCo."""

import mujoco
import numpy as np
import pytest

from tabrl.envs.native import NativePhysics
from tabrl.envs.split import INPUTS, OUTPUTS

HINGES = """
<mujoco>
  <option timestep="0.01"/>
  <worldbody>
    <body name="pole">
      <joint name="swing" axis="0 1 0"/>
      <geom name="rod" type="capsule" fromto="0 0 0 0.1 0 -0.5" size="0.03"/>
      <body name="tip" pos="0.1 0 -0.5">
        <joint name="bend" axis="0 1 0" damping="0.1"/>
        <geom type="capsule" fromto="0 0 0 0 0.1 -0.4" size="0.02"/>
      </body>
    </body>
  </worldbody>
  <actuator><motor joint="bend" gear="2"/></actuator>
  <sensor><jointpos joint="swing"/></sensor>
</mujoco>
"""
CONTROLS = np.random.default_rng(0).uniform(-1, 1, (40, 3, 1)).astype(np.float32)


@pytest.fixture
def hinges() -> mujoco.MjModel:
    return mujoco.MjModel.from_xml_string(HINGES)


def test_numbers_that_only_travel_through_float32_lose_nothing(hinges: mujoco.MjModel) -> None:
    native = NativePhysics(hinges, 3, OUTPUTS)
    carried = blank(hinges, 3)
    data = mujoco.MjData(hinges)
    for ctrl in CONTROLS:
        outputs = native.step(carried | {"ctrl": ctrl}, 4)
        carried |= {name: value.copy() for name, value in outputs.items()}
        data.ctrl = ctrl[1]
        mujoco.mj_step(hinges, data, 4)
    for name in ("qpos", "qvel", "qacc", "sensordata", "xpos"):
        expected = np.float32(getattr(data, name))
        np.testing.assert_array_equal(carried[name][1].ravel(), expected.ravel())


def test_a_number_that_changed_is_taken_over(hinges: mujoco.MjModel) -> None:
    native = NativePhysics(hinges, 3, OUTPUTS)
    inputs = blank(hinges, 3)
    first = {name: value.copy() for name, value in native.step(inputs, 1).items()}
    pushed = {name: first.get(name, value).copy() for name, value in inputs.items()}
    pushed["qvel"][2, 0] += 1.5
    after = native.step(pushed, 1)["qvel"]
    assert after[2, 0] > after[0, 0] + 1
    np.testing.assert_array_equal(after[0], after[1])


def test_no_substeps_compute_what_derives_from_the_state(hinges: mujoco.MjModel) -> None:
    native = NativePhysics(hinges, 3, OUTPUTS)
    inputs = blank(hinges, 3)
    inputs["qpos"][1] = [0.4, -0.2]
    outputs = native.step(inputs, 0)
    data = mujoco.MjData(hinges)
    data.qpos = inputs["qpos"][1]
    mujoco.mj_forward(hinges, data)
    np.testing.assert_array_equal(outputs["xpos"][1].ravel(), np.float32(data.xpos).ravel())
    np.testing.assert_array_equal(outputs["qpos"], inputs["qpos"])
    assert not outputs["time"].any()


def test_fields_that_a_model_has_not_are_empty(hinges: mujoco.MjModel) -> None:
    outputs = NativePhysics(hinges, 3, OUTPUTS).step(blank(hinges, 3), 1)
    assert set(outputs) == set(OUTPUTS)
    assert outputs["act"].shape == (3, 0)
    assert outputs["site_xpos"].shape == (3, 0, 3)


def test_each_simulation_has_its_own_randomized_model(hinges: mujoco.MjModel) -> None:
    masses = np.tile(hinges.body_mass, (3, 1)) * np.array([[1.0], [1.5], [2.0]])
    native = NativePhysics(hinges, 3, OUTPUTS, randomized={"body_mass": masses})
    inputs = blank(hinges, 3) | {"ctrl": CONTROLS[0]}
    inputs["qpos"][:] = [0.5, 0.2]
    got = native.step(inputs, 10)["qvel"]
    assert np.unique(got[:, 0]).size == 3
    for i, mass in enumerate(masses):
        model = mujoco.MjModel.from_xml_string(HINGES)
        model.body_mass = mass
        data = mujoco.MjData(model)
        mujoco.mj_setConst(model, data)
        data.qpos, data.ctrl = inputs["qpos"][i], inputs["ctrl"][i]
        mujoco.mj_step(model, data, 10)
        np.testing.assert_array_equal(got[i], np.float32(data.qvel))


def test_centres_of_mass_move_but_for_those_that_mujoco_compiled_for_good() -> None:
    free = HINGES.replace(
        '<body name="pole">',
        """<body name="ball" pos="0 0 1">
      <freejoint/><geom size="0.1"/></body><body name="pole">""",
    )
    model = mujoco.MjModel.from_xml_string(free)
    ball, pole = model.body("ball").id, model.body("pole").id
    assert model.body_simple[ball]
    shifted = np.tile(model.body_ipos, (3, 1, 1)) + 0.01
    native = NativePhysics(model, 3, OUTPUTS, randomized={"body_ipos": shifted})
    centres = native.step(blank(model, 3), 0)["xipos"]
    plain = NativePhysics(model, 3, OUTPUTS).step(blank(model, 3), 0)["xipos"]
    np.testing.assert_array_equal(centres[:, ball], plain[:, ball])
    np.testing.assert_allclose(centres[:, pole] - plain[:, pole], 0.01, atol=1e-6)


def test_the_model_of_the_caller_stays_as_it_was(hinges: mujoco.MjModel) -> None:
    before = hinges.vis.global_.bvactive
    NativePhysics(hinges, 3, OUTPUTS, randomized={"body_mass": np.ones((3, hinges.nbody))})
    assert hinges.vis.global_.bvactive == before
    assert hinges.body_mass[0] == 0


def blank(model: mujoco.MjModel, count: int) -> dict[str, np.ndarray]:
    """Inputs of `count` simulations at rest in the model's first pose."""
    data = mujoco.MjData(model)
    row = {name: np.atleast_1d(np.float32(getattr(data, name))) for name in INPUTS}
    return {name: np.repeat(value[None], count, 0) for name, value in row.items()}
