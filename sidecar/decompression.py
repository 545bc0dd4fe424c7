"""Bodies as they were before `Content-Encoding`, with a limit that holds while they grow."""

import gzip
import io
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol, cast

from sidecar.errors import DecodeError, TooLargeError


class _Stream(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


_library = import_module("isal.isal_zlib" if find_spec("isal") else "zlib")
"""ISA-L takes a third of zlib's time; there is no build of it for every system."""
_opened = cast("Callable[[int], _Stream]", _library.decompressobj)
_Damaged = cast("type[Exception]", _library.error)

GZIP_HEADER = 10
"""Bytes of a gzip header with nothing beside it; among them the time of compression."""
_FLAGS = 3
"""Where a gzip header says what else it holds: a name, a comment, a field of anybody's own (RFC 1952)."""
_NO_FLAGS = b"\0"


@dataclass(frozen=True, slots=True)
class Body:
    """What a request carries."""

    plain: bytes
    """Decompressed."""
    packed: bytes | None = None
    """The bytes as sent, where they are gzip of `plain` with nothing beside it, such as the name of a file."""


def decompress(body: bytes, encoding: str, limit: int) -> bytes:
    """The plain bytes that `unpack` gives; see there."""
    return unpack(body, encoding, limit).plain


def unpack(body: bytes, encoding: str, limit: int) -> Body:
    """The body as it was before `Content-Encoding`, never more than `limit` bytes of it.

    Raises:
        TooLargeError: over the limit, as sent or decompressed.
        DecodeError: unknown encoding, or not valid gzip.
    """
    if len(body) > limit:
        raise TooLargeError(f"the body is {len(body)} bytes; at most {limit} are taken at once: send it in pieces")
    match encoding.strip().lower():
        case "" | "identity":
            return Body(body)
        case "gzip":
            return _gunzip(body, limit)
        case other:
            raise DecodeError(f"Content-Encoding {other[:40]!r} is not taken; send gzip or none")


def _gunzip(body: bytes, limit: int) -> Body:
    # one byte more than is taken, to tell a full body from one that is over
    stream = _opened(zlib.MAX_WBITS | 16)
    is_one = True
    try:
        plain = stream.decompress(body, limit + 1)
        if stream.unused_data:
            # several members: rare, and what is left would be copied once for each of them
            is_one = False
            with gzip.GzipFile(fileobj=io.BytesIO(body)) as members:
                plain = members.read(limit + 1)
    except (OSError, EOFError, zlib.error, _Damaged) as exc:
        raise DecodeError(f"the body is not valid gzip: {exc}; send it anew, or without Content-Encoding") from exc
    if len(plain) > limit:
        raise TooLargeError(f"the body is over {limit} bytes when decompressed; send it in pieces")
    if body and not stream.eof:
        raise DecodeError("the body is not valid gzip: it ends before its end marker; send all of it again")
    return Body(plain, body if is_one and body[_FLAGS : _FLAGS + 1] == _NO_FLAGS else None)
