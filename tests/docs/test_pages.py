"""What the pages say about the code is what the code says."""

import re
import runpy
from pathlib import Path
from pkgutil import iter_modules

import pytest

import tabrl
from tabrl.cli import main
from tabrl.experiments.presets import preset_steps
from tabrl.experiments.record import ApproachRecord, CommandsRecord, Experiment
from tabrl.rewards.lint import lint
from tabrl.robots.catalogue import robot
from tabrl.spec import Hyperparameters

ROOT = Path(__file__).parents[2]
PAGES = sorted(str(path.relative_to(ROOT / "docs")) for path in (ROOT / "docs").rglob("*.md"))


def text(page: str) -> str:
    return (ROOT / "docs" / page).read_text("utf-8")


@pytest.mark.parametrize("written", ["reward_language", "behaviours", "reading"])
def test_a_page_that_is_made_of_tables_is_what_they_give(written: str) -> None:
    made = runpy.run_path(str(ROOT / "docs" / f"{written}.py"))
    assert made["PATH"].read_text("utf-8") == made["page"]()


def test_the_example_of_the_reward_language_is_valid() -> None:
    (source,) = re.findall(r"```python\n(.*?)```", text("reward-language.md"), re.DOTALL)
    assert lint(source, robot("Go1JoystickFlatTerrain")) == []


@pytest.mark.parametrize("page", ["architecture.md", "../CONTRIBUTING.md"])
def test_every_room_is_on_the_maps(page: str) -> None:
    rooms = [module.name for module in iter_modules(tabrl.__path__)] + ["library", "web"]
    assert {"behaviours", "server", "spec"} <= set(rooms)
    assert [room for room in rooms if f"`{room}`" not in text(page)] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_a_page_links_to_exists(page: str) -> None:
    links = re.findall(r"\]\((?!\w+://|#)([^)#]+)", text(page))
    folder = (ROOT / "docs" / page).parent
    assert [link for link in links if not (folder / link).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_command_that_a_page_names_exists(page: str) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(re.findall(r"\bmake ([a-z]+)\b", text(page))) <= set(targets)
    named = re.findall(r"(?:^|`)tabrl ([a-z]+)\b", text(page), re.MULTILINE)
    assert set(named) <= set(main.commands)


def test_the_settings_of_the_training_page_are_the_defaults() -> None:
    told = dict(re.findall(r"^\| `(\w+)` \| ([^|]+?) \|", text("training.md"), re.MULTILINE))
    shown = {
        name: " x ".join(map(str, value)) if isinstance(value, tuple) else str(value)
        for name, value in Hyperparameters()
    }
    assert told == shown


def test_the_presets_of_the_training_page_are_the_code_s() -> None:
    for start, taught in (
        ("a base policy", "Go1JoystickFlatTerrain"),
        ("a base policy on two legs", "G1JoystickFlatTerrain"),
        ("scratch", "CheetahRun"),
    ):
        row = " | ".join(f"{steps:,}" for steps in preset_steps(robot(taught)).values())
        assert f"| from {start} | {row} |" in text("training.md")


@pytest.mark.parametrize("record", [Experiment, ApproachRecord, CommandsRecord])
def test_every_field_of_an_experiment_is_told(record: type) -> None:
    kept = [name for name, field in record.model_fields.items() if not field.exclude]
    assert [name for name in kept if f"`{name}`" not in text("files.md")] == []
