"""Policies by ids of their own: what they name, and what is refused."""

import io
import zipfile

import pytest

LIBRARY, APPROACH, GO1 = "library-hip-shake", "1-aloha-roll", "Go1JoystickFlatTerrain"


@pytest.mark.parametrize("id", ["nobody-has-this.1-it", f"{LIBRARY}.7-other", "CartpoleBalance"])
def test_what_no_id_names_is_refused_in_words(site, id):
    for path in ("live/control.json", "export/onnx"):
        problem = site.json("GET", f"/api/models/{id}/{path}", status=404)
        assert problem["detail"].startswith("There is no ")


def test_one_policy_of_an_experiment_is_asked_for_by_name(site):
    for path in ("live/control.json", "export/bundle"):
        problem = site.json("GET", f"/api/models/{LIBRARY}/{path}", status=404)
        assert problem["hint"] == f"Name one of its approaches: {LIBRARY}.{APPROACH}."
    assert site.http.get(f"/api/models/{GO1}/export/pdf").status_code == 422


def test_a_page_finds_its_models_where_it_is_told(site, taught):
    approach = taught["approaches"][0]
    assert approach["files"]["model"] == f"/api/models/{taught['id']}.{approach['id']}"
    share = site.json("POST", f"/api/experiments/{taught['id']}/share")["share_id"]
    seen = site.json("GET", f"/api/shared/{share}")
    model = seen["approaches"][0]["files"]["model"]
    assert model == f"/api/models/{share}.{approach['id']}"
    assert taught["id"] not in model
    # These policies are none that anybody can play: the same reason by either name.
    answers = [
        site.http.get(f"{url}/live/control.json") for url in (model, approach["files"]["model"])
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert answers[0].json()["detail"] == answers[1].json()["detail"]
    base = site.json("GET", f"/api/playground/{GO1}/info")["base"]
    assert base["model"] == f"/api/models/{GO1}"


def test_each_version_of_an_approach_has_a_model_and_a_clip_of_its_own(site):
    made = site.propose()
    id, job = made["id"], made["approaches"][0]["job_id"]
    assert site.train(id)["approaches"][0]["versions"] == []
    site.json("POST", f"/api/training/{job}/continue", status=202)
    (before, now) = site.wait(id, {"finished"})["approaches"][0]["versions"]
    assert before["step"] < now["step"]
    assert before["clip"] != now["clip"]
    assert [each["model"] for each in (before, now)] == [
        f"/api/models/{job}@{each['version']}" for each in (before, now)
    ]
    for each in (before, now):
        assert site.http.get(each["clip"]).status_code == 200
        assert site.http.get(f"{each['model']}/live/control.json").status_code == 422  # no real one
    site.json("GET", f"/api/models/{job}@9/live/control.json", status=404)
    shown = site.json("POST", f"/api/training/{job}/version", {"version": before["version"]})
    approach = shown["approaches"][0]
    assert (approach["step"], approach["files"]["clip"]) == (before["step"], before["clip"])
    assert len(approach["versions"]) == 2
    site.json("POST", f"/api/training/{job}/version", {"version": 9}, 409)


@pytest.mark.nightly
def test_a_policy_is_taken_away_as_graphs_as_a_bundle_and_as_a_page(site):
    wanted = {
        f"{LIBRARY}.{APPROACH}/export/onnx": {"control.onnx", "policy.onnx", "control.json"},
        f"{LIBRARY}.{APPROACH}/export/bundle": {"check.py", "scene.mjb.gz", "recorded.json"},
        f"{LIBRARY}/export/page": {"index.html", "contents.json"},
    }
    for path, names in wanted.items():
        answer = site.http.get(f"/api/models/{path}")
        assert answer.status_code == 200, answer.text
        with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
            assert packed.testzip() is None
            inside = [name.split("/") for name in packed.namelist()]
        assert len({folder for folder, *_ in inside}) == 1
        assert names <= {name for _, name, *deeper in inside if not deeper}
