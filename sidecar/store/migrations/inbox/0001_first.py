"""First table of the inbox."""

import sqlalchemy as sa
from alembic import op

revision = "inbox_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create everything."""
    op.create_table(
        "inbox",
        sa.Column("row_id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), autoincrement=True, nullable=False),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("body_hash", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("agent", sa.Text),
        sa.Column("parameters", sa.LargeBinary, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("received_ns", sa.BigInteger, nullable=False),
        sa.Column("observed_ns", sa.BigInteger, nullable=False),
        sa.Column("last_observed_ns", sa.BigInteger, nullable=False),
        sa.Column("is_timed", sa.Boolean, nullable=False),
        sa.Column("receipts", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("owner", sa.Text),
        sa.Column("lease_until_ns", sa.BigInteger),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text),
        sa.PrimaryKeyConstraint("row_id", name="pk_inbox"),
        sa.UniqueConstraint("team", "body_hash", name="uq_inbox_team_body_hash"),
    )
    op.create_index("ix_inbox_state_received_ns", "inbox", ["state", "received_ns"])
