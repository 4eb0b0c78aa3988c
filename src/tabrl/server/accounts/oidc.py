"""Sign-in by a provider of OpenID Connect: discovery, PKCE, state and nonce are Authlib's."""

import logging
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request

from tabrl.errors import NotAllowedError
from tabrl.server.accounts.pending import Pending
from tabrl.settings import OpenId

log = logging.getLogger(__name__)
CALLBACK = "/api/account/provider/callback"
MOST_NAME = 80
LEEWAY_S = 30  # that two clocks may differ by


@dataclass
class _Begun:
    """A sign-in that is under way at the provider.

    Attributes:
        invitation: its secret, where somebody joins.
        person: who is signed in already, and adds the provider to their account.
        session: what Authlib remembers: state, nonce, and the verifier of PKCE.
    """

    invitation: str
    person: str
    session: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Arrival:
    """Somebody who comes back from the provider.

    Attributes:
        subject: who they are: the issuer and its name for them.
        name: what they call themselves; may be empty.
        invitation: see `_Begun`; `person` likewise.
    """

    subject: str
    name: str
    invitation: str
    person: str


class Provider:
    """One provider, as the settings name it.

    Attributes:
        title: its host, for the button.
    """

    def __init__(self, given: OpenId, origin: str) -> None:
        from authlib.integrations.starlette_client import OAuth

        self._issuer, self._redirect = given.issuer, origin + CALLBACK
        self._client_id = given.client_id
        self.title = given.issuer.split("://", 1)[1].split("/", 1)[0]
        self._pending: Pending[_Begun] = Pending()
        self._client = OAuth().register(
            "provider",
            client_id=given.client_id,
            client_secret=given.client_secret,
            server_metadata_url=f"{given.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={"scope": "openid profile", "code_challenge_method": "S256"},
        )

    async def begin(self, request: Request, invitation: str, person: str) -> tuple[str, str]:
        """Where to send the browser, and the secret that it comes back with in a cookie.

        Raises:
            NotAllowedError: the provider does not answer as one should, or is another issuer.
        """
        begun = _Begun(invitation, person)
        try:
            await self._refuse_another_issuer()
            request.scope["session"] = begun.session
            answer = await self._client.authorize_redirect(request, self._redirect)
        except NotAllowedError:
            raise
        except Exception as error:  # of HTTP, of JSON, of what the provider says
            raise _refused(error) from error
        return answer.headers["location"], self._pending.hold(begun)

    async def end(self, request: Request, secret: str) -> Arrival:
        """Who came back.

        Raises:
            NotFoundError: nothing was begun in this browser, or long ago.
            NotAllowedError: the person or the provider said no, or what it says does not hold.
        """
        begun = self._pending.take(secret)
        request.scope["session"] = begun.session
        try:
            token = await self._client.authorize_access_token(
                request,
                leeway=LEEWAY_S,
                claims_options={
                    "iss": {"essential": True, "value": self._issuer},
                    "aud": {"essential": True, "value": self._client_id},
                },
            )
            claims = token["userinfo"]
            subject = f"{claims['iss']} {claims['sub']}"
            name = _name(claims) or await self._asked_name(token)
        except Exception as error:  # of OAuth, of JOSE, of HTTP
            raise _refused(error) from error
        if len(subject) > 600:
            raise _refused(ValueError("a subject of more than 600 characters"))
        return Arrival(subject, name[:MOST_NAME], begun.invitation, begun.person)

    async def _asked_name(self, token: dict[str, Any]) -> str:
        """A name by the endpoint that is there for it: not every token tells one."""
        if "userinfo_endpoint" not in self._client.server_metadata:
            return ""
        told = await self._client.userinfo(token=token)
        return _name(told) if told["sub"] == token["userinfo"]["sub"] else ""

    async def _refuse_another_issuer(self) -> None:
        """A document of discovery is only good for the issuer that it lies at (OpenID Connect
        Discovery 1.0, 4.3).
        """
        told = (await self._client.load_server_metadata()).get("issuer")
        if told != self._issuer:
            log.error("another issuer", extra={"asked": self._issuer, "told": told})
            raise NotAllowedError(
                "The sign-in provider is not the one that the studio was told.",
                "Whoever runs the studio finds more in its log; see TABRL_OIDC_ISSUER.",
            )


def _name(claims: dict[str, Any]) -> str:
    return str(claims.get("name") or claims.get("preferred_username") or "")


def _refused(error: Exception) -> NotAllowedError:
    log.warning("a sign-in was refused", extra={"why": f"{type(error).__name__}: {error}"})
    return NotAllowedError("The sign-in did not succeed.", "Try again, or use a passkey.")
