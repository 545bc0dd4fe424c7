"""Which sessions were forgotten or lost their content, and what a viewer has still to delete."""

import sqlalchemy as sa
from alembic import op

revision = "store_0008"
down_revision = "store_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables and the column."""
    op.create_table(
        "forgotten",
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("agent", sa.Text, nullable=False),
        sa.Column("fate", sa.Text, nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("erased_ns", sa.BigInteger),
        sa.PrimaryKeyConstraint("team", "digest", "agent", name="pk_forgotten"),
    )
    op.create_table(
        "viewer_deletions",
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("agent", sa.Text, nullable=False),
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("team", "agent", "session_id", name="pk_viewer_deletions"),
    )
    op.add_column("sessions", sa.Column("retired_ns", sa.BigInteger))
