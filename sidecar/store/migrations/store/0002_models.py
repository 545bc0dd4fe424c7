"""Money spent on models, and what a model judge could not answer."""

import sqlalchemy as sa
from alembic import op

revision = "store_0002"
down_revision = "store_0001"
branch_labels = None
depends_on = None

_KEY = ("team", "agent", "session_id")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "spend",
        sa.Column("request_key", sa.Text, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("is_settled", sa.Boolean, nullable=False),
        sa.Column("input_tokens", sa.BigInteger, nullable=False),
        sa.Column("cache_write_tokens", sa.BigInteger, nullable=False),
        sa.Column("cache_read_tokens", sa.BigInteger, nullable=False),
        sa.Column("output_tokens", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("request_key", "attempt", name="pk_spend"),
    )
    op.create_index("ix_spend_at_ns", "spend", ["at_ns"])
    op.create_table(
        "kept_replies",
        sa.Column("request_key", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("request_key", "model", name="pk_kept_replies"),
    )
    op.create_table(
        "judge_problems",
        *(sa.Column(name, sa.Text, nullable=False) for name in (*_KEY, "judge", "judge_version", "reason")),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint(*_KEY, "judge", "judge_version", "reason", name="pk_judge_problems"),
        sa.ForeignKeyConstraint(
            _KEY, [f"sessions.{name}" for name in _KEY], name="fk_judge_problems_sessions", ondelete="CASCADE"
        ),
    )
