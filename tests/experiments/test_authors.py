"""Whole experiments with language models on loopback, each speaking its provider's protocol."""

import json
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from dialects import USAGE, Act, Fault, Heard, Say
from spoken import configured, good, purpose, saying, scripted
from structures import nightly
from wire import KEY, Wire

from tabrl.errors import TabRLError
from tabrl.experiments import Experiment, Stop, load, teach
from tabrl.experiments.authors import shares
from tabrl.llm.exchange import FILE, recorded
from tabrl.settings import Settings

SENTENCE = "Keep shaking your hips aloha dude!"
NAMES = ["Rolling Aloha", "Swinging Hips", "Rear Wiggle"]
KINDS = ["anthropic", "openai", "openai-responses", "google", "deepseek"]


pytestmark = pytest.mark.usefixtures("no_keys")


def lesson(settings: Settings, out: Path, provider: Any, **options: Any) -> Experiment:
    options = {"steps": 61_440, "out": out, "settings": settings} | options
    return teach(SENTENCE, provider=provider, **options)


@pytest.mark.parametrize("kind", [KINDS[0], *map(nightly, KINDS[1:])])
def test_a_whole_experiment_runs_through_each_protocol(
    settings: Settings, tmp_path: Path, kind: Any
) -> None:
    wire = Wire(kind, saying(kind))
    with configured(settings, one=wire):
        experiment = lesson(settings, tmp_path / "out", "one")
    assert experiment.status == "finished"
    assert sorted(a.name for a in experiment.approaches) == sorted(NAMES)
    assert {a.provider for a in experiment.approaches} == {"one"}
    assert all(len(a.prompts) == 8 for a in experiment.approaches)
    assert all(a.metric and a.metric.name == "hip shake" for a in experiment.approaches)
    taken = experiment.usage["one"]
    assert (taken.requests, taken.input_tokens) == (len(wire.heard), len(wire.heard) * USAGE[0])
    assert taken.cost_usd == pytest.approx(len(wire.heard) * (USAGE[0] + 2 * USAGE[1]) / 1e6)
    assert load(tmp_path / "out").usage == experiment.usage


def test_the_key_is_in_no_file(settings: Settings, tmp_path: Path) -> None:
    def leaky(heard: Heard) -> Act:
        said = good()[purpose(heard)]
        return Say(said.replace("even motion", f"your key is {KEY}").replace("calm", KEY))

    with configured(settings, one=Wire("openai", leaky)):
        experiment = lesson(settings, tmp_path / "out", "one")
        assert experiment.status == "finished"
        (settings.home / "providers.toml").unlink()
        for root in (settings.home, settings.cache, tmp_path / "out"):
            for path in root.rglob("*"):
                assert not path.is_file() or KEY.encode() not in path.read_bytes(), path
    assert KEY not in experiment.model_dump_json()


def test_a_recording_gives_the_same_without_a_network(settings: Settings, tmp_path: Path) -> None:
    with configured(settings, one=Wire("openai", saying("openai"))):
        first = lesson(settings, tmp_path / "first", "one")
    (settings.home / "providers.toml").unlink()
    again = lesson(settings, tmp_path / "again", "builtin", replay=tmp_path / "first" / FILE)
    assert [a.approach() for a in again.approaches] == [a.approach() for a in first.approaches]
    assert [a.metric for a in again.approaches] == [a.metric for a in first.approaches]
    assert again.provider == first.provider == "one"
    third = lesson(settings, tmp_path / "third", "builtin", replay=tmp_path / "again")
    assert [a.approach() for a in third.approaches] == [a.approach() for a in first.approaches]


def test_what_the_check_finds_goes_back(settings: Settings, tmp_path: Path) -> None:
    wire = Wire("openai", saying("openai"))
    with configured(settings, one=wire):
        lesson(settings, tmp_path / "out", "one")
    first, second = (h for h in wire.heard if purpose(h) == "approaches")
    assert "s.hip_angles" not in json.dumps(first.body)
    said = json.dumps(second.body)
    assert "line 4: Go1 has no s.hip_angles" in said or "there is no s.hip_angles" in said
    assert "Send 1 mended approach " in said
    assert "Rolling Aloha is valid" in said


def test_the_judge_sees_no_reward(settings: Settings, tmp_path: Path) -> None:
    wire = Wire("openai-responses", saying("openai-responses"))
    with configured(settings, one=wire):
        lesson(settings, tmp_path / "out", "one")
    judges = [json.dumps(h.body) for h in wire.heard if purpose(h) == "metric"]
    assert len(judges) == 2
    assert not any("def reward" in said or "Rolling Aloha" in said for said in judges)
    assert all(SENTENCE in said for said in judges)
    assert "there is no measure 'wobble'" in judges[1]


