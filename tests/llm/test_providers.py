"""Providers are data: the shipped file, a person's file over it, the environment over both."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from dialects import Fault, Say
from wire import KEY, Wire

from tabrl.errors import TabRLError
from tabrl.executors.environment import worker_environment
from tabrl.llm.providers import Book, Provider, Status, book, exposed, state, states
from tabrl.settings import Settings


def configured(home: Path, text: str = "", **env: str) -> Book:
    if text:
        (home / "providers.toml").write_text(text)
    return book(Settings(home, home / "cache"), env)


def test_what_ships_names_a_model_and_an_address_for_each(tmp_path: Path) -> None:
    known = configured(tmp_path)
    assert {"anthropic", "openai", "google", "deepseek", "openrouter", "ollama"} <= {
        provider.name for provider in known.providers
    }
    assert all(p.model and p.title and p.base_url.startswith("http") for p in known.providers)
    assert all(p.key_env for p in known.providers if not p.local)
    assert known.spending_cap_usd > 0


def test_a_file_changes_what_ships_and_adds_to_it(tmp_path: Path) -> None:
    known = configured(
        tmp_path,
        """
        spending_cap_usd = 0.5
        [providers.anthropic]
        model = "another"
        [providers.lab]
        title = "The lab's"
        model = "big"
        base_url = "https://lab.example/v1/"
        key_env = ["LAB_TOKEN"]
        price = { input = 1.0, output = 2.0 }
        """,
    )
    assert known.find("anthropic").model == "another"
    assert known.find("anthropic").kind == "anthropic"
    lab = known.find("lab")
    assert (lab.kind, lab.base_url) == ("openai", "https://lab.example/v1")
    assert lab.secret({"LAB_TOKEN": " abc "}) == "abc"
    assert known.spending_cap_usd == 0.5


def test_the_environment_has_the_last_word(tmp_path: Path) -> None:
    known = configured(
        tmp_path,
        '[providers.openai]\nmodel = "from-file"',
        TABRL_OPENAI_MODEL="from-env",
        TABRL_OPENAI_KEY="k",
        TABRL_SPENDING_CAP_USD="3",
    )
    assert known.find("openai").model == "from-env"
    assert known.find("openai").secret({}) == "k"
    assert known.spending_cap_usd == 3


def test_another_address_means_a_compatible_server(tmp_path: Path) -> None:
    shipped = configured(tmp_path).find("openai")
    moved = configured(tmp_path, TABRL_OPENAI_BASE_URL="http://127.0.0.1:9/v1").find("openai")
    assert shipped.kind == "openai-responses"
    assert moved.kind == shipped.at(base_url="http://127.0.0.1:9/v1").kind == "openai"
    assert shipped.at(model="m").kind == "openai-responses"


@pytest.mark.parametrize(
    ("text", "env", "message"),
    [
        ("[providers.x", {}, "Cannot read"),
        ('[providers.x]\nbase_url = "https://a"', {}, "model"),
        ('[providers.x]\nmodel = "m"\nbase_url = "ftp://a"', {}, "no address"),
        ('[providers.x]\nmodel = "m"\nbase_url = "https://u:pw@a"', {}, "no address"),
        ('[providers.x]\nmodel = "m"\nbase_url = "https://a"\nkind = "magic"', {}, "kind"),
        ('[providers.x]\nmodel = "m"\nbase_url = "https://a"\nspeed = 1', {}, "speed"),
        ('[providers.x]\nmodel="m"\nbase_url="https://a"\nkey_env=["MY_PASS"]', {}, "MY_PASS"),
        ('[providers."a b"]\nmodel = "m"\nbase_url = "https://a"', {}, "name"),
        ("", {"TABRL_OPENAI_BASE_URL": "nowhere"}, "no address"),
        ("", {"TABRL_SPENDING_CAP_USD": "much"}, "spending cap"),
        ("", {"TABRL_SPENDING_CAP_USD": "nan"}, "spending cap"),
        ('spending_cap_usd = "lots"', {}, "spending cap"),
    ],
)
def test_what_cannot_be_is_told_by_name(
    tmp_path: Path, text: str, env: dict[str, str], message: str
) -> None:
    with pytest.raises(TabRLError) as caught:
        configured(tmp_path, text, **env)
    assert message in str(caught.value)
    assert caught.value.hint
    assert "pw" not in str(caught.value)


def test_an_unknown_name_is_answered_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(TabRLError, match="builtin, anthropic, openai"):
        configured(tmp_path).find("clippy")


def test_the_states_tell_what_is_missing() -> None:
    with Wire("openai", Fault(500)).open() as wire:
        ready = wire.provider()
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound and not listening: nobody else gets the port
        port = closed.getsockname()[1]
        nobody = ready.at(base_url=f"http://127.0.0.1:{port}")
        remote = Provider(
            name="far", model="m", base_url="https://far.invalid", key_env=("FAR_KEY",)
        )
        found = states([nobody, remote], {})
        assert [status.state for status in found] == ["unreachable", "no key"]
        assert "FAR_KEY" in found[1].detail
        assert state(remote, {"FAR_KEY": "x"}).state == "unreachable"


def test_a_server_that_listens_is_ready_without_a_key() -> None:
    with Wire("openai", Fault(500)).open() as wire:
        provider = wire.provider(key=None, key_env=("LAB_KEY",))
        assert state(provider, {}) == Status("openai", "openai", "loop-1", "ready", "loop-1")


def test_a_key_does_not_travel_in_the_clear() -> None:
    provider = Provider(
        name="lab", model="m", base_url="http://lab.example/v1", key_env=("LAB_KEY",)
    )
    with pytest.raises(TabRLError, match="in the clear"):
        provider.secret({"LAB_KEY": "abc"})
    assert state(provider, {"LAB_KEY": "abc"}).state == "no key"


def test_a_key_is_in_nothing_that_is_printed_or_saved() -> None:
    provider = Provider(name="lab", model="m", base_url="https://lab.example", key=KEY)
    assert provider.secret({}) == KEY
    for text in (repr(provider), str(provider), provider.model_dump_json(), f"{provider:}"):
        assert KEY not in text
        assert KEY[4:12] not in text


def test_workers_get_no_key_whatever_its_variable(tmp_path: Path) -> None:
    known = configured(tmp_path)
    names = [name for p in known.providers for name in (*p.key_env, p.variable("KEY"))]
    env = dict.fromkeys(names, KEY) | {"PATH": "/bin"}
    assert KEY not in worker_environment(Settings(tmp_path, tmp_path), env).values()


def command(tmp_path: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.endswith("_KEY")}
    return subprocess.run(
        [sys.executable, "-c", "from tabrl.cli import main; main()", "providers", *words],
        env=clean | {"TABRL_HOME": str(tmp_path)} | env,
        capture_output=True,
        text=True,
    )


def test_the_command_lists_them_with_their_state(tmp_path: Path) -> None:
    found = json.loads(command(tmp_path, "--json", ANTHROPIC_API_KEY=KEY).stdout)
    assert found[0] == {
        "name": "builtin", "title": "Built-in", "model": "", "state": "ready", "detail": ""
    }  # fmt: skip
    by_name = {row["name"]: row for row in found}
    assert by_name["openai"]["state"] == "no key"
    assert by_name["anthropic"]["state"] in ("ready", "unreachable")
    done = command(tmp_path, ANTHROPIC_API_KEY=KEY)
    assert "OPENAI_API_KEY" in done.stdout
    assert KEY not in done.stdout + done.stderr


def test_one_small_call_tells_that_all_is_well(tmp_path: Path) -> None:
    with Wire("openai", Say("ready")).open() as wire:
        done = command(tmp_path, "test", "openai", "--base-url", wire.url, OPENAI_API_KEY=KEY)
    assert done.returncode == 0, done.stderr
    assert "openai is ready: loop-1 answered" in done.stdout
    assert wire.heard[0].headers["authorization"] == f"Bearer {KEY}"
    assert len(wire.heard) == 1


def test_one_small_call_tells_in_plain_words_what_is_wrong(tmp_path: Path) -> None:
    fault = Fault(401, f"Incorrect API key provided: {KEY}.", "invalid_api_key")
    with Wire("openai", fault).open() as wire:
        done = command(tmp_path, "test", "openai", "--base-url", wire.url, OPENAI_API_KEY=KEY)
    assert done.returncode == 1
    assert "GPT does not accept the key." in done.stderr
    assert "OPENAI_API_KEY" in done.stderr
    assert "Traceback" not in done.stderr
    assert KEY not in done.stdout + done.stderr
    missing = command(tmp_path, "test", "anthropic")
    assert missing.returncode == 1
    assert "There is no key for Claude" in missing.stderr


@pytest.mark.parametrize(("mode", "warned"), [(0o600, False), (0o640, True), (0o604, True)])
def test_a_key_that_others_can_read_is_warned_of_with_what_mends_it(
    tmp_path: Path, mode: int, warned: bool
) -> None:
    settings = Settings(tmp_path, tmp_path)
    assert exposed(settings) is None
    file = tmp_path / "providers.toml"
    file.write_text(f'[providers.openai]\nkey = "{KEY}"\n')
    file.chmod(mode)
    said = command(tmp_path, "--json").stderr
    assert (f"chmod 600 {file}" in said) == warned
    assert KEY not in said
    assert (exposed(settings) is not None) == warned


def test_a_settings_file_without_a_key_may_be_read_by_anybody(tmp_path: Path) -> None:
    file = tmp_path / "providers.toml"
    file.write_text('[providers.openai]\nmodel = "another"\n')
    file.chmod(0o644)
    assert exposed(Settings(tmp_path, tmp_path)) is None
