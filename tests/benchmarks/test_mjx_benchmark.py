"""The benchmark of training on MJX, on a cart and a pole, in sizes that take no time."""

import pytest

from benchmarks import mjx
from tabrl.errors import TabRLError
from tabrl.spec import Hyperparameters

CART = "CartpoleBalance"
SMALL = Hyperparameters(
    num_envs=4, unroll_length=2, num_minibatches=2, num_epochs=1, hidden=(8,), episode_length=5
)


pytestmark = pytest.mark.usefixtures("precision_stays")


@pytest.mark.nightly
def test_both_trainings_are_measured_on_mjx(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mjx, "playgrounds_shape", lambda robot, num_envs: SMALL)
    found = mjx.main(CART, rounds=1)
    assert found["ratio"] == pytest.approx(found["figure"] / found["baseline"], rel=0.01)
    assert found["shape"] == "4 x 2, 2 minibatches, 1 epochs, (8,), impl jax"


@pytest.mark.nightly
def test_playgrounds_training_goes_on_when_it_is_its_turn_and_ends() -> None:
    theirs = mjx.Playgrounds(CART, SMALL, "jax")
    assert [theirs(), theirs()] == [8, 8]
    theirs.close()
    assert not theirs._thread.is_alive()


def test_what_fails_in_playgrounds_training_fails_its_turn() -> None:
    theirs = mjx.Playgrounds(CART, SMALL.model_copy(update={"num_minibatches": 3}), "jax")
    with pytest.raises(AssertionError):
        theirs()


def test_sizes_are_playgrounds_own_or_as_many_minibatches_of_fewer() -> None:
    own = mjx.playgrounds_shape("Go1JoystickFlatTerrain")
    assert (own.num_envs, own.num_minibatches, own.hidden) == (8192, 32, (512, 256, 128))
    fewer = mjx.playgrounds_shape("Go1JoystickFlatTerrain", 64)
    assert (fewer.num_envs, fewer.num_minibatches) == (64, 32)
    with pytest.raises(TabRLError, match="65 simulations") as error:
        mjx.playgrounds_shape("Go1JoystickFlatTerrain", 65)
    assert "multiple of 32" in error.value.hint
