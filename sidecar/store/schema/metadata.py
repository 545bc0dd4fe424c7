"""What all tables share: their two databases, the names of constraints, the key of a session."""

from sqlalchemy import Column, ForeignKeyConstraint, MetaData

from sidecar.store.columns import Word

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Every constraint has a name on both databases, so that a later migration can speak of it."""

STORE = MetaData(naming_convention=NAMING)
INBOX = MetaData(naming_convention=NAMING)


def session_key() -> list[Column[str]]:
    """Columns that say which session a row is of."""
    return [Column(name, Word, nullable=False) for name in ("team", "agent", "session_id")]


def of_session() -> ForeignKeyConstraint:
    """The row goes with its session."""
    key = ["team", "agent", "session_id"]
    return ForeignKeyConstraint(key, [f"sessions.{name}" for name in key], ondelete="CASCADE")
