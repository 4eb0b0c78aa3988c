"""People with what they sign in with, and whose an experiment is and who may see it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.String(20), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("subject", sa.String(600), nullable=True),
        sa.Column("created", WHEN, nullable=False),
        sa.Column("jobs", sa.Integer(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("megabytes", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("subject", name="uq_people_subject"),
    )
    _of_a_person(
        "passkeys",
        sa.Column("id", sa.String(1400), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("created", WHEN, nullable=False),
        sa.Column("used", WHEN, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_passkeys"),
    )
    _of_a_person(
        "sessions",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("created", WHEN, nullable=False),
        sa.Column("seen", WHEN, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_sessions"),
    )
    _of_a_person(
        "tokens",
        sa.Column("id", sa.String(20), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created", WHEN, nullable=False),
        sa.Column("used", WHEN, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        sa.UniqueConstraint("hash", name="uq_tokens_hash"),
    )
    op.create_table(
        "invitations",
        sa.Column("id", sa.String(20), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("note", sa.String(80), nullable=False),
        sa.Column("created", WHEN, nullable=False),
        sa.Column("expires", WHEN, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
        sa.UniqueConstraint("hash", name="uq_invitations_hash"),
    )
    op.create_table(
        "usage",
        sa.Column("person_id", sa.String(20), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        _key("usage"),
        sa.PrimaryKeyConstraint("person_id", "day", name="pk_usage"),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("person_id", sa.String(20), nullable=True),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("thing", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_person_id", "audit", ["person_id"])
    # Column by column: SQLite would make the table anew for a foreign key, and what refers to it
    # would be deleted with the old one.
    op.add_column("experiments", sa.Column("owner", sa.String(20), nullable=True))
    op.add_column(
        "experiments",
        sa.Column("visibility", sa.String(10), nullable=False, server_default="private"),
    )
    op.create_index("ix_experiments_owner", "experiments", ["owner"])
    op.create_index("ix_experiments_visibility", "experiments", ["visibility"])
    op.execute(
        "UPDATE experiments SET visibility = 'link' WHERE id IN (SELECT experiment_id FROM shares)"
    )


def downgrade() -> None:
    for name in ("visibility", "owner"):
        op.drop_index(f"ix_experiments_{name}", "experiments")
        op.drop_column("experiments", name)
    for name in ("audit", "usage", "invitations", "tokens", "sessions", "passkeys", "people"):
        op.drop_table(name)


def _of_a_person(name: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        name, *columns, sa.Column("person_id", sa.String(20), nullable=False), _key(name)
    )
    op.create_index(f"ix_{name}_person_id", name, ["person_id"])


def _key(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["person_id"], ["people.id"], name=f"fk_{table}_person_id_people", ondelete="CASCADE"
    )
