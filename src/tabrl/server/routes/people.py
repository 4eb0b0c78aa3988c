"""The people of a hosted studio: for its owners."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, status

from tabrl.server.accounts.accounts import Accounts
from tabrl.server.accounts.gate import may, tell
from tabrl.server.models.accounts import (
    AuditEntry,
    AuditList,
    InvitationInfo,
    InviteRequest,
    Member,
    MemberRequest,
    NewInvitation,
    PeopleList,
    QuotaInfo,
)
from tabrl.server.problems import responses
from tabrl.server.routes.training import MUTATING
from tabrl.server.services import TheAccounts
from tabrl.store.tables import PersonRow

router = APIRouter(prefix="/api", tags=["people"])
SEE, CHANGE = [may("people.see")], [may("people.change")]
PersonPath = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$", examples=["9f1c2ab37d50e684"])]
PAGE = 100


@router.get("/people", dependencies=SEE, responses=responses(404))
def list_people(accounts: TheAccounts) -> PeopleList:
    """Everybody, and who was invited."""
    return PeopleList(
        people=[_member(row, accounts) for row in accounts.people.all()],
        invitations=[
            InvitationInfo.model_validate(row, from_attributes=True)
            for row in accounts.people.invitations()
        ],
    )


@router.post(
    "/invitations",
    status_code=status.HTTP_201_CREATED,
    dependencies=CHANGE,
    responses=responses(404, *MUTATING),
)
def invite(request: InviteRequest, accounts: TheAccounts, http: Request) -> NewInvitation:
    """Invite somebody: the link is shown once, and is good for one person and seven days."""
    tell(http, f"invited a {request.role}")
    row, secret = accounts.people.invite(request.role, request.note)
    told = InvitationInfo.model_validate(row, from_attributes=True)
    return NewInvitation(**dict(told), url=accounts.link(secret))


@router.delete(
    "/invitations/{id}",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=CHANGE,
    responses=responses(404, *MUTATING),
)
def uninvite(id: PersonPath, accounts: TheAccounts) -> None:
    """Take back an invitation that was not used yet."""
    accounts.people.uninvite(id)


@router.get("/audit", dependencies=SEE, responses=responses(404, 422))
def list_audit(
    accounts: TheAccounts, before: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None
) -> AuditList:
    """Who changed what, newest first."""
    rows = accounts.people.audit(PAGE + 1, before)
    names = {row.id: row.name for row in accounts.people.all()}
    items = [
        AuditEntry(
            id=row.id,
            at=row.at,
            name=names.get(row.person_id or ""),
            action=row.action,
            thing=_named(row.thing, names),
        )
        for row in rows[:PAGE]
    ]
    return AuditList(items=items, next=items[-1].id if len(rows) > PAGE else None)


@router.patch("/people/{id}", dependencies=CHANGE, responses=responses(404, 409, *MUTATING))
def change_person(
    id: PersonPath, request: MemberRequest, accounts: TheAccounts, http: Request
) -> Member:
    """Change what a person may do and use."""
    given = request.model_dump(exclude_unset=True)
    if given.get("role", "") is None:
        del given["role"]
    changed = accounts.people.change(id, **given)
    tell(http, f"{id}: {', '.join(f'{name} {value}' for name, value in given.items())}")
    return _member(changed, accounts)


@router.delete(
    "/people/{id}",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=CHANGE,
    responses=responses(404, 409, *MUTATING),
)
def remove_person(id: PersonPath, accounts: TheAccounts, http: Request) -> None:
    """Remove a person; their experiments become the studio's, and private."""
    accounts.remove(accounts.people.get(id))
    tell(http, f"removed {id}")


def _named(thing: str, names: dict[str, str]) -> str:
    """What was changed, with names for ids: entries hold none, since they outlive their people."""
    id, colon, rest = thing.partition(":")
    return f"{names.get(id, id)}{colon}{rest}"


def _member(row: PersonRow, accounts: Accounts) -> Member:
    quota = QuotaInfo(**vars(accounts.quotas.of(row)))
    return Member(id=row.id, name=row.name, role=row.role, created=row.created, quota=quota)
