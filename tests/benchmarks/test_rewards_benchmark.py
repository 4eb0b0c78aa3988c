"""The share of valid approaches, over recordings whose shares are known."""

import json
from pathlib import Path

import pytest

from benchmarks import rewards
from tabrl.errors import TabRLError
from tabrl.llm.asking import Answer, Message
from tabrl.llm.exchange import Exchange

REPLIES = Path(__file__).parents[1] / "llm" / "replies"


@pytest.fixture
def recordings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The replies of the tests as recordings, and checks that take no time."""
    lessons = Path(__file__).parents[1] / "experiments"
    monkeypatch.setenv("PYTHONPATH", str(lessons), prepend=":")
    monkeypatch.setenv("TABRL_WORKER_HANDLERS", "small_lessons")
    monkeypatch.setenv("TABRL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TABRL_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "replies"
    folder.mkdir()
    message = Message(role="user", text="Shake your hips.")
    for name in ("openai", "chatty", "google"):
        exchanges = [
            Exchange(
                provider=name,
                purpose=each["purpose"],
                instructions="",
                messages=(message,),
                answer=Answer(text=each["text"]),
            )
            for each in json.loads((REPLIES / f"{name}.json").read_text("utf-8"))
        ]
        lines = "\n".join(exchange.model_dump_json() for exchange in exchanges)
        (folder / f"{name}.jsonl").write_text(lines)
    return folder


def test_the_shares_are_those_of_the_recordings(recordings: Path) -> None:
    found = rewards.main(recordings)
    assert found["recordings"] == 3
    assert found["openai"]["valid at first"] == "66.7%"
    assert found["openai"]["after repair 1"] == "100.0%"
    assert found["google"]["valid at first"] == "100.0%"
    assert found["chatty"]["after repair 3"] == "0.0%"
    assert found["chatty"]["after fallback"] == "100.0%"


def test_a_folder_without_recordings_is_told(tmp_path: Path) -> None:
    with pytest.raises(TabRLError, match="no recordings"):
        rewards.main(tmp_path)
