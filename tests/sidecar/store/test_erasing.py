"""Bytes of deleted rows leave SQLite's files, or it is said why not."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from sidecar.store.erasing import erase

CANARY = b"canary-51fe"


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    """A database in which a few of many rows were deleted by a build that leaves their bytes where they were."""
    path = tmp_path / "store.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA secure_delete=OFF")
        connection.execute("CREATE TABLE t (name TEXT PRIMARY KEY, body BLOB)")
        rows = [(f"{number * 7919 % 1000:04}", (CANARY if number % 50 == 0 else b"x") * 20) for number in range(1000)]
        connection.executemany("INSERT INTO t VALUES (?, ?)", rows)
        connection.execute("PRAGMA wal_checkpoint")
        connection.execute("DELETE FROM t WHERE instr(body, ?)", (CANARY,))
        yield path


def held_by(path: Path) -> set[str]:
    """Names of files that hold the canary."""
    return {one.name for one in path.parent.iterdir() if CANARY in one.read_bytes()}


def test_the_whole_file_is_written_anew_and_its_log_cut_off(file: Path) -> None:
    assert held_by(file) == {"store.db", "store.db-wal"}

    erase(file, is_whole=True)

    assert held_by(file) == set()
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (980,)


def test_where_little_is_free_the_file_is_not_written_anew(file: Path) -> None:
    erase(file, is_whole=False)

    assert held_by(file) == {"store.db"}
    assert (file.parent / "store.db-wal").read_bytes() == b""


def test_a_reader_that_never_ends_is_an_error_and_loses_nothing(file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        before = reader.execute("SELECT count(*) FROM t").fetchone()

        with pytest.raises(sqlite3.OperationalError):
            erase(file, is_whole=True, patience_s=0.2)

        assert reader.execute("SELECT count(*) FROM t").fetchone() == before
    erase(file, is_whole=True)
    assert held_by(file) == set()
