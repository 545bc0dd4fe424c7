"""What was asked of judges beside their verdicts: guesses without the result, reruns, and which rules were followed."""

import sqlalchemy as sa
from alembic import op

revision = "store_0009"
down_revision = "store_0008"
branch_labels = None
depends_on = None

_KEY = ("team", "agent", "session_id")


def upgrade() -> None:
    """Create the tables."""
    _create(
        "blind_calls",
        sa.Column("judge_version", sa.Text, nullable=False),
        sa.Column("blind_version", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("guess", sa.Text),
        sa.Column("confidence", sa.Float),
        sa.Column("reason", sa.Text),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint(*_KEY, "judge_version", "blind_version", name="pk_blind_calls"),
    )
    op.create_index("ix_blind_calls_judge_version_blind_version", "blind_calls", ["judge_version", "blind_version"])
    _create(
        "reruns",
        sa.Column("judge_version", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("first", sa.Text, nullable=False),
        sa.Column("again", sa.Text, nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint(*_KEY, "judge_version", name="pk_reruns"),
    )
    _create(
        "adherences",
        sa.Column("judge_version", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint(*_KEY, "judge_version", name="pk_adherences"),
    )


def _create(name: str, *columns: sa.schema.SchemaItem) -> None:
    """A table of rows that go with their session."""
    op.create_table(
        name,
        *(sa.Column(part, sa.Text, nullable=False) for part in _KEY),
        *columns,
        sa.ForeignKeyConstraint(
            _KEY, [f"sessions.{part}" for part in _KEY], name=f"fk_{name}_sessions", ondelete="CASCADE"
        ),
    )
