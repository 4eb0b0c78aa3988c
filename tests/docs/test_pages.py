"""What the pages say about the code is what the code says."""

import re
import runpy
from pathlib import Path
from pkgutil import iter_modules
from typing import get_args

import pytest

import tabrl
from tabrl.cli import main
from tabrl.events import Event
from tabrl.experiments.approach_record import ApproachRecord
from tabrl.experiments.presets import preset_steps
from tabrl.experiments.record import CommandsRecord, Experiment
from tabrl.experiments.states import FOLLOWS, ApproachStatus, ExperimentStatus, standing
from tabrl.rewards.lint import lint
from tabrl.robots.catalogue import robot
from tabrl.server.accounts.rules import TABLE, Reach

ROOT = Path(__file__).parents[2]
PAGES = sorted(str(path.relative_to(ROOT / "docs")) for path in (ROOT / "docs").rglob("*.md"))
PAGES += ["../README.md", "../CONTRIBUTING.md"]


def text(page: str) -> str:
    return (ROOT / "docs" / page).read_text("utf-8")


@pytest.mark.parametrize("written", ["reward_language", "behaviours", "reading", "settings"])
def test_a_page_that_is_made_of_tables_is_what_they_give(written: str) -> None:
    made = runpy.run_path(str(ROOT / "docs" / f"{written}.py"))
    assert made["PATH"].read_text("utf-8") == made["page"]()


def test_the_example_of_the_reward_language_is_valid() -> None:
    (source,) = re.findall(r"```python\n(.*?)```", text("reward-language.md"), re.DOTALL)
    assert lint(source, robot("Go1JoystickFlatTerrain")) == []


def test_the_page_about_accounts_has_the_table_of_who_may_do_what() -> None:
    told = {Reach.NONE: "no", Reach.OPEN: "open", Reach.OWN: "own", Reach.ALL: "all"}
    reaches = ("nobody", "viewer", "maker", "owner")
    made = [
        [f"`{action}`", *(told[getattr(rule, who)] for who in reaches), rule.scope or "no",
         str(rule.per_minute or "")]
        for action, rule in TABLE.items()
    ]  # fmt: skip
    lines = re.findall(r"^\| (`\w+\.\w+`.*) \|$", text("accounts.md"), re.MULTILINE)
    assert [[cell.strip() for cell in line.split("|")] for line in lines] == made


@pytest.mark.parametrize("page", ["architecture.md", "../CONTRIBUTING.md"])
def test_every_room_is_on_the_maps(page: str) -> None:
    rooms = [module.name for module in iter_modules(tabrl.__path__)] + ["library", "web"]
    assert {"behaviours", "server", "spec"} <= set(rooms)
    assert [room for room in rooms if f"`{room}`" not in text(page)] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_place_that_a_page_links_to_exists(page: str) -> None:
    folder = (ROOT / "docs" / page).parent
    for link, anchor in re.findall(r"\]\((?!\w+://)([^)#]*)#?([^)]*)\)", text(page)):
        target = folder / link if link else ROOT / "docs" / page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), f"{link}#{anchor}"


def anchors(page: Path) -> list[str]:
    """Where a link may lead in a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return [re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings]


def test_every_page_can_be_reached_from_the_index() -> None:
    reached, left = set(), {ROOT / "docs" / "README.md"}
    while left:
        page = left.pop()
        reached.add(page)
        links = re.findall(r"\]\((?!\w+://)([^)#]+\.md)", page.read_text("utf-8"))
        left |= {(page.parent / link).resolve() for link in links} - reached
    assert set((ROOT / "docs").rglob("*.md")) - reached == set()


@pytest.mark.parametrize("page", PAGES)
def test_every_command_that_a_page_names_exists(page: str) -> None:
    targets = re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(re.findall(r"\bmake ([a-z0-9-]+)\b", text(page))) <= set(targets)
    named = re.findall(r"(?:^|`)tabrl ([a-z]+)\b", text(page), re.MULTILINE)
    assert set(named) <= set(main.commands)


def test_the_states_of_an_approach_are_the_code_s() -> None:
    rows = re.findall(r"^\| `(\w+)` \| .+? \| ([`\w ]+) \|$", text("architecture.md"), re.MULTILINE)
    assert {state: tuple(re.findall(r"\w+", become)) for state, become in rows} == FOLLOWS


@pytest.mark.parametrize(
    ("line", "approaches", "stopping"),
    [
        ("all that train were asked to end early", ["training", "queued"], [0]),
        ("one trains", ["training", "finished"], []),
        ("one is queued", ["queued", "interrupted"], []),
        ("none was trained, and all were refused", ["refused", "refused"], []),
        ("none was trained", ["ready", "refused"], []),
        ("one is interrupted", ["interrupted", "finished"], []),
        (
            "one finished, and another failed, was cancelled or refused",
            ["finished", "refused"],
            [],
        ),
        ("one finished", ["finished", "ready"], []),
        ("those that ended were all cancelled", ["cancelled", "refused"], []),
        ("none finished", ["failed", "cancelled"], []),
    ],
)
def test_the_status_of_an_experiment_is_the_code_s(
    line: str, approaches: list[ApproachStatus], stopping: list[int]
) -> None:
    told = dict(re.findall(r"^\| ([^|`]+) \| `(\w+)` \|$", text("architecture.md"), re.MULTILINE))
    assert told[line] == standing(approaches, stopping=stopping)
    assert len(told) == 10


def test_every_status_and_event_is_told() -> None:
    kinds = [
        get_args(kind.model_fields["kind"].annotation)[0] for kind in get_args(get_args(Event)[0])
    ]
    assert "no_clip" in kinds
    assert [kind for kind in kinds if not re.search(rf"\b{kind}\b", text("architecture.md"))] == []
    statuses = get_args(ExperimentStatus)
    assert [status for status in statuses if f"`{status}`" not in text("files.md")] == []


def test_the_glossary_is_in_order_and_its_words_are_said_once() -> None:
    words = re.findall(r"^\| ([a-z][^|]*?) \|", text("glossary.md"), re.MULTILINE)
    assert words[0] == "word"
    assert words[1:] == sorted(set(words[1:]))


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
