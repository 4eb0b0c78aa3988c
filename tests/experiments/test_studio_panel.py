"""The studio asks language models beside the built-in proposer; nobody waits for the slowest."""

from collections.abc import Iterator

import pytest
from dialects import Fault, Say
from spoken import configured, saying
from waiting import until
from wire import Wire

from tabrl.errors import TabRLError
from tabrl.experiments.engine import Engine, Live
from tabrl.settings import Settings

SENTENCE = "Keep shaking your hips aloha dude!"
ROBOT = "Go1JoystickFlatTerrain"


@pytest.fixture(autouse=True)
def own_home(settings: Settings, no_keys: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABRL_HOME", str(settings.home))


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    made = Engine(settings)
    made.start()
    yield made
    made.close()


def of(live: Live, provider: str) -> list[str]:
    """Statuses of a provider's approaches."""
    return [a.status for a in live.experiment.approaches if a.provider == provider]


def test_the_built_in_answers_at_once_and_a_model_when_it_can(
    settings: Settings, engine: Engine
) -> None:
    with configured(settings, one=Wire("openai", saying("openai"))):
        live = engine.propose(ROBOT, SENTENCE, providers=["builtin", "one"], steps=61_440)
        assert len(of(live, "builtin")) == 3
        assert live.proposing == ["one"]
        told: list[str] = []
        engine.watch(live.id, lambda name, often: told.append(name))
        until(lambda: not live.proposing and of(live, "one") == ["ready"] * 3)
    assert live.experiment.usage["one"].requests == 4
    taken = live.experiment.usage["one"]
    assert len(taken.answers) == taken.requests
    ours = [a for a in live.experiment.approaches if a.provider == "one"]
    assert {(a.model, a.stands_in_for) for a in ours} == {("loop-1", "")}
    assert [a.repairs for a in ours] == [0, 0, 1]  # as the recording has it
    assert live.experiment.errors == []
    assert told


def test_a_slow_model_holds_nobody(settings: Settings, engine: Engine) -> None:
    slow, quick = Wire("openai", Say("late", silence_s=60)), Wire("google", saying("google"))
    with configured(settings, slow=slow, quick=quick):
        live = engine.propose(ROBOT, SENTENCE, providers=["quick", "slow"], steps=61_440)
        until(lambda: of(live, "quick") == ["ready"] * 3)
        assert live.proposing == ["slow"]
        engine.delete(live.id)


def test_a_model_that_fails_is_stood_in_for_and_named(settings: Settings, engine: Engine) -> None:
    with configured(settings, ill=Wire("openai", Fault(401, "no", "invalid_api_key"))):
        live = engine.propose(ROBOT, SENTENCE, providers=["ill"], steps=61_440)
        until(lambda: not live.proposing and of(live, "builtin") == ["ready"] * 3)
    assert "ill gave none of 3" in live.experiment.note
    assert {a.stands_in_for for a in live.experiment.approaches} == {"ill"}
    assert all("key" in answer.trouble for answer in live.experiment.usage["ill"].answers)


def test_whom_nobody_knows_is_refused_before_anything_is_made(engine: Engine) -> None:
    with pytest.raises(TabRLError, match="no provider 'clippy'"):
        engine.propose(ROBOT, SENTENCE, providers=["builtin", "clippy"])
