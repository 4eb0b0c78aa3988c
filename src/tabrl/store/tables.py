"""Tables of the store. A change here needs a step in `migrations/versions`."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    DateTime,
    Dialect,
    ForeignKey,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    # Named constraints, since SQLite can only alter what has a name.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Moment(TypeDecorator[datetime]):
    """A time in UTC, which SQLite would give back without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


class ExperimentRow(Base):
    """One experiment in its latest state; the whole record is `experiment.json` in `folder`."""

    __tablename__ = "experiments"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)  # unguessable
    sentence: Mapped[str] = mapped_column(Text)
    robot: Mapped[str] = mapped_column(String(100))
    status: Mapped[str] = mapped_column(String(20), index=True)
    folder: Mapped[str] = mapped_column(Text)
    parent: Mapped[str | None] = mapped_column(String(60))  # id, of a share where it was forked
    created: Mapped[datetime] = mapped_column(Moment, index=True)
    owner: Mapped[str | None] = mapped_column(String(20), index=True)  # nobody's: the studio's
    visibility: Mapped[str] = mapped_column(String(10), server_default="private", index=True)
    shown: Mapped[datetime | None] = mapped_column(Moment)  # since when others may find it
    hidden: Mapped[bool] = mapped_column(server_default=false())  # by an owner of the studio
    spec: Mapped[dict[str, Any]] = mapped_column(JSON)
    result: Mapped[dict[str, Any]] = mapped_column(JSON)
    changed: Mapped[int] = mapped_column(BigInteger, server_default="0")  # how often it was kept
    moving: Mapped[bool] = mapped_column(Boolean, server_default=false())  # more than this is known
    approaches: Mapped[list["ApproachRow"]] = relationship(
        cascade="all, delete-orphan", order_by="ApproachRow.position", lazy="selectin"
    )


class ApproachRow(Base):
    """One approach of an experiment in its latest state."""

    __tablename__ = "approaches"
    __table_args__ = (UniqueConstraint("experiment_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    experiment_id: Mapped[str] = mapped_column(ForeignKey("experiments.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    provider: Mapped[str] = mapped_column(String(40), server_default="builtin")
    status: Mapped[str] = mapped_column(String(20))
    verdict: Mapped[str | None] = mapped_column(String(20))
    folder: Mapped[str] = mapped_column(Text)
    files: Mapped[dict[str, str]] = mapped_column(JSON, server_default="{}")
    numbers: Mapped[dict[str, Any]] = mapped_column(JSON)


class ShareRow(Base):
    """A link that opens an experiment read-only."""

    __tablename__ = "shares"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)  # unguessable
    experiment_id: Mapped[str] = mapped_column(
        ForeignKey("experiments.id", ondelete="CASCADE"), unique=True
    )


class VoteRow(Base):
    """The approach that one browser chose; the library's experiments are in no other table."""

    __tablename__ = "votes"

    experiment_id: Mapped[str] = mapped_column(String(60), primary_key=True)
    voter: Mapped[str] = mapped_column(String(64), primary_key=True)
    approach: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime | None] = mapped_column(Moment)


class ReportRow(Base):
    """What somebody finds wrong with what is shown, for the studio's owners to look at."""

    __tablename__ = "reports"

    experiment_id: Mapped[str] = mapped_column(
        ForeignKey("experiments.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[str] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True
    )
    reason: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime] = mapped_column(Moment)


class VideoRow(Base):
    """A file that the page plays; another content has another id."""

    __tablename__ = "videos"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)  # unguessable
    experiment_id: Mapped[str] = mapped_column(String(60), index=True)
    path: Mapped[str] = mapped_column(Text)


class PersonRow(Base):
    """Somebody with an account on a hosted studio."""

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str | None] = mapped_column(String(600), unique=True)  # of an OpenID provider
    created: Mapped[datetime] = mapped_column(Moment)
    jobs: Mapped[int | None]  # what they may use; null: what everybody may
    minutes: Mapped[int | None]
    megabytes: Mapped[int | None]


class PasskeyRow(Base):
    """A public key that a person signs in with."""

    __tablename__ = "passkeys"

    id: Mapped[str] = mapped_column(String(1400), primary_key=True)  # the authenticator's, base64
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    created: Mapped[datetime] = mapped_column(Moment)
    used: Mapped[datetime | None] = mapped_column(Moment)


class SessionRow(Base):
    """A browser that is signed in."""

    __tablename__ = "sessions"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256 of its cookie
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    created: Mapped[datetime] = mapped_column(Moment)
    seen: Mapped[datetime] = mapped_column(Moment)


class TokenRow(Base):
    """What a program of a person signs in with."""

    __tablename__ = "tokens"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256; it is shown once
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created: Mapped[datetime] = mapped_column(Moment)
    used: Mapped[datetime | None] = mapped_column(Moment)


class InvitationRow(Base):
    """A link with which one person joins."""

    __tablename__ = "invitations"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256; it is shown once
    role: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(String(80))  # for whom it is
    created: Mapped[datetime] = mapped_column(Moment)
    expires: Mapped[datetime] = mapped_column(Moment)


class UsageRow(Base):
    """What a person's trainings took on one day, s."""

    __tablename__ = "usage"

    person_id: Mapped[str] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[str] = mapped_column(String(10), primary_key=True)  # 2026-01-31, UTC
    seconds: Mapped[int]


class AuditRow(Base):
    """Who changed what, and when; it outlives both."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    person_id: Mapped[str | None] = mapped_column(String(20), index=True)
    action: Mapped[str] = mapped_column(String(40))
    thing: Mapped[str] = mapped_column(String(80))


class LeaseRow(Base):
    """Which of the studios on this database runs the experiments: one row."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    studio: Mapped[str] = mapped_column(String(40))  # unguessable; empty: nobody's
    url: Mapped[str] = mapped_column(Text)  # where the others reach it
    home: Mapped[str] = mapped_column(String(64))  # tells whether they share its folder
    beat: Mapped[int] = mapped_column(BigInteger)  # grows for as long as it lives
