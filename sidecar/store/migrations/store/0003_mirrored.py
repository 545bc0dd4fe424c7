"""What Phoenix has confirmed, and which feedback came from there."""

import sqlalchemy as sa
from alembic import op

revision = "store_0003"
down_revision = "store_0002"
branch_labels = None
depends_on = None

_KEY = ("team", "agent", "session_id")


def upgrade() -> None:
    """Create the table and the column."""
    op.create_table(
        "mirrored",
        *(sa.Column(name, sa.Text, nullable=False) for name in (*_KEY, "place")),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("confirmed_ns", sa.BigInteger),
        sa.Column("tried_revision", sa.Integer, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text),
        sa.PrimaryKeyConstraint(*_KEY, name="pk_mirrored"),
        sa.ForeignKeyConstraint(
            _KEY, [f"sessions.{name}" for name in _KEY], name="fk_mirrored_sessions", ondelete="CASCADE"
        ),
    )
    op.add_column("feedback", sa.Column("identifier", sa.Text))
