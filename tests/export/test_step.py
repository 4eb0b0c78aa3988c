"""The exported graph of a control step is the environment and the policy, to the last digits."""

from typing import Any

import jax
import numpy as np
import onnxruntime
import pytest
from structures import nightly

from tabrl.envs.task import Task
from tabrl.export.graph import CannotExport
from tabrl.export.step import control_step
from tabrl.policies.added import ADDED, INPUTS, WAY_BACK, octaves_shown, silenced
from tabrl.policies.checkpoint import array_name
from tabrl.policies.networks import initialize, make_networks, make_policy
from tabrl.robots.catalogue import robots
from tabrl.spec import Approach

HIDDEN = (32, 32)
STEPS = 50
COMMAND = (0.4, -0.1, 0.3)
WITHOUT = {"PandaPickCubeCartesian": "custom_root"}
"""Who cannot be exported, and why."""
USUAL = ("CheetahRun",)
ELSEWHERE = {*WITHOUT, *USUAL}


def approach(command: tuple[float, float, float] = COMMAND) -> Approach:
    return Approach(
        name="Any", description="", source="", weights={}, command=command, clock_hz=1.7
    )


@pytest.mark.parametrize(
    "robot_id", [*USUAL, *(nightly(each.id) for each in robots() if each.id not in ELSEWHERE)]
)
def test_a_graph_fed_with_recorded_states_gives_what_jax_gives(robot_id: str) -> None:
    task = Task(robot_id, 1, threads=1)
    setting = task.setting(approach())
    step_of = control_step(task, task.setting(approach(command=(0.0, 0.0, 0.0))), HIDDEN)
    networks = make_networks(task.obs_shapes, task.action_size, HIDDEN, 1.0)
    parameters = heeding(initialize(networks, task.obs_shapes, jax.random.PRNGKey(1)))
    policy = make_policy(networks, deterministic=True)

    @jax.jit
    def act(state: Any) -> tuple[Any, Any]:
        action, _ = policy(parameters, state.obs, jax.random.PRNGKey(0))
        return action, task.act(state, action, setting)

    @jax.jit
    def settle(state: Any, action: Any, outputs: Any) -> Any:
        key = jax.random.PRNGKey(0)
        return task.settle(state, action, outputs, setting, state, key, 10**6)[0]

    state = task.reset(jax.random.PRNGKey(0), setting, canonical=1)
    outputs = task.physics.step(task.split.inputs_of(state.env), 0)
    remembered = step_of.state
    leaves = jax.tree_util.tree_flatten_with_path(parameters)[0]
    weights = {array_name(path): np.asarray(leaf) for path, leaf in leaves}
    weights = silenced(weights, octaves_shown(approach().clock_hz))
    (size,) = task.obs_shapes["state"]
    hidden = slice(size - ADDED + 2 * octaves_shown(approach().clock_hz), size - WAY_BACK)
    seen = np.delete(np.arange(size), hidden)
    session = onnxruntime.InferenceSession(step_of.model.SerializeToString())
    names = [output.name for output in session.get_outputs()]
    for step in range(STEPS):
        action, inputs = act(state)
        feed = {
            "first": np.array(step == 0),
            "command": np.array(COMMAND, np.float32),
            "phase": np.asarray(state.phase[0]),
            **{name: np.asarray(outputs[name][0], np.float32) for name in step_of.reads},
            **remembered,
            **{name: weights[name] for name in step_of.weights},
        }
        given = dict(zip(names, session.run(None, feed), strict=True))
        assert_close(given["observation"][seen], state.obs["state"][0][seen])
        assert_close(given["action"], action[0])
        for name in step_of.sets:
            assert_close(given["ctrl" if name == "ctrl" else f"set.{name}"], inputs[name][0])
        remembered = {name: np.asarray(given[f"next.{name}"]) for name in remembered}
        outputs = {k: np.array(v) for k, v in task.physics.step(inputs, task.split.nstep).items()}
        state = settle(state, action, outputs)


def heeding(parameters: Any) -> Any:
    """The same with weights on the way back, which a fresh policy does not heed."""

    def drawn(path: Any, leaf: Any) -> Any:
        if array_name(path) != f"{INPUTS['state']}/kernel":
            return leaf
        return leaf.at[-WAY_BACK:].set(
            jax.random.normal(jax.random.PRNGKey(2), leaf[-WAY_BACK:].shape)
        )

    return jax.tree_util.tree_map_with_path(drawn, parameters)


def assert_close(got: Any, wanted: Any) -> None:
    wanted = np.asarray(wanted, np.float32)
    np.testing.assert_allclose(got, wanted, rtol=1e-5, atol=1e-5 * max(1.0, np.abs(wanted).max()))


@pytest.mark.parametrize("robot_id", WITHOUT)
@pytest.mark.nightly
def test_who_cannot_be_exported_is_refused_with_the_reason(robot_id: str) -> None:
    task = Task(robot_id, 1, threads=1)
    with pytest.raises(CannotExport, match=WITHOUT[robot_id]):
        control_step(task, task.setting(approach()), HIDDEN)
