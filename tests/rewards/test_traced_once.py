"""What was traced is kept: a training uses what its check traced."""

from pathlib import Path

import pytest

from tabrl.rewards import sandbox
from tabrl.rewards.exported import load_reward
from tabrl.rewards.sandbox import RewardError, export_reward
from tabrl.robots.catalogue import robot

CART = robot("CartpoleBalance")
SOURCE = 'def reward(s):\n    return {"right": s.joint("slider")}\n'


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TABRL_CACHE", str(tmp_path))
    return tmp_path / "rewards"


def no_sandbox(*asked: object) -> None:
    raise AssertionError("a sandbox was started")


def test_a_reward_is_traced_once(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = export_reward(SOURCE, CART)
    monkeypatch.setattr(sandbox, "_ask", no_sandbox)
    again = export_reward(SOURCE, CART)
    assert again == first
    load_reward(again.blob, CART)


def test_another_source_and_another_body_are_traced_anew(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export_reward(SOURCE, CART)
    monkeypatch.setattr(sandbox, "_ask", no_sandbox)
    for source, body in ((SOURCE + "\n", CART), (SOURCE, robot("CheetahRun"))):
        with pytest.raises((AssertionError, RewardError)):
            export_reward(source, body)


def test_what_is_damaged_is_traced_again(cache: Path) -> None:
    first = export_reward(SOURCE, CART)
    (kept,) = cache.glob("*.json")
    for text in ("", "{}", kept.read_text()[:-20]):
        kept.write_text(text)
        assert export_reward(SOURCE, CART) == first


def test_what_is_kept_is_inspected_like_what_a_sandbox_answers(cache: Path) -> None:
    export_reward(SOURCE, CART)
    (kept,) = cache.glob("*.json")
    kept.write_text('{"protections": [], "blob": "AAAA", "terms": ["right"]}')
    with pytest.raises(RewardError):
        load_reward(export_reward(SOURCE, CART).blob, CART)


def test_what_is_refused_is_not_kept(cache: Path) -> None:
    with pytest.raises(RewardError):
        export_reward('def reward(s):\n    return {"right": s.bogus}\n', CART)
    assert not list(cache.glob("*"))
