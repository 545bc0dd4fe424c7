"""How many records and messages a protobuf request holds, read off the wire before it is parsed.

Two bytes can stand for an empty span or attribute, and a parsed one takes a hundred: sixteen kilobytes of gzip would
become gigabytes. Counting ends at the limit, so it costs no more than a request that is taken.
"""

from functools import cache
from typing import TypeAlias, cast

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from sidecar.errors import DecodeError, TooLargeError

MAX_RECORDS = 300_000
"""Spans, log records or metrics of one request; exporters send 512 (OTel SDK's default batch)."""
MAX_MESSAGES = 500_000
"""Everything that is an object once parsed; an attribute is two, and 25 MB of usual spans hold as many as this."""
UNCOUNTED_BYTES = 2 * MAX_RECORDS
"""A body up to this cannot hold more than that many records of two bytes."""

_LENGTH_DELIMITED = 2
_PATH = (1, 2, 2)
"""Fields that lead to a record, the same for the three signals: resources, scopes, records."""
_ONE_BYTE = 0x80
_KEY, _VALUE, _STRING, _NUMBERS = 0x0A, 0x12, 0x0A, b"\x10\x18"
"""Tags of an attribute's two fields, and of strings, flags and integers in the second."""
_ATTRIBUTE = frozenset({_VALUE})
"""Of all messages with one field that is a message, the one that has it second."""
_LEAST_ATTRIBUTE = 6
"""Bytes of an attribute with an empty key and a value of two bytes."""
_SHORT_NUMBER = 4
"""Bytes of a tag and a number behind which at most one empty message can hide."""
_VARINT_BITS = 70
_FIXED = {1: 8, 5: 4}
"""Bytes of a value by its wire type."""

_Tags: TypeAlias = "dict[int, _Tags]"
"""The fields of a message that are messages themselves, by tag, each with its own."""


def check_counts(body: bytes, kind: Descriptor) -> None:
    """Refuse a request with more records or messages than are taken; what is no protobuf is left to the parser.

    Args:
        kind: The message that the body is to be parsed as.
    Raises:
        TooLargeError: there are more.
    """
    if len(body) <= UNCOUNTED_BYTES:
        return
    try:
        # a message takes two bytes at least, so that a smaller body cannot hold too many
        if len(body) > 2 * MAX_MESSAGES and _messages(body, _tags(kind)) > MAX_MESSAGES:
            raise TooLargeError(
                f"over {MAX_MESSAGES} attributes, values and records in one request; send smaller batches"
            )
        if _records(memoryview(body), 0, 0) > MAX_RECORDS:
            raise TooLargeError(f"over {MAX_RECORDS} records in one request; send smaller batches")
    except (IndexError, DecodeError):
        return


def _records(data: memoryview, depth: int, found: int) -> int:
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
            found = found + 1 if is_last else _records(data[at : at + size], depth + 1, found)
        at += size
    return found


def _messages(body: bytes, tags: _Tags) -> int:
    """Messages in a message of this kind; stops beyond MAX_MESSAGES."""
    found, at, end = 0, 0, len(body)
    outer: list[tuple[int, _Tags]] = []
    while found <= MAX_MESSAGES:
        if at >= end:
            if not outer:
                break
            end, tags = outer.pop()
            continue
        tag, size, at = _field(body, at)
        inner = tags.get(tag)
        if inner is None:
            at += size
            continue
        found += 1
        if not size or not inner:
            at += size
        elif inner.keys() == _ATTRIBUTE and _is_plain(body, at, size):
            found += 1
            at += size
        else:
            outer.append((end, tags))
            tags, end = inner, at + size
    return found


def _field(body: bytes, at: int) -> tuple[int, int, int]:
    """Tag of the next field, bytes of its value, and where that begins."""
    tag, size = body[at], body[at + 1]
    if tag & 7 == _LENGTH_DELIMITED and tag < _ONE_BYTE and size < _ONE_BYTE:
        return tag, size, at + 2  # most are so short
    tag, at = _varint(body, at)
    kind = tag & 7
    if kind == _LENGTH_DELIMITED:
        size, at = _varint(body, at)
        return tag, size, at
    return (tag, 0, _varint(body, at)[1]) if kind == 0 else (tag, _fixed(kind), at)


def _is_plain(body: bytes, at: int, size: int) -> bool:
    """Whether an attribute is a short key and a short string or number, so that it is two messages and no more."""
    if size >= _ONE_BYTE or size < _LEAST_ATTRIBUTE or body[at] != _KEY:
        return False
    value = at + 2 + body[at + 1]
    length = at + size - value - 2
    if length < 2 or body[value] != _VALUE or body[value + 1] != length:
        return False
    kind = body[value + 2]
    return (kind == _STRING and body[value + 3] == length - 2) or (kind in _NUMBERS and length <= _SHORT_NUMBER)


@cache
def _tags(kind: Descriptor) -> _Tags:
    tables: dict[str, _Tags] = {}
    return _tags_of(kind, tables)


def _tags_of(kind: Descriptor, tables: dict[str, _Tags]) -> _Tags:
    known = tables.get(kind.full_name)
    if known is None:
        known = tables[kind.full_name] = {}
        for field in cast("list[FieldDescriptor]", kind.fields):
            if field.message_type is not None:
                known[field.number << 3 | _LENGTH_DELIMITED] = _tags_of(field.message_type, tables)
    return known


def _varint(data: memoryview | bytes, at: int) -> tuple[int, int]:
    """A number, and where it ends."""
    value = data[at]
    at += 1
    if value < _ONE_BYTE:
        return value, at
    value &= 0x7F
    shift = 7
    while shift < _VARINT_BITS:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < _ONE_BYTE:
            return value, at
        shift += 7
    raise DecodeError("a number of more than 64 bits")


def _fixed(kind: int) -> int:
    if kind not in _FIXED:
        raise DecodeError(f"wire type {kind}")
    return _FIXED[kind]
