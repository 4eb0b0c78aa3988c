"""The command line and the studio tell one story: the same sentence leaves the same record."""

import json
from pathlib import Path
from typing import Any

import pytest
from spoken import configured, saying
from waiting import until
from wire import Wire

from tabrl.experiments import load, teach
from tabrl.experiments.engine import proposing
from tabrl.experiments.propose import behaviour
from tabrl.experiments.record import FILE, Experiment
from tabrl.settings import Settings
from tabrl.spec import Behaviour

SENTENCE = "Keep shaking your hips aloha dude!"
ROBOT = "Go1JoystickFlatTerrain"
STEPS = 8 * 512 * 20
OTHERWISE = {
    *("id", "created", "client", "timings", "estimate", "took_s", "steps_per_s", "seconds_left"),
    *("previews", "files"),  # a studio shows the policy so far; a command ends with compare.html
}
"""What differs from run to run, or with who looks on."""


def story(record: Any) -> Any:
    """A record without what differs."""
    if isinstance(record, dict):
        return {k: story(v) for k, v in record.items() if k not in OTHERWISE}
    return [story(each) for each in record] if isinstance(record, list) else record


def spoil(monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    """Have the built-in proposer's approaches behave as `small_acts` says of words."""

    def spoilt(experiment: Experiment, count: int, *known: object) -> Behaviour:
        proposed = behaviour(experiment, count)
        approaches = [
            each.model_copy(update={"source": f"{each.source}# {word}\n"})
            for each, word in zip(proposed.approaches, words, strict=True)
        ]
        return proposed.model_copy(update={"approaches": tuple(approaches)})

    monkeypatch.setattr(proposing, "behaviour", spoilt)


def over_http(site: Any, **options: Any) -> Path:
    made = site.propose(**options)
    if any(approach["status"] == "ready" for approach in made["approaches"]):
        site.train(made["id"])
    return site.engine.find(made["id"]).folder


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("fine", "fine", "fine"), "finished"),
        (("fine", "broken", "fine"), "incomplete"),
        (("fine", "fine", "refuse me"), "incomplete"),
        (("broken", "broken", "refuse me"), "failed"),
        (("refuse me", "refuse me", "refuse me"), "failed"),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(value),
)
def test_a_sentence_leaves_the_same_record(
    site: Any,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    status: str,
) -> None:
    spoil(monkeypatch, *words)
    commanded = teach(SENTENCE, ROBOT, steps=STEPS, out=tmp_path / "out", settings=settings)
    folder = over_http(site)
    until(lambda: load(folder).status == commanded.status)
    told = [json.loads((each / FILE).read_text("utf-8")) for each in (commanded.folder, folder)]
    assert story(told[0]) == story(told[1])
    assert commanded.status == status


def test_a_model_s_metric_judges_all_approaches_in_both(
    site: Any,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TABRL_HOME", str(settings.home))
    who = ["builtin", "one"]
    with configured(settings, one=Wire("openai", saying("openai"))):
        commanded = teach(
            SENTENCE, ROBOT, steps=STEPS, provider=who, out=tmp_path / "out", settings=settings
        )
    with configured(settings, one=Wire("openai", saying("openai"))):
        live = site.engine.propose(ROBOT, SENTENCE, providers=who, steps=STEPS)
        until(lambda: not live.proposing and not live.tasks)
        site.train(live.id)
    for experiment in (commanded, live.experiment):
        assert len(experiment.approaches) == 6
        (name,) = {approach.metric.name for approach in experiment.approaches}
        assert name == experiment.approaches[-1].metric.name
        assert {approach.provider for approach in experiment.approaches} == set(who)
