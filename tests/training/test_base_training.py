"""What a base policy is trained on, and what it leaves."""

import shutil
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from tabrl.envs.task import Task
from tabrl.errors import TabRLError
from tabrl.policies import SHIPPED
from tabrl.rendering.codec import decode
from tabrl.rewards.sandbox import export_reward
from tabrl.robots.catalogue import robot, robots
from tabrl.training import base, walk
from tabrl.training.rollout import CLIP_SAMPLES

ENVS = 24


@pytest.mark.parametrize("robot_id", ["BarkourJoystick", "BerkeleyHumanoidJoystickFlatTerrain"])
@pytest.mark.nightly
def test_commands_change_in_mid_episode_and_some_are_zero(
    robot_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = Task(robot_id, ENVS, threads=1)
    monkeypatch.setattr(walk, "HELD", 2 * task.environment.dt)
    walk.change_often(task)
    setting = task.setting(None)
    state = starts = task.reset(jax.random.PRNGKey(0), setting)
    still = jnp.zeros((ENVS, task.action_size))
    act, settle = jax.jit(task.act), jax.jit(task.settle, static_argnums=6)
    told = [np.asarray(state.env.info["command"])]
    for _ in range(3):
        outputs = task.physics.step(act(state, still, setting), task.split.nstep)
        state, _ = settle(state, still, outputs, setting, starts, jax.random.PRNGKey(1), 500)
        told.append(np.asarray(state.env.info["command"]))
    changed = np.any(np.diff(told, axis=0) != 0, axis=2)
    assert 0.2 < changed.mean() < 0.8
    assert 0.15 < np.all(np.array(told) == 0, axis=2).mean() < 0.55


def test_every_robot_that_follows_a_command_has_a_sound_recipe() -> None:
    able = [r for r in robots() if r.type in walk.WALKS and r.structure.takes_command]
    assert {r.type for r in able} == set(walk.WALKS)
    for each in {r.structure.base_body: r for r in able}.values():
        approach = walk.recipe(each)
        assert set(export_reward(approach.source, each).terms) == set(approach.weights)


def test_a_robot_without_a_command_cannot_learn_to_follow_it() -> None:
    each = robot("PandaPickCube")
    with pytest.raises(TabRLError, match="follows no velocity command"):
        walk.recipe(each)


def test_a_clip_asks_for_no_more_than_the_robot_was_trained_on() -> None:
    moves = base.tour(robot("Op3Joystick").structure.command_ranges)
    ways = [(move.forward, move.left, move.turn) for move in moves]
    expected = [(0.9, 0, 0), (0, 0, 0.42), (0, 0.48, 0), (-0.36, 0, 0)]
    np.testing.assert_allclose(ways, expected, atol=1e-6)


@pytest.mark.nightly
def test_a_policy_gets_a_clip_beside_it(tmp_path: Path) -> None:
    go1 = robot("Go1JoystickFlatTerrain")
    folder = shutil.copytree(SHIPPED / "go1", tmp_path / "go1")
    (folder / "clip.mp4").unlink()
    base.film(folder, go1)
    frames = list(decode(folder / "clip.mp4"))
    assert len(frames) == CLIP_SAMPLES
    first, last = frames[0].astype(float), frames[-1].astype(float)
    assert np.abs(first - last).mean() > 1  # it has been somewhere
    names = {path.name for path in folder.iterdir()}
    assert names == {"policy.json", "policy.safetensors", "clip.mp4"}
