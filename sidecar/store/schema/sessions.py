"""What sessions are made of: what was received of them, their steps and spans."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, PrimaryKeyConstraint, Table, Text

from sidecar.domain import LabelDecision, Observation, Session, Step
from sidecar.store.columns import Body, Time, Word
from sidecar.store.schema.metadata import STORE, of_session, session_key

observations = Table(
    "observations",
    STORE,
    *session_key(),
    Column("key", Word, nullable=False),
    Column("body", Body(Observation), nullable=False),
    PrimaryKeyConstraint("team", "agent", "session_id", "key"),
)

file_chunks = Table(
    "file_chunks",
    STORE,
    *session_key(),
    Column("part", Word, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("body_hash", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("received_ns", Time, nullable=False),
    PrimaryKeyConstraint("team", "agent", "session_id", "part", "offset", "length", "body_hash"),
)

sessions = Table(
    "sessions",
    STORE,
    *session_key(),
    Column("project", Word),
    Column("task", Word),
    Column("person", Word),
    Column("state", Word, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("label", Word, nullable=False),
    Column("rules_version", Word),
    Column("head_commit", Word),
    Column("head_prefix", Word),
    Column("base_commit", Word),
    Column("base_prefix", Word),
    Column("branch", Word),
    Column("added_lines", Word),
    Column("started_ns", Time, nullable=False),
    Column("last_activity_ns", Time, nullable=False),
    Column("updated_ns", Time, nullable=False),
    Column("retired_ns", Time),
    Column("content_hash", LargeBinary, nullable=False),
    Column("decision", Body(LabelDecision), nullable=False),
    Column("body", Body(Session), nullable=False),
    PrimaryKeyConstraint("team", "agent", "session_id"),
    Index(None, "team", "session_id"),
    Index(None, "team", "project", "started_ns"),
    Index(None, "state"),
    Index(None, "team", "head_prefix"),
    Index(None, "team", "base_prefix"),
    Index(None, "team", "project", "branch"),
)

steps = Table(
    "steps",
    STORE,
    *session_key(),
    Column("body", Body(tuple[Step, ...]), nullable=False),
    PrimaryKeyConstraint("team", "agent", "session_id"),
    of_session(),
)

spans = Table(
    "spans",
    STORE,
    Column("team", Word, nullable=False),
    Column("trace_id", Word, nullable=False),
    Column("span_id", Word, nullable=False),
    Column("name", Word, nullable=False),
    PrimaryKeyConstraint("team", "trace_id", "span_id"),
)

key_prints = Table(
    "key_prints",
    STORE,
    Column("purpose", Text, nullable=False),
    Column("print", Text, nullable=False),
    PrimaryKeyConstraint("purpose"),
)

dropped = Table(
    "dropped",
    STORE,
    Column("agent", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("records", BigInteger, nullable=False),
    PrimaryKeyConstraint("agent", "kind"),
)
