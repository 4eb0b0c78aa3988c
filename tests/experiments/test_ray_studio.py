"""The studio over a real Ray cluster on this machine; `small_acts` says what its jobs do."""

import json
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from waiting import until

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent / "executors"))
from clusters import Cluster, cluster  # noqa: E402

from tabrl.executors.ray_slot import UNHEARD  # noqa: E402
from tabrl.experiments.approach_record import ApproachRecord  # noqa: E402
from tabrl.experiments.engine import Engine, Live  # noqa: E402
from tabrl.experiments.engine.training import MOST_LOSSES  # noqa: E402
from tabrl.experiments.record import FILE  # noqa: E402
from tabrl.settings import Settings  # noqa: E402

SENTENCE, ROBOT = "Keep shaking your hips aloha dude!", "Go1JoystickFlatTerrain"
BATCH = 512 * 20


@pytest.fixture(scope="module")
def ray(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("node")
    with cluster(PYTHONPATH=str(HERE), TABRL_CACHE=str(folder), TABRL_HOME=str(folder)) as made:
        yield made


@pytest.fixture
def acts(settings: Settings, ray: Cluster) -> Settings:
    return replace(settings, handlers="small_acts", max_jobs=None, ray=ray.address)


def training(engine: Engine, word: str) -> tuple[Live, ApproachRecord]:
    """An approach that trains as `small_acts` says of a word."""
    live = engine.propose(ROBOT, SENTENCE, steps=8 * BATCH, approaches=1)
    (approach,) = live.experiment.approaches
    approach.source += f"\n# {word}\n"
    until(lambda: approach.status == "ready")
    engine.train(live.id)
    until(lambda: approach.step > 0)
    return live, approach


def slot(ray: Cluster) -> psutil.Process:
    """The process in the cluster that was made last for a job."""
    slots = [p for p in ray.processes(0) if "ray::Slot" in p.name()]
    return max(slots, key=psutil.Process.create_time)


def steps(approach: ApproachRecord) -> list[int]:
    return [point.step // BATCH for point in approach.curve]


@pytest.mark.nightly
def test_a_training_survives_its_process_and_then_the_studio(acts: Settings, ray: Cluster):
    first = Engine(acts, "ray")
    live, approach = training(first, "slowly" * 4)
    assert first.jobs()[2] == 2
    until(lambda: approach.step >= 2 * BATCH)
    os.kill(slot(ray).pid, signal.SIGKILL)
    until(lambda: approach.attempt == 2 and approach.heard > 1)
    first.close()
    kept = json.loads((live.folder / FILE).read_text("utf-8"))["approaches"][0]
    assert kept["status"] == "training"
    second = Engine(acts, "ray")
    second.start()
    try:
        again = second.find(live.id).approach(approach.folder)
        assert again.heard == kept["heard"]
        until(lambda: again.status == "finished")
        assert again.attempt == 2
        assert steps(again) == list(range(1, 9))
        assert again.files["policy"].endswith("/2/policy")
        assert (live.folder / again.files["clip"]).is_file()
    finally:
        second.close()


@pytest.mark.nightly
def test_what_ended_while_nobody_listened_is_heard_once_and_in_order(acts: Settings):
    first = Engine(acts, "ray")
    live, approach = training(first, "slowly")
    first.close()
    left = live.folder / approach.out / UNHEARD
    until(left.is_file)  # its cores are free again
    second = Engine(acts, "ray")
    second.start()
    try:
        again = second.find(live.id).approach(approach.folder)
        until(lambda: again.status == "finished")
        assert again.attempt == 1
        assert steps(again) == list(range(1, 9))
        assert [p.step // BATCH for p in again.previews] == [2, 4, 6]
    finally:
        second.close()


@pytest.mark.nightly
def test_cancelling_keeps_the_policy(acts: Settings):
    engine = Engine(acts, "ray")
    try:
        live, approach = training(engine, "slowly" * 20)
        until(lambda: approach.step >= 2 * BATCH)
        engine.cancel(live.id, approach.folder)
        until(lambda: approach.status == "cancelled")
        assert (live.folder / approach.files["policy"] / "policy.json").is_file()
        assert approach.verdict == "pass"
    finally:
        engine.close()


@pytest.mark.nightly
def test_a_training_that_loses_its_machines_again_and_again_is_interrupted(
    acts: Settings, ray: Cluster
):
    engine = Engine(acts, "ray")
    try:
        live, approach = training(engine, "slowly" * 20)
        for attempt in range(1, MOST_LOSSES + 2):
            until(lambda: approach.attempt == attempt and approach.heard > 0)  # noqa: B023
            os.kill(slot(ray).pid, signal.SIGKILL)
        until(lambda: approach.status == "interrupted")
        assert "went away" in approach.error.message
        engine.delete(live.id)
    finally:
        engine.close()


@pytest.mark.nightly
def test_a_studio_outlives_its_cluster_and_goes_on_once_there_is_one(
    settings: Settings, tmp_path: Path
):
    node = {"PYTHONPATH": str(HERE), "TABRL_CACHE": str(tmp_path), "TABRL_HOME": str(tmp_path)}
    with cluster(**node) as made:
        mine = replace(settings, handlers="small_acts", max_jobs=None, ray=made.address)
        engine = Engine(mine, "ray")
        try:
            live, approach = training(engine, "slowly" * 2)
            until(lambda: approach.step >= 2 * BATCH)
            made.kill(0)
            until(lambda: approach.status == "interrupted")
            reached = approach.step
            assert reached >= 2 * BATCH
            made.nodes.pop().wait()
            made.start(2)
            engine.retry(live.id, approach.folder)
            until(lambda: approach.status == "finished")
            assert steps(approach) == list(range(1, 9))
        finally:
            engine.close()
