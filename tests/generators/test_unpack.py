"""What is sent: a file or a zip, of which nothing leads out, and nothing grows beyond measure."""

import stat
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tabrl.errors import TabRLError, UndecidedError
from tabrl.generators import unpack as module
from tabrl.generators.adopt import adopt_upload
from tabrl.generators.unpack import MAX_FILES, find_model, unpack

MODEL = b"<mujoco/>"
Zipped = Callable[[Mapping[str, bytes]], Path]


@pytest.fixture
def zipped(tmp_path: Path) -> Zipped:
    """A zip of these files."""

    def pack(files: Mapping[str, bytes]) -> Path:
        path = tmp_path / "sent.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
            for name, data in files.items():
                bundle.writestr(name, data)
        return path

    return pack


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "deep" / "er" / "upload"
    made.mkdir(parents=True)
    return made


def refusal(upload: Path, folder: Path) -> str:
    with pytest.raises(TabRLError) as caught:
        unpack(upload, folder)
    assert caught.value.hint
    return caught.value.message


def test_files_keep_their_relative_paths_and_clutter_is_left_out(
    zipped: Zipped, folder: Path
) -> None:
    files = {"rex/urdf/rex.urdf": b"<robot/>", "rex\\meshes\\a.stl": b"x", "__MACOSX/._rex": b"x"}
    unpack(zipped(files), folder)
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert found == {"rex/urdf/rex.urdf", "rex/meshes/a.stl"}


@pytest.mark.parametrize(
    "name", ["../out.xml", "a/../../out.xml", "/tmp/out.xml", "C:\\out.xml", "..\\..\\out.xml"]
)
def test_a_path_that_leads_out_is_refused_by_name(
    zipped: Zipped, folder: Path, tmp_path: Path, name: str
) -> None:
    assert "leads out of it" in refusal(zipped({name: MODEL}), folder)
    assert not list(tmp_path.rglob("out.xml"))


def test_a_link_is_refused(tmp_path: Path, folder: Path) -> None:
    link = zipfile.ZipInfo("scene.xml")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "sent.zip", "w") as bundle:
        bundle.writestr(link, "/etc/passwd")
    assert "'scene.xml' in it is a link" in refusal(tmp_path / "sent.zip", folder)


def test_a_zip_that_grows_beyond_measure_is_refused_before_it_does(
    zipped: Zipped, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 2 * 2**20)
    path = zipped({f"{i}.stl": bytes(2**20) for i in range(3)})
    assert path.stat().st_size < 2**14
    assert "larger than 2 MB" in refusal(path, folder)
    assert not list(folder.iterdir())


def test_a_size_that_a_zip_lies_about_is_not_exceeded(zipped: Zipped, folder: Path) -> None:
    path = zipped({"a.stl": bytes(2**20)})
    told, lie = (2**20).to_bytes(4, "little"), (16).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(told, lie))
    assert "no zip that can be read" in refusal(path, folder)
    assert sum(file.stat().st_size for file in folder.iterdir()) <= 2**16


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({f"{i}.stl": b"" for i in range(MAX_FILES + 1)}, "more than 2,000 files"),
        ({"a.xml": MODEL, "A.xml": MODEL}, "holds A.xml twice"),
        ({"a": b"x", "a/b.xml": MODEL}, "both a file and a folder"),
        ({"/".join("a" * 20): MODEL}, "a name that is not taken"),
        ({"a\nb.xml": MODEL}, "a name that is not taken"),
    ],
)
def test_what_a_model_does_not_need_is_refused(
    zipped: Zipped, folder: Path, files: dict[str, bytes], said: str
) -> None:
    assert said in refusal(zipped(files), folder)


@pytest.mark.parametrize("data", [b"PK\x03\x04 and no more", b""])
def test_what_is_no_zip_says_so(tmp_path: Path, folder: Path, data: bytes) -> None:
    (tmp_path / "sent.zip").write_bytes(data)
    assert "sent.zip is no zip that can be read" in refusal(tmp_path / "sent.zip", folder)


