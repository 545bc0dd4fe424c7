"""How many records a protobuf request holds, read off the wire before it is parsed.

Two bytes can stand for an empty span, and a parsed one takes some hundred: sixteen kilobytes of gzip would become
gigabytes. Counting ends at the limit, so it costs no more than a request that is taken.
"""

from sidecar.errors import DecodeError, TooLargeError

MAX_RECORDS = 300_000
"""Spans, log records or metrics of one request; exporters send 512 (OTel SDK's default batch)."""
UNCOUNTED_BYTES = 2 * MAX_RECORDS
"""A body up to this cannot hold more than that many records of two bytes."""

_LENGTH_DELIMITED = 2
_PATH = (1, 2, 2)
"""Fields that lead to a record, the same for the three signals: resources, scopes, records."""
_VARINT_BITS = 70
_FIXED = {1: 8, 5: 4}
"""Bytes of a value by its wire type."""


def check_record_count(body: bytes) -> None:
    """Refuse a request with more than MAX_RECORDS records; what is no protobuf is left to the parser.

    Raises:
        TooLargeError: there are more.
    """
    if len(body) <= UNCOUNTED_BYTES:
        return
    try:
        count = _count(memoryview(body), 0, 0)
    except (IndexError, DecodeError):
        return
    if count > MAX_RECORDS:
        raise TooLargeError(f"over {MAX_RECORDS} records in one request; send smaller batches")


def _count(data: memoryview, depth: int, found: int) -> int:
    """`found` and the records below; stops beyond MAX_RECORDS."""
    wanted, is_last = _PATH[depth], depth == len(_PATH) - 1
    at, end = 0, len(data)
    while at < end and found <= MAX_RECORDS:
        tag, at = _varint(data, at)
        kind = tag & 7
        if kind != _LENGTH_DELIMITED:
            at = _varint(data, at)[1] if kind == 0 else at + _fixed(kind)
            continue
        size, at = _varint(data, at)
        if tag >> 3 == wanted:
            found = found + 1 if is_last else _count(data[at : at + size], depth + 1, found)
        at += size
    return found


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    """A number, and where it ends."""
    value = data[at]
    at += 1
    if value < 0x80:
        return value, at
    value &= 0x7F
    shift = 7
    while shift < _VARINT_BITS:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
    raise DecodeError("a number of more than 64 bits")


def _fixed(kind: int) -> int:
    if kind not in _FIXED:
        raise DecodeError(f"wire type {kind}")
    return _FIXED[kind]
