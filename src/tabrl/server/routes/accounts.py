"""One's own account: joining, signing in, what one signs in with, taking all of it away."""

import tempfile
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Request, Response, status
from fastapi.responses import FileResponse, RedirectResponse
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool

from tabrl.errors import NotAllowedError, NotFoundError, TabRLError
from tabrl.server.accounts.accounts import Accounts
from tabrl.server.accounts.gate import may
from tabrl.server.accounts.oidc import CALLBACK, Arrival
from tabrl.server.models.accounts import (
    Account,
    Ceremony,
    CredentialRequest,
    InvitationRequest,
    Invited,
    JoinRequest,
    NameRequest,
    NewToken,
    PasskeyInfo,
    PasskeyRequest,
    PersonInfo,
    ProviderRequest,
    QuotaInfo,
    Redirect,
    TokenInfo,
    TokenRequest,
)
from tabrl.server.problems import content, responses
from tabrl.server.routes.training import MUTATING
from tabrl.server.services import Me, TheAccounts, WhoAsks
from tabrl.store.tables import PersonRow

router = APIRouter(prefix="/api/account", tags=["accounts"])
ENTER, CHANGE = [may("account.enter")], [may("account.change")]
BEGUN = "tabrl_provider"
RowPath = Annotated[str, Path(max_length=1400, pattern=r"^[A-Za-z0-9_-]+$", examples=["9f1c2ab3"])]


@router.get("", dependencies=[may("account.see")])
def get_account(request: Request) -> Account:
    """Who asks, what they have, and how one signs in here."""
    accounts = request.app.state.accounts
    asker = accounts.asker(request) if accounts else None
    person: PersonRow | None = asker.person if asker else None
    people, provider = accounts and accounts.people, accounts and accounts.provider
    at_browser = person is not None and asker is not None and asker.scopes is None
    return Account(
        hosted=accounts is not None,
        provider=provider.title if provider else None,
        person=_told(person) if person else None,
        linked=person is not None and person.subject is not None,
        quota=QuotaInfo(**vars(accounts.quotas.of(person))) if person else None,
        passkeys=[
            PasskeyInfo(id=row.id, name=row.name, created=row.created, used=row.used)
            for row in (people.passkeys(person.id) if person and at_browser else ())
        ],
        tokens=[
            TokenInfo.model_validate(row, from_attributes=True)
            for row in (people.tokens(person.id) if person and at_browser else ())
        ],
    )


@router.post("/invitation", dependencies=ENTER, responses=responses(404, *MUTATING))
def get_invitation(request: InvitationRequest, accounts: TheAccounts) -> Invited:
    """What an invitation is good for."""
    row = accounts.people.invitation(request.invitation)
    return Invited.model_validate(row, from_attributes=True)


@router.post("/join/begin", dependencies=ENTER, responses=responses(404, *MUTATING))
def begin_join(request: JoinRequest, accounts: TheAccounts) -> Ceremony:
    """Begin to join with a passkey."""
    secret, options = accounts.passkeys.begin_join(request.invitation, request.name)
    return Ceremony(secret=secret, options=options)


@router.post("/join", dependencies=ENTER, responses=responses(404, 409, *MUTATING))
def join(request: PasskeyRequest, response: Response, accounts: TheAccounts) -> PersonInfo:
    """Join with the passkey that the browser made, and be signed in."""
    person = accounts.passkeys.join(request.secret, request.credential, request.label)
    accounts.people.note(person.id, "account.join", person.role)
    accounts.cookies.set(response, accounts.people.sign_in(person.id))
    return _told(person)


@router.post("/sign-in/begin", dependencies=ENTER, responses=responses(404, *MUTATING))
def begin_sign_in(accounts: TheAccounts) -> Ceremony:
    """Begin to sign in with a passkey."""
    secret, options = accounts.passkeys.begin_sign_in()
    return Ceremony(secret=secret, options=options)


@router.post("/sign-in", dependencies=ENTER, responses=responses(404, *MUTATING))
def sign_in(request: CredentialRequest, response: Response, accounts: TheAccounts) -> PersonInfo:
    """Sign in with the passkey that the browser used."""
    person = accounts.passkeys.sign_in(request.secret, request.credential)
    accounts.cookies.set(response, accounts.people.sign_in(person))
    return _told(accounts.people.get(person))


@router.post("/provider", dependencies=ENTER, responses=responses(404, *MUTATING))
async def begin_provider(
    body: ProviderRequest, request: Request, response: Response, accounts: TheAccounts
) -> Redirect:
    """Begin to sign in by the provider; who is signed in adds it to their account."""
    if accounts.provider is None:
        raise NotFoundError("This studio has no sign-in provider.", "Use a passkey.")
    if body.invitation:
        await run_in_threadpool(accounts.people.invitation, body.invitation)
    person = (await run_in_threadpool(accounts.asker, request)).person
    url, secret = await accounts.provider.begin(
        request, body.invitation or "", person.id if person else ""
    )
    secure = accounts.origin.startswith("https://")
    response.set_cookie(
        BEGUN, secret, 300, path=CALLBACK, httponly=True, samesite="lax", secure=secure
    )
    return Redirect(url=url)


