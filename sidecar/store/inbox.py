"""The inbox: every request is here, durably, before it is acknowledged, and stays until a projector is done with it.

Rows are claimed by state with a lease, never by the order of their ids: on PostgreSQL a smaller id may be committed
after a greater one, and would never be seen again.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial
from itertools import accumulate
from typing import Any, Self

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select, update

from sidecar.domain import AgentName, TeamId
from sidecar.errors import DamagedError
from sidecar.store import codec, inbox_emptying, schema
from sidecar.store.database import Database
from sidecar.store.group_commit import GroupCommit
from sidecar.store.inbox_adding import add_entries
from sidecar.store.inbox_entry import InboxEntry, InboxReceipt, InboxRow, InboxState
from sidecar.store.migrating import Branch

MAX_CLAIM_BYTES = 8 * 2**20
"""Compressed bodies of one claim; session files shrink tenfold, so a batch stays within some hundred MB of memory."""

inbox = schema.inbox
_DONE: Mapping[str, object] = {"state": InboxState.DONE}
_DONE_EMPTIED: Mapping[str, object] = {**_DONE, **inbox_emptying.EMPTIED}


class Inbox:
    """One table of received requests, with one writer thread for what comes in."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._writer = GroupCommit(partial(add_entries, database))

    @classmethod
    def open(cls, url: str) -> Self:
        """The inbox at `sqlite:///PATH`, a file of its own, or in the database `postgresql+psycopg://…`.

        Raises:
            StoreBusyError: locked, full, or not answering.
            StoreError: no access, not a database, or written by a newer version.
        """
        return cls(Database.open(url, Branch.INBOX))

    async def add(self, entry: InboxEntry) -> InboxReceipt:
        """Store the entry; returns after the durable commit.

        An entry of the same (team, body hash) is not stored again. A hook carries no time, so the same bytes may be a
        second event: its row remembers the latest observation and is given to a projector once more.

        Raises:
            StoreBusyError: locked, full, or too much waiting; nothing is stored, send again.
            StoreError: the database cannot be used; nothing is stored.
        """
        return await self._writer.add(entry)

    def claim(self, *, owner: str, now_ns: int, lease_ns: int, limit: int) -> list[InboxRow]:
        """Rows that are new, or whose owner's lease has passed; the earliest received first.

        As many as the limit and MAX_CLAIM_BYTES allow, one at least. A row that does not read back is marked failed.
        """
        with self._database.write() as connection:
            return _claim(connection, owner, now_ns, lease_ns, limit)

    def owners(self) -> list[str]:
        """Everybody who has rows claimed now, in time or not."""
        with self._database.read() as connection:
            query = select(inbox.c.owner).where(inbox.c.state == InboxState.CLAIMED).distinct()
            return sorted(connection.scalars(query))

    def release(self, owner: str) -> None:
        """Make an owner's claimed rows new again, before its lease has passed: it is known to be dead."""
        claimed = (inbox.c.state == InboxState.CLAIMED) & (inbox.c.owner == owner)
        with self._database.write() as connection:
            connection.execute(update(inbox).where(claimed).values(state=InboxState.NEW, owner=None))

    def finish(self, row_ids: Sequence[int], *, owner: str, emptied: Collection[int] = ()) -> None:
        """Mark rows done; those the owner lost meanwhile, or that came again, stay as they are.

        Args:
            emptied: Of those, the ones whose body is not to be kept.
        """
        with self._database.write() as connection:
            _leave(connection, [row_id for row_id in row_ids if row_id not in emptied], owner, _DONE)
            _leave(connection, [row_id for row_id in row_ids if row_id in emptied], owner, _DONE_EMPTIED)

    def reject(self, row_id: int, *, owner: str, reason: str) -> None:
        """Mark a row failed and keep it with the reason; a row the owner lost meanwhile stays as it is."""
        with self._database.write() as connection:
            _leave(connection, [row_id], owner, {"state": InboxState.FAILED, "reason": reason})

    def rows_about(self, session_ids: Sequence[str]) -> Iterator[list[int]]:
        """Rows that are done or failed and hold one of these ids anywhere, in parts; every body is looked through."""
        words = [word for session_id in session_ids for word in inbox_emptying.words_for(session_id)]
        return inbox_emptying.rows_about(self._database, words)

    def empty(self, row_ids: Sequence[int]) -> int:
        """Take the bodies of rows that are done or failed, and leave what they are known by; gives how many."""
        return inbox_emptying.empty(self._database, row_ids)

    def expire(self, state: InboxState, *, before_ns: int) -> int:
        """Drop rows that have been done, or failed, since before a time; gives how many."""
        return inbox_emptying.expire(self._database, state, before_ns)

    def erase(self, *, is_whole: bool) -> None:
        """Let the bytes of what was dropped leave the file; see Database.erase."""
        self._database.erase(is_whole=is_whole)

    def counts(self) -> dict[str, int]:
        """Rows per state, states without rows included."""
        with self._database.read() as connection:
            rows = connection.execute(select(inbox.c.state, func.count()).group_by(inbox.c.state))
            found = {state: count for state, count in rows}
        return {str(state): found.get(state, 0) for state in InboxState}

    def close(self) -> None:
        """Commit what waits, then close all connections."""
        self._writer.close()
        self._database.close()


