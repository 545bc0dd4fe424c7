"""Connections to both databases, each set up before it is used: a SQLite file of mode 0600, or PostgreSQL.

Both SQLite files are synchronous=FULL. For the inbox this is the promise behind an acknowledgement. For the store it is
needed because an inbox row is marked done after the store's commit: were that commit lost with the power, the row would
not be projected again. NORMAL would lose it, as WAL is then synced at checkpoints only.
"""

import errno
import os
import sqlite3
import stat
import time
from pathlib import Path

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from sidecar.errors import StoreError

BUSY_TIMEOUT_S = 5.0
"""How long a writer waits for another one; group commits take milliseconds, a migration may take seconds."""
CONNECT_TIMEOUT_S = 5
"""How long a PostgreSQL server may take to say anything; `?connect_timeout=` in store.url overrides it."""
IDLE_S = 10
"""How long a PostgreSQL transaction may wait for its process: one that was paused in the middle keeps locks that
others wait for, and the server would not miss it for hours."""
LOG_PAGES = 4000
"""Pages of 4 kB in SQLite's log before they are folded into the file. A page that many commits change, as those of an
index by hash are, is folded once for all of them; at SQLite's own 1000 each row cost a tenth more."""
POOL_SIZE = 8
POOL_OVERFLOW = 32
"""A web server's worker threads are up to 40, and each may be in one transaction."""
POOL_TIMEOUT_S = 10.0


def sqlite_engine(url: URL) -> Engine:
    """Connections to a file, which is created where it is missing.

    Raises:
        StoreError: it cannot be made this user's own.
    """
    path = Path(url.database or "")
    _make_private(path)
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_TIMEOUT_S},
        hide_parameters=True,
        pool_size=POOL_SIZE,
        max_overflow=POOL_OVERFLOW,
        pool_timeout=POOL_TIMEOUT_S,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def postgres_engine(url: URL) -> Engine:
    """Connections to a server.

    Raises:
        StoreError: its driver is not installed.
    """
    try:
        engine = create_engine(
            url.update_query_dict({"connect_timeout": str(CONNECT_TIMEOUT_S), **url.query}),
            hide_parameters=True,
            pool_pre_ping=True,  # a server that was restarted is noticed before a transaction, not by one
            pool_size=POOL_SIZE,
            max_overflow=POOL_OVERFLOW,
            pool_timeout=POOL_TIMEOUT_S,
        )
    except ModuleNotFoundError as exc:
        raise StoreError("PostgreSQL needs its driver; install agent-sidecar[postgres]") from exc
    event.listen(engine, "connect", _prepare_postgres)
    return engine


def _make_private(path: Path) -> None:
    """Create the file for this user only; SQLite gives its log and shared memory the same mode."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        if stat.S_IMODE(path.stat().st_mode) != 0o600:
            path.chmod(0o600)
    except OSError as exc:
        raise StoreError(
            f"{path} cannot be opened for this user alone ({exc.strerror}); its folder must exist, both must be "
            f"writable for this user, and the file must be this user's own{_why_to_write(exc)}"
        ) from exc


def _why_to_write(cause: OSError) -> str:
    """For who only wants to look at a folder that is not to be written."""
    if cause.errno not in (errno.EROFS, errno.EACCES, errno.EPERM):
        return ""
    return (
        ". To read it needs writing, too: a lock and a journal lie beside the file. To look at a folder that is not to "
        "be written, copy the whole folder and name the copy with --data"
    )


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own transaction control begins none for SELECT and DDL; Database begins all of them.
    # https://docs.sqlalchemy.org/en/21/dialects/sqlite.html#sqlite-transactions
    connection.isolation_level = None  # type: ignore[attr-defined]
    cursor = connection.cursor()
    try:
        _use_write_ahead_log(connection)
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA wal_autocheckpoint={LOG_PAGES}")
        # not every build does so by itself: what is deleted is overwritten with zeros
        cursor.execute("PRAGMA secure_delete=ON")
    finally:
        cursor.close()


def _prepare_postgres(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    try:
        cursor.execute(f"SET idle_in_transaction_session_timeout = '{IDLE_S}s'")
    finally:
        cursor.close()
    # the driver began a transaction for it, and one that is undone takes the setting along
    connection.commit()


def _use_write_ahead_log(connection: DBAPIConnection) -> None:
    """Set WAL, which lasts in the file; two processes that create one file must not fail each other."""
    cursor = connection.cursor()
    deadline = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as exc:
            # Changing the journal needs the file alone, and SQLite does not wait for that by its busy timeout.
            if exc.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
