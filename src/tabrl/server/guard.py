"""What stands before the routes: bounds, origins, the access token, safe headers."""

import re
import secrets
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from ipaddress import ip_address
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tabrl.server.problems import problem

MAX_BODY = 256 * 1024
MAX_UPLOAD = 128 * 2**20
UPLOADS = "/api/playground/robots"
SAFE = ("GET", "HEAD", "OPTIONS")
TOKEN_COOKIE, VOTER_COOKIE = "tabrl_token", "tabrl_voter"
HANDED_TO, HANDED_CLIENT, HANDED_VOTER = "tabrl-studio", "tabrl-client", "tabrl-voter"
"""What another studio sends along with a request that its own guard let through: the name of the
studio that it takes this one for, which no one else knows, and who asked it.
"""
YEAR_S = 31_536_000
PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
# MuJoCo's bindings write their glue at run time: that may only be in the worker that simulates,
# which has no page, no cookie of its own and nobody to talk to but this server.
WORKER_POLICY = "default-src 'none'; script-src 'self' 'unsafe-eval'; connect-src 'self'"
SANDBOXED = {
    "Content-Security-Policy": "sandbox allow-scripts; default-src 'none'; img-src data:; "
    "media-src data: blob:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
}
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_VOTER = re.compile(r"[A-Za-z0-9_-]{16,64}")


