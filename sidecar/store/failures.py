"""The one place where a database's errors become ours: which are worth another try, and what a person should do."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from sidecar.errors import InputError, SidecarError, StoreBusyError, StoreError

_BUSY_SQLITE = {
    sqlite3.SQLITE_BUSY: "is locked by another process; try again in a moment",
    sqlite3.SQLITE_LOCKED: "is locked by another connection; try again in a moment",
    sqlite3.SQLITE_FULL: "has no room left: the disk or its quota is full; free some space, no restart is needed",
    sqlite3.SQLITE_IOERR: "cannot be read or written, which happens when the disk is full; check the disk and its room",
    sqlite3.SQLITE_NOMEM: "got no memory from the system; try again in a moment",
}
_BROKEN_SQLITE = {
    sqlite3.SQLITE_READONLY: "is read-only; give this user write access to the file and its folder",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; its folder must exist and be writable for this user",
    sqlite3.SQLITE_PERM: "may not be opened by this user; give it access to the file and its folder",
    sqlite3.SQLITE_CORRUPT: "is damaged; restore it from a copy, or move it away and import the sessions again",
    sqlite3.SQLITE_NOTADB: "is not a SQLite database; name another file in store.url",
}
_BUSY_POSTGRES = {
    "08": "did not keep the connection; it is tried anew with the next call",
    "25006": "is read-only for now (a standby, or in recovery); try again when the primary is back",
    "40": "undid the transaction because of another one; try again",
    "53": "is out of room, memory or connections; free some, no restart is needed",
    "55P03": "is locked by another transaction; try again in a moment",
    "57": "is shutting down or ended the query; try again when it is back",
}
"""By SQLSTATE or its class: https://www.postgresql.org/docs/current/errcodes-appendix.html"""
_REFUSED_LOGIN = ("authentication failed", "does not exist", "no pg_hba.conf entry", "no password supplied")


@contextmanager
def translated(where: str) -> Generator[None]:
    """Raise what the database raises inside as one of our errors; `where` names the database, without a password.

    Raises:
        StoreBusyError: locked, full, overloaded or away; the same call may succeed later.
        InputError: a value that no column can hold.
        StoreError: anything else.
    """
    try:
        yield
    except PoolTimeoutError as exc:
        raise StoreBusyError(f"{where} has no free connection; too many calls at once, try again in a moment") from exc
    except OverflowError as exc:
        raise InputError(f"a number does not fit into 64 bits and cannot be stored in {where}") from exc
    except DBAPIError as exc:
        raise _store_error(exc, where) from exc
    except sqlite3.Error as exc:
        raise _sqlite_error(exc, where) from exc


def _store_error(exc: DBAPIError, where: str) -> SidecarError:
    if isinstance(exc.orig, sqlite3.Error):
        return _sqlite_error(exc.orig, where)
    return _postgres_error(exc, where)


def _sqlite_error(cause: sqlite3.Error, where: str) -> SidecarError:
    # The low byte is the kind; the high ones say in which act it happened.
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    if code in _BUSY_SQLITE:
        return StoreBusyError(f"{where} {_BUSY_SQLITE[code]} (SQLite: {cause})")
    if code in _BROKEN_SQLITE:
        return StoreError(f"{where} {_BROKEN_SQLITE[code]} (SQLite: {cause})")
    if code == sqlite3.SQLITE_TOOBIG:
        return InputError(f"a body is too big to be stored in {where} (SQLite: {cause})")
    return StoreError(f"{where} refused (SQLite: {cause})")


def _postgres_error(exc: DBAPIError, where: str) -> SidecarError:
    # Read by name: the driver is an extra, and this module loads without it.
    state: str = getattr(exc.orig, "sqlstate", None) or ""
    # The first line only: the following ones show values of the row.
    words = (str(exc.orig).splitlines() or [""])[0]
    reason = _BUSY_POSTGRES.get(state) or _BUSY_POSTGRES.get(state[:2])
    if reason is not None:
        return StoreBusyError(f"{where} {reason} (PostgreSQL: {words})")
    if isinstance(exc, OperationalError) and not state:
        if any(refused in str(exc.orig) for refused in _REFUSED_LOGIN):
            return StoreError(f"{where} refused the login; check user, password and database in store.url ({words})")
        return StoreBusyError(f"{where} does not answer; is it running and reachable? (PostgreSQL: {words})")
    if isinstance(exc, DataError) or state == "54000":
        return InputError(f"a value cannot be stored in {where} (PostgreSQL: {words})")
    return StoreError(f"{where} refused (PostgreSQL: {words})")