@router.get("/provider/callback", dependencies=ENTER, include_in_schema=False)
async def end_provider(request: Request, accounts: TheAccounts) -> Response:
    """Where the provider sends the browser back to."""
    response = RedirectResponse("/", status.HTTP_303_SEE_OTHER)
    try:
        if accounts.provider is None:
            raise NotFoundError("This studio has no sign-in provider.")
        if request.query_params.get("error") == "access_denied":
            raise NotAllowedError("The sign-in was cancelled.", "Try again when you like.")
        arrived = await accounts.provider.end(request, request.cookies.get(BEGUN, ""))
        person = await run_in_threadpool(_arrive, arrived, accounts)
        secret = await run_in_threadpool(accounts.people.sign_in, person.id)
        accounts.cookies.set(response, secret)
    except TabRLError as error:
        response = RedirectResponse(f"/sign-in?refused={quote(str(error))}", 303)
    response.delete_cookie(BEGUN, path=CALLBACK)
    return response


def _arrive(arrived: Arrival, accounts: Accounts) -> PersonRow:
    """Who somebody is here who comes from the provider."""
    known = accounts.people.of_subject(arrived.subject)
    if known is not None:
        return known
    if arrived.person:
        return accounts.people.change(arrived.person, subject=arrived.subject)
    if not arrived.invitation:
        raise NotAllowedError(
            "You have no account here.", "Open the invitation that you were sent first."
        )
    name = arrived.name or "Somebody new"
    person = accounts.people.join(arrived.invitation, name, subject=arrived.subject)
    accounts.people.note(person.id, "account.join", person.role)
    return person


@router.post(
    "/sign-out",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=CHANGE,
    responses=responses(404, *MUTATING),
)
def sign_out(response: Response, accounts: TheAccounts, asker: WhoAsks) -> None:
    """End this browser's session."""
    accounts.people.sign_out(asker.session)
    accounts.cookies.clear(response)


@router.patch("", dependencies=CHANGE, responses=responses(404, *MUTATING))
def rename_account(request: NameRequest, accounts: TheAccounts, me: Me) -> PersonInfo:
    """Be called something else."""
    return _told(accounts.people.change(me.id, name=request.name))


@router.post("/passkeys/begin", dependencies=CHANGE, responses=responses(404, *MUTATING))
def begin_passkey(accounts: TheAccounts, me: Me) -> Ceremony:
    """Begin to make another passkey."""
    secret, options = accounts.passkeys.begin_add(me)
    return Ceremony(secret=secret, options=options)


@router.post(
    "/passkeys",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=CHANGE,
    responses=responses(404, 409, *MUTATING),
)
def add_passkey(request: PasskeyRequest, accounts: TheAccounts, me: Me) -> None:
    """Add the passkey that the browser made."""
    accounts.passkeys.add(me, request.secret, request.credential, request.label)


@router.delete(
    "/passkeys/{passkey}",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=CHANGE,
    responses=responses(404, 409, *MUTATING),
)
def remove_passkey(passkey: RowPath, accounts: TheAccounts, me: Me) -> None:
    """Remove a passkey; the last way to sign in stays."""
    accounts.people.remove_passkey(me.id, passkey)


@router.post(
    "/tokens",
    status_code=status.HTTP_201_CREATED,
    dependencies=CHANGE,
    responses=responses(404, *MUTATING),
)
def add_token(request: TokenRequest, accounts: TheAccounts, me: Me) -> NewToken:
    """Make an API token; it is good for what its scopes say and no more than its person may."""
    row, secret = accounts.people.add_token(
        me.id, request.name, list(dict.fromkeys(request.scopes))
    )
    told = TokenInfo.model_validate(row, from_attributes=True)
    return NewToken(**dict(told), secret=secret)


@router.delete(
    "/tokens/{token}",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=CHANGE,
    responses=responses(404, *MUTATING),
)
def remove_token(token: RowPath, accounts: TheAccounts, me: Me) -> None:
    """Revoke an API token."""
    accounts.people.remove_token(me.id, token)


@router.get(
    "/export",
    dependencies=CHANGE,
    response_class=FileResponse,
    responses=content("application/zip") | responses(404),
)
def export_account(accounts: TheAccounts, me: Me) -> Response:
    """All that belongs to one, as a zip: what is known, and the experiments' folders."""
    made = tempfile.NamedTemporaryFile(suffix=".zip")  # noqa: SIM115 - it is closed once it is sent
    accounts.export(me, made)
    made.flush()
    return FileResponse(
        made.name,
        media_type="application/zip",
        filename="tabrl-account.zip",
        background=BackgroundTask(made.close),
    )


@router.delete(
    "",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=CHANGE,
    responses=responses(404, 409, *MUTATING),
)
def delete_account(response: Response, accounts: TheAccounts, me: Me) -> None:
    """Delete one's account with all that belongs to it: experiments, votes, tokens, passkeys."""
    accounts.erase(me)
    accounts.cookies.clear(response)


def _told(person: PersonRow) -> PersonInfo:
    return PersonInfo.model_validate(person, from_attributes=True)
