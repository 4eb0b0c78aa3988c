"""MJX against native physics: step by step without contacts, as a population with them."""

from functools import cache

import jax
import mujoco
import numpy as np
import pytest

from tabrl.envs.load import load_env
from tabrl.envs.mjx import MjxPhysics
from tabrl.envs.native import NativePhysics
from tabrl.envs.split import INPUTS
from tabrl.envs.task import Task
from tabrl.policies.networks import Parameters, initialize, make_networks
from tabrl.spec import Hyperparameters
from tabrl.training.ppo import Ppo, Report, run
from tabrl.training.score import Scorer

CHEETAHS, CARTPOLES = 16, 8
OUTPUTS = ("qpos", "qvel", "qacc_warmstart", "time", "sensordata", "xpos")
Moments = dict[str, np.ndarray]


@cache
def cheetah() -> mujoco.MjModel:
    return load_env("CheetahRun").mj_model


@cache
def on_mjx() -> MjxPhysics:
    return MjxPhysics(cheetah(), CHEETAHS, OUTPUTS)


def on_native(model: mujoco.MjModel) -> NativePhysics:
    return NativePhysics(model, CHEETAHS, OUTPUTS, threads=1)


def roll(physics: MjxPhysics | NativePhysics, height: float, steps: int) -> Moments:
    """What `CHEETAHS` cheetahs with random controls do: {name: (steps, CHEETAHS, ...)}."""
    draws = np.random.default_rng(2)
    inputs = start(height, draws)
    moments = []
    for _ in range(steps):
        inputs["ctrl"] = draws.uniform(-1, 1, inputs["ctrl"].shape).astype(np.float32)
        outputs = {name: np.array(value) for name, value in physics.step(inputs, 1).items()}
        inputs |= {name: outputs[name] for name in outputs if name in inputs}
        moments.append(outputs)
    return {name: np.stack([moment[name] for moment in moments]) for name in OUTPUTS}


def start(height: float, draws: np.random.Generator) -> Moments:
    """Cheetahs in random poses, their trunks lifted by `height` (m)."""
    data = mujoco.MjData(cheetah())
    row = {name: np.atleast_1d(np.float32(getattr(data, name))) for name in INPUTS}
    inputs = {name: np.repeat(value[None], CHEETAHS, 0) for name, value in row.items()}
    inputs["qpos"][:, 1] += height
    inputs["qpos"][:, 2:] += draws.uniform(-0.2, 0.2, inputs["qpos"][:, 2:].shape)
    return inputs


def energy(moments: Moments, steps: slice) -> np.ndarray:
    """Kinetic energy (J) of every cheetah, mean over the steps: (CHEETAHS,)."""
    model, data = cheetah(), mujoco.MjData(cheetah())
    out = []
    for qpos, qvel in zip(moments["qpos"][steps], moments["qvel"][steps], strict=True):
        for data.qpos, data.qvel in zip(qpos, qvel, strict=True):
            mujoco.mj_fwdPosition(model, data)
            mujoco.mj_energyVel(model, data)
            out.append(data.energy[1])
    return np.reshape(out, (-1, CHEETAHS)).mean(0)


@pytest.mark.nightly
def test_without_contacts_mjx_and_native_physics_agree() -> None:
    ours, theirs = roll(on_native(cheetah()), 5.0, 20), roll(on_mjx(), 5.0, 20)
    for name in ("qpos", "qvel", "time", "sensordata", "xpos"):
        first, rest = np.abs(ours[name] - theirs[name])[:1], np.abs(ours[name] - theirs[name])[1:]
        scale = 1 + np.abs(ours[name])
        assert np.max(first / scale[:1]) < 2e-6, name
        assert np.max(rest / scale[1:]) < 1e-5, name


@pytest.mark.nightly
def test_with_contacts_they_move_populations_alike() -> None:
    ours, theirs = roll(on_native(cheetah()), 0.0, 60), roll(on_mjx(), 0.0, 60)
    landed = slice(30, 60)
    assert not populations_differ(ours, theirs, landed)
    # The same comparison sees a floor that is ten centimetres lower, and a weaker gravity.
    lower, lighter = load_env("CheetahRun").mj_model, load_env("CheetahRun").mj_model
    lower.geom_pos[lower.geom("ground").id, 2] -= 0.1
    lighter.opt.gravity[2] *= 0.7
    for other in (lower, lighter):
        assert populations_differ(roll(on_native(other), 0.0, 60), theirs, landed)


