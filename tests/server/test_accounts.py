"""Accounts of a hosted studio, as browsers and programs meet them."""

import io
import json
import time
import zipfile

import pytest
from authenticator import Authenticator

from tabrl.server.accounts.limits import Limits

BATCH = 512 * 20
ROBOT = "Go1JoystickFlatTerrain"


@pytest.fixture(autouse=True)
def fresh_limits(hosted):
    hosted.accounts.limits = Limits()


@pytest.fixture
def device(hosted):
    return Authenticator(hosted.origin)


def join(hosted, device, role="maker", name="Ada", status=200):
    """Join by an invitation with a device; the browser, which is signed in, and the answer."""
    browser = hosted.browser()
    _, invitation = hosted.accounts.people.invite(role)
    asked = {"invitation": invitation, "name": name}
    begun = browser.post("/api/account/join/begin", json=asked).json()
    made = {"secret": begun["secret"], "credential": device.make(begun["options"]), "label": "Mac"}
    answer = browser.post("/api/account/join", json=made)
    assert answer.status_code == status, answer.text
    return browser, answer


def sign_in(hosted, device, change=lambda credential: credential):
    browser = hosted.browser()
    begun = browser.post("/api/account/sign-in/begin").json()
    body = {"secret": begun["secret"], "credential": change(device.sign(begun["options"]))}
    return browser, browser.post("/api/account/sign-in", json=body), body


def test_somebody_joins_with_a_passkey_and_comes_back_with_it(hosted, device):
    browser, answer = join(hosted, device)
    cookie = answer.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=lax"} <= set(cookie.split("; "))
    seen = browser.get("/api/account").json()
    assert (seen["person"]["name"], seen["person"]["role"]) == ("Ada", "maker")
    assert [key["name"] for key in seen["passkeys"]] == ["Mac"]
    again, answer, _ = sign_in(hosted, device)
    assert answer.json()["id"] == seen["person"]["id"]
    assert again.get("/api/experiments").status_code == 200
    assert again.post("/api/account/sign-out").status_code == 204
    assert again.get("/api/experiments").status_code == 401
    assert browser.get("/api/experiments").status_code == 200  # the other browser is still in


