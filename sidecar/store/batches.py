"""Questions that are with a provider in a batch: planned and paid for before they are sent, found again after a kill.

A batch is written down with its questions and their money before it is asked for, and its id as soon as the provider
has said it. What was planned and has no id is looked for at the provider before anything is asked again. A question
goes as soon as its answer is dealt with, and with its session when that is forgotten; a batch stays for a while after
its end, so that it is not taken for another one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, delete, select, update

from sidecar.domain import ModelUsage, SessionKey
from sidecar.store import schema
from sidecar.store.database import Database
from sidecar.store.insert import insert
from sidecar.store.sessions import key_columns, row_key
from sidecar.store.spend import Cap, Wanted, reserve_spend, settle_spend

batches = schema.batches
items = schema.batch_items
spend = schema.spend


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Questions that are asked together."""

    batch_key: str
    """Ours."""
    judge: str
    judge_version: str
    model: str
    asked_ns: int
    """When it was about to be sent."""
    size: int
    """Questions in it when it was sent."""
    batch_id: str | None = None
    """The provider's; None while nobody knows whether there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchItem:
    """One question of a batch that waits for its answer."""

    custom_id: str
    """The request's key, which is what its money is booked under."""
    session: SessionKey
    revision: int
    attempt: int
    """Of the request, by which its money is settled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One question that may go into a batch."""

    session: SessionKey
    revision: int
    wanted: Wanted


class Batches:
    """The batches of one store; each method is one transaction."""

    def __init__(self, database: Database) -> None:
        """Bind the store's database."""
        self._database = database

    def plan(self, batch: Batch, planned: Sequence[Planned], *, cap: Cap) -> list[BatchItem]:
        """Put money aside and write down what is about to be sent: the first questions, as many as the cap allows.

        Args:
            batch: Its size is not looked at.
        """
        with self._database.write() as connection:
            attempts = reserve_spend(connection, [one.wanted for one in planned], now_ns=batch.asked_ns, cap=cap)
            found = [
                BatchItem(custom_id=one.wanted.request_key, session=one.session, revision=one.revision, attempt=attempt)
                for one, attempt in zip(planned, attempts, strict=False)
            ]
            if found:
                _add(connection, batch, found)
        return found

    def set_id(self, batch_key: str, batch_id: str) -> None:
        """Keep what the provider calls a batch."""
        with self._database.write() as connection:
            connection.execute(update(batches).where(batches.c.batch_key == batch_key).values(batch_id=batch_id))

    def open(self, judge: str) -> list[Batch]:
        """Batches of any version of a judge that are not dealt with, the oldest first."""
        is_open = (batches.c.judge == judge) & batches.c.ended_ns.is_(None)
        with self._database.read() as connection:
            rows = connection.execute(select(batches).where(is_open).order_by(batches.c.asked_ns, batches.c.batch_key))
            return [
                Batch(
                    batch_key=row.batch_key,
                    judge=row.judge,
                    judge_version=row.judge_version,
                    model=row.model,
                    asked_ns=row.asked_ns,
                    size=row.size,
                    batch_id=row.batch_id,
                )
                for row in rows
            ]

    def items(self, batch_key: str) -> list[BatchItem]:
        """Questions of a batch whose answers are not dealt with, by custom id."""
        named = select(items).where(items.c.batch_key == batch_key).order_by(items.c.custom_id)
        with self._database.read() as connection:
            return [
                BatchItem(custom_id=row.custom_id, session=row_key(row), revision=row.revision, attempt=row.attempt)
                for row in connection.execute(named)
            ]

    def waiting(self, judge: str, judge_version: str) -> set[SessionKey]:
        """Sessions whose present revision this judge version is being asked about in a batch."""
        sessions = schema.sessions
        is_present = and_(*(items.c[name] == sessions.c[name] for name in ("team", "agent", "session_id", "revision")))
        is_asked = (batches.c.judge == judge) & (batches.c.judge_version == judge_version)
        query = select(items.c.team, items.c.agent, items.c.session_id)
        joined = query.join(batches, batches.c.batch_key == items.c.batch_key).join(sessions, is_present)
        with self._database.read() as connection:
            return {row_key(row) for row in connection.execute(joined.where(is_asked))}

    def drop(self, batch_key: str) -> None:
        """Forget a batch that the provider never began: its money is free, its sessions may be asked about again."""
        with self._database.write() as connection:
            for row in connection.execute(select(items).where(items.c.batch_key == batch_key)).all():
                settle_spend(connection, row.custom_id, row.attempt, amount_usd=0.0, usage=ModelUsage())
            _remove(connection, batch_key)

    def done(self, batch_key: str, custom_id: str) -> None:
        """Say that an answer is dealt with."""
        is_it = (items.c.batch_key == batch_key) & (items.c.custom_id == custom_id)
        with self._database.write() as connection:
            connection.execute(delete(items).where(is_it))

    def end(self, batch_key: str, *, now_ns: int) -> None:
        """Say that a batch is dealt with; whatever is left of its questions is not waited for any more."""
        with self._database.write() as connection:
            connection.execute(delete(items).where(items.c.batch_key == batch_key))
            connection.execute(update(batches).where(batches.c.batch_key == batch_key).values(ended_ns=now_ns))

    def known_ids(self) -> set[str]:
        """The provider's ids of all batches of ours, ended ones included."""
        with self._database.read() as connection:
            return set(connection.scalars(select(batches.c.batch_id).where(batches.c.batch_id.is_not(None))))

    def purge(self, before_ns: int) -> None:
        """Let go of batches that ended before a time."""
        with self._database.write() as connection:
            connection.execute(delete(batches).where(batches.c.ended_ns < before_ns))

    def unsettled_attempt(self, request_key: str) -> int | None:
        """The last attempt of a request whose cost is not known, as when its session was forgotten meanwhile."""
        open_ones = select(spend.c.attempt).where(spend.c.request_key == request_key, ~spend.c.is_settled)
        with self._database.read() as connection:
            return connection.scalars(open_ones.order_by(spend.c.attempt.desc()).limit(1)).one_or_none()


def _add(connection: Connection, batch: Batch, found: Sequence[BatchItem]) -> None:
    connection.execute(
        insert(connection, batches).values(
            batch_key=batch.batch_key,
            judge=batch.judge,
            judge_version=batch.judge_version,
            model=batch.model,
            asked_ns=batch.asked_ns,
            size=len(found),
            batch_id=batch.batch_id,
        )
    )
    rows = [
        {
            "batch_key": batch.batch_key,
            "custom_id": one.custom_id,
            **key_columns(one.session),
            "revision": one.revision,
            "attempt": one.attempt,
        }
        for one in found
    ]
    connection.execute(items.insert(), rows)


def _remove(connection: Connection, batch_key: str) -> None:
    connection.execute(delete(items).where(items.c.batch_key == batch_key))
    connection.execute(delete(batches).where(batches.c.batch_key == batch_key))
