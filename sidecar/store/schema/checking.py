"""What was asked of judges beside their verdicts: guesses without the result, reruns, and which rules were followed."""

from sqlalchemy import Column, Float, Index, Integer, PrimaryKeyConstraint, Table

from sidecar.domain import Adherence
from sidecar.store.columns import Body, Time, Word
from sidecar.store.schema.metadata import STORE, of_session, session_key

blind_calls = Table(
    "blind_calls",
    STORE,
    *session_key(),
    Column("judge_version", Word, nullable=False),
    Column("blind_version", Word, nullable=False),
    Column("model", Word, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("guess", Word),
    Column("confidence", Float),
    Column("reason", Word),
    Column("at_ns", Time, nullable=False),
    PrimaryKeyConstraint("team", "agent", "session_id", "judge_version", "blind_version"),
    of_session(),
    Index(None, "judge_version", "blind_version"),
)

reruns = Table(
    "reruns",
    STORE,
    *session_key(),
    Column("judge_version", Word, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("first", Word, nullable=False),
    Column("again", Word, nullable=False),
    Column("at_ns", Time, nullable=False),
    PrimaryKeyConstraint("team", "agent", "session_id", "judge_version"),
    of_session(),
)

adherences = Table(
    "adherences",
    STORE,
    *session_key(),
    Column("judge_version", Word, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("at_ns", Time, nullable=False),
    Column("body", Body(tuple[Adherence, ...]), nullable=False),
    PrimaryKeyConstraint("team", "agent", "session_id", "judge_version"),
    of_session(),
)
