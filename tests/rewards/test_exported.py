"""Rewards come back from bytes and pay what hand arithmetic says; other bytes are refused."""

import base64
import dataclasses
import math
from collections.abc import Callable

import jax
import jax.numpy as jnp
import pytest
from jax import export

from tabrl.rewards.child import answer
from tabrl.rewards.exported import load_reward
from tabrl.rewards.language import JNP_FUNCTIONS, picks_for, shapes_for
from tabrl.rewards.sandbox import RewardError, export_reward
from tabrl.robots.catalogue import Robot, robot, robots

HIP_SWAY = """
HIPS = ("FR_hip_joint", "FL_hip_joint")

def sway(s, amplitude):
    return near(s.roll, oscillate(s.phase, amplitude), 0.1)

def reward(s):
    return {
        "sway": sway(s, 0.25),
        "hips": sum(s.offset(name) for name in HIPS) + jnp.sum(s.offsets("hips")),
        "planted": s.feet_down == 4,
    }
"""
SPIN = """
def reward(s):
    terms = {}
    terms["turn"] = at_least(s.turn_rate, 4.0, 4.0)
    terms["drift"] = -jnp.linalg.norm(s.displacement)
    return terms
"""
JUMP = """
def reward(s):
    flight = jnp.where(s.feet_down < 1, 1.0, 0.0)
    legs = 0
    for leg in ("FR", "FL", "RR", "RL"):
        legs = legs + s.clearance(leg) * (1 - s.contact(leg))
    return {"flight": flight * s.up_speed, "legs": legs, "low": s.foot("RL")[2], "head": 3}
"""

Signals = dict[str, jax.Array]


@pytest.fixture
def still(go1: Robot) -> Signals:
    """Two robots whose signals are all zero."""
    return {name: jnp.zeros((2, *shape)) for name, shape in shapes_for(go1).items()}


def _pays(source: str, robot: Robot, signals: Signals) -> dict[str, list[float]]:
    reward = load_reward(export_reward(source, robot).blob, robot)
    return {name: pay.tolist() for name, pay in jax.jit(reward)(signals).items()}


def test_a_hip_sway_pays_what_it_says(go1: Robot, still: Signals):
    still["phase"] = jnp.array([math.pi / 2, 0.0])
    still["roll"] = jnp.array([0.25, 0.1])
    still["pose_error"] = still["pose_error"].at[0, jnp.array([0, 3, 6])].set(0.5)
    still["feet_down"] = jnp.array([4.0, 3.0])
    pays = _pays(HIP_SWAY, go1, still)
    assert pays["sway"] == pytest.approx([1.0, math.exp(-0.5)], rel=1e-5)
    assert pays["hips"] == pytest.approx([1.0 + 1.5, 0.0])
    assert pays["planted"] == [1.0, 0.0]


def test_a_spin_pays_what_it_says(go1: Robot, still: Signals):
    still["turn_rate"] = jnp.array([5.0, 1.0])
    still["displacement"] = jnp.array([[3.0, 4.0], [0.0, 0.0]])
    assert _pays(SPIN, go1, still) == {"turn": [1.0, 0.25], "drift": [-5.0, 0.0]}


def test_a_jump_pays_what_it_says(go1: Robot, still: Signals):
    still["feet_down"] = jnp.array([0.0, 1.0])
    still["up_speed"] = jnp.array([2.0, 2.0])
    still["foot_height"] = jnp.array([[0.5, 0.25, 0.0, 0.0], [1.0, 1.0, 1.0, 1.0]])
    still["foot_contact"] = jnp.array([[0.0, 0.0, 0.0, 0.0], [1.0, 1.0, 1.0, 0.0]])
    still["foot_pos_b"] = still["foot_pos_b"].at[:, 3, 2].set(-0.25)
    assert _pays(JUMP, go1, still) == {
        "flight": [2.0, 0.0],
        "legs": [0.75, 1.0],
        "low": [-0.25, -0.25],
        "head": [3.0, 3.0],
    }


