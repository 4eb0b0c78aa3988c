"""What travels travels small: text is gzipped on its way, clips go as they are."""

import gzip

from anyio.to_thread import run_sync
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LEAST = 1000  # bytes that are worth it
LARGE = 128 * 1024  # bytes whose compression would hold up others
LEVEL = 5
TEXT = ("application/json", "application/problem+json", "text/html", "text/plain")


def accepted(headers: Headers) -> set[str]:
    """The encodings that a client takes, as its Accept-Encoding says."""
    found = set()
    for item in headers.get("accept-encoding", "").lower().split(","):
        name, _, weight = item.partition(";")
        if weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            found.add(name.strip())
    return found


class Compressed:
    """Gzips text that is sent in one piece, which what comes from a file is not; an ASGI
    middleware.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        takes = "gzip" in accepted(Headers(scope=scope))
        held: Message | None = None

        async def answer(message: Message) -> None:
            nonlocal held
            if message["type"] == "http.response.start" and _is_text(Headers(scope=message)):
                held = message
                return
            if held is not None:
                start, held = held, None
                whole = not message.get("more_body")
                if whole and len(message.get("body", b"")) > LEAST:
                    MutableHeaders(scope=start).add_vary_header("Accept-Encoding")
                    if takes:
                        message["body"] = await _gzipped(message["body"])
                        _announce(MutableHeaders(scope=start), len(message["body"]))
                await send(start)
            await send(message)

        await self._app(scope, receive, answer)


def _is_text(headers: Headers) -> bool:
    kind = headers.get("content-type", "").partition(";")[0]
    return kind in TEXT and "content-encoding" not in headers


async def _gzipped(body: bytes) -> bytes:
    if len(body) < LARGE:
        return gzip.compress(body, LEVEL, mtime=0)
    return await run_sync(lambda: gzip.compress(body, LEVEL, mtime=0))


def _announce(headers: MutableHeaders, length: int) -> None:
    headers["Content-Encoding"], headers["Content-Length"] = "gzip", str(length)
    if etag := headers.get("etag"):  # another content than the plain one
        headers["ETag"] = f"W/{etag.removeprefix('W/')}"
