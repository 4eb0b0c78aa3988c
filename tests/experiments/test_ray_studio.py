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

from tabrl.experiments.engine import Engine, Live  # noqa: E402
from tabrl.experiments.record import FILE, ApproachRecord  # noqa: E402
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


def test_a_training_outlives_the_studio_and_is_heard_to_its_end(acts: Settings):
    first = Engine(acts, "ray")
    live, approach = training(first, "slowly" * 6)
    assert first.jobs()[2] == 2
    first.close()
    kept = json.loads((live.folder / FILE).read_text("utf-8"))["approaches"][0]
    assert (kept["status"], kept["attempt"]) == ("training", 1)
    assert 0 < kept["heard"] < 10
    second = Engine(acts, "ray")
    second.start()
    try:
        again = second.find(live.id).approach(approach.folder)
        until(lambda: again.status == "finished")
        assert again.attempt == 1
        assert steps(again) == list(range(1, 9))
        assert [p.step // BATCH for p in again.previews] == [2, 4, 6]
        assert (live.folder / again.files["clip"]).is_file()
    finally:
        second.close()


def test_a_training_whose_process_is_killed_goes_on_from_its_last_policy(
    acts: Settings, ray: Cluster
):
    engine = Engine(acts, "ray")
    try:
        live, approach = training(engine, "slowly")
        until(lambda: approach.step >= 4 * BATCH)
        os.kill(slot(ray).pid, signal.SIGKILL)
        until(lambda: approach.status == "finished")
        assert approach.attempt == 2
        assert steps(approach) == list(range(1, 9))
        assert approach.files["policy"].endswith("/2/policy")
    finally:
        engine.close()
