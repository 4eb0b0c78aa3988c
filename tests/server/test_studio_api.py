"""The way of a person through the API, from the gallery to a fork."""

import io
import zipfile

import httpx

from tabrl.robots.catalogue import robots
from tabrl.server.views import Views

ROBOT = "Go1JoystickFlatTerrain"


def test_the_gallery_shows_every_robot_and_the_first_is_go1(site):
    cards = site.json("GET", "/api/playground/models")
    assert [card["id"] for card in cards] == [robot.id for robot in robots()]
    assert cards[0]["id"] == ROBOT
    assert cards[0]["base_policy"]


def test_every_robot_has_prompts_and_words(site):
    for robot in robots():
        info = site.json("GET", f"/api/playground/{robot.id}/info")
        assert info["prompts"]
        assert {"time", "phase"} <= {signal["name"] for signal in info["vocabulary"]["signals"]}


def test_a_robot_that_walks_already_shows_how_well(site):
    base = site.json("GET", f"/api/playground/{ROBOT}/info")["base"]
    assert base["quality"]["velocity_error"] < 0.1
    clip = site.http.get(base["clip"], headers={"Range": "bytes=0-99"})
    assert (clip.status_code, clip.headers["Content-Type"]) == (206, "video/mp4")
    assert site.json("GET", "/api/playground/CheetahRun/info")["base"] is None
    assert site.http.get("/api/playground/CheetahRun/base").status_code == 404


def plans(site, **query: int) -> dict:
    words = "&".join(f"{name}={value}" for name, value in query.items())
    return site.json("GET", f"/api/playground/{ROBOT}/plan?{words}")


def test_a_plan_tells_steps_and_the_whole_wait_before_anything_is_asked(site, taught):
    quick, standard = (plans(site)["presets"][name] for name in ("quick", "standard"))
    assert (quick["steps"], quick["simulations"], quick["iterations"]) == (163_840, 256, 32)
    assert quick["max_steps"] == 2 * quick["steps"]
    assert standard["estimate"]["seconds"] > quick["estimate"]["seconds"]
    assert set(quick["estimate"]["parts"]) == {"check", "start", "train", "film"}
    assert not quick["estimate"]["guess"]  # it was trained here
    assert taught["estimate"]["seconds"] > 0
    assert taught["took_s"] > 0


def test_a_plan_says_what_is_too_short_and_so_does_the_request(site):
    custom = plans(site, steps=1000)["custom"]
    assert "too short to learn" in custom["trouble"]
    assert plans(site, steps=100_000)["custom"]["trouble"] == ""
    body = {"robot": ROBOT, "sentence": "Spin", "steps": 1000}
    answer = site.http.post("/api/training/approaches", json=body)
    assert answer.status_code in (400, 422)
    assert "too short to learn" in answer.json()["detail"]


def test_a_sentence_goes_all_the_way_to_clips_with_verdicts(taught):
    assert taught["status"] == "finished"
    for approach in taught["approaches"]:
        assert approach["verdict"] == "pass"
        assert approach["numbers"]["trained"]["roll amplitude (rad)"] == 0.25
        assert approach["numbers"]["base"]["roll amplitude (rad)"] == 0.003
        assert len(approach["files"]["previews"]) == 3
        assert approach["term_means"]["still"] == {"sway": 0.1}
        assert approach["metric"]["criteria"]


def test_an_edit_comes_back_checked(site):
    made = site.propose(approaches=1)
    path = f"/api/experiments/{made['id']}/approaches/{made['approaches'][0]['id']}"
    site.json("PATCH", path, {"weights": {"sway": 3.5}, "clock_hz": 2.0, "name": "Mine"})
    edited = site.wait(made["id"], {"ready"})["approaches"][0]
    assert (edited["weights"], edited["clock_hz"], edited["name"]) == ({"sway": 3.5}, 2.0, "Mine")
    assert edited["source"] == made["approaches"][0]["source"]
    assert edited["proposed_weights"] == made["approaches"][0]["weights"]
    copy = site.json("POST", f"/api/experiments/{made['id']}/duplicate", status=201)
    assert copy["approaches"][0]["proposed_weights"] == edited["proposed_weights"]


