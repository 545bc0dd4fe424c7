"""Reads sessions out of opencode's SQLite database, in the form in which opencode itself exports them.

The database may be in use, so what is read is a copy; nothing of opencode's is ever opened for writing.
"""

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import cast

from collectors.collector import FoundFile
from collectors.payload import storable_time
from sidecar.domain import SessionId
from sidecar.errors import DecodeError

MAGIC = "SQLite format 3\0"
_TABLES = frozenset({"message", "part", "session"})
_COPIED = ("", "-wal")
"""Endings of the files that hold the data; the third, `-shm`, is made anew."""


def exported_sessions(path: Path) -> Iterator[FoundFile]:
    """Every session of a database, oldest first; none where it is no database of opencode.

    Raises:
        OSError: it cannot be read.
        DecodeError: it is damaged, or a table lacks a column that is needed.
    """
    with tempfile.TemporaryDirectory(prefix="sidecar-opencode-") as folder:
        for ending in _COPIED:
            beside = path.with_name(path.name + ending)
            if beside.exists():
                shutil.copyfile(beside, Path(folder) / f"copy.db{ending}")
        try:
            with closing(sqlite3.connect(Path(folder) / "copy.db")) as database:
                database.row_factory = sqlite3.Row
                yield from _sessions(database)
        except sqlite3.Error as exc:
            raise DecodeError(
                f"{path}: cannot be read as opencode's database ({exc}); is it of a newer opencode?"
            ) from exc


def _sessions(database: sqlite3.Connection) -> Iterator[FoundFile]:
    named = {str(row[0]) for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not named >= _TABLES:
        return
    for row in database.execute("SELECT * FROM session ORDER BY time_created, id").fetchall():
        session_id = str(row["id"])
        document = {"info": _info(row), "messages": list(_messages(database, session_id))}
        body = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
        written_ns = storable_time(int(row["time_updated"]) * 1_000_000)
        yield FoundFile(session_id=SessionId(session_id), part="export", body=body, written_ns=written_ns)


def _info(row: sqlite3.Row) -> dict[str, object]:
    return {
        "id": row["id"],
        "projectID": row["project_id"],
        "parentID": row["parent_id"],
        "directory": row["directory"],
        "title": row["title"],
        "version": row["version"],
        "time": {"created": row["time_created"], "updated": row["time_updated"]},
    }


def _messages(database: sqlite3.Connection, session_id: str) -> Iterator[dict[str, object]]:
    parts: dict[str, list[dict[str, object]]] = {}
    query = "SELECT id, message_id, data FROM part WHERE session_id = ? ORDER BY id"
    for row in database.execute(query, (session_id,)):
        parts.setdefault(str(row["message_id"]), []).append({**_object(row["data"]), "id": row["id"]})
    query = "SELECT id, data FROM message WHERE session_id = ? ORDER BY time_created, id"
    for row in database.execute(query, (session_id,)):
        info = {**_object(row["data"]), "id": row["id"], "sessionID": session_id}
        yield {"info": info, "parts": parts.get(str(row["id"]), [])}


def _object(text: object) -> dict[str, object]:
    try:
        parsed: object = json.loads(str(text))
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, object]", parsed) if isinstance(parsed, dict) else {}
