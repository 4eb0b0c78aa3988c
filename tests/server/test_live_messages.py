"""The WebSocket: what is there first, then what is newer, and every final state for everybody."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
import websockets
from pydantic import TypeAdapter

from tabrl.server.models.live import LiveMessage

ENDED = {"finished", "failed", "cancelled", "refused"}
_ANY = TypeAdapter(LiveMessage)


def url(site, id: str) -> str:
    return f"ws://{site.at}/api/experiments/{id}/live"


def patched(state: dict, message: dict) -> dict:
    """What a page does with a message."""
    if message["kind"] == "state":
        return message["experiment"]
    if message["kind"] == "experiment":
        return state | message["experiment"]
    new = dict(message["approach"])
    points = new.pop("points", [])
    approaches = [a | new if a["id"] == new["id"] else a for a in state["approaches"]]
    if new["id"] not in {a["id"] for a in approaches}:
        approaches.append(new)
    for approach in approaches:
        if approach["id"] == new["id"]:
            approach["curve"] = approach["curve"] + points
    return state | {"approaches": approaches}


async def states(address: str, pause_s: float = 0.0) -> AsyncIterator[tuple[dict, dict]]:
    """Each message, and the experiment as the page then has it."""
    state: dict = {}
    async with websockets.connect(address, max_size=None, open_timeout=120) as socket:
        async for text in socket:
            message = json.loads(text)
            state = patched(state, message)
            yield message, state
            await asyncio.sleep(pause_s)


async def until_ended(address: str, pause_s: float = 0.0) -> tuple[list[dict], dict]:
    """All messages until every approach has ended, and the state then."""
    messages = []
    async for message, state in states(address, pause_s):
        messages.append(message)
        ended = {a["status"] for a in state["approaches"]} <= ENDED
        if ended and state["status"] in ("finished", "incomplete"):
            return messages, state
    raise AssertionError("the connection ended first")


def same_where_it_counts(state: dict, stored: dict) -> bool:
    shown = ("status", "phase", "step", "verdict", "numbers", "files", "curve", "error")
    return all(
        all(a[key] == b[key] for key in shown)
        for a, b in zip(state["approaches"], stored["approaches"], strict=True)
    )


def test_the_first_message_is_the_state(site, taught):
    async def first() -> dict:
        async for message, _ in states(url(site, taught["id"])):
            return message
        raise AssertionError

    message = asyncio.run(first())
    assert message["kind"] == "state"
    assert message["experiment"] == site.json("GET", f"/api/experiments/{taught['id']}")


def test_a_page_that_watches_ends_with_what_is_stored(site):
    made = site.propose()
    site.behave(made, 0, "slowly")
    site.behave(made, 1, "broken")

    async def watch() -> tuple[list[dict], dict]:
        watching = asyncio.create_task(until_ended(url(site, made["id"])))
        await asyncio.sleep(0.2)
        body = {"experiment": made["id"]}
        await asyncio.to_thread(site.json, "POST", "/api/training/batch", body, 202)
        return await watching

    messages, state = asyncio.run(asyncio.wait_for(watch(), 240))
    assert {"state", "experiment", "approach", "progress"} == {m["kind"] for m in messages}
    for message in messages:
        _ANY.validate_python(message)
    assert state["status"] == "incomplete"
    assert same_where_it_counts(state, site.json("GET", f"/api/experiments/{made['id']}"))


def test_a_hundred_browsers_get_every_final_state_also_the_slow_ones(site):
    made = site.propose()
    site.behave(made, 2, "slowly")

    async def watch() -> list[tuple[list[dict], dict]]:
        pauses = [0.0] * 90 + [0.5] * 10
        address = url(site, made["id"])
        watching = [asyncio.create_task(until_ended(address, p)) for p in pauses]
        await asyncio.sleep(1.0)
        body = {"experiment": made["id"]}
        await asyncio.to_thread(site.json, "POST", "/api/training/batch", body, 202)
        return await asyncio.gather(*watching)

    seen = asyncio.run(asyncio.wait_for(watch(), 240))
    stored = site.json("GET", f"/api/experiments/{made['id']}")
    assert len(seen) == 100
    assert all(same_where_it_counts(state, stored) for _, state in seen)


def test_a_share_is_live_too_and_tells_no_id(site, taught):
    share = site.json("POST", f"/api/experiments/{taught['id']}/share")["share_id"]

    async def look() -> list[str]:
        texts = []
        async with websockets.connect(f"ws://{site.at}/api/shared/{share}/live") as socket:
            texts.append(await socket.recv())
            body = {"approach": taught["approaches"][0]["id"]}
            path = f"/api/shared/{share}/vote"
            await asyncio.to_thread(site.json, "POST", path, body)
            texts.append(await socket.recv())
        return texts

    texts = asyncio.run(asyncio.wait_for(look(), 60))
    assert json.loads(texts[1])["experiment"]["votes"]
    assert not any(taught["id"] in text for text in texts)


def test_a_deleted_experiment_says_goodbye(site):
    made = site.propose(approaches=1)

    async def look() -> list[dict]:
        async with websockets.connect(url(site, made["id"])) as socket:
            found = [json.loads(await socket.recv())]
            path = f"/api/experiments/{made['id']}"
            await asyncio.to_thread(site.http.delete, path)
            found.extend([json.loads(text) async for text in socket])
        return found

    assert asyncio.run(asyncio.wait_for(look(), 60))[-1] == {"kind": "deleted"}


def test_what_is_not_there_closes_with_a_reason(site):
    async def code(path: str, **options: object) -> int:
        async with websockets.connect(f"ws://{site.at}{path}", **options) as socket:
            await socket.wait_closed()
            return socket.close_code

    assert asyncio.run(code("/api/experiments/nothing-here/live")) == 4404
    assert asyncio.run(code("/api/shared/library-x/live")) == 4404


def test_a_page_of_another_site_cannot_watch(site, taught):
    async def connect() -> None:
        async with websockets.connect(url(site, taught["id"]), origin="https://evil.example"):
            pass

    with pytest.raises(websockets.InvalidStatus) as caught:
        asyncio.run(connect())
    assert caught.value.response.status_code == 403


def test_what_a_browser_sends_is_not_listened_to(site, taught):
    async def chat() -> dict:
        async with websockets.connect(url(site, taught["id"])) as socket:
            await socket.send("hello")
            await socket.send(b"\xff" * 1000)
            return json.loads(await socket.recv())

    assert asyncio.run(chat())["kind"] == "state"