def test_terms_keep_the_order_in_which_they_are_written(go1: Robot):
    assert export_reward(HIP_SWAY, go1).terms == ("sway", "hips", "planted")


def _answer(source: str, robot: Robot) -> bytes:
    """The bytes without the sandbox, which would take most of the time."""
    shapes, picks = shapes_for(robot), picks_for(robot)
    return base64.b64decode(answer({"source": source, "shapes": shapes, "picks": picks})["blob"])


def test_any_batch_size_will_do(go1: Robot):
    reward = load_reward(_answer(SPIN, go1), go1)
    for batch in (1, 7):
        signals = {name: jnp.ones((batch, *shape)) for name, shape in shapes_for(go1).items()}
        assert reward(signals)["turn"].shape == (batch,)


ONE_OF_EACH_TYPE = {r.type: r.id for r in robots()}


@pytest.mark.parametrize("robot_id", ONE_OF_EACH_TYPE.values())
def test_a_robot_can_be_paid_for_all_of_its_signals(robot_id: str):
    body = robot(robot_id)
    shapes = shapes_for(body)
    total = " + ".join(f"jnp.sum(s.{name})" for name in shapes)
    reward = load_reward(_answer(f"def reward(s):\n    return {{'all': {total}}}\n", body), body)
    pay = reward({name: jnp.ones((3, *shape)) for name, shape in shapes.items()})
    assert pay["all"].tolist() == [sum(math.prod(shape) for shape in shapes.values())] * 3


_TWO = {"arctan2", "fmod", "heaviside", "hypot", "logaddexp", "maximum", "minimum", "mod", "power"}
_CALLS = (
    {name: f"jnp.{name}(s.joint_pos)" for name in JNP_FUNCTIONS}
    | {name: f"jnp.{name}(s.joint_pos, s.joint_vel)" for name in {*_TWO, "remainder", "dot"}}
    | {
        f"logical_{name}": f"jnp.logical_{name}(s.roll > 0, s.yaw > 0)"
        for name in "and or xor".split()
    }
    | {name: f"jnp.{name}(s.lin_vel_b, s.ang_vel_b)" for name in ("cross", "outer")}
    | {
        name: f"jnp.{name}([s.joint_pos, s.joint_vel])"
        for name in ("stack", "concatenate", "array")
    }
    | {
        "clip": "jnp.clip(s.joint_pos, -1, 1)",
        "where": "jnp.where(s.joint_pos > 0, 1, s.joint_vel)",
    }
)


def test_every_promised_function_passes_from_source_to_trainer(go1: Robot):
    names = sorted(JNP_FUNCTIONS)
    for some in (names[:35], names[35:]):
        lines = [f"'x_{name}': jnp.mean({_CALLS[name]})," for name in some]
        reward = load_reward(_answer(f"def reward(s):\n  return {{{' '.join(lines)}}}\n", go1), go1)
        signals = {n: jnp.full((2, *shape), 0.5) for n, shape in shapes_for(go1).items()}
        assert all(bool(jnp.isfinite(pay).all()) for pay in reward(signals).values())


def test_indexing_and_methods_pass_from_source_to_trainer(go1: Robot, still: Signals):
    still["foot_pos_b"] = still["foot_pos_b"].at[:].set(jnp.arange(12.0).reshape(4, 3))
    source = """def reward(s):
        feet = s.foot_pos_b
        return {"a": feet[1:, 2].sum(), "b": feet.T[0].max(), "c": feet[-1][::-1][0],
                "d": (feet @ jnp.array([1.0, 0.0, 0.0])).mean(),
                "e": feet[jnp.argmax(feet[:, 0])][1]}
    """
    pay = load_reward(_answer(source, go1), go1)(still)
    assert [pay[name][0].item() for name in "abcde"] == [24.0, 9.0, 11.0, 4.5, 10.0]


# Bytes that no honest child sends


