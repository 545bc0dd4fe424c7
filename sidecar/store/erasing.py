"""Let the bytes of deleted rows leave a SQLite database: out of its free pages, out of its log.

Zeros are written over what is deleted, yet a page that was split keeps copies of moved rows in its slack, and the log
keeps every page as it was until it is folded in and cut off.
"""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

PATIENCE_S = 60.0
"""How long others may read and write before we give up; a reader's snapshot keeps the log from being cut off."""
BUSY_TIMEOUT_S = 5.0
MOST_FREE = 0.25
"""Share of free pages over which the file is written anew for their room's sake."""


def erase(path: Path, *, is_whole: bool, patience_s: float = PATIENCE_S) -> None:
    """Fold the log in, cut it off, and write the file anew where asked for or worth it; others may go on meanwhile.

    Raises:
        sqlite3.Error: others kept it busy for all our patience, the disk is full, or it is no database.
    """
    deadline = time.monotonic() + patience_s
    timeout = min(BUSY_TIMEOUT_S, patience_s)
    with closing(sqlite3.connect(path, timeout=timeout, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete=ON")
        if is_whole or _free_share(connection) > MOST_FREE:
            _until(deadline, lambda: connection.execute("VACUUM"))
        _until(deadline, lambda: _cut_log(connection))


def _free_share(connection: sqlite3.Connection) -> float:
    (free,), (pages,) = (connection.execute(f"PRAGMA {name}").fetchone() for name in ("freelist_count", "page_count"))
    return free / pages if pages else 0.0


def _cut_log(connection: sqlite3.Connection) -> None:
    is_busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if is_busy:
        busy = sqlite3.OperationalError("the log is being read")
        busy.sqlite_errorcode = sqlite3.SQLITE_BUSY
        raise busy


def _until(deadline: float, act: Callable[[], object]) -> None:
    while True:
        try:
            act()
            return
        except sqlite3.OperationalError as exc:
            is_busy = exc.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
            if not is_busy or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
