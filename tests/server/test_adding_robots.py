"""Robots of one's own over HTTP: sent, understood, corrected, taught, removed."""

import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tabrl.robots.catalogue import custom_robots_folder, robots
from tabrl.server import guard

PUP = Path(__file__).parents[1] / "robots" / "pup"
AT = "/api/playground/robots"
TOKEN = "a-token-of-the-tests"
PYRAMID = "v 0 0 0\nv .1 0 0\nv 0 .1 0\nv 0 0 .1\nf 1 3 2\nf 1 2 4\nf 2 3 4\nf 1 4 3\n"
INERTIA = (
    '<inertial><mass value="1"/><inertia ixx=".004" iyy=".004" izz=".002" ixy="0" ixz="0" '
    'iyz="0"/></inertial>'
)


def zipped(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data in files.items():
            bundle.writestr(name, data)
    return made.getvalue()


def crane() -> bytes:
    """A package with the URDF of an arm of four joints, and the mesh of its base."""
    parts, last = "", "base"
    for i in range(4):
        parts += (
            f'<link name="l{i}">{INERTIA}<collision><origin xyz="0 0 .1"/><geometry>'
            '<box size=".04 .04 .16"/></geometry></collision></link>'
            f'<joint name="j{i}" type="revolute"><parent link="{last}"/><child link="l{i}"/>'
            f'<origin xyz="0 0 .2"/><axis xyz="0 {i % 2} {1 - i % 2}"/>'
            '<limit lower="-1" upper="1" effort="30" velocity="3"/></joint>'
        )
        last = f"l{i}"
    mesh = '<mesh filename="package://crane/meshes/base.obj"/>'
    base = f'<link name="base">{INERTIA}<visual><geometry>{mesh}</geometry></visual></link>'
    urdf = f'<robot name="crane">{base}{parts}</robot>'
    files = {
        "crane/urdf/crane.urdf": urdf,
        "crane/meshes/base.obj": PYRAMID,
        "crane/LICENSE": "MIT",
    }
    return zipped({name: text.encode() for name, text in files.items()})


def pup() -> bytes:
    files = [path for path in PUP.rglob("*") if path.is_file()]
    return zipped({path.relative_to(PUP).as_posix(): path.read_bytes() for path in files})


@pytest.fixture(scope="module")
def ended(site) -> Callable[[dict], dict]:
    """An addition once it has ended."""

    def wait(addition: dict) -> dict:
        deadline = time.monotonic() + 240.0
        while addition["state"] in ("waiting", "working"):
            assert time.monotonic() < deadline
            time.sleep(0.1)
            addition = site.json("GET", f"{AT}/additions/{addition['id']}")
        return addition

    return wait


@pytest.fixture(scope="module")
def send(site, ended) -> Callable[..., dict]:
    """What becomes of a file that is sent."""

    def sent(name: str, data: bytes, **said: str) -> dict:
        answer = site.http.post(AT, params={"file": name} | said, content=data)
        assert answer.status_code == 202, answer.text
        return ended(answer.json())

    return sent


@pytest.fixture(scope="module")
def added(site, send) -> dict:
    """The crane, as it was understood."""
    addition = send("crane.zip", crane(), id="crane")
    assert addition["state"] == "added", addition
    return site.json("GET", f"{AT}/{addition['robot']}")


def test_a_zip_becomes_a_robot_and_tells_what_was_understood(site, added):
    assert (added["id"], added["type"], added["dof"]) == ("crane", "arm", 4)
    assert (added["floats"], added["hands"]) == (False, ["gripper"])
    assert added["source"] == "crane.zip"
    assert {"name": "shoulder", "joints": ["j0", "j1"]} in added["groups"]
    assert "Its base was taken to be fixed; say floating if that is wrong." in added["notes"]
    assert any("licence is kept" in note for note in added["notes"])
    assert added["bases"] == ["floating", "fixed"]
    assert {"arm", "other"} <= set(added["kinds"])
    assert added["prompts"]
    assert site.http.get(added["thumbnail"]).headers["content-type"] == "image/webp"
    assert "crane" in [card["id"] for card in site.json("GET", "/api/playground/models")]


def test_it_is_renamed_and_removed_and_what_was_taught_stays(site, added):
    renamed = site.json("PATCH", f"{AT}/crane", {"name": "Tower crane"})
    assert renamed["name"] == "Tower crane"
    draft = site.propose(robot="crane", sentence="Wriggle")
    assert draft["robot_name"] == "Tower crane"
    refused = site.json("POST", f"{AT}/crane/correct", {"kind": "arm"}, 409)
    assert "has 1 experiment" in refused["detail"]
    assert (
        site.json("GET", f"{AT}/crane")["fixed_since"] == f"{refused['detail']} " + refused["hint"]
    )
    assert site.http.delete(f"{AT}/crane").status_code == 204
    assert site.http.delete(f"{AT}/crane").status_code == 404
    assert "crane" not in [each.id for each in robots()]
    left = site.json("GET", f"/api/experiments/{draft['id']}")
    assert left["robot_name"] == "crane (removed)"
    gone = site.json("POST", "/api/training/batch", {"experiment": draft["id"]}, 404)
    assert "no robot 'crane'" in gone["detail"]


@pytest.mark.nightly
def test_a_correction_makes_it_again_and_keeps_its_name(site, send, ended):
    before = site.json("GET", f"{AT}/{send('crane.zip', crane(), id='crane_3')['robot']}")
    site.json("PATCH", f"{AT}/crane_3", {"name": "Tower crane"})
    again = ended(site.json("POST", f"{AT}/crane_3/correct", {"kind": "other"}, 202))
    assert (again["state"], again["robot"]) == ("added", "crane_3")
    corrected = site.json("GET", f"{AT}/crane_3")
    assert (corrected["type"], corrected["name"]) == ("other", "Tower crane")
    assert corrected["said"] == {"kind": "other", "forward": None, "base": None}
    assert corrected["thumbnail"] != before["thumbnail"]  # as browsers keep the old one


@pytest.mark.nightly
def test_a_scene_of_several_files_becomes_one_and_another_kind_that_does_not_fit_changes_nothing(
    site, send, ended
):
    addition = send("pup.zip", pup())
    understood = site.json("GET", f"{AT}/{addition['robot']}")
    assert (understood["type"], understood["feet"]) == ("quadruped", ["FR", "FL", "RR", "RL"])
    assert (understood["forward"], understood["bases"]) == ("x", [])
    again = ended(site.json("POST", f"{AT}/pup/correct", {"kind": "hand"}, 202))
    assert (again["state"], again["robot"]) == ("failed", None)
    assert "This robot is no hand" in again["error"]
    assert site.json("GET", f"{AT}/pup")["type"] == "quadruped"
    assert send("pup.zip", pup())["robot"] == "pup_2"  # a name that is free


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("rex.zip", zipped({"../rex.xml": b"<mujoco/>"}), "'../rex.xml' in it leads out of it"),
        ("rex.xml", b"<mujoco><include file='../../etc/passwd'/></mujoco>", "passwd, outside"),
    ],
)
def test_what_cannot_be_a_robot_says_why_and_leaves_nothing(send, name, data, said):
    before = sorted(custom_robots_folder().iterdir())
    addition = send(name, data)
    assert addition["state"] == "failed"
    assert said in addition["error"]
    assert addition["hint"]
    assert sorted(custom_robots_folder().iterdir()) == before


