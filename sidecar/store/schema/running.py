"""Who runs and who may: leases, nodes, tokens; and what was forgotten."""

from sqlalchemy import BigInteger, Boolean, Column, PrimaryKeyConstraint, Table, Text

from sidecar.store.columns import Time, Word
from sidecar.store.schema.metadata import STORE, session_key

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
    *session_key(),
    Column("at_ns", Time, nullable=False),
    PrimaryKeyConstraint("team", "agent", "session_id"),
)
