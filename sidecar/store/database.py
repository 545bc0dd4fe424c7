"""One database, opened and migrated: SQLite in a file of mode 0600, or PostgreSQL; transactions to read or to write."""

import sqlite3
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Self, cast

from sqlalchemy import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import PoolProxiedConnection

from sidecar.errors import StoreError
from sidecar.store.engines import postgres_engine, sqlite_engine
from sidecar.store.erasing import erase
from sidecar.store.failures import translated
from sidecar.store.migrating import Branch, migrate


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
        self._kept: PoolProxiedConnection | None = None

    @classmethod
    def open(cls, url: str, branch: Branch) -> Self:
        """The database at the url, migrated to the newest schema of the branch.

        Raises:
            StoreBusyError: locked, full, or not answering.
            StoreError: not a url we can use, no access, or written by a newer version.
        """
        parsed = _parsed(url)
        where = parsed.database or "" if parsed.drivername == "sqlite" else parsed.render_as_string(hide_password=True)
        engine = sqlite_engine(parsed) if parsed.drivername == "sqlite" else postgres_engine(parsed)
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
            _begin(connection, "BEGIN")
            yield connection

    @contextmanager
    def write(self) -> Generator[Connection]:
        """One transaction, committed at the end, undone by any error."""
        with translated(self._where), self._engine.begin() as connection:
            # a transaction that reads first and writes later could not wait for its turn in SQLite
            _begin(connection, "BEGIN IMMEDIATE")
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
        For one thread only, as the connection is kept for the next call; after an error a new one is made. Nothing is
        checked as a guarded database would.
        """
        with translated(self._where):
            if self._kept is None:
                self._kept = self._engine.raw_connection()
            try:
                yield cast("sqlite3.Connection", self._kept.driver_connection)
            except BaseException:
                self._let_go()
                raise

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
        self._let_go()
        self._engine.dispose()

    def _let_go(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.close()


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


def _begin(connection: Connection, statement: str) -> None:
    """Begin on SQLite, at the driver: an event of the engine's would make each statement a third slower."""
    if connection.dialect.name == "sqlite":
        cast("sqlite3.Connection", connection.connection.driver_connection).execute(statement)
