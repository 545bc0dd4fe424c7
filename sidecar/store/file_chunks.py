"""Pieces of session files, as they were uploaded; all within a transaction."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from sidecar.domain import SessionKey
from sidecar.store import codec, schema
from sidecar.store.insert import insert
from sidecar.store.sessions import is_of, key_columns


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChunk:
    """One uploaded piece of a session file."""

    part: str
    """Which of the session's files; empty for the only one."""
    offset: int
    """Where the piece begins in the file, bytes as the sender counts them."""
    length: int
    """Its length as sent, bytes; `body` may be longer or shorter after redaction."""
    body: bytes
    """The redacted bytes."""
    received_ns: int


def add_file_chunk(connection: Connection, key: SessionKey, chunk: FileChunk) -> None:
    """Add it unless the very same piece is there."""
    row: Mapping[str, object] = {
        **key_columns(key),
        "part": chunk.part,
        "offset": chunk.offset,
        "length": chunk.length,
        "body_hash": hashlib.sha256(chunk.body).digest(),
        "body": codec.compress(chunk.body),
        "received_ns": chunk.received_ns,
    }
    connection.execute(insert(connection, schema.file_chunks).values(row).on_conflict_do_nothing())


def file_chunks(connection: Connection, key: SessionKey) -> list[FileChunk]:
    """All of one session, by part and offset; of equal offsets the earliest received first."""
    table = schema.file_chunks
    rows = connection.execute(select(table).where(is_of(table, key)))
    found = [
        FileChunk(
            part=row.part,
            offset=row.offset,
            length=row.length,
            body=codec.decompress(row.body),
            received_ns=row.received_ns,
        )
        for row in rows
    ]
    return sorted(found, key=lambda chunk: (chunk.part, chunk.offset, chunk.received_ns, chunk.length, chunk.body))
