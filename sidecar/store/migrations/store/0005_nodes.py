"""Nodes that run flows, and by which key the store's hashes were made."""

import sqlalchemy as sa
from alembic import op

revision = "store_0005"
down_revision = "store_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "nodes",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("beats", sa.BigInteger, nullable=False),
        sa.Column("is_stopped", sa.Boolean, nullable=False),
        sa.Column("seen_ns", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_nodes"),
    )
    op.create_table(
        "key_prints",
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("print", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("purpose", name="pk_key_prints"),
    )
