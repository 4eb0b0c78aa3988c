"""What a studio that was closed or killed leaves, and how the next one goes on."""

import json
from dataclasses import replace

import pytest
from acting import BATCH, ROBOT, SENTENCE, behaving, proposed
from waiting import statuses, until

from tabrl.experiments.engine import Engine
from tabrl.experiments.record import FILE
from tabrl.settings import Settings


@pytest.fixture
def acts(settings: Settings) -> Settings:
    return replace(settings, handlers="small_acts", max_jobs=2)


def test_an_interrupted_training_goes_on_from_its_last_policy(acts):
    first = Engine(acts)
    live = proposed(first, approaches=1)
    name = behaving(first, live, 0, "slowly")
    first.train(live.id)
    until(lambda: live.approach(name).step >= 4 * BATCH)
    first.close()
    kept = json.loads((live.folder / FILE).read_text("utf-8"))["approaches"][0]
    assert kept["status"] == "training"
    second = Engine(acts)
    second.start()
    try:
        again = second.find(live.id).approach(name)
        assert again.step >= 2 * BATCH
        assert again.curve
        until(lambda: again.status == "finished")
        steps = [point.step for point in again.curve]
        assert steps == sorted(set(steps))
        assert steps[-1] == again.num_steps == 8 * BATCH
    finally:
        second.close()


def test_an_interrupted_training_without_a_policy_is_named_and_starts_anew(acts):
    first = Engine(acts)
    live = proposed(first, approaches=1)
    name = behaving(first, live, 0, "slowly, silent")
    first.train(live.id)
    until(lambda: live.approach(name).step > 0)
    first._writer.write(live.id)
    _abandon(first)
    second = Engine(acts)
    second.start()
    try:
        again = second.find(live.id)
        assert again.experiment.status == "interrupted"
        assert "stopped" in again.approach(name).error.message
        second.retry(live.id, name)
        until(lambda: again.approach(name).status == "finished")
    finally:
        second.close()


def test_checks_and_lines_go_on_after_a_restart(acts):
    first = Engine(acts)
    live = proposed(first)
    for i in range(3):
        behaving(first, live, i, "slowly")
    first.train(live.id)
    until(lambda: statuses(live).count("training") == 2)
    draft = first.propose(ROBOT, SENTENCE, steps=61_440, approaches=1)
    first.close()
    second = Engine(acts)
    second.start()
    try:
        until(lambda: statuses(second.find(draft.id)) == ["ready"])
        until(lambda: set(statuses(second.find(live.id))) == {"finished"})
    finally:
        second.close()


def _abandon(engine: Engine) -> None:
    """What a power cut does: the workers die, and nothing more is written."""
    engine.closing = True
    for worker in list(engine._runner._executor._workers.values()):
        worker.kill()
    engine._runner.close()
    engine.tenure.close()
    engine.store.close()
