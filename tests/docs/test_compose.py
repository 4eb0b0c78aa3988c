"""What `compose.yaml` starts is what TabRL has, as far as can be told without Docker."""

import re
import shlex
from pathlib import Path

import click
import pytest
import yaml

from tabrl.cli.serve import serve
from tabrl.settings import Settings
from tabrl.store import database_url

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "compose.yaml").read_text("utf-8")
SERVICES = yaml.safe_load(TEXT)["services"]


def after(words: list[str], *command: str) -> list[str]:
    """The arguments of a command in a line of several."""
    at = next(i for i in range(len(words)) if words[i : i + len(command)] == list(command))
    rest = words[at + len(command) :]
    return rest[: rest.index("&&")] if "&&" in rest else rest


def test_the_studio_is_started_with_options_that_it_has():
    words = shlex.split(SERVICES["studio"]["command"][-1])
    given = serve.make_context("serve", after(words, "tabrl", "serve")).params
    assert (given["executor"], given["workers"]) == ("ray", 2)
    assert given["host"] == "0.0.0.0"  # or the port that is published leads nowhere
    with pytest.raises(click.UsageError):
        serve.make_context("serve", ["--worker-count", "2"])


def test_the_studio_joins_the_head_at_the_port_that_it_has():
    words = shlex.split(SERVICES["studio"]["command"][-1])
    (address,) = (w for w in after(words, "ray", "start") if w.startswith("--address="))
    host, port = address.removeprefix("--address=").split(":")
    assert f"--port={port}" in SERVICES[host]["command"]


def test_the_database_is_one_that_several_workers_can_use():
    given = SERVICES["studio"]["environment"]["TABRL_DATABASE_URL"]
    url = re.sub(r"\$\{POSTGRES_PASSWORD:[^}]*\}", "secret", given)
    found = database_url(Settings(Path("/data"), Path("/cache")), {"TABRL_DATABASE_URL": url})
    database = SERVICES[found.host]["environment"]
    assert found.get_backend_name() == "postgresql"
    assert found.username == found.database == database["POSTGRES_USER"]


def test_all_that_train_or_show_share_the_folder_of_experiments():
    image = (ROOT / "Dockerfile").read_text("utf-8")
    home = re.search(r"TABRL_HOME=(\S+)", image)[1]
    for name in ("studio", "ray"):
        assert f"home:{home}" in SERVICES[name]["volumes"]
