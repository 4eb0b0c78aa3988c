"""What a worker keeps between jobs: it does not grow with rewards, and it can be given up."""

from threading import Event as Flag

import jax
import lessons
import pytest

from tabrl import worker
from tabrl.events import Checked
from tabrl.spec import CheckSpec
from tabrl.training.check import check
from tabrl.training.rollout import rollouts_of


def live() -> int:
    """Compiled functions that this process holds."""
    return len(jax.local_devices()[0].client.live_executables())


def checked(number: int) -> None:
    reward = lessons.approach(f'{{"right": s.joint("slider") + {number}.5 * s.action_rate}}')
    *_, event = check(CheckSpec(job="a", robot=lessons.ROBOT, approach=reward), stop=Flag())
    assert isinstance(event, Checked)
    assert event.result.valid


@pytest.mark.nightly
def test_what_is_kept_does_not_grow_with_rewards_and_is_given_up_beyond_a_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    checked(0)
    first = live()
    for number in range(1, 4):
        checked(number)
    assert live() <= first
    monkeypatch.setattr(worker, "KEPT_BYTES", 2**40)  # the process of these tests is large itself
    worker._slim()
    assert rollouts_of.cache_info().currsize > 0  # far below the bound: the next job starts at once
    monkeypatch.setattr(worker, "KEPT_BYTES", 0)
    worker._slim()
    assert rollouts_of.cache_info().currsize == 0
    assert live() < first
    checked(4)
