"""The whole path of an improvement over HTTP, with a provider on loopback and without any."""

import json
import time
from collections.abc import Iterator

import pytest
from dialects import USAGE, Heard, Say
from spoken import configured, good
from wire import Wire

IMPROVE = "/api/training/improve"


def edited(heard: Heard) -> Say:
    """The first recorded approach, as an edit; the first answer is code that must be repaired."""
    form = json.loads(good()["approaches"])
    form["approaches"] = form["approaches"][:1]
    if "wider, please" in json.dumps(heard.body) and len(heard.body["messages"]) < 3:
        form["approaches"][0]["code"] = "def reward(s):\n    return {'sway': s.bogus}\n"
    return Say(json.dumps(form))


@pytest.fixture(scope="module")
def wire(settings) -> Iterator[Wire]:
    made = Wire("openai", edited)
    with configured(settings, one=made):
        yield made
    (settings.home / "providers.toml").unlink()


@pytest.fixture(scope="module")
def parent(site, taught) -> dict:
    """An experiment of its own that was trained."""
    return site.train(site.propose(approaches=1)["id"])


def answered(site, id: str) -> dict:
    """An experiment once nobody is asked any more and all checks are through."""
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        seen = site.json("GET", f"/api/experiments/{id}")
        if not seen["proposing"]:
            return site.wait(id, {"ready", "finished", "refused"})
        time.sleep(0.05)
    raise AssertionError("it was not answered")


def test_a_model_edits_repairs_and_the_child_trains_on_and_can_be_shared(site, parent, wire):
    job = parent["approaches"][0]["job_id"]
    body = {"job_id": job, "wish": "wider, please", "provider": "one"}
    asked = site.json("POST", IMPROVE, body | {"best": parent["approaches"][0]["id"]}, 202)
    assert len(asked["approaches"]) == 1
    child = answered(site, parent["id"])["approaches"][1]
    assert (child["provider"], child["model"], child["repairs"]) == ("one", "loop-1", 1)
    assert (child["status"], len(child["prompts"])) == ("ready", 8)
    origin = child["origin"]
    assert (origin["name"], origin["wish"]) == (parent["approaches"][0]["name"], "wider, please")
    (code,) = (change for change in origin["changes"] if change["kind"] == "code")
    assert {line["kind"] for line in code["lines"]} == {"same", "removed", "added"}
    done = site.train(parent["id"], approaches=[child["id"]])
    assert done["approaches"][1]["files"]["policy"]
    usage = done["usage"]["one"]
    assert [answer["purpose"] for answer in usage["answers"]] == ["improve"] * 2
    assert usage["input_tokens"] == 2 * USAGE[0]
    assert usage["cost_usd"] == pytest.approx(sum(a["cost_usd"] for a in usage["answers"]))
    link = site.json("POST", f"/api/experiments/{parent['id']}/share")
    shared = site.http.get(f"/api/shared/{link['share_id']}")
    assert parent["id"] not in shared.text
    assert shared.json()["usage"] == {}
    assert shared.json()["approaches"][1]["origin"]["experiment"] == link["share_id"]


def test_the_built_in_proposer_needs_nobody(site, parent):
    first = parent["approaches"][0]
    made = site.json("POST", IMPROVE, {"job_id": first["job_id"], "wish": "swing wider"}, 202)
    child = made["approaches"][-1]
    assert (child["provider"], child["model"], child["stands_in_for"]) == ("builtin", "", "")
    assert "oscillate(s.phase, 0.3375" in child["source"]
    assert site.wait(parent["id"], {"ready", "finished"})["proposing"] == []


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({}, 422, "nothing to change"),
        ({"wish": "x" * 1001}, 422, "at most 1000"),
        ({"wish": "wider", "best": "9-nobody"}, 404, "no such approach"),
        ({"wish": "wider", "worst": "../etc"}, 422, "worst"),
        ({"wish": "wider", "provider": "oracle"}, 422, "no provider"),
        ({"wish": "wider", "provider": "all"}, 422, "One edits"),
        ({"wish": "wider", "job_id": "nobody-here.1-x"}, 404, "no such experiment"),
        ({"wish": "wider", "colour": "red"}, 422, "colour"),
    ],
)
def test_what_cannot_be_done_is_a_problem_in_words(site, parent, wire, change, status, words):
    body = {"job_id": parent["approaches"][0]["job_id"]} | change
    answer = site.http.post(IMPROVE, json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (
        status, "application/problem+json",
    )  # fmt: skip
    assert words in answer.json()["detail"]


def test_what_was_not_trained_has_no_policy_to_go_on_from(site):
    draft = site.propose(approaches=1)
    body = {"job_id": draft["approaches"][0]["job_id"], "wish": "wider"}
    assert "no policy" in site.json("POST", IMPROVE, body, 409)["detail"]
