"""A trained approach is edited from what was measured, and trained on from its policy."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from dialects import Fault, Heard, Say
from spoken import configured, good
from wire import Wire

from tabrl.errors import TabRLError
from tabrl.experiments import Experiment, load, teach
from tabrl.experiments.approach_record import Origin
from tabrl.experiments.changes import words
from tabrl.experiments.improve import improve
from tabrl.settings import Settings

SENTENCE = "Keep shaking your hips aloha dude!"


pytestmark = pytest.mark.usefixtures("no_keys")


@pytest.fixture
def pupils(settings: Settings) -> Settings:
    return replace(settings, handlers="small_pupils")


@pytest.fixture
def parent(pupils: Settings, tmp_path: Path) -> Experiment:
    return teach(SENTENCE, steps=61_440, out=tmp_path / "parent", settings=pupils)


def edited(heard: Heard) -> Say:
    """The first recorded approach, as an edit."""
    form = json.loads(good()["approaches"])
    form["approaches"] = form["approaches"][:1]
    return Say(json.dumps(form))


def told(origin: Origin) -> list[str]:
    """What was changed, in lines."""
    return [line for change in origin.changes for line in words(change)]


def better(pupils: Settings, tmp_path: Path, name: str = "2", **options: Any) -> Experiment:
    given = {"provider": "one", "steps": 61_440, "out": tmp_path / "child", "settings": pupils}
    return improve(tmp_path / "parent", name, "wider, please", **given | options)


def test_the_model_sees_what_was_measured_and_said(
    pupils: Settings, parent: Experiment, tmp_path: Path
) -> None:
    wire = Wire("openai", edited)
    with configured(pupils, one=wire):
        better(pupils, tmp_path, best="Aloha", worst="Wiggle")
    (heard,) = wire.heard
    said = json.dumps(heard.body)
    chosen = parent.approaches[1]
    for part in (
        "wider, please", "Aloha", "Wiggle", chosen.name, "roll amplitude (rad): 0.25",
        "before the training: 0.003", "- sway: 0.1, 0.2, 0.3", "500, 500, 500",
    ):  # fmt: skip
        assert part in said, part


def test_the_edit_is_trained_from_the_policy_and_judged_by_the_same_metric(
    pupils: Settings, parent: Experiment, tmp_path: Path
) -> None:
    with configured(pupils, one=Wire("openai", edited)):
        child = better(pupils, tmp_path)
    (approach,) = child.approaches
    assert child.status == "finished"
    assert child.parent is not None
    assert (child.parent.how, child.parent.id) == ("improve", parent.id)
    card = json.loads((tmp_path / "child" / approach.files["policy"] / "policy.json").read_text())
    assert card["base"] == str(tmp_path / "child" / str(approach.start))
    assert card["found"] == ["policy.json"]
    assert approach.metric == parent.approaches[1].metric
    assert (approach.provider, approach.model, approach.repairs) == ("one", "loop-1", 0)
    assert load(tmp_path / "child").model_dump() == child.model_dump()


def test_the_built_in_proposer_edits_without_a_key(
    pupils: Settings, parent: Experiment, tmp_path: Path
) -> None:
    child = better(pupils, tmp_path, "1", provider="builtin")
    (approach,) = child.approaches
    assert (child.status, child.usage) == ("finished", {})
    assert (approach.provider, approach.model, approach.prompts) == ("builtin", "", "")
    assert approach.origin is not None
    assert "+     sway = oscillate(s.phase, 0.3375, 0.0)" in told(approach.origin)


def test_where_the_built_in_proposer_finds_nothing_to_change_nothing_is_made(
    pupils: Settings, parent: Experiment, tmp_path: Path
) -> None:
    with pytest.raises(TabRLError, match="nothing to change"):
        improve(
            tmp_path / "parent", "1", provider="builtin", out=tmp_path / "child", settings=pupils
        )
    assert not (tmp_path / "child").exists()


def test_the_lineage_tells_what_was_changed(
    pupils: Settings, parent: Experiment, tmp_path: Path
) -> None:
    with configured(pupils, one=Wire("openai", edited)):
        child = better(pupils, tmp_path, parent.approaches[1].name)
    origin = child.approaches[0].origin
    assert origin is not None
    assert (origin.experiment, origin.approach) == (parent.id, parent.approaches[1].folder)
    assert origin.wish == "wider, please"
    assert any(line.startswith("+") and "sway" in line for line in told(origin))
    assert any(line.startswith("-") for line in told(origin))


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("9", {}, "no approach '9'"),
        ("1", {"provider": "all"}, "One edits"),
        ("1", {"provider": "clippy"}, "no provider"),
    ],
)
def test_what_cannot_be_improved_is_told(
    pupils: Settings,
    parent: Experiment,
    tmp_path: Path,
    name: str,
    options: dict[str, Any],
    message: str,
) -> None:
    with configured(pupils, one=Wire("openai", edited)), pytest.raises(TabRLError, match=message):
        better(pupils, tmp_path, name, **options)
    assert not (tmp_path / "child").exists()


def test_a_model_that_does_not_answer_is_named(
    pupils: Settings, parent: Experiment, tmp_path: Path
) -> None:
    ill = Wire("openai", Fault(401, "no", "invalid_api_key"))
    with configured(pupils, one=ill), pytest.raises(TabRLError, match="one did not edit it"):
        better(pupils, tmp_path)
    assert load(tmp_path / "child").status == "failed"
