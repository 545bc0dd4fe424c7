"""Every byte that a sidecar wrote, opened: files, git objects, compressed rows of databases."""

import sqlite3
import zlib
from collections.abc import Iterable
from contextlib import closing, suppress
from pathlib import Path

import zstandard

ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"


def found_in(folder: Path, texts: Iterable[str]) -> set[tuple[str, str]]:
    """Which of these texts stand in which files below a folder."""
    places = [path for path in folder.rglob("*") if path.is_file()]
    opened = [(place, content) for place in places for content in contents(place.read_bytes())]
    opened += [(place, content) for place in places if place.suffix == ".db" for content in rows_of(place)]
    whole = {place: b"\n".join(content for at, content in opened if at == place) for place in places}
    return {(text, place.name) for text in texts for place, content in whole.items() if text.encode() in content}


def contents(raw: bytes) -> list[bytes]:
    """A file's bytes, and what each compressed piece in it holds: git objects, zstd rows in pages and WAL frames."""
    found = [raw]
    if raw[:1] == b"\x78":
        with suppress(zlib.error):  # no git object: the key is random bytes, which may begin like one
            found.append(zlib.decompressobj().decompress(raw))
    at = raw.find(ZSTD_MAGIC)
    while at >= 0:
        with suppress(zstandard.ZstdError):  # a row that continues on another page: rows_of opens that one
            found.append(zstandard.ZstdDecompressor().decompressobj().decompress(raw[at:]))
        at = raw.find(ZSTD_MAGIC, at + 1)
    return found


def rows_of(database: Path) -> list[bytes]:
    """Every value of every row, decompressed."""
    found: list[bytes] = []
    with closing(sqlite3.connect(database)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                for value in row:
                    raw = value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")
                    found += contents(raw)
    return found