def test_a_metric_that_the_baselines_pass_is_sent_back(settings: Settings, tmp_path: Path) -> None:
    lazy = good()["metric"].replace('"hip shake"', '"lazy shake"')
    approaches = [Say(good()["approaches"])]
    wire = Wire("openai", scripted(approaches, [Say(lazy), Say(good()["metric"])]))
    with configured(settings, one=wire):
        experiment = lesson(settings, tmp_path / "out", "one")
    assert experiment.approaches[0].metric.name == "hip shake"  # type: ignore[union-attr]
    said = json.dumps([h.body for h in wire.heard if purpose(h) == "metric"][-1])
    assert "A still robot, which was taught nothing, gets: pass" in said

    wire = Wire("openai", scripted(approaches, [Say(lazy)]))
    with configured(settings, one=wire):
        experiment = lesson(settings, tmp_path / "out", "one")
    assert sum(purpose(h) == "metric" for h in wire.heard) == 4
    assert "The judge is the built-in one" in experiment.note
    assert experiment.approaches[0].metric.name != "lazy shake"  # type: ignore[union-attr]


def test_prose_ends_in_three_valid_approaches_and_says_why(
    settings: Settings, tmp_path: Path
) -> None:
    wire = Wire("openai", saying("chatty"))
    with configured(settings, one=wire):
        experiment = lesson(settings, tmp_path / "out", "one")
    assert sum(purpose(h) == "approaches" for h in wire.heard) == 4
    assert experiment.status == "finished"
    assert [a.provider for a in experiment.approaches] == ["builtin"] * 3
    assert "one gave none of 3" in experiment.note
    assert "neither the form that was asked for nor any code" in experiment.note
    assert "The built-in proposer stands in." in experiment.note


def test_what_stays_invalid_is_stood_in_for(settings: Settings, tmp_path: Path) -> None:
    form = json.loads(good()["approaches"])
    form["approaches"][1]["code"] = "import os\n" + form["approaches"][1]["code"]
    form["approaches"][2]["code"] = "# refuse me\n" + form["approaches"][2]["code"]
    acts: list[Act] = [Say(json.dumps(form))]
    with configured(settings, one=Wire("openai", scripted(acts, [Say(good()["metric"])]))):
        experiment = lesson(settings, tmp_path / "out", "one")
    assert [a.provider for a in experiment.approaches] == ["one", "builtin", "builtin"]
    assert "one gave 1 of 3: After 3 repairs: " in experiment.note
    assert experiment.status == "finished"


@pytest.mark.parametrize(
    "fault",
    [Fault(401, "bad key", "invalid_api_key"), Fault(200, body=b"<html>"), Fault(400, "no")],
    ids=["key", "page", "request"],
)
def test_a_provider_that_fails_does_not_hold_the_others(
    settings: Settings, tmp_path: Path, fault: Fault
) -> None:
    with configured(settings, ill=Wire("openai", fault), well=Wire("google", saying("google"))):
        experiment = lesson(settings, tmp_path / "out", ["ill", "well"])
    assert experiment.status == "finished"
    by = [a.provider for a in experiment.approaches]
    assert by.count("well") == 3
    assert by.count("builtin") == 3
    assert "ill gave none of 3" in experiment.note


def test_everybody_who_is_ready_is_asked_at_once(settings: Settings, tmp_path: Path) -> None:
    wires = {kind.replace("-", ""): Wire(kind, saying(kind)) for kind in KINDS[:3]}  # type: ignore[arg-type]
    with configured(settings, **wires):
        experiment = lesson(settings, tmp_path / "out", "all")
    by = [a.provider for a in experiment.approaches]
    assert len(by) == 9
    assert set(by) == {"builtin", *wires}
    assert len({a.name for a in experiment.approaches if a.provider != "builtin"}) >= 2
    assert len({a.folder for a in experiment.approaches}) == 9
    assert len({json.dumps(a.metric and a.metric.model_dump()) for a in experiment.approaches}) == 1


