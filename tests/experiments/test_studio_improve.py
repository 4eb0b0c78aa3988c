"""In the studio an edited approach stands beside its parent, and trains on from its policy."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from dialects import USAGE, Fault, Heard, Say
from spoken import configured, good
from waiting import statuses, until
from wire import Wire

from tabrl.errors import ConflictError, NotFoundError, TabRLError
from tabrl.experiments.changes import words
from tabrl.experiments.engine import Engine, Live
from tabrl.settings import Settings

SENTENCE = "Keep shaking your hips aloha dude!"
ROBOT = "Go1JoystickFlatTerrain"


@pytest.fixture(autouse=True)
def own_home(settings: Settings, no_keys: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABRL_HOME", str(settings.home))


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    made = Engine(replace(settings, handlers="small_acts"))
    made.start()
    yield made
    made.close()


@pytest.fixture
def taught(engine: Engine) -> Live:
    live = engine.propose(ROBOT, SENTENCE, steps=61_440)
    until(lambda: statuses(live) == ["ready"] * 3)
    engine.train(live.id, [live.experiment.approaches[0].folder])
    until(lambda: statuses(live)[0] == "finished")
    return live


def edited(heard: Heard) -> Say:
    """The first recorded approach, as an edit."""
    form = json.loads(good()["approaches"])
    form["approaches"] = form["approaches"][:1]
    return Say(json.dumps(form))


def test_the_built_in_edit_is_there_at_once_and_trains_on_from_its_parent(
    engine: Engine, taught: Live
) -> None:
    parent = taught.experiment.approaches[0]
    engine.improve(taught.id, parent.folder, wish="swing wider")
    child = taught.experiment.approaches[3]
    assert child.name == f"{parent.name} 2"
    assert child.origin is not None
    assert (child.origin.approach, child.origin.wish) == (parent.folder, "swing wider")
    (code,) = child.origin.changes
    assert "+     sway = oscillate(s.phase, 0.3375, 0.0)" in words(code)
    until(lambda: child.status == "ready")
    start = taught.folder / str(child.start)
    learned = taught.folder / parent.files["policy"]
    assert (start / "policy.json").read_text() == (learned / "policy.json").read_text()
    engine.train(taught.id, [child.folder])
    until(lambda: child.status == "finished")
    assert parent.status == "finished"
    assert child.metric == parent.metric


def test_an_edit_of_an_edit_keeps_its_line_and_gets_a_name_of_its_own(
    engine: Engine, taught: Live
) -> None:
    first = taught.experiment.approaches[0]
    engine.improve(taught.id, first.folder, wish="wider")
    second = taught.experiment.approaches[3]
    until(lambda: second.status == "ready")
    engine.train(taught.id, [second.folder])
    until(lambda: second.status == "finished")
    engine.improve(taught.id, second.folder, wish="faster")
    third = taught.experiment.approaches[4]
    assert third.name == f"{first.name} 3"
    assert third.origin is not None
    assert (third.origin.approach, third.origin.name) == (second.folder, second.name)


def test_a_change_by_hand_shows_among_the_changes(engine: Engine, taught: Live) -> None:
    engine.improve(taught.id, taught.experiment.approaches[0].folder, wish="wider")
    child = taught.experiment.approaches[3]
    until(lambda: child.status == "ready")
    engine.edit(taught.id, child.folder, {"weights": child.weights | {"planted": 0.9}})
    assert child.origin is not None
    planted = next(c for c in child.origin.changes if c.kind == "weight" and c.name == "planted")
    assert planted.after == 0.9


def test_a_model_edits_while_the_studio_goes_on(
    settings: Settings, engine: Engine, taught: Live
) -> None:
    first, second, _ = taught.experiment.approaches
    wire = Wire("openai", edited)
    seen: list[list[str]] = []
    engine.watch(taught.id, lambda key, often: seen.append(list(taught.proposing)))
    with configured(settings, one=wire):
        engine.improve(
            taught.id, first.folder, wish="wider", best=first.folder, worst=second.folder,
            provider="one",
        )  # fmt: skip
        until(lambda: not taught.proposing and statuses(taught)[3:] == ["ready"])
    assert ["one"] in seen
    said = json.dumps(wire.heard[0].body)
    assert all(words in said for words in ("wider", first.name, second.name))
    child = taught.experiment.approaches[3]
    assert (child.provider, child.model, child.repairs) == ("one", "loop-1", 0)
    copy = engine.duplicate(taught.id).experiment.approaches[3]
    assert (copy.model, copy.prompts, copy.origin) == ("loop-1", child.prompts, None)
    (answer,) = taught.experiment.usage["one"].answers
    assert (answer.purpose, answer.input_tokens, answer.output_tokens) == ("improve", *USAGE)


def test_a_model_that_fails_is_named_and_the_parent_stays(
    settings: Settings, engine: Engine, taught: Live
) -> None:
    parent = taught.experiment.approaches[0]
    with configured(settings, ill=Wire("openai", Fault(401, "no", "invalid_api_key"))):
        engine.improve(taught.id, parent.folder, wish="wider", provider="ill")
        until(lambda: not taught.proposing)
    assert len(taught.experiment.approaches) == 3
    assert parent.status == "finished"
    (error,) = taught.experiment.errors
    assert error.startswith(f"{parent.name} stays as it is: ill did not edit it")


def test_what_cannot_be_improved_is_told(engine: Engine, taught: Live) -> None:
    first, second, _ = taught.experiment.approaches
    with pytest.raises(ConflictError, match="no policy"):
        engine.improve(taught.id, second.folder, wish="wider")
    with pytest.raises(TabRLError, match="nothing to change"):
        engine.improve(taught.id, first.folder)
    with pytest.raises(NotFoundError):
        engine.improve(taught.id, first.folder, wish="wider", best="9-nobody")
    with pytest.raises(TabRLError, match="no provider 'clippy'"):
        engine.improve(taught.id, first.folder, wish="wider", provider="clippy")
    assert len(taught.experiment.approaches) == 3
