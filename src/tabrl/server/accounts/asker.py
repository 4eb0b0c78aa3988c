"""Who asks: by the cookie of a session, by an API token, or nobody that is known."""

from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie

from starlette.requests import HTTPConnection
from starlette.responses import Response

from tabrl.errors import NotAllowedError, SignInError
from tabrl.server.accounts.rules import Who
from tabrl.server.guard import SAFE, YEAR_S
from tabrl.store.people import People
from tabrl.store.tables import PersonRow


@dataclass(frozen=True)
class Asker:
    """Who sent a request.

    Attributes:
        person: None where nobody is signed in.
        scopes: what an API token is good for; None without one.
        address: of the machine that asks, which may be a proxy's.
        session: the secret of the session's cookie, if there is one.
    """

    person: PersonRow | None
    scopes: frozenset[str] | None
    address: str
    session: str = ""

    @property
    def who(self) -> Who:
        """Their column of the table."""
        return self.person.role if self.person else "nobody"  # type: ignore[return-value]

    @property
    def name(self) -> str:
        """What their requests are counted by."""
        return self.person.id if self.person else self.address


class Cookies:
    """The cookie of a session. Its prefix has browsers take it from no other host, where they know
    the connection to be secure.
    """

    def __init__(self, origin: str) -> None:
        self._secure = origin.startswith("https://")
        self.name = "__Host-tabrl_session" if self._secure else "tabrl_session"

    def set(self, response: Response, secret: str) -> None:
        """Have a browser keep the secret of its session."""
        response.set_cookie(
            self.name, secret, max_age=YEAR_S, httponly=True, samesite="lax", secure=self._secure
        )

    def clear(self, response: Response) -> None:
        """Have a browser forget it."""
        response.delete_cookie(self.name, httponly=True, samesite="lax", secure=self._secure)

    def of(self, connection: HTTPConnection) -> str:
        """The secret that a browser sent."""
        try:
            jar = SimpleCookie(connection.headers.get("cookie", ""))
        except CookieError:
            return ""
        return jar[self.name].value if self.name in jar else ""


def asker(connection: HTTPConnection, people: People, cookies: Cookies) -> Asker:
    """Who asks.

    Raises:
        SignInError: there is a token, and it is none of ours.
        NotAllowedError: a browser did not say which page asks for a change.
    """
    address = connection.client.host if connection.client else ""
    kind, _, token = connection.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        found = people.of_token(token.strip())
        if found is None:
            raise SignInError("This API token is not known here.", "It may have been revoked.")
        return Asker(found[0], found[1], address)
    secret = cookies.of(connection)
    person = people.of_session(secret) if secret else None
    if person is not None and _changes(connection) and not _told_from_where(connection):
        raise NotAllowedError(
            "The request does not say which page it comes from.",
            "Browsers send `Origin`; programs use an API token in place of a cookie.",
        )
    return Asker(person, None, address, secret if person else "")


def _changes(connection: HTTPConnection) -> bool:
    return connection.scope["type"] == "websocket" or connection.scope["method"] not in SAFE


def _told_from_where(connection: HTTPConnection) -> bool:
    """Whether `Guard` had something to go by when it looked where this comes from."""
    return "origin" in connection.headers or "sec-fetch-site" in connection.headers
