"""Share links, votes, clips by id, and which experiment another was made from."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("experiments") as table:
        table.add_column(sa.Column("parent", sa.String(60), nullable=True))
        table.create_index("ix_experiments_status", ["status"])
    op.create_table(
        "shares",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("experiment_id", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(
            ["experiment_id"],
            ["experiments.id"],
            name="fk_shares_experiment_id_experiments",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_shares"),
        sa.UniqueConstraint("experiment_id", name="uq_shares_experiment_id"),
    )
    op.create_table(
        "votes",
        sa.Column("experiment_id", sa.String(60), nullable=False),
        sa.Column("voter", sa.String(64), nullable=False),
        sa.Column("approach", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("experiment_id", "voter", name="pk_votes"),
    )
    op.create_table(
        "videos",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("experiment_id", sa.String(60), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_videos"),
    )
    op.create_index("ix_videos_experiment_id", "videos", ["experiment_id"])


def downgrade() -> None:
    op.drop_table("videos")
    op.drop_table("votes")
    op.drop_table("shares")
    with op.batch_alter_table("experiments") as table:
        table.drop_index("ix_experiments_status")
        table.drop_column("parent")