def populations_differ(ours: Moments, theirs: Moments, steps: slice) -> bool:
    """Whether mean heights or energies differ by more than a tenth of their spread."""
    pairs = (
        (ours["qpos"][steps, :, 1].mean(0), theirs["qpos"][steps, :, 1].mean(0)),
        (energy(ours, steps), energy(theirs, steps)),
    )
    return any(abs(a.mean() - b.mean()) > 0.1 * max(a.std(), b.std()) for a, b in pairs)


@pytest.fixture(scope="module")
def reports() -> dict[str, list[Report]]:
    return {impl: train(impl) for impl in ("native", "mjx")}


def train(impl: str) -> list[Report]:
    """Two iterations of PPO on a cartpole's own reward."""
    ppo, parameters = cartpoles(impl)
    steps = 2 * ppo.hp.num_envs * ppo.hp.unroll_length
    scorer, setting = Scorer(ppo.task, None, {}), ppo.task.setting(None)
    iterations = run(ppo, scorer, parameters, setting, num_steps=steps, seed=0)
    return [report for report, _ in iterations]


def cartpoles(impl: str) -> tuple[Ppo, Parameters]:
    """A small learner and its first parameters."""
    hp = Hyperparameters(
        num_envs=CARTPOLES,
        unroll_length=5,
        num_minibatches=2,
        num_epochs=1,
        hidden=(8,),
        episode_length=4,
    )
    task = Task("CartpoleBalance", CARTPOLES, threads=1, impl=impl)
    networks = make_networks(task.obs_shapes, task.action_size, hp.hidden, hp.init_noise_std)
    return Ppo(task, networks, hp), initialize(networks, task.obs_shapes, jax.random.PRNGKey(0))


@pytest.mark.nightly
def test_an_update_keeps_the_types_of_a_learner_so_that_nothing_compiles_twice() -> None:
    ppo, parameters = cartpoles("native")
    types = jax.tree.map(jax.typeof, ppo.learner(parameters))
    scorer, setting = Scorer(ppo.task, None, {}), ppo.task.setting(None)
    _, learner = next(run(ppo, scorer, parameters, setting, num_steps=1, seed=0))
    assert jax.tree.map(jax.typeof, learner) == types


@pytest.mark.nightly
def test_a_rollout_within_jax_reports_what_native_physics_reports(
    reports: dict[str, list[Report]],
) -> None:
    assert [report.step for report in reports["mjx"]] == [40, 80]
    for ours, theirs in zip(reports["native"], reports["mjx"], strict=True):
        assert theirs.reward == pytest.approx(ours.reward, abs=1e-5)
        assert theirs.terms == pytest.approx(ours.terms, abs=1e-5)
        assert theirs.losses == pytest.approx(ours.losses, abs=1e-3)
        assert (theirs.episode_length, theirs.falls) == (ours.episode_length, ours.falls)


@pytest.mark.nightly
def test_each_simulation_of_mjx_has_its_own_randomized_model() -> None:
    model = load_env("CartpoleBalance").mj_model
    masses = np.tile(model.body_mass, (3, 1)) * np.array([[1.0], [2.0], [4.0]])
    own = {"body_mass": masses.astype(np.float32)}
    data = mujoco.MjData(model)
    row = {name: np.atleast_1d(np.float32(getattr(data, name))) for name in INPUTS}
    inputs = {name: np.repeat(value[None], 3, 0) for name, value in row.items()}
    inputs["qpos"][:, 1], inputs["ctrl"][:] = 0.4, 1.0
    ours = NativePhysics(model, 3, ("qvel",), threads=1, randomized=own).step(inputs, 5)["qvel"]
    theirs = MjxPhysics(model, 3, ("qvel",), randomized=own).step(inputs, 5)["qvel"]
    np.testing.assert_allclose(theirs, ours, rtol=1e-4, atol=1e-6)
    assert np.unique(np.round(ours[:, 0], 3)).size == 3
