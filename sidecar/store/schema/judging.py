"""What judges said, where it was shown, and what it cost."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, PrimaryKeyConstraint, Table

from sidecar.domain import Verdict
from sidecar.store.columns import Body, Time, Word
from sidecar.store.schema.metadata import STORE, of_session, session_key

verdicts = Table(
    "verdicts",
    STORE,
    *session_key(),
    Column("judge", Word, nullable=False),
    Column("judge_version", Word, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("body", Body(Verdict)),
    PrimaryKeyConstraint("team", "agent", "session_id", "judge", "judge_version"),
    of_session(),
)

mirrored = Table(
    "mirrored",
    STORE,
    *session_key(),
    Column("place", Word, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("confirmed_ns", Time),
    Column("tried_revision", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("reason", Word),
    PrimaryKeyConstraint("team", "agent", "session_id"),
    of_session(),
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
    *session_key(),
    Column("judge", Word, nullable=False),
    Column("judge_version", Word, nullable=False),
    Column("reason", Word, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("at_ns", Time, nullable=False),
    PrimaryKeyConstraint("team", "agent", "session_id", "judge", "judge_version", "reason"),
    of_session(),
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
    Column("project", Word),
    PrimaryKeyConstraint("request_key", "attempt"),
    Index(None, "at_ns"),
)

spend_days = Table(
    "spend_days",
    STORE,
    Column("day_ns", Time, nullable=False),
    Column("amount", BigInteger, nullable=False),
    PrimaryKeyConstraint("day_ns"),
)

batches = Table(
    "batches",
    STORE,
    Column("batch_key", Word, nullable=False),
    Column("judge", Word, nullable=False),
    Column("judge_version", Word, nullable=False),
    Column("model", Word, nullable=False),
    Column("asked_ns", Time, nullable=False),
    Column("size", Integer, nullable=False),
    Column("batch_id", Word),
    Column("ended_ns", Time),
    PrimaryKeyConstraint("batch_key"),
)

batch_items = Table(
    "batch_items",
    STORE,
    Column("batch_key", Word, nullable=False),
    Column("custom_id", Word, nullable=False),
    *session_key(),
    Column("revision", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    PrimaryKeyConstraint("batch_key", "custom_id"),
    of_session(),
    Index(None, "team", "agent", "session_id"),
)