FOUND = {
    "the only one, however deep": ({"a/b/rex.urdf": "<robot/>"}, "a/b/rex.urdf"),
    "what is no part of another": (
        {"rex.xml": "<mujoco/>", "all.xml": '<mujoco><include file="rex.xml"/></mujoco>'},
        "all.xml",
    ),
    "the scene": ({"scene.xml": "<mujoco/>", "mjx.xml": "<mujoco/>"}, "scene.xml"),
    "MJCF before URDF": ({"a.xml": "<!-- <x> --><mujoco/>", "b.urdf": "<robot/>"}, "a.xml"),
    "no package.xml": ({"package.xml": "<package/>", "r.urdf": "<?xml?><robot/>"}, "r.urdf"),
}


@pytest.mark.parametrize("case", FOUND)
def test_the_model_is_found(folder: Path, case: str) -> None:
    files, wanted = FOUND[case]
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    assert find_model(folder).relative_to(folder).as_posix() == wanted


def test_of_several_models_one_is_to_be_named(folder: Path) -> None:
    for name in ("left.xml", "right.xml"):
        (folder / name).write_text("<mujoco/>")
    with pytest.raises(UndecidedError, match="There are 2 models") as caught:
        find_model(folder)
    assert caught.value.choices == ["left.xml", "right.xml"]
    assert find_model(folder, "right.xml").name == "right.xml"
    with pytest.raises(UndecidedError, match="no model"):
        find_model(folder, "../left.xml")


def test_a_folder_without_a_model_says_what_would_be_one(folder: Path) -> None:
    (folder / "rex.urdf.xacro").write_text("<robot/>")
    with pytest.raises(TabRLError, match="no MJCF or URDF") as caught:
        find_model(folder)
    assert "xacro rex.urdf.xacro > robot.urdf" in caught.value.hint


BALL = '<worldbody><body><freejoint/><geom size=".1"/></body></worldbody>'
MESH = '<asset><mesh name="m" file="{}"/></asset>' + BALL
LINK = (
    '<robot name="r"><link name="a"><collision><geometry><mesh filename="{}"/></geometry>'
    "</collision></link></robot>"
)
BOMB = (
    '<!DOCTYPE mujoco [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<mujoco model="&b;"/>'
)
LEAVING = {
    "a mesh": (f"<mujoco>{MESH.format('../../secret.stl')}</mujoco>", "../../secret.stl, outside"),
    "no mesh": (f"<mujoco>{MESH.format('../../none.stl')}</mujoco>", "../../none.stl, outside"),
    "a mesh by its path": (f"<mujoco>{MESH.format('/etc/passwd')}</mujoco>", "passwd, outside"),
    "a folder of meshes": (
        f'<mujoco><compiler meshdir="../.."/>{MESH.format("secret.stl")}</mujoco>',
        "../../secret.stl, outside",
    ),
    "an include": ('<mujoco><include file="../../secret.xml"/></mujoco>', "secret.xml, outside"),
    "no include": ('<mujoco><include file="../../none.xml"/></mujoco>', "none.xml, outside"),
    "a soft body": ('<mujoco><flexcomp file="/etc/passwd"/></mujoco>', "soft bodies are not"),
    "another model": ('<mujoco><asset><model file="/etc/a.xml"/></asset></mujoco>', "not taken"),
    "a mesh of URDF": (LINK.format("../../secret.stl"), "secret.stl, outside"),
    "a package": (LINK.format("package://../../../secret.stl"), "secret.stl, outside"),
    "a file address": (LINK.format("file:///etc/secret.stl"), "secret.stl, outside"),
    "entities": (BOMB, "declares a document type"),
}  # fmt: skip


@pytest.mark.parametrize("case", LEAVING)
def test_a_model_refers_to_nothing_outside_of_what_was_sent(
    tmp_path: Path, zipped: Zipped, case: str
) -> None:
    """Whether or not that is there, so that nobody learns what is."""
    text, said = LEAVING[case]
    for name in ("secret.stl", "secret.xml"):
        (tmp_path / name).write_text("<mujoco/>")
    suffix = "urdf" if text.startswith("<robot") else "xml"
    sent = zipped({f"rex.{suffix}": text.encode()})
    (tmp_path / "scratch" / "made").mkdir(parents=True)
    with pytest.raises(TabRLError) as caught:
        adopt_upload(sent, "rex", tmp_path / "scratch" / "made")
    assert said in caught.value.message
    assert str(tmp_path) not in str(caught.value)