def _exported(
    function: Callable[[Signals], object], robot: Robot, dtype: str = "float32"
) -> export.Exported:
    """An export of any function of the batched signals."""
    (batch,) = export.symbolic_shape("b")
    shapes = shapes_for(robot).items()
    signals = {name: jax.ShapeDtypeStruct((batch, *shape), dtype) for name, shape in shapes}
    checks = [export.DisabledSafetyCheck.custom_call("evil")]
    return export.export(jax.jit(function), platforms=("cpu", "cuda"), disabled_checks=checks)(
        signals
    )


def _bytes(exported: export.Exported) -> bytes:
    return bytes(dataclasses.replace(exported, disabled_safety_checks=()).serialize())


def _calls_evil(signals: Signals) -> object:
    time = jax.ShapeDtypeStruct(signals["time"].shape, jnp.float32)
    return {"pay": jax.ffi.ffi_call("evil", time)(signals["time"])}


def _many_calls(signals: Signals) -> object:
    """A small text that stands for 2^15 sines: each function calls the last one twice."""
    double = jnp.sin
    for _ in range(15):
        double = jax.jit(lambda x, inner=double: inner(x) + inner(x + 1))
    return {"pay": double(signals["time"])}


FORGED: dict[str, tuple[Callable[[Signals], object], str]] = {
    "a foreign function": (_calls_evil, "custom_call"),
    "an endless loop": (
        lambda s: {"pay": jax.lax.while_loop(lambda x: x[0] >= 0, lambda x: x + 1, s["time"])},
        "stablehlo.while",
    ),
    "many calls": (_many_calls, "operations"),
    "a giant array": (
        lambda s: {"pay": s["time"] + jnp.sum(jax.lax.iota(jnp.float32, 10**9))},
        "array of shape",
    ),
    "a bare array": (lambda s: s["time"], "dict of terms"),
    "no terms": (lambda s: {}, "dict of terms"),
    "too many terms": (lambda s: {f"t{i}": s["time"] for i in range(41)}, "dict of terms"),
    "a bad name": (lambda s: {"../pay": s["time"]}, "proper name"),
    "a vector as a term": (lambda s: {"pay": s["joint_pos"]}, "the term pay"),
    "a term without a batch": (lambda s: {"pay": s["time"].sum()}, "the term pay"),
    "a term of integers": (lambda s: {"pay": s["time"].astype(int)}, "the term pay"),
}


@pytest.mark.parametrize(("function", "message"), FORGED.values(), ids=FORGED)
def test_a_forged_function_is_refused(
    function: Callable[[Signals], object], message: str, go1: Robot
):
    with pytest.raises(RewardError, match=message):
        load_reward(_bytes(_exported(function, go1)), go1)


def test_a_function_with_checks_switched_off_is_refused(go1: Robot):
    exported = _exported(lambda s: {"pay": s["time"]}, go1)
    with pytest.raises(RewardError, match="effects"):
        load_reward(bytes(exported.serialize()), go1)


def test_signals_of_another_type_are_refused(go1: Robot):
    exported = _exported(lambda s: {"pay": s["time"].astype("float32")}, go1, "float16")
    with pytest.raises(RewardError, match="the signal"):
        load_reward(_bytes(exported), go1)


def test_a_reward_of_another_robot_is_refused(go1: Robot):
    with pytest.raises(RewardError, match="not this robot's signals"):
        load_reward(_answer("def reward(s): return {'a': s.time}", robot("CheetahRun")), go1)


@pytest.mark.parametrize("cut", [0, 1, 100, 5000])
def test_cut_bytes_are_refused(cut: int, go1: Robot):
    with pytest.raises(RewardError, match="not an exported reward"):
        load_reward(_answer(SPIN, go1)[:cut], go1)


@pytest.mark.parametrize("blob", [b"", b"\0" * 64, b"\xff" * 64, b"x" * 4096, b"\x80\x04N."])
def test_other_bytes_are_refused(blob: bytes, go1: Robot):
    with pytest.raises(RewardError, match="not an exported reward"):
        load_reward(blob, go1)
