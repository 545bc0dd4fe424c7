"""First tables of the store."""

import sqlalchemy as sa
from alembic import op

revision = "store_0001"
down_revision = None
branch_labels = None
depends_on = None

_KEY = ("team", "agent", "session_id")


def upgrade() -> None:
    """Create everything."""
    _sessions()
    _what_arrived()
    _outcomes()
    _learning()
    _proposals()
    _leases()


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _optional_text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text) for name in names]


def _number(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger, nullable=False) for name in names]


def _bytes(*names: str) -> list[sa.Column[bytes]]:
    return [sa.Column(name, sa.LargeBinary, nullable=False) for name in names]


def _primary_key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")


def _of_session(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        _KEY, [f"sessions.{name}" for name in _KEY], name=f"fk_{table}_sessions", ondelete="CASCADE"
    )


def _sessions() -> None:
    op.create_table(
        "sessions",
        *_text(*_KEY),
        *_optional_text("project", "task", "person"),
        *_text("state", "label"),
        sa.Column("revision", sa.Integer, nullable=False),
        *_optional_text("rules_version", "head_commit", "head_prefix"),
        *_number("started_ns", "last_activity_ns", "updated_ns"),
        *_bytes("content_hash", "decision", "body"),
        _primary_key("sessions", *_KEY),
    )
    op.create_index("ix_sessions_team_session_id", "sessions", ["team", "session_id"])
    op.create_index("ix_sessions_team_project_started_ns", "sessions", ["team", "project", "started_ns"])
    op.create_index("ix_sessions_state", "sessions", ["state"])
    op.create_index("ix_sessions_team_head_prefix", "sessions", ["team", "head_prefix"])
    op.create_table("steps", *_text(*_KEY), *_bytes("body"), _primary_key("steps", *_KEY), _of_session("steps"))


def _what_arrived() -> None:
    op.create_table("observations", *_text(*_KEY, "key"), *_bytes("body"), _primary_key("observations", *_KEY, "key"))
    op.create_table(
        "file_chunks",
        *_text(*_KEY, "part"),
        *_number("offset", "length", "received_ns"),
        *_bytes("body_hash", "body"),
        _primary_key("file_chunks", *_KEY, "part", "offset", "length", "body_hash"),
    )
    op.create_table(
        "spans",
        *_text("team", "trace_id", "span_id", "name"),
        _primary_key("spans", "team", "trace_id", "span_id"),
    )


def _outcomes() -> None:
    op.create_table(
        "outcomes",
        *_text("team", "outcome_id", "source"),
        *_optional_text("session_id", "commit", "commit_prefix"),
        *_number("at_ns"),
        *_bytes("body"),
        _primary_key("outcomes", "team", "outcome_id"),
    )
    op.create_index("ix_outcomes_team_session_id", "outcomes", ["team", "session_id"])
    op.create_index("ix_outcomes_team_commit_prefix", "outcomes", ["team", "commit_prefix"])
    op.create_table(
        "joins",
        *_text(*_KEY, "outcome_id", "reason"),
        sa.Column("confidence", sa.Float, nullable=False),
        _primary_key("joins", *_KEY, "outcome_id"),
        sa.ForeignKeyConstraint(
            ["team", "outcome_id"], ["outcomes.team", "outcomes.outcome_id"], name="fk_joins_outcomes"
        ),
    )


def _learning() -> None:
    op.create_table(
        "verdicts",
        *_text(*_KEY, "judge", "judge_version"),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary),
        _primary_key("verdicts", *_KEY, "judge", "judge_version"),
        _of_session("verdicts"),
    )
    op.create_table(
        "feedback",
        *_text(*_KEY, "text"),
        *_number("at_ns"),
        *_bytes("text_hash"),
        _primary_key("feedback", *_KEY, "at_ns", "text_hash"),
    )


def _proposals() -> None:
    op.create_table(
        "proposals",
        *_text("proposal_id", "project", "state"),
        *_number("created_ns"),
        *_bytes("body"),
        _primary_key("proposals", "proposal_id"),
    )
    op.create_index("ix_proposals_project_state", "proposals", ["project", "state"])
    op.create_table(
        "refusals",
        *_text("project"),
        *_bytes("text_hash", "body"),
        *_number("at_ns"),
        _primary_key("refusals", "project", "text_hash"),
    )
    op.create_table(
        "tombstones",
        *_text("project", "rule_id"),
        *_number("at_ns"),
        *_bytes("body"),
        _primary_key("tombstones", "project", "rule_id"),
    )
    op.create_table(
        "rules_files", *_text("project", "sha"), *_bytes("body"), _primary_key("rules_files", "project", "sha")
    )
    op.create_table("base_rules", *_text("project", "commit"), *_bytes("body"), _primary_key("base_rules", "project"))


def _leases() -> None:
    op.create_table(
        "leases",
        *_text("name"),
        *_optional_text("owner"),
        *_number("token", "expires_ns"),
        _primary_key("leases", "name"),
    )