def test_an_approach_says_what_its_terms_are_for(site):
    made = site.propose(approaches=1)["approaches"][0]
    assert made["meanings"].keys() == made["weights"].keys()
    assert made["proposed_weights"] == {}


def test_a_reward_is_checked_as_one_types(site):
    def check(source: str) -> dict:
        return site.json("POST", "/api/training/check", {"robot": ROBOT, "source": source})

    fine = check("def reward(s):\n    return {'calm': -s.action_rate}\n")
    assert (fine["valid"], fine["terms"], fine["findings"]) == (True, ["calm"], [])
    wrong = check("def reward(s):\n    return {'calm': s.rol}\n")
    assert not wrong["valid"]
    assert wrong["findings"][0]["line"] == 2
    assert "roll" in wrong["findings"][0]["hint"]
    source = "def reward(s):\n    return {'sway': s.roll}\n"
    body = {"robot": ROBOT, "source": source, "rollouts": True}
    assert site.json("POST", "/api/training/check", body)["term_means"]["base"] == {"sway": 0.2}


def test_a_training_can_be_followed_cancelled_and_tried_again(site):
    made = site.propose(approaches=1)
    name = site.behave(made, 0, "slowly")
    job = f"/api/training/{made['id']}.{name}"
    assert site.json("GET", f"{job}/status")["status"] == "ready"
    site.json("POST", f"{job}/cancel", status=409)
    site.json("POST", "/api/training/batch", {"experiment": made["id"]}, 202)
    assert site.json("POST", f"{job}/cancel", status=202)["status"] in ("cancelled", "training")
    site.wait(made["id"], {"cancelled"})
    site.json("POST", f"{job}/retry", status=202)
    assert site.wait(made["id"], {"finished"})["approaches"][0]["verdict"] == "pass"
    site.json("POST", f"{job}/retry", status=409)
    before = site.json("GET", f"/api/experiments/{made['id']}")["approaches"][0]["files"]["clip"]
    body = {"job_id": f"{made['id']}.{name}"}
    site.json("POST", "/api/training/render", body, 202)
    assert before


def test_a_training_that_ends_early_says_so_at_once(site):
    made = site.propose(approaches=1)
    name = site.behave(made, 0, "slowly")
    site.json("POST", "/api/training/batch", {"experiment": made["id"]}, 202)
    site.wait(made["id"], {"training"})
    with site.engine.lock:  # nothing ends while we look
        site.engine.cancel(made["id"], name)
        live = site.engine.find(made["id"])
        seen = Views(site.engine).approach(live, live.approach(name))
    assert (seen.status, seen.stopping) == ("training", True)
    assert not site.wait(made["id"], {"cancelled"})["approaches"][0]["stopping"]


def test_a_failing_approach_says_why_and_the_others_go_on(site):
    made = site.propose()
    site.behave(made, 1, "broken")
    done = site.train(made["id"])
    assert [a["status"] for a in done["approaches"]] == ["finished", "failed", "finished"]
    assert done["status"] == "incomplete"
    assert done["approaches"][1]["error"]["message"] == "The reward is not finite."
    assert done["approaches"][1]["error"]["hint"]


def test_files_of_an_approach_can_be_had(site, taught):
    files = taught["approaches"][0]["files"]
    policy = site.http.get(files["policy"])
    names = zipfile.ZipFile(io.BytesIO(policy.content)).namelist()
    assert names == ["policy/policy.json", "policy/policy.safetensors"]
    assert site.http.get(files["trajectory"]).content.startswith(b"PK")
    report = site.http.get(taught["report"])
    assert report.text.count("<video") == 3
    assert report.headers["content-security-policy"].startswith("sandbox allow-scripts;")


def test_a_share_opens_read_only_and_tells_no_id(site, taught):
    link = site.json("POST", f"/api/experiments/{taught['id']}/share")
    assert site.json("POST", f"/api/experiments/{taught['id']}/share") == link
    path = f"/api/shared/{link['share_id']}"
    answer = site.http.get(path)
    assert taught["id"] not in answer.text
    shared = answer.json()
    assert shared["read_only"]
    assert [a["verdict"] for a in shared["approaches"]] == ["pass"] * 3
    files = shared["approaches"][0]["files"]
    assert files.pop("model").startswith(f"/api/models/{link['share_id']}.")
    for url in files.values():
        if isinstance(url, str) and url.startswith("/"):
            assert site.http.get(url).status_code == 200
    assert site.http.get(shared["report"]).status_code == 200
    site.json("GET", f"/api/experiments/{link['share_id']}", status=404)
    fork = site.json("POST", f"{path}/fork", status=201)
    assert (fork["parent"]["share_id"], fork["parent"]["id"]) == (link["share_id"], None)
    assert fork["status"] == "draft"
    assert site.wait(fork["id"], {"ready"})["approaches"][0]["source"]


