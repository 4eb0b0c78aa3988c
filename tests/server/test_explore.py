"""Explore on a hosted studio: who finds what, by which words, in which order; what owners hide."""

import pytest
from exhibits import taught
from websockets.sync.client import connect

from tabrl.server.accounts.limits import Limits

SPOT = "SpotFlatTerrainJoystick"


@pytest.fixture(autouse=True)
def fresh_limits(hosted):
    hosted.accounts.limits = Limits()


def found(browser, **asked) -> dict:
    answer = browser.get("/api/explore", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def sentences(browser, **asked) -> list[str]:
    return [item["sentence"] for item in found(browser, limit=60, **asked)["items"]]


def item(browser, live, **asked) -> dict:
    items = found(browser, limit=60, q=live.experiment.sentence, **asked)["items"]
    return next(each for each in items if each["share_id"] == live.share_id)


def test_the_library_is_there_at_once_and_what_is_public_joins_it(hosted):
    ada, nobody = hosted.person("maker", "Ada Explorer"), hosted.browser()
    shipped = found(nobody)
    assert shipped["total"] >= 12
    assert all(each["clip"] and each["poster"] for each in shipped["items"])
    for visibility in ("private", "link", "public"):
        taught(hosted.engine, f"Wiggle {visibility}ly", owner=ada, visibility=visibility)
    assert [s for s in sentences(nobody, q="wiggle") if "ly" in s] == ["Wiggle publicly"]
    (mine,) = [i for i in found(hosted.browser(ada), q="publicly")["items"] if i["mine"]]
    assert (mine["by"], mine["why"], mine["library"]) == ("Ada Explorer", "words", None)
    assert mine["id"] == mine["id"].strip() != ""
    (theirs,) = [i for i in found(nobody, q="publicly")["items"] if i["by"] == "Ada Explorer"]
    assert theirs["id"] is None
    assert not theirs["mine"]


@pytest.mark.parametrize(
    "words",
    ["camina hacia atrás", "rückwärts laufen", "cammina all'indietro", "后退走", "go backwards"],
)
def test_a_sentence_is_found_by_what_it_means_in_any_language_that_is_read(hosted, words):
    taught(hosted.engine, "Recule doucement, mon ami")
    met = found(hosted.browser(), q=words, limit=60)["items"]
    assert "Recule doucement, mon ami" in [each["sentence"] for each in met]
    assert {each["why"] for each in met} == {"meaning"} or words == "go backwards"
    assert not {"jump", "bow", "lie"} & {each["behaviour"] for each in met}


def test_words_come_before_meanings_and_nonsense_finds_nothing(hosted):
    taught(hosted.engine, "Salute the captain zanzibar")
    first, *_ = found(hosted.browser(), q="ZANZIBAR salute")["items"]
    assert (first["sentence"], first["why"]) == ("Salute the captain zanzibar", "words")
    assert found(hosted.browser(), q="qwxzv plmokn")["total"] == 0


def test_filters_narrow_and_say_what_there_is(hosted):
    taught(hosted.engine, "Hop around the filter", verdict="fail", provider="openai", robot=SPOT)
    browser = hosted.browser()
    every = found(browser)
    spot = next(each for each in every["robots"] if each["value"] == SPOT)
    assert spot["name"] == "Spot"
    assert {"openai", "builtin"} <= {each["value"] for each in every["proposers"]}
    assert "jump" in {each["value"] for each in every["behaviours"]}
    asked = {"robot": SPOT, "proposer": "openai", "verdict": "fail"}
    assert sentences(browser, **asked) == ["Hop around the filter"]
    assert sentences(browser, **asked | {"verdict": "pass"}) == []
    assert sentences(browser, behaviour="hop", robot=SPOT) == ["Hop around the filter"]
    for wrong in ({"verdict": "maybe"}, {"order": "worst"}, {"limit": 61}, {"cursor": "x"}):
        assert browser.get("/api/explore", params=wrong).status_code == 422


def test_the_best_is_what_passed_and_what_most_of_those_who_could_voted_for(hosted):
    """Two of two is less sure than nine of ten, and its owner's own vote is none."""
    engine, ada = hosted.engine, hosted.person("maker")
    loved = taught(engine, "Ranking loved", owner=ada)
    voters = [f"voter-{i}" for i in range(10)]
    for voter in voters[:9]:
        engine.vote(loved, "1-aloha-roll", voter)
    engine.vote(loved, "1-aloha-roll", ada.id)
    young = taught(engine, "Ranking young", owner=ada)
    for voter in voters[8:]:
        engine.vote(young, "1-aloha-roll", voter)
    taught(engine, "Ranking nobody")
    taught(engine, "Ranking missed", verdict="fail")
    order = ["Ranking loved", "Ranking young", "Ranking nobody", "Ranking missed"]
    browser = hosted.browser()
    asked = [s for s in sentences(browser, q="ranking", order="best") if s in order]
    assert asked == order
    assert item(browser, loved)["votes"] == 9
    newest = [s for s in sentences(browser, q="ranking", order="newest") if s in order]
    assert newest == ["Ranking missed", "Ranking nobody", "Ranking young", "Ranking loved"]


def test_pages_follow_one_another_while_others_show_and_hide(hosted):
    for i in range(7):
        taught(hosted.engine, f"Paging number {i}")
    browser, seen, cursor = hosted.browser(), [], None
    while True:
        page = found(
            browser, q="paging", order="newest", limit=2, **({"cursor": cursor} if cursor else {})
        )
        seen += [each["sentence"] for each in page["items"]]
        if len(seen) == 2:
            taught(hosted.engine, "Paging late")
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == [f"Paging number {i}" for i in reversed(range(7))]


def test_a_fork_says_whose_it_is_made_from(hosted):
    ada, bob = hosted.person("maker", "Ada Fork"), hosted.person("maker", "Bob Fork")
    live = taught(hosted.engine, "Bounce for the fork", owner=ada, title="Bounce")
    made = hosted.browser(bob).post(f"/api/shared/{live.share_id}/fork").json()
    assert (made["parent"]["how"], made["parent_by"]) == ("fork", "Ada Fork")
    assert made["parent"]["owner"] is None
    assert item(hosted.browser(), live)["forks"] == 1
    assert hosted.browser().get(f"/api/shared/{live.share_id}").json()["by"] == "Ada Fork"
    link = taught(hosted.engine, "Bounce by link", owner=ada, visibility="link")
    assert hosted.browser().get(f"/api/shared/{link.share_id}").json()["by"] == ""
    secret = hosted.browser(bob).post(f"/api/shared/{link.share_id}/fork").json()
    assert secret["parent_by"] == ""  # nobody was told whose it was
    hosted.accounts.remove(ada)
    again = hosted.browser(bob).get(f"/api/experiments/{made['id']}").json()
    assert again["parent_by"] == ""


def test_what_is_reported_is_hidden_and_gone_everywhere_until_it_is_shown_again(hosted):
    ada, bob, owner = (hosted.person(r) for r in ("maker", "viewer", "owner"))
    live = taught(hosted.engine, "Wave at the moderator", owner=ada)
    mine, theirs, theirs2 = hosted.browser(ada), hosted.browser(bob), hosted.browser(owner)
    seen = item(theirs, live)
    kept = hosted.engine.add_to_library(live, "1-aloha-roll")
    body = {"reason": "copied", "text": "This is my dance."}
    path = f"/api/shared/{live.share_id}"
    assert hosted.browser().post(f"{path}/reports", json=body).status_code == 401
    assert theirs.post(f"{path}/reports", json=body | {"reason": "meh"}).status_code == 422
    assert theirs.post(f"{path}/reports", json=body).status_code == 204
    assert mine.get("/api/reports").status_code == 403
    (told,) = [r for r in theirs2.get("/api/reports").json() if r["id"] == live.id]
    assert [(r["by"], r["reason"], r["text"]) for r in told["reports"]] == [
        (bob.name, "copied", "This is my dance.")
    ]
    where = f"/api/experiments/{live.id}"
    assert mine.put(f"{where}/hidden", json={"hidden": True}).status_code == 403
    watching = connect(f"ws://localhost:{hosted.port}{path}/live", origin=hosted.origin)
    with watching as socket:
        socket.recv(timeout=60)
        assert theirs2.put(f"{where}/hidden", json={"hidden": True}).status_code == 204
        assert "deleted" in "".join(socket)  # to its end
    for browser in (hosted.browser(), theirs, mine, theirs2):
        assert live.experiment.sentence not in sentences(browser, q="moderator")
        for gone in (path, f"{path}/approaches/1-aloha-roll/policy", f"/api/shared/{kept.id}"):
            assert browser.get(gone).status_code == 404, gone
        assert (
            browser.get(f"/api/models/{live.share_id}.1-aloha-roll/export/bundle").status_code
            == 404
        )
        assert browser.get("/s/" + live.share_id).status_code == 404
    for browser, status in ((hosted.browser(), 401), (theirs, 404), (mine, 200), (theirs2, 200)):
        assert browser.get(seen["clip"]).status_code == status
    assert mine.get(where).json()["hidden"]
    assert mine.put(f"{where}/visibility", json={"visibility": "link"}).status_code == 409
    assert mine.post(f"{where}/share").status_code == 409
    assert theirs2.delete(f"{where}/reports").status_code == 204
    (told,) = [r for r in theirs2.get("/api/reports").json() if r["id"] == live.id]
    assert (told["hidden"], told["reports"], told["share_id"]) == (True, [], None)
    assert theirs2.put(f"{where}/hidden", json={"hidden": False}).status_code == 204
    assert live.experiment.sentence in sentences(hosted.browser(), q="moderator")
    assert hosted.browser().get(path).status_code == 200
    noted = [(e["action"], e["thing"]) for e in theirs2.get("/api/audit").json()["items"]]
    for thing in ("hidden", "shown again", "reports dismissed"):
        assert ("experiment.hide", f"{live.id}: {thing}") in noted
    assert ("experiment.report", live.id) in noted


def test_reports_are_bounded_and_none_is_of_what_came_with_tabrl(hosted):
    browser = hosted.browser(hosted.person("maker"))
    path, body = "/api/shared/library-hip-shake/reports", {"reason": "spam"}
    answers = [browser.post(path, json=body).status_code for _ in range(11)]
    assert answers == [409] * 10 + [429]


def test_an_owner_adds_what_is_public_to_the_library_and_takes_it_out_again(hosted):
    ada, owner = hosted.person("maker", "Ada Library"), hosted.browser(hosted.person("owner"))
    live = taught(hosted.engine, "Shimmy for the library", owner=ada)
    body = {"share_id": live.share_id, "approach": "1-aloha-roll", "licence": "CC-BY-4.0"}
    assert hosted.browser(ada).post("/api/library", json=body).status_code == 403
    made = owner.post("/api/library", json=body)
    assert (made.status_code, made.json()["share_id"]) == (201, "library-shimmy-for-the-library")
    assert owner.post("/api/library", json=body).status_code == 409  # it is there
    path = "/api/shared/library-shimmy-for-the-library"
    told = hosted.browser().get(path).json()
    assert (told["by"], told["licence"]) == ("Ada Library", "CC-BY-4.0")
    assert "library-shimmy-for-the-library" in [
        each["share_id"] for each in hosted.browser().get("/api/library").json()
    ]
    assert item(owner, live)["library"] == "copied"  # and it stands there once
    assert sentences(owner, q="shimmy library").count("Shimmy for the library") == 1
    hosted.engine.show(live, "private")
    alone, *_ = found(hosted.browser(), q="shimmy for the library")["items"]
    assert (alone["library"], alone["by"]) == ("added", "Ada Library")
    reported = hosted.browser(hosted.person("viewer"))
    assert reported.post(f"{path}/reports", json={"reason": "spam"}).status_code == 204
    assert live.id in [each["id"] for each in owner.get("/api/reports").json()]
    missed = taught(hosted.engine, "Shimmy badly", verdict="fail")
    secret = taught(hosted.engine, "Shimmy secretly", visibility="link")
    for unfit, status in ((missed, 422), (secret, 409)):
        body["share_id"] = unfit.share_id
        assert owner.post("/api/library", json=body).status_code == status
    assert owner.delete("/api/library/hip-shake").status_code == 409
    assert owner.delete("/api/library/shimmy-for-the-library").status_code == 204
    assert owner.delete("/api/library/shimmy-for-the-library").status_code == 404
    assert hosted.browser().get(path).status_code == 404
    noted = [e["thing"] for e in owner.get("/api/audit").json()["items"]]
    assert f"{live.id}.1-aloha-roll: added" in noted
    assert "library-shimmy-for-the-library: removed" in noted


def test_who_deletes_an_account_takes_along_what_the_library_has_of_theirs(hosted):
    ada = hosted.person("maker")
    live = taught(hosted.engine, "Twirl and leave", owner=ada)
    copy = hosted.engine.add_to_library(live, "1-aloha-roll")
    assert hosted.browser(ada).delete("/api/account").status_code == 204
    assert hosted.browser().get(f"/api/shared/{copy.id}").status_code == 404
    assert "Twirl and leave" not in sentences(hosted.browser(), q="twirl and leave")
