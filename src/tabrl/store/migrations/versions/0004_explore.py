"""What is shown: since when, whether an owner hid it, who proposed it, its files; when votes came;
reports.
"""

import json
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("experiments", sa.Column("shown", WHEN, nullable=True))
    op.add_column(
        "experiments",
        sa.Column("hidden", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("votes", sa.Column("at", WHEN, nullable=True))
    op.add_column(
        "approaches",
        sa.Column("provider", sa.String(40), nullable=False, server_default="builtin"),
    )
    op.add_column("approaches", sa.Column("files", sa.JSON(), nullable=False, server_default="{}"))
    op.create_table(
        "reports",
        sa.Column("experiment_id", sa.String(40), nullable=False),
        sa.Column("person_id", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.ForeignKeyConstraint(
            ["experiment_id"],
            ["experiments.id"],
            name="fk_reports_experiment_id_experiments",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_reports_person_id_people", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("experiment_id", "person_id", name="pk_reports"),
    )
    op.execute("UPDATE experiments SET shown = created WHERE visibility <> 'private'")
    _name_proposers()


def _name_proposers() -> None:
    """Where one alone proposed all approaches, it is known of each; else `builtin` stands until the
    experiment is kept again.
    """
    connection = op.get_bind()
    experiments = sa.table("experiments", sa.column("id"), sa.column("spec", sa.JSON))
    approaches = sa.table("approaches", sa.column("experiment_id"), sa.column("provider"))
    for id, spec in connection.execute(sa.select(experiments.c.id, experiments.c.spec)).all():
        asked = json.loads(spec) if isinstance(spec, str) else spec
        name = str(asked.get("provider") or "builtin")
        if name != "builtin" and "," not in name:
            of_it = sa.update(approaches).where(approaches.c.experiment_id == id)
            connection.execute(of_it.values(provider=name))


def downgrade() -> None:
    op.drop_table("reports")
    for name in ("files", "provider"):
        op.drop_column("approaches", name)
    op.drop_column("votes", "at")
    for name in ("hidden", "shown"):
        op.drop_column("experiments", name)
