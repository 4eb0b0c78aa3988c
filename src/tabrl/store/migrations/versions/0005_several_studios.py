"""Which of several studios runs the experiments, and what the others need to know of each."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lease",
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("studio", sa.String(40), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("home", sa.String(64), nullable=False),
        sa.Column("beat", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_lease"),
    )
    for name, kind in (("changed", sa.BigInteger()), ("moving", sa.Boolean())):
        op.add_column(
            "experiments",
            sa.Column(
                name, kind, nullable=False, server_default="0" if name == "changed" else sa.false()
            ),
        )


def downgrade() -> None:
    for name in ("moving", "changed"):
        op.drop_column("experiments", name)
    op.drop_table("lease")
