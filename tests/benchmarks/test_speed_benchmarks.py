"""Each benchmark of speed on a cart and a pole, in sizes that take no time."""

from pathlib import Path

import pytest

from benchmarks import physics, training
from benchmarks.machine import Contender, Memory, machine, rates
from tabrl.behaviours.builtin import propose
from tabrl.robots.catalogue import robot
from tabrl.settings import Settings
from tabrl.spec import Hyperparameters

CART = "CartpoleBalance"
SMALL = Hyperparameters(num_envs=8, unroll_length=4, num_minibatches=2, num_epochs=1)


def test_contenders_take_turns_after_two_that_do_not_count() -> None:
    turns = []

    def contender(name: str) -> Contender:
        def work() -> int:
            turns.append(name)
            return sum(range(99_999)) and 10

        return work

    found = rates({name: contender(name) for name in "ab"}, rounds=3)
    assert turns == ["a", "b"] * 5
    assert found.keys() == {"a", "b"}


def test_a_contender_of_more_steps_in_the_same_work_is_faster() -> None:
    few, many = (lambda n=n: sum(range(99_999)) and n for n in (1, 10**6))
    found = rates({"few": few, "many": many}, rounds=2)
    assert found["many"].wall > found["few"].wall
    assert found["many"].cpu > found["few"].cpu


def test_memory_of_children_is_counted() -> None:
    import subprocess
    import sys

    memory = Memory()
    command = [sys.executable, "-c", "print(flush=True); input()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        memory.sample()
        child.communicate(b"\n")
    assert memory.peak > 2**20


def test_the_machine_is_named_with_its_cores_and_versions() -> None:
    assert " x " in machine()
    assert "mujoco 3." in machine()


@pytest.fixture(scope="module")
def cart() -> dict:
    return physics.main([CART, CART], num_envs=4, mjx_batches=(1, 2), rounds=1, steps=2)


@pytest.mark.nightly
def test_physics_compares_native_with_the_best_batch_of_mjx(cart: dict) -> None:
    first = cart["robots"][0]
    assert cart["figure"] == first["native"]
    assert cart["baseline"] == max(first["MJX, batch 1"], first["MJX, batch 2"])
    assert cart["ratio"] == pytest.approx(cart["figure"] / cart["baseline"], rel=0.02, abs=0.1)


@pytest.mark.nightly
def test_physics_runs_further_robots_on_mjx_only_where_asked(cart: dict) -> None:
    assert [row["ratio"] is None for row in cart["robots"]] == [False, True]
    assert cart["geometric_mean_ratio"] == cart["ratio"]


def test_raw_stepping_moves_as_the_environment_does() -> None:
    from tabrl.envs.load import load_env

    native = physics.Native(load_env(CART), 4, steps=1)
    raw = native.raw()
    raw()
    moved = native.physics.step(native.inputs, native.split.nstep)["qpos"].copy()
    assert moved.tolist() == raw.qpos().tolist()
    assert (moved != native.inputs["qpos"]).any()


@pytest.mark.nightly
def test_training_compares_ppo_with_raw_stepping() -> None:
    found = training.main(CART, hp=SMALL, rounds=1, with_startup=False)
    assert found["ratio"] == pytest.approx(found["figure"] / found["baseline"], abs=0.01)


@pytest.mark.nightly
def test_start_up_is_measured_on_a_cache_of_its_own(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "home", tmp_path / "cache").prepare()
    (approach,) = propose("Swing to and fro", robot(CART), count=1).approaches
    took = training.first_training(CART, approach, SMALL, settings)["first_update"]
    assert min(took.wall, took.cpu) > 0
    assert any(settings.jax_cache.iterdir())
