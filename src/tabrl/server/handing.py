"""Hands to the studio that runs the experiments what another one cannot answer by itself."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tabrl.experiments.engine import Engine
from tabrl.experiments.engine.tenure import Tenure
from tabrl.server.guard import HANDED_CLIENT, HANDED_TO, HANDED_VOTER, SAFE
from tabrl.server.problems import problem
from tabrl.store.lease import Lease

ANYWHERE = re.compile(
    r"/(?!api/|metrics$).*|/api/(experiments|library|openapi\.json|providers)"
    r"|/api/playground/(models|[^/]+/(info|thumbnail|preview|base|xml))"
)
"""What a studio answers from what all of them share."""
AT_REST = re.compile(
    r"/api/(experiments|shared)/([^/]+)(/report|/approaches/[^/]+/(trajectory|policy))?"
)
"""What it answers where nothing more is known of an experiment than was kept."""
CLIP = re.compile(r"/api/videos/([^/.]+)(\.[a-z0-9]+)?")
"""And this, unless the other has shown it a moment ago and not kept yet."""
KEPT = re.compile(rf"/api/health|{AT_REST.pattern}")
"""What it answers as it is kept while nobody runs the experiments."""
WATCHED = re.compile(r"/api/(experiments|shared)/[^/]+/live")
LOST = (None, 1001, 1006, 1011, 1012, 1013)
"""How a WebSocket closes that another studio may go on with."""
PAUSE_S = 0.5
ANSWER_S = 300.0  # a check with rollouts takes its time
MISDIRECTED = 421
_MINE = {b"connection", b"keep-alive", b"te", b"trailer", b"transfer-encoding", b"upgrade",
         b"expect", HANDED_TO.encode(), HANDED_CLIENT.encode(),
         HANDED_VOTER.encode()}  # fmt: skip


class Handing:
    """An ASGI middleware behind the guard, which has looked at a request before it is handed on.

    Args:
        engine: of this studio; while it runs the experiments itself, nothing is handed on.
    """

    def __init__(self, app: ASGIApp, *, engine: Engine) -> None:
        self._app, self._engine, self._tenure = app, engine, engine.tenure
        # No client: that would keep people's cookies, and send them along with others' requests.
        self._transport = httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=1000))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif self._tenure.leads:
            await self._app(scope, receive, self._settled(scope, send))
        elif scope["type"] == "websocket":
            await _Handed(self._app, self._engine, scope, receive, send).serve()
        elif await self._answers(scope):
            await self._app(scope, receive, send)
        else:
            await self._hand(scope, receive, send)

    async def _answers(self, scope: Scope) -> bool:
        """Whether this studio can answer by itself."""
        if scope["method"] not in SAFE:
            return False
        if ANYWHERE.fullmatch(scope["path"]):
            return True
        if clip := CLIP.fullmatch(scope["path"]):
            return await run_in_threadpool(self._engine.knows_clip, clip[1])
        found = AT_REST.fullmatch(scope["path"])
        return found is not None and await run_in_threadpool(
            self._engine.rests, found[2], shared=found[1] == "shared"
        )

    def _settled(self, scope: Scope, send: Send) -> Send:
        """Have what a request has changed kept before it is answered: who asked may ask another
        studio about it next.
        """
        if scope.get("method", "GET") in SAFE:
            return send

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                await run_in_threadpool(self._engine.settle)
            await send(message)

        return answer

    async def _hand(self, scope: Scope, receive: Receive, send: Send) -> None:
        leader = self._tenure.leader
        answer = await self._ask(leader, scope, receive) if leader else None
        if answer is None or answer.status_code == MISDIRECTED:
            if scope["method"] in SAFE and KEPT.fullmatch(scope["path"]):
                await self._app(scope, receive, send)  # what is known of it here
            else:
                await _unavailable()(scope, receive, send)
            return
        headers = [(k.lower(), v) for k, v in answer.headers.raw if k.lower() not in _MINE]
        start = {"type": "http.response.start", "status": answer.status_code, "headers": headers}
        await send(start)
        try:
            async for part in answer.aiter_raw():
                await send({"type": "http.response.body", "body": part, "more_body": True})
        finally:
            await answer.aclose()
        await send({"type": "http.response.body", "body": b""})

    async def _ask(self, leader: Lease, scope: Scope, receive: Receive) -> httpx.Response | None:
        """What the other studio answers; None where it cannot be reached."""
        path = scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
        timeout = httpx.Timeout(5.0, read=ANSWER_S)
        request = httpx.Request(
            scope["method"],
            httpx.URL(leader.url).copy_with(raw_path=path),
            headers=_headers(scope, leader),
            content=None if scope["method"] in SAFE else _body(receive),
            extensions={"timeout": timeout.as_dict()},
        )
        asked = asyncio.create_task(self._transport.handle_async_request(request))
        try:
            await _first_of(asked, asyncio.create_task(_moved(self._tenure, leader)))
            return None if asked.cancelled() else asked.result()
        except httpx.TransportError:
            return None


class _Handed:
    """A WebSocket that goes through to the studio that runs the experiments. When that one is gone,
    one that watches an experiment goes on with whoever took over: its first message is all of it.
    """

    def __init__(
        self, app: ASGIApp, engine: Engine, scope: Scope, receive: Receive, send: Send
    ) -> None:
        self._app, self._engine, self._tenure = app, engine, engine.tenure
        self._scope, self._receive, self._send = scope, receive, send
        self._left = False

    async def serve(self) -> None:
        """Until the browser leaves, or the other studio says why it closes."""
        await self._receive()
        await self._send({"type": "websocket.accept"})
        watched = WATCHED.fullmatch(self._scope["path"]) is not None
        while not self._tenure.leads:
            code, reason = await self._through()
            if self._left:
                return
            if code not in LOST or not watched:
                close = {"type": "websocket.close", "code": code or 1001, "reason": reason}
                await self._send(close)
                return
            await asyncio.sleep(PAUSE_S)
        await self._app(self._scope, self._as_if_new(), self._accepted)

    async def _through(self) -> tuple[int | None, str]:
        """Pass on what is said; how it closed, None where it could not be reached."""
        leader = self._tenure.leader
        if leader is None:
            return None, ""
        query = self._scope["query_string"].decode()
        path = self._scope["raw_path"].decode() + (f"?{query}" if query else "")
        headers = [(k, v) for k, v in _headers(self._scope, leader)
                   if k != b"host" and not k.startswith(b"sec-websocket")]  # fmt: skip
        try:
            async with connect(
                leader.url.replace("http", "ws", 1) + path,
                additional_headers=[(k.decode(), v.decode("latin-1")) for k, v in headers],
                user_agent_header=None,
                compression=None,
                max_size=None,
                open_timeout=5.0,
                proxy=None,
            ) as other:
                await _first_of(
                    asyncio.create_task(self._up(other)),
                    asyncio.create_task(self._down(other)),
                    asyncio.create_task(_moved(self._tenure, leader)),
                )
                return (None, "") if self._left else (other.close_code, other.close_reason or "")
        except (OSError, InvalidHandshake, ConnectionClosed, TimeoutError):
            return None, ""

    async def _up(self, other: ClientConnection) -> None:
        while (message := await self._receive())["type"] != "websocket.disconnect":
            given = message.get("text")
            await other.send(message["bytes"] if given is None else given)
        self._left = True

    async def _down(self, other: ClientConnection) -> None:
        async for message in other:
            kind = "text" if isinstance(message, str) else "bytes"
            await self._send({"type": "websocket.send", kind: message})

    def _as_if_new(self) -> Receive:
        """What the browser says, for a route that has still to take it in."""
        first = [{"type": "websocket.connect"}]

        async def receive() -> Message:
            return first.pop() if first else await self._receive()

        return receive

    async def _accepted(self, message: Message) -> None:
        if message["type"] != "websocket.accept":
            await self._send(message)


def _headers(scope: Scope, leader: Lease) -> list[tuple[bytes, bytes]]:
    """A request's headers, and what the other studio believes a studio."""
    mine = [(key, value) for key, value in scope["headers"] if key not in _MINE]
    client = scope["client"][0] if scope["client"] else ""
    return [
        *mine,
        (HANDED_TO.encode(), leader.studio.encode()),
        (HANDED_CLIENT.encode(), client.encode()),
        (HANDED_VOTER.encode(), scope["state"]["voter"].encode()),
    ]


async def _moved(tenure: Tenure, leader: Lease) -> None:
    """Wait until another studio runs the experiments: one that hangs gives no answer."""
    while (now := tenure.leader) and now.studio == leader.studio:
        await asyncio.sleep(PAUSE_S)


async def _first_of(*tasks: asyncio.Task[Any]) -> None:
    """Wait until one has ended, and end the others."""
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _body(receive: Receive) -> AsyncIterator[bytes]:
    while True:
        message = await receive()
        yield message.get("body", b"")
        if not message.get("more_body"):
            return


def _unavailable() -> ASGIApp:
    return problem(
        503,
        "The studio that runs the experiments does not answer.",
        "Another takes over in a moment: try again.",
        headers={"Retry-After": "5"},
    )
