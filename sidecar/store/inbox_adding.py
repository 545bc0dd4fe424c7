"""Writing new requests to the inbox: many in one statement, and each by itself only where one was there before."""

import sqlite3
from collections.abc import Mapping, Sequence
from functools import cache
from typing import cast

from sqlalchemy import Connection, and_, case, func
from sqlalchemy.sql.dml import ReturningInsert

from sidecar.store import codec, columns, schema
from sidecar.store.database import Database
from sidecar.store.inbox_emptying import NO_PARAMETERS
from sidecar.store.inbox_entry import InboxEntry, InboxReceipt, InboxState
from sidecar.store.insert import insert

inbox = schema.inbox
_KEY = ("team", "body_hash")
_CONTENT = ("parameters", "body")
_COLUMNS = (
    "team",
    "body_hash",
    "channel",
    "agent",
    "parameters",
    "body",
    "received_ns",
    "observed_ns",
    "last_observed_ns",
    "is_timed",
)
"""What differs from row to row, in the order of `_values`."""
_BODY = _COLUMNS.index("body")
MAX_KEPT_BYTES = 256 * 1024
"""The driver keeps a hundred statements, each with what was last given to it: bodies up to this go in one statement of
as many rows, more of them row by row."""
_SAME: Mapping[str, object] = {"receipts": 1, "state": InboxState.NEW.value, "attempts": 0}
"""What each new row has."""


class _AddedBeforeError(Exception):
    """Not all entries are new; nothing of them was added."""


def add_entries(database: Database, entries: Sequence[InboxEntry]) -> list[InboxReceipt]:
    """Store entries in one transaction; of one that is there already its receipt is counted.

    Raises:
        StoreBusyError: locked or full; nothing is stored.
        StoreError: the database cannot be used; nothing is stored.
    """
    # compressed before the transaction begins: nobody waits for our processor while we hold the lock
    rows = [_values(entry) for entry in entries]
    try:
        _add_new(database, rows)
    except _AddedBeforeError:
        with database.write() as connection:
            upsert = _upsert(connection)
            return [InboxReceipt(is_new=connection.execute(upsert, _named(row)).scalar_one() == 1) for row in rows]
    return [InboxReceipt(is_new=True)] * len(rows)


def _add_new(database: Database, rows: Sequence[tuple[object, ...]]) -> None:
    """Insert rows that are nearly always new, in one statement; to ask for each takes ten times as long.

    Raises:
        _AddedBeforeError: one was there before.
    """
    if not database.is_sqlite:
        with database.write() as connection:
            statement = insert(connection, inbox).on_conflict_do_nothing(index_elements=_KEY)
            if connection.execute(statement, [_named(row) for row in rows]).rowcount != len(rows):
                raise _AddedBeforeError
        return
    with database.driver() as driver:
        try:
            _insert(driver, rows)
        except sqlite3.IntegrityError as exc:
            if exc.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_UNIQUE:
                raise _AddedBeforeError from exc
            raise


def _insert(driver: sqlite3.Connection, rows: Sequence[tuple[object, ...]]) -> None:
    if sum(len(cast("bytes", row[_BODY])) for row in rows) <= MAX_KEPT_BYTES:
        # a transaction of its own, and one call: between two the interpreter would be another thread's
        driver.execute(_insert_of(len(rows)), [value for row in rows for value in row])
        return
    driver.execute("BEGIN IMMEDIATE")
    try:
        driver.executemany(_insert_of(1), rows)
        driver.execute("COMMIT")
    except BaseException:
        if driver.in_transaction:
            driver.execute("ROLLBACK")
        raise


@cache
def _insert_of(count: int) -> str:
    fixed = (f"'{value}'" if isinstance(value, str) else str(value) for value in _SAME.values())
    row = f"({', '.join([*('?' for _ in _COLUMNS), *fixed])})"
    # nothing that was sent is in it: names of columns, and what each new row has
    names = ", ".join([*_COLUMNS, *_SAME])
    return f"INSERT INTO {inbox.name} ({names}) VALUES {', '.join([row] * count)}"  # noqa: S608


def _values(entry: InboxEntry) -> tuple[object, ...]:
    observed_ns = columns.time(entry.observed_ns)
    return (
        columns.word(entry.team),
        entry.body_hash,
        entry.channel,
        columns.word(entry.agent),
        codec.encode(Mapping[str, str], entry.parameters) if entry.parameters else NO_PARAMETERS,
        codec.compress(entry.body) if entry.packed is None else entry.packed,
        columns.time(entry.received_ns),
        observed_ns,
        observed_ns,
        entry.is_timed,
    )


def _named(row: tuple[object, ...]) -> dict[str, object]:
    return {**dict(zip(_COLUMNS, row, strict=True)), **_SAME}


def _upsert(connection: Connection) -> ReturningInsert[int]:
    """Insert, or note one more receipt; gives the number of receipts."""
    statement = insert(connection, inbox)
    is_later = statement.excluded.observed_ns > inbox.c.last_observed_ns
    is_again = and_(is_later, inbox.c.channel == "hook", ~inbox.c.is_timed)
    is_emptied = func.length(inbox.c.body) == 0
    return statement.on_conflict_do_update(
        index_elements=_KEY,
        set_={
            "receipts": inbox.c.receipts + 1,
            "last_observed_ns": case((is_later, statement.excluded.observed_ns), else_=inbox.c.last_observed_ns),
            "state": case((is_again, InboxState.NEW), else_=inbox.c.state),
            **{name: case((is_again & is_emptied, statement.excluded[name]), else_=inbox.c[name]) for name in _CONTENT},
            # Whoever works on it now saw the older time: it is no longer theirs to finish.
            "owner": case((is_again, None), else_=inbox.c.owner),
        },
    ).returning(inbox.c.receipts)
