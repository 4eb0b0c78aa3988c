"""Experiments that are deleted while others ask for them: no answer is a 5xx, none comes back."""

import random
import shutil
import threading

import httpx
import pytest

from tabrl.experiments.engine.writer import row

ROUNDS = 12
FINE = (200, 201, 204, 404, 409)


def copied(site, taught: dict, name: str) -> str:
    """The id of another trained experiment, with files of its own."""
    original = site.engine.find(taught["id"])
    folder = original.folder.with_name(name)
    # Its record is written a moment after the page is told.
    shutil.copytree(original.folder, folder, ignore=shutil.ignore_patterns("*experiment.json*"))
    with site.engine.lock:
        experiment = original.experiment.model_copy(update={"id": name, "folder": folder})
        experiment.save()
    site.engine.store.save(**row(experiment))
    return name


def asked(seen: dict) -> list[tuple[str, str, object]]:
    """What pages and programs ask about an experiment: method, path, body."""
    at, approach = f"/api/experiments/{seen['id']}", seen["approaches"][0]
    part, files = f"{at}/approaches/{approach['id']}", approach["files"]
    return [
        ("PATCH", part, {"weights": {"sway": 2.0}}),
        ("GET", at, None),
        ("GET", f"{part}/policy", None),
        ("GET", f"{part}/trajectory", None),
        ("GET", files["clip"], None),
        ("GET", files["poster"], None),
        ("GET", f"{at}/report", None),
        ("POST", f"{at}/share", None),
        ("POST", f"{at}/vote", {"approach": approach["id"]}),
        ("POST", f"{at}/duplicate", None),
        ("POST", "/api/videos/download", {"videos": [files["video_id"]], "format": "zip"}),
        ("GET", f"/experiments/{seen['id']}", None),
        ("GET", "/api/experiments", None),
        ("DELETE", at, None),
    ]


def test_whatever_is_asked_while_it_is_deleted_ends_in_404_or_409(site, taught):
    draw = random.Random(0)
    for number in range(ROUNDS):
        id = copied(site, taught, f"race-of-asking-{number:02}")
        calls = asked(site.json("GET", f"/api/experiments/{id}"))
        answers: list[tuple[str, str, int]] = []
        ready = threading.Barrier(len(calls))

        def ask(method: str, path: str, body: object, ready=ready, answers=answers) -> None:
            with httpx.Client(base_url=f"http://{site.at}", timeout=60) as client:
                ready.wait()
                for _ in range(1 if method == "DELETE" else 4):
                    try:
                        status = client.request(method, path, json=body).status_code
                    except httpx.HTTPError:  # it broke off
                        status = 0
                    answers.append((method, path, status))

        threads = [
            threading.Thread(target=ask, args=call) for call in draw.sample(calls, len(calls))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [answer for answer in answers if answer[2] not in FINE] == []
        assert_gone(site, id)


@pytest.fixture
def deleted(site, taught) -> str:
    id = copied(site, taught, "deleted-for-good")
    site.json("GET", f"/api/experiments/{id}")
    assert site.http.delete(f"/api/experiments/{id}").status_code == 204
    return id


def assert_gone(site, id: str) -> None:
    answer = site.http.get(f"/api/experiments/{id}", headers={"If-None-Match": "*"})
    assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")
    page = site.http.get(f"/experiments/{id}", headers={"If-None-Match": "*"})
    assert page.status_code == 404
    listed = site.json("GET", "/api/experiments?limit=100")["items"]
    assert id not in [item["id"] for item in listed]


def test_what_was_deleted_stays_deleted_though_its_row_and_its_files_come_back(
    site, taught, deleted
):
    """As in the moment in which both are still there."""
    assert_gone(site, deleted)
    folder = site.engine.find(taught["id"]).folder.with_name(deleted)
    assert not folder.exists()
    copied(site, taught, deleted)
    path = f"/api/experiments/{deleted}/approaches/{taught['approaches'][0]['id']}"
    site.json("PATCH", path, {"weights": {"sway": 2.0}}, 404)
    assert_gone(site, deleted)
    site.engine.store.delete(deleted)
    shutil.rmtree(folder)
