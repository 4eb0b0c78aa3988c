"""Examples of what travels about accounts, for the API's document."""

from datetime import UTC, datetime

from pydantic import BaseModel

from tabrl.server.models.accounts import (
    Account,
    AuditEntry,
    AuditList,
    Ceremony,
    CredentialRequest,
    InvitationInfo,
    InvitationRequest,
    Invited,
    InviteRequest,
    JoinRequest,
    Member,
    MemberRequest,
    NameRequest,
    NewInvitation,
    NewToken,
    PasskeyInfo,
    PasskeyRequest,
    PeopleList,
    PersonInfo,
    ProviderRequest,
    QuotaInfo,
    Redirect,
    TokenInfo,
    TokenRequest,
    VisibilityRequest,
)

SECRET, ID, KEY = "dGhpcyBpcyBhIHNlY3JldA", "9f1c2ab37d50e684", "KEDetxZcUfinhVi6Za5nZQ"
WHEN, UNTIL = datetime(2025, 6, 1, 12, 0, tzinfo=UTC), datetime(2025, 6, 8, 12, 0, tzinfo=UTC)


def examples() -> list[BaseModel]:
    """One of each."""
    person = PersonInfo(id=ID, name="Ada", role="maker", created=WHEN)
    quota = QuotaInfo(
        jobs=6, minutes=120, megabytes=5000, jobs_used=1, minutes_used=12.5, megabytes_used=340.0
    )
    token = TokenInfo(id=ID, name="My script", scopes=["read", "teach"], created=WHEN, used=None)
    invited = InvitationInfo(id=ID, role="maker", note="For Ada", created=WHEN, expires=UNTIL)
    signed = {"id": KEY, "rawId": KEY, "type": "public-key", "response": {}}
    entry = AuditEntry(id=1, at=WHEN, name="Ada", action="experiment.delete", thing="q3X9vA7bT0kE")
    return [
        person,
        token,
        invited,
        Account(
            hosted=True,
            provider=None,
            person=person,
            linked=False,
            quota=quota,
            passkeys=[PasskeyInfo(id=KEY, name="Laptop", created=WHEN, used=None)],
            tokens=[token],
        ),
        Ceremony(secret=SECRET, options={"challenge": SECRET, "rpId": "robots.example"}),
        Invited(role="maker", expires=UNTIL),
        Redirect(url="https://id.example/authorize?client_id=tabrl"),
        NewToken(**dict(token), secret="tabrl_8tSg"),
        NewInvitation(**dict(invited), url=f"https://robots.example/join#{SECRET}"),
        Member(**dict(person), quota=quota),
        PeopleList(people=[Member(**dict(person), quota=quota)], invitations=[invited]),
        AuditList(items=[entry], next=None),
        InvitationRequest(invitation=SECRET),
        JoinRequest(invitation=SECRET, name="Ada"),
        CredentialRequest(secret=SECRET, credential=signed),
        PasskeyRequest(secret=SECRET, credential=signed, label="Laptop"),
        ProviderRequest(),
        NameRequest(name="Ada"),
        TokenRequest(name="My script", scopes=["read", "teach"]),
        InviteRequest(role="maker", note="For Ada"),
        MemberRequest(role="maker", minutes=240),
        VisibilityRequest(visibility="link"),
    ]
