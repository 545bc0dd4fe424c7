"""What tests and people said of the work, and how it joins with sessions."""

from sqlalchemy import Column, Float, ForeignKeyConstraint, Index, Integer, LargeBinary, PrimaryKeyConstraint, Table

from sidecar.domain import FollowUp, Outcome
from sidecar.store.columns import Body, Time, Word
from sidecar.store.schema.metadata import STORE, session_key

outcomes = Table(
    "outcomes",
    STORE,
    Column("team", Word, nullable=False),
    Column("outcome_id", Word, nullable=False),
    Column("source", Word, nullable=False),
    Column("session_id", Word),
    Column("commit", Word),
    Column("commit_prefix", Word),
    Column("at_ns", Time, nullable=False),
    Column("body", Body(Outcome), nullable=False),
    Column("project", Word),
    Column("branch", Word),
    Column("added_lines", Word),
    PrimaryKeyConstraint("team", "outcome_id"),
    Index(None, "team", "session_id"),
    Index(None, "team", "commit_prefix"),
    Index(None, "team", "project", "branch", "at_ns"),
)

outcome_lines = Table(
    "outcome_lines",
    STORE,
    Column("team", Word, nullable=False),
    Column("line", Word, nullable=False),
    Column("outcome_id", Word, nullable=False),
    PrimaryKeyConstraint("team", "line", "outcome_id"),
)

follow_ups = Table(
    "follow_ups",
    STORE,
    Column("team", Word, nullable=False),
    Column("follow_up_id", Word, nullable=False),
    Column("project", Word, nullable=False),
    Column("branch", Word),
    Column("number", Integer),
    Column("at_ns", Time, nullable=False),
    Column("body", Body(FollowUp), nullable=False),
    PrimaryKeyConstraint("team", "follow_up_id"),
    Index(None, "team", "project", "branch"),
    Index(None, "team", "project", "number"),
)

follow_up_commits = Table(
    "follow_up_commits",
    STORE,
    Column("team", Word, nullable=False),
    Column("commit_prefix", Word, nullable=False),
    Column("follow_up_id", Word, nullable=False),
    PrimaryKeyConstraint("team", "commit_prefix", "follow_up_id"),
)

joins = Table(
    "joins",
    STORE,
    *session_key(),
    Column("outcome_id", Word, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("reason", Word, nullable=False),
    PrimaryKeyConstraint("team", "agent", "session_id", "outcome_id"),
    ForeignKeyConstraint(["team", "outcome_id"], ["outcomes.team", "outcomes.outcome_id"]),
)

feedback = Table(
    "feedback",
    STORE,
    *session_key(),
    Column("at_ns", Time, nullable=False),
    Column("text_hash", LargeBinary, nullable=False),
    Column("text", Word, nullable=False),
    Column("identifier", Word),
    PrimaryKeyConstraint("team", "agent", "session_id", "at_ns", "text_hash"),
)