def test_the_winner_is_kept_with_the_experiment_for_every_browser(site, taught):
    first, second, _ = (a["id"] for a in taught["approaches"])
    path = f"/api/experiments/{taught['id']}"
    link = site.json("POST", f"{path}/share")
    for choice in (first, second):
        marked = site.json("POST", f"{path}/vote", {"approach": choice})
        assert (marked["winner"], marked["my_vote"]) == (choice, choice)
    with httpx.Client(base_url=site.http.base_url) as other:
        assert other.get(path).json()["my_vote"] == second
        shared = other.get(f"/api/shared/{link['share_id']}").json()
        assert (shared["winner"], shared["my_vote"], shared["votes"]) == (second, None, {second: 1})
    (listed,) = (
        item for item in site.json("GET", "/api/experiments?limit=100")["items"]
        if item["id"] == taught["id"]
    )  # fmt: skip
    posters = {a["id"]: a["files"]["poster"] for a in taught["approaches"]}
    assert (listed["winner"], listed["poster"]) == (second, posters[second])
    assert site.json("POST", f"{path}/vote", {"approach": None})["winner"] is None


def test_a_browser_has_one_vote(site, taught):
    link = site.json("POST", f"/api/experiments/{taught['id']}/share")
    first, second, _ = (a["id"] for a in taught["approaches"])
    path = f"/api/shared/{link['share_id']}"
    voted = site.json("POST", f"{path}/vote", {"approach": first})
    assert (voted["votes"], voted["my_vote"]) == ({first: 1}, first)
    voted = site.json("POST", f"{path}/vote", {"approach": second})
    assert (voted["votes"], site.json("GET", path)["my_vote"]) == ({second: 1}, second)
    site.json("POST", f"{path}/vote", {"approach": "9-nobody"}, 404)
    assert site.json("POST", f"{path}/vote", {"approach": None})["votes"] == {}


def test_experiments_are_listed_searched_duplicated_and_deleted(site, taught):
    copy = site.json("POST", f"/api/experiments/{taught['id']}/duplicate", status=201)
    assert copy["parent"] == {
        "how": "duplicate", "id": taught["id"], "share_id": None, "title": taught["title"],
        "owner": None,
    }  # fmt: skip
    listed = site.json("GET", "/api/experiments?q=ALOHA&limit=100")["items"]
    found = {item["id"]: item for item in listed}
    assert found[taught["id"]]["poster"]
    assert found[copy["id"]]["poster"] is None
    assert site.json("GET", "/api/experiments?q=zebra")["items"] == []
    for status, of_it in (("draft", copy["id"]), ("finished&status=incomplete", taught["id"])):
        items = site.json("GET", f"/api/experiments?status={status}&q=aloha&limit=100")["items"]
        assert of_it in {item["id"] for item in items}
        assert {item["status"] for item in items} <= set(status.split("&status="))
    site.json("GET", "/api/experiments?status=lost", status=422)
    seen, cursor = [], ""
    while cursor is not None:
        page = site.json("GET", f"/api/experiments?limit=2&cursor={cursor}" if cursor else
                         "/api/experiments?limit=2")  # fmt: skip
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
    assert len(seen) == len(set(seen))
    assert site.http.delete(f"/api/experiments/{copy['id']}").status_code == 204
    site.json("GET", f"/api/experiments/{copy['id']}", status=404)
    assert copy["id"] not in site.http.get("/api/experiments?limit=100").text


def test_health_and_metrics_tell_how_the_studio_is(site, taught):
    health = site.json("GET", "/api/health")
    assert health["status"] == "ok"
    assert health["jobs"]["capacity"] == 3
    text = site.http.get("/metrics").text
    assert 'tabrl_trainings{state="queued"}' in text
    assert 'route="/api/experiments/{id}"' in text
