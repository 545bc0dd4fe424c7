"""One database, opened and migrated: SQLite in a file of mode 0600, or PostgreSQL; transactions to read or to write.

Both SQLite files are synchronous=FULL. For the inbox this is the promise behind an acknowledgement. For the store it is
needed because an inbox row is marked done after the store's commit: were that commit lost with the power, the row would
not be projected again. NORMAL would lose it, as WAL is then synced at checkpoints only.
"""

import os
import sqlite3
import stat
import threading
import time
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Self, cast

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from sidecar.errors import StoreError
from sidecar.store.erasing import erase
from sidecar.store.failures import translated
from sidecar.store.migrating import Branch, migrate

BUSY_TIMEOUT_S = 5.0
"""How long a writer waits for another one; group commits take milliseconds, a migration may take seconds."""
CONNECT_TIMEOUT_S = 5
"""How long a PostgreSQL server may take to say anything; `?connect_timeout=` in store.url overrides it."""
IDLE_S = 10
"""How long a PostgreSQL transaction may wait for its process: one that was paused in the middle keeps locks that
others wait for, and the server would not miss it for hours."""
POOL_SIZE = 8
POOL_OVERFLOW = 32
"""A web server's worker threads are up to 40, and each may be in one transaction."""
POOL_TIMEOUT_S = 10.0


class Database:
    """Transactions on one database; errors come out as StoreError, StoreBusyError or InputError."""

    def __init__(
        self,
        engine: Engine,
        where: str,
        check: Callable[[Connection], None] | None = None,
        turn: "threading.Lock | None" = None,
    ) -> None:
        self._engine = engine
        self._where = where
        self._check = check
        # For small writes of this process, which else wait for each other by polling the file.
        self.turn = turn or threading.Lock()
        # BEGIN IMMEDIATE: a transaction that reads first and writes later could not wait for its turn in SQLite.
        self._writing = engine.execution_options(sqlite_begin="BEGIN IMMEDIATE")

    @classmethod
    def open(cls, url: str, branch: Branch) -> Self:
        """The database at the url, migrated to the newest schema of the branch.

        Raises:
            StoreBusyError: locked, full, or not answering.
            StoreError: not a url we can use, no access, or written by a newer version.
        """
        parsed = _parsed(url)
        where = parsed.database or "" if parsed.drivername == "sqlite" else parsed.render_as_string(hide_password=True)
        engine = _sqlite_engine(parsed) if parsed.drivername == "sqlite" else _postgres_engine(parsed)
        database = cls(engine, where)
        try:
            with database.read() as connection:
                is_current = branch.is_current(connection, where)
            if not is_current:
                with database.write() as connection:
                    migrate(connection, branch, where)
        except BaseException:
            database.close()
            raise
        return database

    @contextmanager
    def read(self) -> Generator[Connection]:
        """One snapshot to read from; writers do not wait for it on either database."""
        with translated(self._where), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Generator[Connection]:
        """One transaction, committed at the end, undone by any error."""
        with translated(self._where), self._writing.begin() as connection:
            if self._check is not None:
                self._check(connection)
            yield connection

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file of ours, and no server's."""
        return self._engine.dialect.name == "sqlite"

    @contextmanager
    def driver(self) -> Generator[sqlite3.Connection]:
        """The driver's own connection of a SQLite file, where each statement is a transaction of its own.

        For a thousand calls a second: a transaction by `write` takes a tenth of a millisecond more than its statements.
        Nothing is checked as a guarded database would.
        """
        with translated(self._where), closing(self._engine.raw_connection()) as connection:
            yield cast("sqlite3.Connection", connection.driver_connection)

    def guarded(self, check: Callable[[Connection], None]) -> "Database":
        """The same database, where every writing transaction begins with a check that may raise."""
        return Database(self._engine, self._where, check, self.turn)

    def erase(self, *, is_whole: bool) -> None:
        """Let the bytes of deleted rows leave the files; on PostgreSQL that is its VACUUM's work, and nothing is done.

        Args:
            is_whole: Write the file anew, so that nothing is left in the slack of its pages either; others wait
                meanwhile, a second for 200 MB (2026-11-25). Else only where a quarter of the file is free.
        Raises:
            StoreBusyError: others read or write all the time.
        """
        if not self.is_sqlite:
            return
        with translated(self._where):
            erase(Path(self._engine.url.database or ""), is_whole=is_whole)

    def close(self) -> None:
        """Close the idle connections; SQLite folds its log into the file with the last one."""
        self._engine.dispose()


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as exc:
        # not shown: what cannot be parsed may hold a password anywhere
        raise StoreError(
            "store.url is not a database url; write sqlite:///PATH or postgresql+psycopg://USER@HOST:PORT/DATABASE"
        ) from exc
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in ("sqlite", "postgresql+psycopg"):
        raise StoreError(f"{parsed.drivername} is not a database we know; use sqlite:///PATH or postgresql+psycopg://…")
    if parsed.drivername == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise StoreError("a store in memory would forget what it acknowledged; name a file: sqlite:///PATH")
    return parsed


def _sqlite_engine(url: URL) -> Engine:
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
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgres_engine(url: URL) -> Engine:
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
            f"writable for this user, and the file must be this user's own"
        ) from exc


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own transaction control begins none for SELECT and DDL; `_begin_sqlite` begins all of them.
    # https://docs.sqlalchemy.org/en/21/dialects/sqlite.html#sqlite-transactions
    connection.isolation_level = None  # type: ignore[attr-defined]
    cursor = connection.cursor()
    try:
        _use_write_ahead_log(connection)
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
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


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))