def test_nothing_is_spent_beyond_the_cap(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TABRL_SPENDING_CAP_USD", "0.001")
    wire = Wire("openai", saying("openai"))
    with configured(settings, one=wire):
        experiment = lesson(settings, tmp_path / "out", "one")
    assert wire.heard == []
    assert "the cap of $0.001" in experiment.note
    assert [a.provider for a in experiment.approaches] == ["builtin"] * 3


def test_a_stop_ends_the_asking(settings: Settings, tmp_path: Path) -> None:
    stop = Stop()
    wire = Wire("openai", Say("late", silence_s=15))
    with configured(settings, one=wire):
        threading.Timer(1.0, stop.request).start()
        began = time.monotonic()
        experiment = lesson(settings, tmp_path / "out", "one", stop=stop)
    assert experiment.status == "cancelled"
    assert time.monotonic() - began < 12


HOSTILE = {
    "code that escapes": {"code": "def reward(s):\n    return {'a': ().__class__.__bases__[0]}"},
    "code that reads": {"code": "def reward(s):\n    return {'a': open('/etc/passwd').read()}"},
    "megabytes of code": {"code": "def reward(s):\n    return {'a': 1}\n" + "#" * 2_000_000},
    "no code": {"code": ""},
}


@pytest.mark.parametrize("changes", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_reply_is_refused(
    settings: Settings, tmp_path: Path, changes: dict[str, str]
) -> None:
    form = json.loads(good()["approaches"])
    form["approaches"] = [each | changes for each in form["approaches"]]
    acts: list[Act] = [Say(json.dumps(form))]
    with configured(settings, one=Wire("openai", scripted(acts, [Say(good()["metric"])]))):
        experiment = lesson(settings, tmp_path / "out", "one", approaches=1)
    assert [a.provider for a in experiment.approaches] == ["builtin"]
    assert experiment.status == "finished"
    assert len(experiment.note) < 2000


def test_markup_in_a_name_stays_text(settings: Settings, tmp_path: Path) -> None:
    name = "<script>alert(1)</script>"
    form = json.loads(good()["approaches"])
    form["approaches"][0] |= {"name": name, "description": f"{name}\x1b[2J"}
    acts: list[Act] = [Say(json.dumps(form))]
    with configured(settings, one=Wire("openai", scripted(acts, [Say(good()["metric"])]))):
        experiment = lesson(settings, tmp_path / "out", "one")
    assert experiment.approaches[0].name == name
    assert "\x1b" not in experiment.approaches[0].description
    assert name not in (tmp_path / "out" / "compare.html").read_text()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"provider": "clippy"}, "no provider 'clippy'"),
        ({"provider": "anthropic"}, "no key for anthropic"),
        ({"provider": "builtin", "base_url": "http://127.0.0.1:1"}, "one language model"),
        ({"provider": "builtin", "replay": Path("/nowhere")}, "Cannot read"),
    ],
)
def test_what_cannot_be_asked_is_told_before_anything_is_spent(
    settings: Settings, tmp_path: Path, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(TabRLError, match=message):
        lesson(settings, tmp_path / "out", **options)
    assert not (tmp_path / "out").exists()


def test_a_recording_holds_every_exchange(settings: Settings, tmp_path: Path) -> None:
    with configured(settings, one=Wire("openai", saying("openai"))):
        lesson(settings, tmp_path / "out", "one")
    exchanges = recorded(tmp_path / "out")
    purposes = ["approaches", "approaches", "commands", "metric"]
    assert sorted(e.purpose for e in exchanges) == purposes
    assert all(e.answer and e.answer.model == "loop-1" for e in exchanges)
    assert all(e.instructions and e.messages for e in exchanges)


def test_a_recording_that_calls_messages_turns_is_read(tmp_path: Path) -> None:
    said = [{"role": "user", "text": "Shake your hips."}]
    line = {"provider": "one", "purpose": "metric", "instructions": "Be brief.", "turns": said}
    (tmp_path / FILE).write_text(json.dumps(line) + "\n")
    (exchange,) = recorded(tmp_path)
    assert [m.model_dump() for m in exchange.messages] == said
    assert exchange.model_dump()["messages"] == tuple(said)


@pytest.mark.parametrize(
    ("count", "names", "given"),
    [
        (3, "ab", {"a": 3, "b": 3}),
        (3, "abcd", {"a": 3, "b": 2, "c": 2, "d": 2}),
        (1, "a", {"a": 1}),
        (9, "ab", {"a": 5, "b": 4}),
        (1, "abcdefghijk", dict.fromkeys("abcdefghi", 1)),
    ],
)
def test_nine_are_shared_out(count: int, names: str, given: dict[str, int]) -> None:
    assert shares(count, list(names), 9) == given
