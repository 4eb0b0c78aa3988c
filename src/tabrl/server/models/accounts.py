"""Accounts as the page sees them, and what is asked of them."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from tabrl.experiments.engine.live import Visibility
from tabrl.server.accounts.rules import Role, Scope
from tabrl.server.models.requests import Request
from tabrl.server.models.robots import Answer

Name = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\x00-\x1f]+$"
    ),
    Field(examples=["Ada"]),
]
Secret = Annotated[str, Field(min_length=1, max_length=100)]
Credential = Annotated[
    dict[str, Any], Field(max_length=20, description="What `navigator.credentials` answered.")
]
Limit = Annotated[int | None, Field(ge=0, le=10**6)]


class QuotaInfo(Answer):
    """What a person may use, null for as much as there is, and what they use."""

    jobs: int | None = Field(description="Trainings that wait or run at once.")
    minutes: int | None = Field(description="Of training, today (UTC).")
    megabytes: int | None
    jobs_used: int
    minutes_used: float
    megabytes_used: float


class PersonInfo(Answer):
    """Somebody with an account."""

    id: str
    name: str
    role: Role
    created: datetime


class PasskeyInfo(Answer):
    """A passkey of one's own."""

    id: str
    name: str
    created: datetime
    used: datetime | None


class TokenInfo(Answer):
    """An API token of one's own, without its secret."""

    id: str
    name: str
    scopes: list[Scope]
    created: datetime
    used: datetime | None


class NewToken(TokenInfo):
    """An API token as it was made."""

    secret: str = Field(description="Shown this once: `Authorization: Bearer` takes it.")


class Account(Answer):
    """Who asks, and how one signs in here."""

    hosted: bool = Field(description="Whether this studio has accounts.")
    provider: str | None = Field(description="Who else people sign in by: its host.")
    person: PersonInfo | None = Field(description="Null where nobody is signed in.")
    linked: bool = Field(description="Whether one may sign in by the provider.")
    quota: QuotaInfo | None
    passkeys: list[PasskeyInfo]
    tokens: list[TokenInfo]


class Ceremony(Answer):
    """A passkey that is to be made or used: give the answer back with the secret."""

    secret: str
    options: dict[str, Any] = Field(description="What `navigator.credentials` takes, as JSON.")


class Invited(Answer):
    """What an invitation is good for."""

    role: Role
    expires: datetime


class Redirect(Answer):
    """Where the browser goes on."""

    url: str


class InvitationInfo(Answer):
    """An invitation that was not used yet."""

    id: str
    role: Role
    note: str
    created: datetime
    expires: datetime


class NewInvitation(InvitationInfo):
    """An invitation as it was made."""

    url: str = Field(description="Shown this once; good for one person.")


class Member(PersonInfo):
    """A person as owners see them."""

    quota: QuotaInfo


class PeopleList(Answer):
    """Everybody, and who was invited."""

    people: list[Member]
    invitations: list[InvitationInfo]


class AuditEntry(Answer):
    """Who changed what."""

    id: int
    at: datetime
    name: str | None = Field(description="Null where they were removed since.")
    action: str = Field(examples=["experiment.delete"])
    thing: str


class AuditList(Answer):
    """Entries, newest first."""

    items: list[AuditEntry]
    next: int | None = Field(description="`before` of the next page.")


class InvitationRequest(Request):
    """The secret of an invitation, which its link holds after `#`."""

    invitation: Secret


class JoinRequest(InvitationRequest):
    """Somebody new who will make a passkey."""

    name: Name


class CredentialRequest(Request):
    """The browser's answer to a ceremony."""

    secret: Secret
    credential: Credential


class PasskeyRequest(CredentialRequest):
    """The browser's answer to a ceremony that makes a passkey."""

    label: Name


class ProviderRequest(Request):
    """Sign in by the provider; with an invitation, join."""

    invitation: Secret | None = None


class NameRequest(Request):
    """What one is called."""

    name: Name


class TokenRequest(Request):
    """A new API token."""

    name: Name
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=3)]


class InviteRequest(Request):
    """Somebody who may join."""

    role: Role = "maker"
    note: Annotated[str, Field(max_length=80, pattern=r"^[^\x00-\x1f]*$")] = ""


class MemberRequest(Request):
    """What an owner changes about a person; what is left out stays, and null is the usual."""

    role: Role | None = None
    jobs: Limit = None
    minutes: Limit = None
    megabytes: Limit = None


class VisibilityRequest(Request):
    """Who else may see an experiment."""

    visibility: Visibility
