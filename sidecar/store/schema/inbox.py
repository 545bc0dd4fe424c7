"""The inbox, in a file of its own on SQLite."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, PrimaryKeyConstraint, Table, UniqueConstraint

from sidecar.store.columns import Time, Word, row_id
from sidecar.store.schema.metadata import INBOX

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
