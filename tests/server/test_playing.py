"""The WebSocket of robots that run on the server: frames, refusals, many at once, coming back."""

import asyncio
import json
import struct
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
import websockets
from websockets.exceptions import ConnectionClosed, InvalidStatus

sys.path.append(str(Path(__file__).parents[1] / "playing"))
from tiny import write

from tabrl.export.instance import BOXED, SCENE
from tabrl.playing.asks import PlayFrame
from tabrl.server import players
from tabrl.server.players import Players
from tabrl.server.playing import IN_FLIGHT

GO1 = "Go1JoystickFlatTerrain"
VIEWERS = 20
PATIENCE_S = 60.0


@pytest.fixture(scope="module", autouse=True)
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What any policy would be written as, in a moment."""
    folder = write(tmp_path_factory.mktemp("tiny"))
    files = {"scene": str(folder / SCENE), "boxed": str(folder / BOXED)}
    one = {"folder": str(folder), **files, "metric": None}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Players, "_written", lambda self, policies: [one] * len(policies))
        yield


class Page:
    """A page that watches, and says what it has seen as ours does."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self._socket, self.frames = socket, 0

    async def next(self, *, seen: bool = True) -> PlayFrame:
        data = await asyncio.wait_for(self._socket.recv(), PATIENCE_S)
        assert isinstance(data, bytes)
        self.number, size = struct.unpack("<II", data[:8])
        self.frames += 1
        if seen and self.frames % 5 == 0:
            await self.ask(kind="seen", frame=self.number)
        return PlayFrame.model_validate_json(data[8 : 8 + size])

    async def ask(self, **ask: object) -> None:
        await self._socket.send(json.dumps(ask))

    async def until(self, time_s: float) -> PlayFrame:
        """The first frame at a time of the episode."""
        while (frame := await self.next()).robots[0].time < time_s:
            pass
        return frame

    async def close_code(self) -> tuple[int, str]:
        """How the server ends it."""
        while True:
            try:
                await self.next()
            except ConnectionClosed as closed:
                return closed.rcvd.code, closed.rcvd.reason


def watch(site, id: str = GO1, query: str = "", **options):
    url = f"ws://{site.at}/api/models/{id}/live{query}"
    return websockets.connect(url, open_timeout=PATIENCE_S, **options)


def test_a_page_steers_what_the_server_runs(site):
    async def story() -> PlayFrame:
        async with watch(site, query=f"?with={GO1}&with={GO1}") as socket:
            page = Page(socket)
            await page.ask(kind="steer", command=[1, 0, 0])
            await page.ask(kind="push", force=[100, 0, 0], seconds=0.1)
            while (await page.next()).heard < 2:
                pass
            return await page.until(0.5)

    frame = asyncio.run(story())
    assert len(frame.robots) == 3
    assert frame.robots[0] == frame.robots[2]
    assert frame.robots[0].way > 0.01


@pytest.mark.parametrize(
    ("id", "code", "words"),
    [("nobody-has-this.1-it", 4404, "There is no policy"),
     ("library-hip-shake", 4404, "is no policy")],
)  # fmt: skip
def test_what_no_id_names_is_refused_in_words(site, id, code, words):
    async def story() -> tuple[int, str]:
        async with watch(site, id) as socket:
            return await Page(socket).close_code()

    found, reason = asyncio.run(story())
    assert found == code
    assert words in reason


@pytest.mark.parametrize(
    "ask",
    ["no JSON", "[]", '{"kind": "try", "starts": 20}', '{"kind": "speed", "factor": 9}',
     '{"kind": "push", "force": [1e9, 0, 0], "seconds": 0.1}',
     '{"kind": "steer", "command": [NaN, 0, 0]}', '{"kind": "reset", "also": 1}',
     '{"kind": "resume", "robots": [{"steps": -1, "falls": 0, "physics": [], "state": {}}]}'],
)  # fmt: skip
def test_what_cannot_be_asked_ends_it_in_words(site, ask):
    async def story() -> tuple[int, str]:
        async with watch(site) as socket:
            await socket.send(ask)
            return await Page(socket).close_code()

    code, reason = asyncio.run(story())
    assert code == 4422
    assert reason.endswith(".")


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Host": "evil.example"}])
def test_pages_of_other_sites_may_not(site, headers):
    async def story() -> None:
        async with watch(site, additional_headers=headers):
            pass

    if "Origin" in headers:
        headers = {"Origin": headers["Origin"]}
    with pytest.raises(InvalidStatus) as refused:
        asyncio.run(story())
    assert refused.value.response.status_code in (400, 403)


def test_a_page_that_says_nothing_is_sent_no_more_and_then_the_newest(site):
    async def story() -> tuple[int, float, float]:
        async with watch(site) as socket:
            page = Page(socket)
            for _ in range(IN_FLIGHT):
                last = await page.next(seen=False)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(socket.recv(), 1.0)
            await page.ask(kind="seen", frame=page.number)
            newest = await page.next()
            return page.frames, last.robots[0].time, newest.robots[0].time

    frames, last, newest = asyncio.run(story())
    assert frames == IN_FLIGHT + 1
    assert newest > last + 0.5  # what was between is left out


def test_twenty_watch_at_once_and_more_than_fit_are_told_so(site, monkeypatch):
    monkeypatch.setattr(players, "MOST", VIEWERS)

    async def one(ready: asyncio.Barrier) -> float:
        async with watch(site) as socket:
            page = Page(socket)
            await page.next()
            await ready.wait()  # all are there
            begun = time.monotonic()
            at = (await page.next()).robots[0].time
            frame = await page.until(at + 1.0)
            await ready.wait()
            return (frame.robots[0].time - at) / (time.monotonic() - begun)

    async def story() -> tuple[list[float], tuple[int, str]]:
        ready = asyncio.Barrier(VIEWERS + 1)
        watching = [asyncio.create_task(one(ready)) for _ in range(VIEWERS)]
        await ready.wait()
        async with watch(site) as socket:
            refused = await Page(socket).close_code()
        await ready.wait()
        return await asyncio.gather(*watching), refused

    rates, (code, reason) = asyncio.run(story())
    assert len(rates) == VIEWERS
    assert code == 1013
    assert reason == "The server runs 20 of at most 20 robots. Try again in a while."
    assert site.http.get("/api/health").status_code == 200


def test_when_their_process_ends_a_page_comes_back_and_goes_on(site):
    async def story() -> tuple[int, float, float]:
        async with watch(site) as socket:
            page = Page(socket)
            while (kept := await page.next()).memory is None or kept.memory[0].steps < 50:
                pass
            memory = kept.model_dump(mode="json")["memory"]
            for child in psutil.Process().children(recursive=True):
                with suppress(psutil.ZombieProcess):
                    if "tabrl.playing" in child.cmdline():
                        child.kill()
            code, _ = await page.close_code()
        async with watch(site) as socket:
            page = Page(socket)
            await page.ask(kind="resume", robots=[{**memory[0], "falls": 7}])
            while (frame := await page.next()).robots[0].falls < 7:
                assert frame.robots[0].time < 1.0  # from the start, until that was heard
            return code, kept.robots[0].time, frame.robots[0].time

    code, kept, found = asyncio.run(story())
    assert code == 1013
    assert found >= kept
