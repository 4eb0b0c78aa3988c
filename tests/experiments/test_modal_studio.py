"""The studio over Modal's real SDK and a server of ours; `kept_acts` says what its jobs do."""

import json
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from waiting import until

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent / "executors"))
from modal_loopback import Modal, at_modal  # noqa: E402, F401

from tabrl.experiments.approach_record import ApproachRecord  # noqa: E402
from tabrl.experiments.engine import Engine, Live  # noqa: E402
from tabrl.experiments.record import FILE  # noqa: E402
from tabrl.settings import Settings  # noqa: E402

SENTENCE, ROBOT = "Keep shaking your hips aloha dude!", "Go1JoystickFlatTerrain"
BATCH = 512 * 20


@pytest.fixture
def modal(at_modal: Modal) -> Modal:  # noqa: F811
    return at_modal


@pytest.fixture
def acts(settings: Settings) -> Settings:
    return replace(settings, handlers="kept_acts", max_jobs=None)


def training(engine: Engine, word: str) -> tuple[Live, ApproachRecord]:
    """An approach that trains as `kept_acts` says of a word."""
    live = engine.propose(ROBOT, SENTENCE, steps=8 * BATCH, approaches=1)
    (approach,) = live.experiment.approaches
    approach.source += f"\n# {word}\n"
    until(lambda: approach.status == "ready")
    engine.train(live.id)
    until(lambda: approach.step > 0)
    return live, approach


def steps(approach: ApproachRecord) -> list[int]:
    return [point.step // BATCH for point in approach.curve]


def test_a_training_survives_its_container_and_then_the_studio(acts: Settings, modal: Modal):
    with closing(Engine(acts, "modal")) as first:
        live, approach = training(first, "slowly" * 2)
        until(lambda: "policy" in approach.files)
        modal.preempt(modal.last, grace=False)
        until(lambda: approach.attempt == 2 and approach.heard > 1)
        assert approach.resume
    kept = json.loads((live.folder / FILE).read_text("utf-8"))["approaches"][0]
    assert kept["status"] == "training"
    assert set(kept["costs"]) == {"1", "2"}
    with closing(Engine(acts, "modal")) as second:
        second.start()
        again = second.find(live.id).approach(approach.folder)
        assert again.heard == kept["heard"]
        until(lambda: again.status == "finished")
        assert again.attempt == 2
        assert steps(again) == list(range(1, 9))
        assert again.files["policy"].endswith("/2/policy")
        assert (live.folder / again.files["clip"]).is_file()
        assert again.where == "Modal, 4 cores"
        assert again.cost_usd == pytest.approx(sum(again.costs.values()))
        assert second.spending == (pytest.approx(again.cost_usd, abs=0.001), None)


@pytest.mark.nightly
def test_what_ended_while_nobody_listened_is_heard_once_and_in_order(acts: Settings, modal: Modal):
    with closing(Engine(acts, "modal")) as first:
        live, approach = training(first, "slowly")
    until(lambda: modal.last.result)
    modal.queues.clear()  # as Modal does in a day
    with closing(Engine(acts, "modal")) as second:
        second.start()
        again = second.find(live.id).approach(approach.folder)
        until(lambda: again.status == "finished")
        assert again.attempt == 1
        assert steps(again) == list(range(1, 9))
        assert [p.step // BATCH for p in again.previews] == [2, 4, 6]


@pytest.mark.nightly
def test_cancelling_keeps_the_policy(acts: Settings, modal: Modal):
    with closing(Engine(acts, "modal")) as engine:
        live, approach = training(engine, "slowly" * 20)
        until(lambda: approach.step >= 2 * BATCH)
        engine.cancel(live.id, approach.folder)
        until(lambda: approach.status == "cancelled")
        assert (live.folder / approach.files["policy"] / "policy.json").is_file()
        assert approach.verdict == "pass"


@pytest.mark.nightly
def test_a_token_that_expires_interrupts_what_trains_and_says_what_to_do(
    acts: Settings, modal: Modal
):
    with closing(Engine(acts, "modal")) as engine:
        live, approach = training(engine, "slowly" * 20)
        until(lambda: approach.step >= 2 * BATCH)
        known = set(modal.tokens)
        modal.tokens -= {"ak-loopback"}
        until(lambda: approach.status == "interrupted")
        assert "does not accept the token" in approach.error.message
        assert "modal token new" in approach.error.hint
        modal.tokens |= known
        approach.source = approach.source.replace("slowly", "")
        engine.retry(live.id, approach.folder)
        until(lambda: approach.status == "finished")
        assert steps(approach) == list(range(1, 9))


def test_the_cap_refuses_a_training_with_its_reason(acts: Settings, modal: Modal):
    with closing(Engine(replace(acts, modal_cap=0.01), "modal")) as engine:
        live = engine.propose(ROBOT, SENTENCE, steps=8 * BATCH, approaches=1)
        (approach,) = live.experiment.approaches
        until(lambda: approach.status == "ready")
        engine.train(live.id)
        until(lambda: approach.status == "failed")
        assert "cap" in approach.error.message
        assert "TABRL_MODAL_CAP" in approach.error.hint
        assert not modal.calls