def test_over_https_the_cookie_is_bound_to_its_host():
    from starlette.responses import Response

    from tabrl.server.accounts.asker import Cookies

    response = Response()
    Cookies("https://robots.example").set(response, "x")
    cookie = response.headers["set-cookie"]
    assert cookie.startswith("__Host-tabrl_session=x;")
    assert {"Secure", "HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_a_signature_that_does_not_hold_signs_nobody_in(hosted, device):
    join(hosted, device)

    def other_signature(credential):
        stranger = Authenticator(hosted.origin)
        signed = stranger.sign({"challenge": "AAAA"})["response"]["signature"]
        return credential | {"response": credential["response"] | {"signature": signed}}

    for change in (other_signature, lambda credential: credential | {"response": {}}):
        _, answer, _ = sign_in(hosted, device, change)
        assert answer.status_code == 403, answer.text
    _, answer, body = sign_in(hosted, device)
    assert answer.status_code == 200
    assert hosted.browser().post("/api/account/sign-in", json=body).status_code == 404  # once


def test_a_passkey_of_another_place_or_of_an_unknown_user_is_refused(hosted):
    for device in (
        Authenticator("https://evil.example"),
        Authenticator(hosted.origin, host="evil.example"),
        Authenticator(hosted.origin, verifies=False),
    ):
        join(hosted, device, status=403)
    unknown = Authenticator(hosted.origin)
    unknown.user = b"nobody"
    assert sign_in(hosted, unknown)[1].status_code == 403


def test_a_copied_passkey_whose_counter_goes_back_is_refused(hosted, device):
    join(hosted, device)
    device.count = 5
    assert sign_in(hosted, device)[1].status_code == 200
    device.count = 3
    assert sign_in(hosted, device)[1].status_code == 403


def test_a_browser_has_to_say_which_page_asks(hosted):
    person = hosted.person("maker")
    browser = hosted.browser(person)
    path, body = "/api/account", {"name": "Ada"}
    assert browser.patch(path, json=body).status_code == 200
    for origin in ("https://evil.example", "null"):
        assert browser.patch(path, json=body, headers={"Origin": origin}).status_code == 403
    del browser.headers["Origin"]
    assert browser.patch(path, json=body).status_code == 403
    assert hosted.program(person, "teach").delete("/api/experiments/nothing1").status_code == 404


def test_signing_in_may_be_tried_so_often_and_no_more(hosted):
    browser = hosted.browser()
    statuses = [browser.post("/api/account/sign-in/begin").status_code for _ in range(31)]
    assert statuses == [200] * 30 + [429]
    answer = browser.post("/api/account/sign-in/begin")
    assert 1 <= int(answer.headers["retry-after"]) <= 61
    assert "Try again in" in answer.json()["hint"]


def test_a_role_that_is_changed_counts_at_once_and_a_token_is_no_more_than_its_person(hosted):
    owner, ada = hosted.person("owner"), hosted.person("maker")
    program, boss = hosted.program(ada, "read", "teach", "manage"), hosted.browser(owner)
    assert program.get("/api/people").status_code == 403
    assert program.post("/api/training/approaches", json={}).status_code == 422
    boss.patch(f"/api/people/{ada.id}", json={"role": "viewer"})
    assert program.post("/api/training/approaches", json={}).status_code == 403
    boss.delete(f"/api/people/{ada.id}")
    assert program.get("/api/experiments").status_code == 401


def test_who_is_removed_leaves_their_experiments_to_the_studio(hosted):
    owner, ada = hosted.person("owner"), hosted.person("maker")
    live = hosted.experiment(ada)
    hosted.engine.show(live, "public")
    boss = hosted.browser(owner)
    assert boss.delete(f"/api/people/{ada.id}").status_code == 204
    assert hosted.browser().get(f"/api/shared/{live.share_id}").status_code == 404
    assert boss.get(f"/api/experiments/{live.id}").json()["visibility"] == "private"


def test_what_was_changed_is_noted_with_who_did_it(hosted):
    owner, ada = hosted.person("owner"), hosted.person("maker", "Ada of the trail")
    live = hosted.experiment(ada)
    browser = hosted.browser(ada)
    browser.put(f"/api/experiments/{live.id}/visibility", json={"visibility": "wrong"})
    browser.put(f"/api/experiments/{live.id}/visibility", json={"visibility": "link"})
    browser.delete(f"/api/experiments/{live.id}")
    entries = hosted.browser(owner).get("/api/audit").json()["items"]
    told = [(e["action"], e["thing"]) for e in entries if e["name"] == "Ada of the trail"]
    assert told == [("experiment.delete", live.id), ("experiment.show", live.id)]


def test_it_is_noted_what_an_owner_made_of_somebody(hosted):
    owner, ada = hosted.person("owner", "Boss of the trail"), hosted.person("maker", "Ada")
    boss = hosted.browser(owner)
    boss.patch(f"/api/people/{ada.id}", json={"role": "viewer", "minutes": 5})
    told = boss.get("/api/audit").json()["items"][0]["thing"]
    assert told == "Ada: role viewer, minutes 5"
    boss.delete(f"/api/people/{ada.id}")
    entries = boss.get("/api/audit").json()["items"]
    told = [e["thing"] for e in entries if e["name"] == "Boss of the trail"]
    assert told == [f"removed {ada.id}", f"{ada.id}: role viewer, minutes 5"]


def test_all_that_is_ones_own_can_be_taken_along_and_deleted(hosted):
    ada, other = hosted.person("maker"), hosted.person("maker")
    live, kept = hosted.experiment(ada), hosted.experiment(other)
    (live.folder / "clip.mp4").write_bytes(b"a clip")
    browser, program = hosted.browser(ada), hosted.program(ada, "read")
    answer = browser.get("/api/account/export")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as bundle:
        names = set(bundle.namelist())
        told = bundle.read("account.json").decode()
        assert bundle.read(f"experiments/{live.id}/clip.mp4") == b"a clip"
    assert f"experiments/{live.id}/experiment.json" in names
    assert not [name for name in names if kept.id in name]
    assert json.loads(told)["person"]["id"] == ada.id
    assert "hash" not in told
    assert browser.delete("/api/account").status_code == 204
    assert browser.get("/api/account").json()["person"] is None
    assert program.get("/api/experiments").status_code == 401
    assert not live.folder.exists()
    assert kept.folder.exists()


def test_a_quota_refuses_what_is_more_and_says_why(hosted):
    owner, ada = hosted.person("owner"), hosted.person("maker")
    boss, browser = hosted.browser(owner), hosted.browser(ada)

    def allow(**quota):
        everything = {"jobs": None, "minutes": None, "megabytes": None} | quota
        assert boss.patch(f"/api/people/{ada.id}", json=everything).status_code == 200

    taught = {"robot": ROBOT, "sentence": "Spin", "steps": 8 * BATCH, "approaches": 1}
    allow(megabytes=0)
    answer = browser.post("/api/training/approaches", json=taught)
    assert answer.status_code == 429
    assert "0 MB" in answer.json()["detail"]
    allow()
    id = browser.post("/api/training/approaches", json=taught).json()["id"]

    def status():
        return browser.get(f"/api/experiments/{id}").json()["approaches"][0]["status"]

    def wait(wanted):
        deadline = time.monotonic() + 120
        while (now := status()) != wanted:
            assert time.monotonic() < deadline, now
            time.sleep(0.05)

    wait("ready")
    for quota, word in (({"jobs": 0}, "at once"), ({"minutes": 0}, "today")):
        allow(**quota)
        answer = browser.post("/api/training/batch", json={"experiment": id})
        assert answer.status_code == 429
        assert word in answer.json()["detail"]
        assert answer.json()["hint"]
    allow()
    assert browser.post("/api/training/batch", json={"experiment": id}).status_code == 202
    assert browser.get("/api/account").json()["quota"]["jobs_used"] == 1
    wait("finished")
    assert hosted.accounts.quotas._seconds(ada.id) > 0
    assert hosted.accounts.quotas._bytes(ada.id, now=True) > 1000
    allow(megabytes=0)
    assert browser.post(f"/api/experiments/{id}/duplicate").status_code == 429
    allow()
    assert browser.post(f"/api/experiments/{id}/duplicate").status_code == 201
    assert hosted.browser(owner).get("/api/account").json()["quota"]["minutes"] is None


def test_the_page_of_what_is_private_tells_nobody_its_sentence(hosted):
    ada = hosted.person("maker")
    live = hosted.experiment(ada, title="Spin")
    path = f"/experiments/{live.id}"
    assert "“Spin”" in hosted.browser(ada).get(path).text
    assert "“Spin”" not in hosted.browser().get(path).text
    assert "“Spin”" not in hosted.browser(hosted.person("maker")).get(path).text


def test_a_studio_without_accounts_asks_nobody_and_has_none(site):
    told = site.http.get("/api/account").json()
    assert (told["hosted"], told["person"]) == (False, None)
    answer = site.http.post("/api/account/sign-in/begin")
    assert answer.status_code == 404
    assert "--accounts" in answer.json()["hint"]
