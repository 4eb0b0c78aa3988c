"""The studio's load: requests come when they are due, and slow answers hold up those behind."""

import asyncio
import time
from pathlib import Path

import psutil
import pytest

from benchmarks import studio


@pytest.mark.usefixtures("small_lessons")
@pytest.mark.nightly
def test_three_people_train_while_others_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABRL_WORKER_HANDLERS", "small_acts")
    found = studio.main(steps=81920, idle_s=2.0)
    assert found["ratio"] == pytest.approx(found["figure"] / found["baseline"], rel=0.05)
    assert [person["status"] for person in found["people"]] == ["finished"] * 3
    assert [person["verdicts"] for person in found["people"]] == [["pass"] * 3] * 3
    assert found["requests"]["failures"] == []
    assert found["requests"]["idle"] >= 12
    assert found["beside other programs"]["ratio"] > 0
    assert found["kinds"].keys() == {
        "health", "robots", "experiments", "experiment", "clip", "live"
    }  # fmt: skip


def test_cores_are_busy_meanwhile_and_no_longer() -> None:
    used = psutil.Process().children
    before = len(used())
    with studio.busy_cores(2):
        loops = used()[before:]
        time.sleep(1.0)
        assert sum(sum(loop.cpu_times()[:2]) for loop in loops) > 0.1
    assert len(used()) == before


def test_an_answer_is_timed_from_when_it_was_due() -> None:
    async def held_up() -> studio.Answers:
        answers = studio.Answers()

        async def ask() -> float:
            return studio.now()

        await answers.time("health", ask, studio.now() - 2.0)
        return answers

    assert asyncio.run(held_up()).ms["health"][0] >= 2000.0


def test_a_request_that_fails_is_told_and_counts() -> None:
    async def refused() -> studio.Answers:
        over = asyncio.Event()

        async def ask() -> float:
            over.set()
            raise OSError("refused")

        return await studio.ask_until(over, {"health": ask})

    answers = asyncio.run(refused())
    assert answers.failures == ["health: OSError('refused')"]
    assert len(answers.ms["health"]) == 1


def test_a_studio_that_does_not_start_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TABRL_MAX_JOBS", "none")
    with pytest.raises(studio.TabRLError, match="did not start"), studio.serving(tmp_path):
        pass
