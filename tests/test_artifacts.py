from pathlib import Path

import fsspec
import pytest

from tabrl import artifacts
from tabrl.errors import TabRLError


@pytest.fixture(params=["path", "file", "memory"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A place that artifacts can be put to: a path or a URL."""
    places = {"path": str(tmp_path / "p"), "file": (tmp_path / "f").as_uri()}
    return places.get(request.param, f"memory://{tmp_path}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A policy's folder, with a folder in it."""
    (tmp_path / "policy" / "deep").mkdir(parents=True)
    (tmp_path / "policy" / "actor.safetensors").write_bytes(b"\x00weights")
    (tmp_path / "policy" / "deep" / "policy.json").write_text("{}")
    return tmp_path / "policy"


def test_a_file_comes_back_as_it_was_put(place: str, folder: Path, tmp_path: Path):
    url = f"{place}/deep/er/actor.safetensors"
    assert not artifacts.exists(url)
    artifacts.put(folder / "actor.safetensors", url)
    assert artifacts.exists(url)
    assert artifacts.read(url) == b"\x00weights"
    artifacts.get(url, tmp_path / "back" / "actor.safetensors")
    assert (tmp_path / "back" / "actor.safetensors").read_bytes() == b"\x00weights"


def test_a_folder_comes_back_whole_also_when_put_twice(place: str, folder: Path, tmp_path: Path):
    for _ in range(2):
        artifacts.put(folder, f"{place}/policy")
        artifacts.get(f"{place}/policy", tmp_path / "back")
    back = {path.relative_to(tmp_path / "back") for path in (tmp_path / "back").rglob("*.*")}
    assert back == {Path("actor.safetensors"), Path("deep/policy.json")}


def test_what_is_missing_is_told(place: str, tmp_path: Path):
    with pytest.raises(TabRLError, match=r"nothing.*none"):
        artifacts.get(f"{place}/none", tmp_path / "back")
    with pytest.raises(TabRLError, match=r"nothing.*none"):
        artifacts.read(f"{place}/none")
    with pytest.raises(TabRLError, match=r"nothing.*none"):
        artifacts.put(tmp_path / "none", f"{place}/x")


def test_a_name_that_leads_out_of_the_folder_is_refused(tmp_path: Path):
    memory = fsspec.filesystem("memory")
    memory.store[f"{tmp_path}/bad/../../escaped"] = memory.open(f"{tmp_path}/x", "wb")
    with pytest.raises(TabRLError, match="outside"):
        artifacts.get(f"memory://{tmp_path}/bad", tmp_path / "back")
    assert not (tmp_path.parent / "escaped").exists()


def test_an_unknown_kind_of_url_is_told():
    with pytest.raises(TabRLError, match="nowhere://x"):
        artifacts.exists("nowhere://x")
