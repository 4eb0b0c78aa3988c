"""The guides' steps, done as a reader would do them, on a copy of the package."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import tabrl
from tabrl.robots.catalogue import robot
from tabrl.spec import TrainSpec

ROOT = Path(__file__).parents[2]
GO1 = robot("Go1JoystickFlatTerrain")


def blocks(page: str, info: str) -> list[str]:
    """The fenced blocks of a page whose info string is `info`."""
    text = (ROOT / "docs" / page).read_text("utf-8")
    return re.findall(rf"^```{re.escape(info)}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def follow(page: str, **names: object) -> dict:
    """Execute the Python blocks of a page, one after another, and return what they defined."""
    scope: dict = dict(names)
    for block in blocks(page, "python"):
        exec(compile(block, page, "exec"), scope)
    return scope


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """The sources of a package of one's own to edit."""
    folder = tmp_path / "src" / "tabrl"
    ignore = shutil.ignore_patterns("__pycache__")
    return Path(shutil.copytree(Path(tabrl.__file__).parent, folder, ignore=ignore))


def run(package: Path, *command: str) -> str:
    """What a fresh interpreter prints that imports the edited package."""
    env = os.environ | {"PYTHONPATH": str(package.parent)}
    done = subprocess.run(
        [sys.executable, *command], env=env, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_reward_of_the_term_guide_can_be_trained_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tabrl.rewards.sandbox import export_reward

    monkeypatch.chdir(tmp_path)
    made = follow("add-a-reward-term.md")
    assert export_reward(made["source"], GO1).terms == ("sway", "here", "smooth")
    spec = TrainSpec.model_validate_json((tmp_path / "sway.json").read_bytes())
    assert spec.approach is not None
    assert set(spec.approach.weights) == {"sway", "here", "smooth"}
    assert spec.base_policy is not None
    assert Path(spec.base_policy, "policy.json").is_file()


SYMMETRIC = """
from tabrl.rewards.sandbox import export_reward
from tabrl.robots.catalogue import robot
source = 'def reward(s): return {"both": alike(s.foot("FR")[2], s.foot("FL")[2], 0.1)}'
print(export_reward(source, robot("Go1JoystickFlatTerrain")).terms)
"""


def test_the_kernel_of_the_term_guide_is_in_scope_of_a_reward(package: Path) -> None:
    rewards = package / "rewards"
    (kernel,) = blocks("add-a-reward-term.md", "python kernels.py")
    (entry,) = blocks("add-a-reward-term.md", "python vocabulary.py")
    with (rewards / "kernels.py").open("a") as file:
        file.write(f"\n\n{kernel}")
    words = (rewards / "vocabulary.py").read_text("utf-8")
    start = "KERNELS: tuple[Kernel, ...] = (\n"
    assert start in words
    (rewards / "vocabulary.py").write_text(words.replace(start, f"{start}{entry},\n"), "utf-8")
    assert run(package, "-c", SYMMETRIC).strip() == "('both',)"


STARGAZE = """
from tabrl.behaviours.builtin import propose
from tabrl.robots.catalogue import robot
found = propose("Look up and gaze at the stars", robot("Go1JoystickFlatTerrain"))
print(found.title, *(approach.name for approach in found.approaches), sep="|")
"""


@pytest.mark.nightly
def test_the_behaviour_of_its_guide_is_proposed_and_passes_the_library_s_tests(
    package: Path,
) -> None:
    library = package / "behaviours" / "library"
    for path, info in ((library / "words.toml", "toml"), (gestures(library), "python")):
        (block,) = blocks("add-a-behaviour.md", info)
        with path.open("a") as file:
            file.write(f"\n\n{block}")
    (line,) = blocks("add-a-behaviour.md", "toml stock.toml")
    stock = package / "behaviours" / "reading" / "stock.toml"
    stock.write_text(stock.read_text("utf-8").replace("[behaviours]\n", f"[behaviours]\n{line}", 1))
    named = "Gaze at the stars|Tilted Trunk|Sunken Rear|Slow Sweep"
    assert run(package, "-c", STARGAZE).strip() == named
    chosen = f"{GO1.id} and not traces"
    told = run(package, "-m", "pytest", "-q", "tests/behaviours/test_library.py", "-k", chosen)
    assert re.search(r"[3-9] passed", told)


def gestures(library: Path) -> Path:
    return library / "quadruped" / "gestures.py"


DUTCH = """
from tabrl.behaviours.reading.notation import show
{}
print(reading.language, reading.sure, reading.unread, show(reading.parts))
"""


def test_the_language_of_its_guide_is_read(package: Path) -> None:
    (words,) = blocks("reading.md", "toml")
    (steps,) = blocks("reading.md", "python")
    languages = package / "behaviours" / "reading" / "languages"
    (languages / "nl.toml").write_text(words, "utf-8")
    told = run(package, "-c", DUTCH.format(steps)).strip()
    assert told == "nl True () walk backward 2m slow; sit"


def test_the_provider_of_its_guide_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tabrl.llm.providers import book
    from tabrl.settings import Settings

    (text,) = blocks("language-models.md", "toml")
    (tmp_path / "providers.toml").write_text(text, "utf-8")
    known = book(Settings(tmp_path, tmp_path), {})
    lab = known.find("lab")
    assert (lab.kind, lab.model, lab.secret({"LAB_API_KEY": "x"})) == ("openai", "qwen3-coder", "x")
    assert known.find("anthropic").model == "claude-opus-5-5"
    assert known.spending_cap_usd == 5.0


def test_the_fields_of_a_provider_are_told() -> None:
    from tabrl.llm.providers import Provider

    page = (ROOT / "docs" / "language-models.md").read_text("utf-8")
    told = set(Provider.model_fields) - {"name", "title"}
    assert [name for name in told if f"`{name}`" not in page] == []


def test_the_words_of_the_robot_guide_give_the_structure_of_the_catalogue() -> None:
    toml = "\n".join(blocks("add-a-robot.md", "toml"))
    (line,) = tomllib.loads(toml)["robots"]
    made = follow("add-a-robot.md", toml=toml)
    assert made["structure"] == robot(line["id"]).structure