def test_of_several_models_the_choice_is_told(send):
    addition = send("two.zip", zipped({"a.xml": b"<mujoco/>", "b.xml": b"<mujoco/>"}))
    assert addition["choices"] == ["a.xml", "b.xml"]


@pytest.mark.parametrize(
    ("params", "data", "status"),
    [
        ({}, b"<mujoco/>", 422),
        ({"file": "rex.exe"}, b"<mujoco/>", 422),
        ({"file": "../rex.xml"}, b"<mujoco/>", 422),
        ({"file": "rex.xml", "id": "../rex"}, b"<mujoco/>", 422),
        ({"file": "rex.xml", "kind": "dog"}, b"<mujoco/>", 422),
        ({"file": "rex.xml", "id": "Go1Getup"}, b"<mujoco/>", 409),
        ({"file": "rex.xml", "id": "robots"}, b"<mujoco/>", 422),
        ({"file": "rex.xml"}, b"", 422),
        ({"file": "rex.xml"}, b"PK\x03\x04", 422),
        ({"file": "rex.zip"}, b"<mujoco/>", 422),
    ],
)
def test_a_wrong_request_is_refused_at_once(site, params, data, status):
    answer = site.http.post(AT, params=params, content=data)
    assert answer.status_code == status, answer.text
    assert answer.json()["detail"]
    assert not list(custom_robots_folder().glob(".sent-*"))


def test_what_is_too_large_is_refused_while_it_comes(site, monkeypatch):
    monkeypatch.setattr(guard, "MAX_UPLOAD", 2**20)
    answer = site.http.post(AT, params={"file": "a.xml"}, content=iter([b"<" * 2**19] * 4))
    assert answer.status_code == 413
    assert "1,024 kB" in answer.json()["hint"]
    assert not list(custom_robots_folder().glob(".sent-*"))


def test_only_who_has_the_token_adds_or_removes(start):
    public = start(token=TOKEN, address="https://robots.example")
    answer = public.http.post(AT, params={"file": "rex.xml"}, content=b"<mujoco/>")
    assert answer.status_code == 401
    assert public.http.delete(f"{AT}/crane").status_code == 401


def test_those_that_came_with_it_stay(site):
    said = site.json("DELETE", f"{AT}/Go1Getup", status=409)
    assert "came with TabRL" in said["detail"]
    assert site.json("GET", f"{AT}/nobody", status=404)["hint"]


def test_menagerie_tells_whom_it_has_and_an_unknown_name_who_is_near(site, ended):
    known = site.json("GET", f"{AT}/menagerie")
    assert known["missing"] is None
    assert {hero["name"] for hero in known["heroes"]} <= set(known["names"])
    addition = ended(site.json("POST", f"{AT}/menagerie", {"name": "anymal"}, 202))
    assert addition["state"] == "failed"
    assert "anybotics_anymal_c" in addition["hint"]


def test_without_the_package_menagerie_says_what_to_install(site, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "mujoco_menagerie", None)
    assert "mujoco-menagerie" in site.json("GET", f"{AT}/menagerie")["missing"]


def test_an_addition_can_be_ended(site, ended):
    params = {"file": "crane.zip", "id": "crane_2"}
    addition = site.http.post(AT, params=params, content=crane()).json()
    site.json("DELETE", f"{AT}/additions/{addition['id']}")
    assert ended(addition)["state"] == "cancelled"
    assert not (custom_robots_folder() / "crane_2").exists()
