"""Explore on a laptop, where nobody has an account: what was shared there, and the library."""

import shutil

import pytest
from exhibits import taught

from tabrl.experiments.engine.library import PREFIX


def found(site, **asked) -> list[dict]:
    return site.json("GET", "/api/explore?" + "&".join(f"{k}={v}" for k, v in asked.items()))[
        "items"
    ]


@pytest.fixture
def shared(site):
    """What somebody made a link of; its copies leave the library in the end."""
    live = taught(site.engine, "Totter to the laptop", visibility="link")
    yield live
    site.engine.take_back(live.id)
    site.engine.delete(live.id)


def test_what_was_shared_stands_beside_the_library_and_is_one_s_own(site, shared):
    taught(site.engine, "Totter to nobody", visibility="private")
    (item,) = [each for each in found(site, q="totter") if each["why"] == "words"]
    assert (item["sentence"], item["id"]) == ("Totter to the laptop", shared.id)
    assert item["model"] == f"/api/models/{shared.share_id}.1-aloha-roll"
    assert "library-hip-shake" in [each["share_id"] for each in found(site, limit=60)]


def test_there_is_nobody_to_report_to_and_nothing_to_hide(site, shared):
    path = f"/api/shared/{shared.share_id}/reports"
    assert "no accounts" in site.json("POST", path, {"reason": "spam"}, 404)["detail"]
    site.json("PUT", f"/api/experiments/{shared.id}/hidden", {"hidden": True}, 404)
    site.json("GET", "/api/reports", status=404)


def test_what_is_added_by_the_page_or_a_command_is_there_at_once_and_so_gone(site, shared):
    library = site.engine.library
    body = {"share_id": shared.share_id, "approach": "1-aloha-roll", "by": "Me"}
    made = site.json("POST", "/api/library", body, 201)
    told = site.json("GET", f"/api/shared/{made['share_id']}")
    assert (told["by"], told["read_only"]) == ("Me", True)
    site.json("POST", f"/api/shared/{made['share_id']}/vote", {"approach": "1-aloha-roll"})
    library.remove(made["share_id"].removeprefix(PREFIX))  # as the command does, beside the studio
    site.json("GET", f"/api/shared/{made['share_id']}", status=404)
    assert made["share_id"] not in [each["share_id"] for each in site.json("GET", "/api/library")]


def test_what_has_lost_its_files_is_left_out(site):
    live = taught(site.engine, "Totter and lose it", visibility="link")
    assert [i["sentence"] for i in found(site, q="lose")] == ["Totter and lose it"]
    shutil.rmtree(live.folder)
    site.engine._registry.drop(live.id)
    assert found(site, q="lose") == []
    site.engine.store.delete(live.id)
