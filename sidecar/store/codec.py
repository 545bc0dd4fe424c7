"""Bodies of rows: a domain record as compressed JSON, and strictly back.

A field the record does not know, or a value of another type, does not decode; a field that was added later takes its
default. Bodies are compressed because a session's text repeats itself, and JSON because a person may have to read one.
"""

import json
import re
import threading
from functools import cache
from typing import TypeVar

import zstandard
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from sidecar.decompression import decompress as gunzipped
from sidecar.errors import DamagedError, InputError

ZSTD_LEVEL = 3
"""Zstandard's own default: higher levels cost several times the time for a few percent."""
_GZIP = b"\x1f\x8b"
"""First bytes of gzip; a zstd frame begins otherwise."""
_MAX_GUNZIPPED = 2**30
"""Bytes; far more than any receiver takes."""

T = TypeVar("T")

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def encode(kind: type[T], record: T) -> bytes:
    """Compressed JSON of a record."""
    return compress(encode_plain(kind, record))


def encode_plain(kind: type[T], record: T) -> bytes:
    """JSON of a record, equal for equal records; half a surrogate pair, which no UTF-8 can hold, becomes U+FFFD."""
    adapter = _adapter(kind)
    try:
        return adapter.dump_json(record)
    except PydanticSerializationError:
        # Agents cut texts inside an emoji. To walk every string beforehand would cost each row for the rare one.
        text = json.dumps(adapter.dump_python(record), ensure_ascii=False)
        return _LONE_SURROGATE.sub("\ufffd", text).encode()


def decode(kind: type[T], body: bytes) -> T:
    """The record of a body that `encode` wrote.

    Raises:
        DamagedError: the body is damaged, or was written by a version with other fields.
    """
    plain = decompress(body)
    try:
        return _adapter(kind).validate_json(plain, strict=True, extra="forbid")
    except ValidationError as exc:
        raise DamagedError(
            f"a stored {getattr(kind, '__name__', kind)} does not read back ({exc.error_count()} fields differ, first: "
            f"{exc.errors(include_input=False, include_url=False)[0]['loc']}); it was written by another version of "
            f"sidecar: use that version, or import the sessions into a fresh data folder"
        ) from exc


def compress(body: bytes) -> bytes:
    """The body as one zstd frame with its size and checksum."""
    return _zstd().compressor.compress(body)


def decompress(body: bytes) -> bytes:
    """The bytes of a frame that `compress` wrote, or of what a sender compressed by gzip.

    Raises:
        DamagedError: the frame is damaged.
    """
    try:
        if body.startswith(_GZIP):
            return gunzipped(body, "gzip", _MAX_GUNZIPPED)
        return _zstd().decompressor.decompress(body)
    except (zstandard.ZstdError, InputError) as exc:
        raise DamagedError(f"a stored body of {len(body)} bytes is damaged ({exc}); restore the data folder") from exc


class _Zstd(threading.local):
    """What a thread compresses by; to set it up costs more than a small body."""

    def __init__(self) -> None:
        self.compressor = zstandard.ZstdCompressor(level=ZSTD_LEVEL, write_checksum=True)
        self.decompressor = zstandard.ZstdDecompressor()


@cache
def _zstd() -> _Zstd:
    return _Zstd()


@cache
def _adapter(kind: type[T]) -> TypeAdapter[T]:
    return TypeAdapter(kind)
