"""What a worker keeps between jobs: it does not grow with rewards, and it can be given up."""

import time
from contextlib import suppress
from pathlib import Path
from threading import Event as Flag

import jax
import lessons
import psutil
import pytest

from tabrl import worker
from tabrl.events import Checked
from tabrl.executors.local import LocalExecutor
from tabrl.settings import Settings
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


@pytest.mark.nightly
@pytest.mark.parametrize("checks", [200])
def test_workers_stay_within_their_bound_whatever_they_check(tmp_path: Path, checks: int) -> None:
    robots = ["CartpoleBalance", "CheetahRun", "Go1JoystickFlatTerrain", "PandaPickCube"]
    settings = Settings(tmp_path / "home", tmp_path / "cache", max_jobs=1)
    with LocalExecutor(settings) as executor:
        for number in range(checks):
            reward = lessons.approach(f'{{"calm": -{number}.5 * s.action_rate}}')
            spec = CheckSpec(job="a", robot=robots[number % len(robots)], approach=reward)
            *_, event = executor.submit(spec).events()
            assert isinstance(event, Checked)
            assert event.result.findings is not None
            deadline = time.monotonic() + 20  # for one that leaves
            while largest_child() > worker.KEPT_BYTES:
                assert time.monotonic() < deadline, number
                time.sleep(0.1)


def largest_child() -> int:
    """Resident bytes of the largest process below this one."""
    sizes = [0]
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            sizes.append(process.memory_info().rss)
    return max(sizes)
