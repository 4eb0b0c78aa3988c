"""Robots by the names of MuJoCo Menagerie: a checkout, what is installed, a download."""

import sys
from pathlib import Path

import mujoco_menagerie
import pytest
from mujoco_menagerie import _archive

from tabrl.errors import TabRLError
from tabrl.experiments.menagerie import locate

PUP = Path(__file__).parents[1] / "robots" / "pup"
NAME = "anybotics_anymal_c"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache of one's own, and a mirror in place of the network."""
    monkeypatch.delenv("MENAGERIE_ROOT", raising=False)
    monkeypatch.setenv("MENAGERIE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("MENAGERIE_BASE_URL", (tmp_path / "mirror").as_uri())


@pytest.fixture
def mirrored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> mujoco_menagerie.Robot:
    """A robot of the registry whose archive lies in the mirror: the pup's files."""
    (tmp_path / "mirror").mkdir()
    archive = tmp_path / "mirror" / "pup.tar.xz"
    files = [path for path in PUP.rglob("*") if path.is_file()]
    _archive.write_archive(PUP, files, archive, "pup")
    entry = {
        "display_name": "Pup", "category": "quadruped", "license": "MIT", "oid": "0" * 40,
        "asset": archive.name, "sha256": _archive.sha256_file(archive),
        "download_size": archive.stat().st_size, "installed_size": 1,
        "entry_points": {"scene": {"kind": "scene", "file": "scene.xml"}},
        "default_model": "scene", "default_scene": "scene",
    }  # fmt: skip
    robot = mujoco_menagerie.Robot.from_dict("pup", entry)
    monkeypatch.setattr(mujoco_menagerie, "get", {"pup": robot}.__getitem__)
    return robot


def test_it_is_downloaded_once_with_its_progress_and_its_licence(
    mirrored: mujoco_menagerie.Robot,
) -> None:
    seen: list[tuple[int, int]] = []
    path, (note,) = locate("pup", lambda done, total: seen.append((done, total)))
    assert path.read_bytes() == (PUP / "scene.xml").read_bytes()
    assert (path.parent / "parts" / "pup.xml").is_file()
    assert "downloaded" in note
    assert "its licence: MIT" in note
    assert seen[-1][0] == mirrored.download_size
    seen.clear()
    again, (note,) = locate("pup", lambda done, total: seen.append((done, total)))
    assert (again, seen) == (path, [])
    assert "from the cache" in note


def test_an_archive_that_was_changed_is_refused(
    mirrored: mujoco_menagerie.Robot, tmp_path: Path
) -> None:
    archive = tmp_path / "mirror" / mirrored.asset
    archive.write_bytes(archive.read_bytes()[::-1])
    with pytest.raises(TabRLError, match="does not match the digest"):
        locate("pup")


def test_without_a_network_it_says_how_else_to_get_it() -> None:
    with pytest.raises(TabRLError, match="anymal_c is not on this machine yet") as caught:
        locate(NAME)
    assert "set MENAGERIE_ROOT to the clone" in caught.value.hint


def test_a_name_that_nobody_has_is_answered_with_near_ones() -> None:
    with pytest.raises(TabRLError, match="no robot of this name") as caught:
        locate("anybotics_anymal_d")
    assert NAME in caught.value.hint


def test_a_checkout_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MENAGERIE_ROOT", str(tmp_path))
    (tmp_path / "unitree_go1").mkdir()
    assert locate("unitree_go1") == (tmp_path / "unitree_go1", [])
    with pytest.raises(TabRLError, match=f"holds no folder {NAME}"):
        locate(NAME)


def test_what_is_installed_needs_no_download() -> None:
    folder, notes = locate("unitree_go1")
    assert (folder / "scene.xml").is_file()
    assert notes == []


def test_without_the_package_it_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mujoco_menagerie", None)
    with pytest.raises(TabRLError, match="no robot that came with TabRL") as caught:
        locate(NAME)
    assert "pip install mujoco-menagerie" in caught.value.hint
