"""Tables of the store and of the inbox, as the newest migration leaves them.

Only what is searched or sorted by has a column; the rest of each record is in its compressed body. Rows that may come
before the session they speak of (observations, files, outcomes, joins, feedback) do not refer to one.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from sidecar.domain import (
    FollowUp,
    LabelDecision,
    Observation,
    Outcome,
    Proposal,
    Refusal,
    Rule,
    Session,
    Step,
    Tombstone,
    Verdict,
)
from sidecar.store.columns import Body, Time, Word, row_id

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Every constraint has a name on both databases, so that a later migration can speak of it."""

STORE = MetaData(naming_convention=NAMING)
INBOX = MetaData(naming_convention=NAMING)


def _session_key() -> list[Column[str]]:
    return [Column(name, Word, nullable=False) for name in ("team", "agent", "session_id")]


def _of_session() -> ForeignKeyConstraint:
    key = ["team", "agent", "session_id"]
    return ForeignKeyConstraint(key, [f"sessions.{name}" for name in key], ondelete="CASCADE")


observations = Table(
    "observations",
    STORE,
    *_session_key(),
    Column("key", Word, nullable=False),
    Column("body", Body(Observation), nullable=False),
    PrimaryKeyConstraint("team", "agent", "session_id", "key"),
)

file_chunks = Table(
    "file_chunks",
    STORE,
    *_session_key(),
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
    *_session_key(),
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
    *_session_key(),
    Column("body", Body(tuple[Step, ...]), nullable=False),
    PrimaryKeyConstraint("team", "agent", "session_id"),
    _of_session(),
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
    *_session_key(),
    Column("outcome_id", Word, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("reason", Word, nullable=False),
    PrimaryKeyConstraint("team", "agent", "session_id", "outcome_id"),
    ForeignKeyConstraint(["team", "outcome_id"], ["outcomes.team", "outcomes.outcome_id"]),
)

feedback = Table(
    "feedback",
    STORE,
    *_session_key(),
    Column("at_ns", Time, nullable=False),
    Column("text_hash", LargeBinary, nullable=False),
    Column("text", Word, nullable=False),
    Column("identifier", Word),
    PrimaryKeyConstraint("team", "agent", "session_id", "at_ns", "text_hash"),
)

verdicts = Table(
    "verdicts",
    STORE,
    *_session_key(),
    Column("judge", Word, nullable=False),
    Column("judge_version", Word, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("body", Body(Verdict)),
    PrimaryKeyConstraint("team", "agent", "session_id", "judge", "judge_version"),
    _of_session(),
)

mirrored = Table(
    "mirrored",
    STORE,
    *_session_key(),
    Column("place", Word, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("confirmed_ns", Time),
    Column("tried_revision", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("reason", Word),
    PrimaryKeyConstraint("team", "agent", "session_id"),
    _of_session(),
)

kept_replies = Table(
    "kept_replies",
    STORE,
    Column("request_key", Word, nullable=False),
    Column("model", Word, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("request_key", "model"),
)

judge_problems = Table(
    "judge_problems",
    STORE,
    *_session_key(),
    Column("judge", Word, nullable=False),
    Column("judge_version", Word, nullable=False),
    Column("reason", Word, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("at_ns", Time, nullable=False),
    PrimaryKeyConstraint("team", "agent", "session_id", "judge", "judge_version", "reason"),
    _of_session(),
)

spend = Table(
    "spend",
    STORE,
    Column("request_key", Word, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("purpose", Word, nullable=False),
    Column("model", Word, nullable=False),
    Column("at_ns", Time, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("is_settled", Boolean, nullable=False),
    Column("input_tokens", BigInteger, nullable=False),
    Column("cache_write_tokens", BigInteger, nullable=False),
    Column("cache_read_tokens", BigInteger, nullable=False),
    Column("output_tokens", BigInteger, nullable=False),
    PrimaryKeyConstraint("request_key", "attempt"),
    Index(None, "at_ns"),
)

proposals = Table(
    "proposals",
    STORE,
    Column("proposal_id", Word, nullable=False),
    Column("project", Word, nullable=False),
    Column("state", Word, nullable=False),
    Column("created_ns", Time, nullable=False),
    Column("body", Body(Proposal), nullable=False),
    PrimaryKeyConstraint("proposal_id"),
    Index(None, "project", "state"),
)

refusals = Table(
    "refusals",
    STORE,
    Column("project", Word, nullable=False),
    Column("text_hash", LargeBinary, nullable=False),
    Column("at_ns", Time, nullable=False),
    Column("body", Body(Refusal), nullable=False),
    PrimaryKeyConstraint("project", "text_hash"),
)

tombstones = Table(
    "tombstones",
    STORE,
    Column("project", Word, nullable=False),
    Column("rule_id", Word, nullable=False),
    Column("at_ns", Time, nullable=False),
    Column("body", Body(Tombstone), nullable=False),
    PrimaryKeyConstraint("project", "rule_id"),
)

base_rules = Table(
    "base_rules",
    STORE,
    Column("project", Word, nullable=False),
    Column("commit", Word, nullable=False),
    Column("body", Body(tuple[Rule, ...]), nullable=False),
    PrimaryKeyConstraint("project"),
)

rules_files = Table(
    "rules_files",
    STORE,
    Column("project", Word, nullable=False),
    Column("sha", Text, nullable=False),
    Column("body", Body(tuple[Rule, ...]), nullable=False),
    PrimaryKeyConstraint("project", "sha"),
)

leases = Table(
    "leases",
    STORE,
    Column("name", Text, nullable=False),
    Column("owner", Text),
    Column("token", BigInteger, nullable=False),
    Column("expires_ns", Time, nullable=False),
    PrimaryKeyConstraint("name"),
)

tokens = Table(
    "tokens",
    STORE,
    Column("token_id", Word, nullable=False),
    Column("team", Word, nullable=False),
    Column("scope", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("note", Word, nullable=False),
    Column("created_ns", Time, nullable=False),
    Column("expires_ns", Time),
    Column("revoked_ns", Time),
    PrimaryKeyConstraint("token_id"),
)

nodes = Table(
    "nodes",
    STORE,
    Column("name", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("beats", BigInteger, nullable=False),
    Column("is_stopped", Boolean, nullable=False),
    Column("seen_ns", Time, nullable=False),
    PrimaryKeyConstraint("name"),
)

forgotten = Table(
    "forgotten",
    STORE,
    Column("team", Word, nullable=False),
    Column("digest", Text, nullable=False),
    Column("agent", Word, nullable=False),
    Column("fate", Text, nullable=False),
    Column("at_ns", Time, nullable=False),
    Column("erased_ns", Time),
    PrimaryKeyConstraint("team", "digest", "agent"),
)

viewer_deletions = Table(
    "viewer_deletions",
    STORE,
    *_session_key(),
    Column("at_ns", Time, nullable=False),
    PrimaryKeyConstraint("team", "agent", "session_id"),
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

inbox = Table(
    "inbox",
    INBOX,
    Column("row_id", row_id(), nullable=False, autoincrement=True),
    Column("team", Word, nullable=False),
    Column("body_hash", Word, nullable=False),
    Column("channel", Word, nullable=False),
    Column("agent", Word),
    Column("parameters", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("received_ns", Time, nullable=False),
    Column("observed_ns", Time, nullable=False),
    Column("last_observed_ns", Time, nullable=False),
    Column("is_timed", Boolean, nullable=False),
    Column("receipts", Integer, nullable=False),
    Column("state", Word, nullable=False),
    Column("owner", Word),
    Column("lease_until_ns", Time),
    Column("attempts", Integer, nullable=False),
    Column("reason", Word),
    PrimaryKeyConstraint("row_id"),
    UniqueConstraint("team", "body_hash"),
    Index(None, "state", "received_ns"),
)