class Guard:
    """Refuses what must not reach the routes; an ASGI middleware.

    Args:
        token: needed for whatever changes something, and for the list of experiments; None where
            only this machine can connect.
        address: where other machines find the studio. None where only this machine can connect:
            then other host names are refused, as a page elsewhere could have its own name resolve
            to this machine.
        studio: what other studios on the same database know this one by.
    """

    def __init__(
        self, app: ASGIApp, *, token: str | None, address: str | None, studio: str
    ) -> None:
        self._app, self._token, self._loopback = app, token, address is None
        self._studio = studio
        self._place = _place_of(address or "")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers, cookies = Headers(scope=scope), _cookies(scope)
        if (named := headers.get(HANDED_TO)) is not None:
            await self._take(named, headers, scope, receive, send)
            return
        voter = cookies.get(VOTER_COOKIE, "")
        known = bool(_VOTER.fullmatch(voter))
        scope.setdefault("state", {})["voter"] = voter if known else secrets.token_urlsafe(16)
        refusal = self._refusal(scope, headers, cookies)
        if refusal is not None:
            await _refuse(refusal, scope, receive, send)
        elif scope["type"] == "websocket":
            await self._app(scope, receive, send)
        else:
            await self._pass(scope, receive, send, new_voter=not known)

    async def _take(
        self, named: str, headers: Headers, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Let through what another studio hands to this one."""
        if not secrets.compare_digest(named.encode(), self._studio.encode()):
            refusal = problem(421, "This is not the studio that was meant.", "Look again.")
            await _refuse(refusal, scope, receive, send)
            return
        scope["client"] = headers.get(HANDED_CLIENT, ""), 0
        voter = headers.get(HANDED_VOTER, "")
        scope.setdefault("state", {})["voter"] = voter
        if scope["type"] == "websocket":
            await self._app(scope, receive, send)
        else:
            await self._pass(scope, receive, send, new_voter=False)

    def _refusal(self, scope: Scope, headers: Headers, cookies: dict[str, str]) -> Response | None:
        if self._loopback and not _is_local(headers.get("host", "")):
            return problem(
                403,
                "This studio answers to this machine's own names alone.",
                "Open it as http://127.0.0.1, or start it with --host.",
            )
        changes = scope["type"] == "http" and scope["method"] not in SAFE
        if (changes or scope["type"] == "websocket") and self._from_elsewhere(headers):
            return problem(403, "The request comes from a page of another site.")
        if self._token is None or scope["type"] == "websocket":
            return None
        if (given := _query_token(scope)) and self._fits(given) and not changes:
            return self._welcome(scope)
        needed = changes or scope["path"] == "/api/experiments"
        if needed and not self._fits(_bearer(headers) or cookies.get(TOKEN_COOKIE, "")):
            return problem(
                401,
                "This needs the access token.",
                "`tabrl serve` prints it: send it as `Authorization: Bearer`, or open "
                "the address with `?token=` once.",
                headers={"WWW-Authenticate": "Bearer"},
            )
        return None

    def _from_elsewhere(self, headers: Headers) -> bool:
        """Whether a browser says that a page of another origin sends this."""
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return True
        origin = headers.get("origin")
        if origin is None:
            return False
        # A proxy may ask for us by another name than the browser asked it.
        return _place_of(origin) not in (headers.get("host", "").lower(), self._place or "")

    def _fits(self, given: str) -> bool:
        assert self._token is not None
        return secrets.compare_digest(given.encode(), self._token.encode())

    def _welcome(self, scope: Scope) -> Response:
        """Keep the token in a cookie, and take it out of the address."""
        query = [(k, v) for k, v in parse_qsl(scope["query_string"].decode("latin-1"))]
        rest = urlencode([(key, value) for key, value in query if key != "token"])
        path = "/" + scope["path"].lstrip("/\\")
        response = RedirectResponse(path + (f"?{rest}" if rest else ""), 303)
        response.set_cookie(
            TOKEN_COOKIE, self._token or "", max_age=YEAR_S, httponly=True, samesite="strict"
        )
        return response

    async def _pass(self, scope: Scope, receive: Receive, send: Send, *, new_voter: bool) -> None:
        uploads = scope["method"] == "POST" and scope["path"] == UPLOADS
        most = MAX_UPLOAD if uploads else MAX_BODY
        body = _Body(receive, most)

        async def answer(message: Message) -> None:
            if body.too_large:
                return  # what the routes make of half a body is of no interest
            if message["type"] == "http.response.start":
                _complete(MutableHeaders(scope=message), scope, new_voter)
            await send(message)

        length = Headers(scope=scope).get("content-length", "0")
        body.too_large = not length.isdecimal() or int(length) > most
        with suppress(_TooLargeError):
            if not body.too_large:
                await self._app(scope, body.receive, answer)
        if body.too_large:
            await _refuse(_too_large(most), scope, receive, send)


class _TooLargeError(Exception):
    pass


class _Body:
    """Receives no more than so many bytes."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive, self._taken, self._most = receive, 0, most
        self.too_large = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._taken += len(message.get("body", b""))
        if self._taken > self._most:
            self.too_large = True
            raise _TooLargeError
        return message


def _too_large(most: int) -> Response:
    hint = f"At most {most // 1024:,} kB are read."
    return problem(413, "The request is too large.", hint, headers={"Connection": "close"})


def _complete(headers: MutableHeaders, scope: Scope, new_voter: bool) -> None:
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    data = scope["path"].startswith(("/api/", "/metrics"))
    headers.setdefault("Content-Security-Policy", DATA_POLICY if data else PAGE_POLICY)
    if data:
        headers.setdefault("Cache-Control", "no-store")
    if new_voter and scope["path"].endswith("/vote"):
        voter = scope["state"]["voter"]
        value = f"{VOTER_COOKIE}={voter}; Path=/; Max-Age={YEAR_S}; HttpOnly; SameSite=Lax"
        headers.append("Set-Cookie", value)


async def _refuse(refusal: Response, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": "refused"})
        return

    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            _complete(MutableHeaders(scope=message), scope, new_voter=False)
        await send(message)

    await refusal(scope, receive, answer)


def _is_local(host: str) -> bool:
    """Whether a Host header names this machine by a loopback name."""
    name = _name(f"//{host}")
    if name is None:
        return False
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _place_of(origin: str) -> str | None:
    """Host and port of an origin; None for what is none, such as `null`."""
    try:
        return urlsplit(origin).netloc.lower() or None
    except ValueError:
        return None


def _name(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _cookies(scope: Scope) -> dict[str, str]:
    try:
        jar = SimpleCookie(Headers(scope=scope).get("cookie", ""))
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}


def _bearer(headers: Headers) -> str:
    kind, _, value = headers.get("authorization", "").partition(" ")
    return value.strip() if kind.lower() == "bearer" else ""


def _query_token(scope: Scope) -> str:
    return dict(parse_qsl(scope["query_string"].decode("latin-1"))).get("token", "")