def _claim(connection: Connection, owner: str, now_ns: int, lease_ns: int, limit: int) -> list[InboxRow]:
    is_free = or_(
        inbox.c.state == InboxState.NEW,
        and_(inbox.c.state == InboxState.CLAIMED, inbox.c.lease_until_ns <= now_ns),
    )
    # A CTE is run once; a subselect with LIMIT and SKIP LOCKED may be run again for each row and claim too many.
    free = (
        select(inbox.c.row_id)
        .where(is_free)
        .order_by(inbox.c.received_ns, inbox.c.row_id)
        .limit(_rows_that_fit(connection, is_free, limit))
        .with_for_update(skip_locked=True)
        .cte("free")
    )
    claimed = (
        update(inbox)
        .where(inbox.c.row_id.in_(select(free.c.row_id)))
        .values(state=InboxState.CLAIMED, owner=owner, lease_until_ns=now_ns + lease_ns, attempts=inbox.c.attempts + 1)
        .returning(inbox)
    )
    rows: list[InboxRow] = []
    for row in connection.execute(claimed).all():
        try:
            rows.append(_claimed_row(row))
        except DamagedError as exc:
            _leave(connection, [row.row_id], owner, {"state": InboxState.FAILED, "reason": str(exc)})
    return sorted(rows, key=lambda row: (row.received_ns, row.row_id))


def _rows_that_fit(connection: Connection, is_free: ColumnElement[bool], limit: int) -> int:
    """How many of the first free rows stay within MAX_CLAIM_BYTES, one at least."""
    order = (inbox.c.received_ns, inbox.c.row_id)
    sizes = connection.scalars(select(func.length(inbox.c.body)).where(is_free).order_by(*order).limit(limit))
    reached = list(accumulate(sizes))
    return max(1, sum(total <= MAX_CLAIM_BYTES for total in reached))


def _claimed_row(row: Row[*tuple[Any, ...]]) -> InboxRow:
    return InboxRow(
        row_id=row.row_id,
        team=TeamId(row.team),
        body_hash=row.body_hash,
        channel=row.channel,
        agent=None if row.agent is None else AgentName(row.agent),
        parameters=codec.decode(Mapping[str, str], row.parameters),
        body=codec.decompress(row.body),
        received_ns=row.received_ns,
        observed_ns=row.observed_ns,
        last_observed_ns=row.last_observed_ns,
        is_timed=row.is_timed,
        attempts=row.attempts,
    )


def _leave(connection: Connection, row_ids: Sequence[int], owner: str, values: Mapping[str, object]) -> None:
    if not row_ids:
        return
    is_mine = and_(inbox.c.row_id.in_(row_ids), inbox.c.owner == owner, inbox.c.state == InboxState.CLAIMED)
    # the lease's end stays: it tells within a minute since when the row has been left
    connection.execute(update(inbox).where(is_mine).values({**values, "owner": None}))
