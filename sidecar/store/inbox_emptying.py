"""Taking bodies out of the inbox: those that speak of somebody who is forgotten, and those that are old.

A row that is emptied keeps its hash, so that the same bytes sent again are known. One that is dropped is not known any
more; what it said is in the store, and saying it again changes nothing there.
"""

import json
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, Row, delete, func, select, update

from sidecar.errors import DamagedError
from sidecar.store import codec, schema
from sidecar.store.database import Database
from sidecar.store.inbox_entry import InboxState

inbox = schema.inbox

ROWS_AT_ONCE = 50
"""Rows read, or changed, in one transaction: whoever receives waits for it."""
NO_PARAMETERS = codec.compress(b"{}")
EMPTIED: dict[str, object] = {"body": b"", "parameters": NO_PARAMETERS}
"""What an emptied row holds; no row that was received has a body of no bytes."""


def words_for(session_id: str) -> tuple[bytes, ...]:
    """How a session's id stands in a body: as it is, and as JSON writers escape it."""
    plain = session_id.encode("utf-8", "surrogatepass")
    escaped = (json.dumps(session_id, ensure_ascii=is_ascii)[1:-1] for is_ascii in (True, False))
    return tuple({plain, *(text.encode("utf-8", "surrogatepass") for text in escaped)})


def rows_about(database: Database, words: Sequence[bytes]) -> Iterator[list[int]]:
    """Projected and failed rows that hold one of the words, in parts; one that does not read back may hold any."""
    last = 0
    while True:
        with database.read() as connection:
            rows = _next_rows(connection, last)
        if not rows:
            return
        last = rows[-1].row_id
        if found := [row.row_id for row in rows if _is_about(row, words)]:
            yield found


def empty(database: Database, row_ids: Sequence[int]) -> int:
    """Empty rows that nobody works on; gives how many."""
    is_over = inbox.c.state.in_((InboxState.DONE, InboxState.FAILED))
    with database.write() as connection:
        return connection.execute(update(inbox).where(inbox.c.row_id.in_(row_ids), is_over).values(EMPTIED)).rowcount


def expire(database: Database, state: InboxState, before_ns: int) -> int:
    """Drop rows that were left in this state before a time; gives how many."""
    dropped = 0
    while True:
        # rows of before this was noted have the receipt
        left_ns = func.coalesce(inbox.c.lease_until_ns, inbox.c.received_ns)
        old = select(inbox.c.row_id).where(inbox.c.state == state, left_ns < before_ns).limit(ROWS_AT_ONCE)
        with database.write() as connection:
            ids = list(connection.scalars(old))
            dropped += connection.execute(delete(inbox).where(inbox.c.row_id.in_(ids), inbox.c.state == state)).rowcount
        if len(ids) < ROWS_AT_ONCE:
            return dropped


def _next_rows(connection: Connection, after: int) -> Sequence[Row[int, bytes, bytes]]:
    is_over = inbox.c.state.in_((InboxState.DONE, InboxState.FAILED))
    query = select(inbox.c.row_id, inbox.c.parameters, inbox.c.body)
    wanted = query.where(inbox.c.row_id > after, is_over, func.length(inbox.c.body) > 0)
    return connection.execute(wanted.order_by(inbox.c.row_id).limit(ROWS_AT_ONCE)).all()


def _is_about(row: Row[int, bytes, bytes], words: Sequence[bytes]) -> bool:
    try:
        held = codec.decompress(row.parameters) + b"\n" + codec.decompress(row.body)
    except DamagedError:
        return True
    return any(word in held for word in words)
