"""Questions that are with a provider in a batch, and what each day's calls came to."""

import sqlalchemy as sa
from alembic import op

revision = "store_0010"
down_revision = "store_0009"
branch_labels = None
depends_on = None

_DAY_NS = 24 * 3600 * 1_000_000_000


def upgrade() -> None:
    """Create the tables; the days' sums are those of the calls so far."""
    op.create_table(
        "batches",
        sa.Column("batch_key", sa.Text, nullable=False),
        sa.Column("judge", sa.Text, nullable=False),
        sa.Column("judge_version", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("asked_ns", sa.BigInteger, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("batch_id", sa.Text),
        sa.Column("ended_ns", sa.BigInteger),
        sa.PrimaryKeyConstraint("batch_key", name="pk_batches"),
    )
    op.create_table(
        "batch_items",
        sa.Column("batch_key", sa.Text, nullable=False),
        sa.Column("custom_id", sa.Text, nullable=False),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("agent", sa.Text, nullable=False),
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("batch_key", "custom_id", name="pk_batch_items"),
        sa.ForeignKeyConstraint(
            ["team", "agent", "session_id"],
            ["sessions.team", "sessions.agent", "sessions.session_id"],
            name="fk_batch_items_sessions",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_batch_items_team_agent_session_id", "batch_items", ["team", "agent", "session_id"])
    op.create_table(
        "spend_days",
        sa.Column("day_ns", sa.BigInteger, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("day_ns", name="pk_spend_days"),
    )
    op.execute(
        f"INSERT INTO spend_days (day_ns, amount) "  # noqa: S608 - a number of ours
        f"SELECT at_ns - at_ns % {_DAY_NS}, SUM(amount) FROM spend GROUP BY at_ns - at_ns % {_DAY_NS}"
    )
