"""What is asked of the database about people: who they are, what they sign in with."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tabrl.errors import ConflictError, NotFoundError
from tabrl.store.questions import Questions
from tabrl.store.tables import (
    AuditRow,
    InvitationRow,
    PasskeyRow,
    PersonRow,
    SessionRow,
    TokenRow,
    UsageRow,
    VoteRow,
)

OWNER = "owner"
IDLE = timedelta(days=30)
"""After which a browser that was not seen has to sign in again."""
INVITED = timedelta(days=7)
"""For which an invitation is good."""
_SEEN = timedelta(hours=1)  # how exactly it is noted when somebody was seen
_LAST_OWNER = ConflictError(
    "This is the only owner of the studio.", "Make somebody else an owner first."
)


class People(Questions):
    """People, and what proves that it is them. Secrets are kept as hashes alone."""

    # -- who ---------------------------------------------------------------------------------------

    def all(self) -> list[PersonRow]:
        """Everybody, who came first first."""
        with self._session() as session:
            return list(session.scalars(select(PersonRow).order_by(PersonRow.created)))

    def get(self, id: str) -> PersonRow:
        """The person of this id; `NotFoundError` where there is none."""
        with self._session() as session:
            return _person(session, id)

    def of_subject(self, subject: str) -> PersonRow | None:
        """Who an OpenID provider's person is here."""
        with self._session() as session:
            return session.scalar(select(PersonRow).where(PersonRow.subject == subject))

    def change(self, id: str, **values: Any) -> PersonRow:
        """Change a person's name, role, subject or quota.

        Raises:
            NotFoundError: there is no such person.
            ConflictError: nobody would be an owner any more, or the subject is another's.
        """
        try:
            with self._session() as session:
                row = _person(session, id)
                if row.role == OWNER and values.get("role", OWNER) != OWNER:
                    _refuse_last_owner(session)
                for name, value in values.items():
                    setattr(row, name, value)
                return row
        except IntegrityError as error:
            raise ConflictError("That sign-in belongs to somebody else here.") from error

    def remove(self, id: str) -> None:
        """Forget a person with what is theirs here; their experiments are the engine's to remove.

        Raises:
            NotFoundError: there is no such person.
            ConflictError: it is the only owner.
        """
        with self._session() as session:
            row = _person(session, id)
            if row.role == OWNER:
                _refuse_last_owner(session)
            session.execute(delete(VoteRow).where(VoteRow.voter == id))
            session.execute(update(AuditRow).where(AuditRow.person_id == id).values(person_id=None))
            session.delete(row)

    def refuse_last_owner(self, id: str) -> None:
        """`ConflictError` where the studio would have no owner without this person."""
        with self._session() as session:
            if _person(session, id).role == OWNER:
                _refuse_last_owner(session)

    def votes(self, person: str) -> dict[str, str]:
        """The approach that a person chose of each experiment."""
        with self._session() as session:
            rows = session.scalars(select(VoteRow).where(VoteRow.voter == person))
            return {row.experiment_id: row.approach for row in rows}

    # -- invitations -------------------------------------------------------------------------------

    def invite(self, role: str, note: str = "") -> tuple[InvitationRow, str]:
        """An invitation, and its secret, which is known to nobody afterwards."""
        secret, now = secrets.token_urlsafe(24), _now()
        row = InvitationRow(
            id=_id(), hash=hashed(secret), role=role, note=note, created=now, expires=now + INVITED
        )
        with self._session() as session:
            session.add(row)
        return row, secret

    def invite_owner(self) -> str | None:
        """The secret of an invitation of the first owner; None where there is an owner. Those that
        were made before are good no more.
        """
        with self._session() as session:
            if session.scalar(select(PersonRow.id).where(PersonRow.role == OWNER).limit(1)):
                return None
            session.execute(delete(InvitationRow).where(InvitationRow.role == OWNER))
        return self.invite(OWNER, "The first owner")[1]

    def invitations(self) -> list[InvitationRow]:
        """Those that are still good, newest first."""
        good = select(InvitationRow).where(InvitationRow.expires > _now())
        with self._session() as session:
            return list(session.scalars(good.order_by(InvitationRow.created.desc())))

    def invitation(self, secret: str) -> InvitationRow:
        """The invitation of this secret; `NotFoundError` where it is none or good no more."""
        with self._session() as session:
            return _invitation(session, secret)

    def uninvite(self, id: str) -> None:
        """Take back an invitation; `NotFoundError` where there is none."""
        with self._session() as session:
            row = session.get(InvitationRow, id)
            if row is None:
                raise NotFoundError("There is no such invitation.", "It may have been used.")
            session.delete(row)

    def join(
        self,
        secret: str,
        name: str,
        *,
        id: str | None = None,
        subject: str | None = None,
        passkey: PasskeyRow | None = None,
    ) -> PersonRow:
        """Make a person of an invitation, once.

        Args:
            id: theirs, where it is known already.
            subject: who they are to the OpenID provider.
            passkey: their first; its `person_id` is set here.

        Raises:
            NotFoundError: the invitation is none, is too old or was used.
            ConflictError: the passkey or the subject belongs to somebody.
        """
        try:
            with self._session() as session:
                invited = _invitation(session, secret)
                used = delete(InvitationRow).where(InvitationRow.id == invited.id)
                if session.execute(used.returning(InvitationRow.id)).first() is None:
                    raise _used()  # by somebody at the same time
                row = PersonRow(
                    id=id or _id(), name=name, role=invited.role, subject=subject, created=_now()
                )
                session.add(row)
                session.flush()
                if passkey is not None:
                    passkey.person_id = row.id
                    session.add(passkey)
                return row
        except IntegrityError as error:
            raise ConflictError("You have an account here already.", "Sign in.") from error

    # -- passkeys ----------------------------------------------------------------------------------

    def passkeys(self, person: str) -> list[PasskeyRow]:
        """A person's passkeys, the first one first."""
        found = select(PasskeyRow).where(PasskeyRow.person_id == person)
        with self._session() as session:
            return list(session.scalars(found.order_by(PasskeyRow.created)))

    def passkey(self, id: str) -> PasskeyRow | None:
        """The passkey of this id."""
        with self._session() as session:
            return session.get(PasskeyRow, id)

    def add_passkey(self, row: PasskeyRow) -> None:
        """Keep a passkey; `ConflictError` where it is known."""
        try:
            with self._session() as session:
                session.add(row)
        except IntegrityError as error:
            raise ConflictError("This passkey is in use already.") from error

    def use_passkey(self, id: str, sign_count: int) -> None:
        """Note that a passkey was used."""
        with self._session() as session:
            changed = update(PasskeyRow).where(PasskeyRow.id == id)
            session.execute(changed.values(sign_count=sign_count, used=_now()))

    def remove_passkey(self, person: str, id: str) -> None:
        """Forget a passkey.

        Raises:
            NotFoundError: the person has no such passkey.
            ConflictError: it is the last way to sign in.
        """
        with self._session() as session:
            row = session.get(PasskeyRow, id)
            if row is None or row.person_id != person:
                raise NotFoundError("You have no such passkey.")
            count = select(func.count()).where(PasskeyRow.person_id == person)
            if session.scalar(count) == 1 and _person(session, person).subject is None:
                raise ConflictError(
                    "This is your only way to sign in.", "Add another passkey first."
                )
            session.delete(row)

    # -- sessions and tokens -----------------------------------------------------------------------

    def sign_in(self, person: str) -> str:
        """A new session's secret."""
        secret, now = secrets.token_urlsafe(32), _now()
        with self._session() as session:
            session.execute(delete(SessionRow).where(SessionRow.seen < now - IDLE))
            session.add(SessionRow(hash=hashed(secret), person_id=person, created=now, seen=now))
        return secret

    def sign_out(self, secret: str) -> None:
        """End a session."""
        with self._session() as session:
            session.execute(delete(SessionRow).where(SessionRow.hash == hashed(secret)))

    def of_session(self, secret: str) -> PersonRow | None:
        """Who is signed in with this secret."""
        now = _now()
        with self._session() as session:
            row = session.get(SessionRow, hashed(secret))
            if row is None or row.seen < now - IDLE:
                return None
            if row.seen < now - _SEEN:
                row.seen = now
            return session.get(PersonRow, row.person_id)

    def add_token(self, person: str, name: str, scopes: Sequence[str]) -> tuple[TokenRow, str]:
        """A token, and its secret, which is known to nobody afterwards."""
        secret = f"tabrl_{secrets.token_urlsafe(32)}"
        row = TokenRow(
            id=_id(), hash=hashed(secret), person_id=person, name=name, scopes=list(scopes),
            created=_now(),
        )  # fmt: skip
        with self._session() as session:
            session.add(row)
        return row, secret

    def tokens(self, person: str) -> list[TokenRow]:
        """A person's tokens, the first one first."""
        found = select(TokenRow).where(TokenRow.person_id == person)
        with self._session() as session:
            return list(session.scalars(found.order_by(TokenRow.created)))

    def of_token(self, secret: str) -> tuple[PersonRow, frozenset[str]] | None:
        """Whose token this is, and what it is good for."""
        now = _now()
        with self._session() as session:
            row = session.scalar(select(TokenRow).where(TokenRow.hash == hashed(secret)))
            if row is None:
                return None
            if row.used is None or row.used < now - _SEEN:
                row.used = now
            return _person(session, row.person_id), frozenset(row.scopes)

    def remove_token(self, person: str, id: str) -> None:
        """Revoke a token; `NotFoundError` where the person has no such one."""
        with self._session() as session:
            row = session.get(TokenRow, id)
            if row is None or row.person_id != person:
                raise NotFoundError("You have no such token.")
            session.delete(row)

    # -- what they did -----------------------------------------------------------------------------

    def spend(self, person: str, day: str, seconds: int) -> None:
        """Note that a person's trainings took so long, s; of one who is gone nothing is noted."""
        with self._session() as session:
            if session.get(PersonRow, person) is None:
                return
            row = session.get(UsageRow, (person, day))
            if row is None:
                session.add(UsageRow(person_id=person, day=day, seconds=seconds))
            else:
                row.seconds += seconds

    def spent(self, person: str, day: str) -> int:
        """What a person's trainings took on a day, s."""
        with self._session() as session:
            row = session.get(UsageRow, (person, day))
            return row.seconds if row else 0

    def note(self, person: str | None, action: str, thing: str) -> None:
        """Note who changed what."""
        row = AuditRow(at=_now(), person_id=person, action=action[:40], thing=thing[:80])
        with self._session() as session:
            session.add(row)

    def audit(
        self, limit: int, before: int | None = None, person: str | None = None
    ) -> list[AuditRow]:
        """What was changed, newest first: what is older than the entry `before`, by one person."""
        found = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)
        if before is not None:
            found = found.where(AuditRow.id < before)
        if person is not None:
            found = found.where(AuditRow.person_id == person)
        with self._session() as session:
            return list(session.scalars(found))


def hashed(secret: str) -> str:
    """What is kept of a secret. It is 192 random bits at least, so that no salt is needed."""
    return sha256(secret.encode()).hexdigest()


def new_person_id() -> str:
    """An id that says nothing of who has it."""
    return _id()


def _id() -> str:
    return secrets.token_hex(8)


def _now() -> datetime:
    return datetime.now(UTC)


def _person(session: Session, id: str) -> PersonRow:
    row = session.get(PersonRow, id)
    if row is None:
        raise NotFoundError("There is no such person.", "They may have been removed.")
    return row


def _invitation(session: Session, secret: str) -> InvitationRow:
    row = session.scalar(select(InvitationRow).where(InvitationRow.hash == hashed(secret)))
    if row is None or row.expires <= _now():
        raise _used()
    return row


def _used() -> NotFoundError:
    return NotFoundError(
        "This invitation is not good any more.", "It was used, or is too old: ask for a new one."
    )


def _refuse_last_owner(session: Session) -> None:
    owners = session.scalar(select(func.count()).where(PersonRow.role == OWNER))
    if owners == 1:
        raise _LAST_OWNER
