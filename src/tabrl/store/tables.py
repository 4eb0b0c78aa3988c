"""Tables of the store. A change here needs a step in `migrations/versions`."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, MetaData, String, Text, UniqueConstraint
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


class ExperimentRow(Base):
    """One experiment in its latest state; the whole record is `experiment.json` in `folder`."""

    __tablename__ = "experiments"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)  # unguessable
    sentence: Mapped[str] = mapped_column(Text)
    robot: Mapped[str] = mapped_column(String(100))
    status: Mapped[str] = mapped_column(String(20), index=True)
    folder: Mapped[str] = mapped_column(Text)
    parent: Mapped[str | None] = mapped_column(String(60))  # id, of a share where it was forked
    created: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)  # UTC
    spec: Mapped[dict[str, Any]] = mapped_column(JSON)
    result: Mapped[dict[str, Any]] = mapped_column(JSON)
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
    status: Mapped[str] = mapped_column(String(20))
    verdict: Mapped[str | None] = mapped_column(String(20))
    folder: Mapped[str] = mapped_column(Text)
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


class VideoRow(Base):
    """A file that the page plays; another content has another id."""

    __tablename__ = "videos"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)  # unguessable
    experiment_id: Mapped[str] = mapped_column(String(60), index=True)
    path: Mapped[str] = mapped_column(Text)
