"""Redaction of a decoded request, in place, over every string it holds."""

import json
from collections.abc import Callable
from typing import cast

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue


def redact_message(message: Message, redact: Callable[[str], str]) -> bool:
    """Pass every string of `message` through `redact`, in place; True when the message changed.

    Covers names, bodies, attribute keys and values, nested lists and arrays, and bytes values (as text). A value is
    also read beside its key, so that `db.password` gives away what its value alone does not. Ids stay. Unknown
    fields cannot be scanned and are dropped, which counts as a change: store the message, not the bytes it came from.

    Raises:
        RecursionError: never for decoded requests; both decoders bound the depth.
    """
    size = message.ByteSize()
    message.DiscardUnknownFields()
    return _redact_fields(message, redact) or message.ByteSize() != size


def _redact_fields(message: Message, redact: Callable[[str], str]) -> bool:
    changed = False
    for field, value in message.ListFields():
        if field.message_type is not None:
            children = cast("list[Message]", value if field.is_repeated else [value])
            for child in children:
                changed |= _redact_fields(child, redact)
        elif field.type == FieldDescriptor.TYPE_STRING:
            changed |= _redact_string(message, field, redact)
    if isinstance(message, AnyValue) and message.HasField("bytes_value"):
        changed |= _redact_bytes(message, redact)
    if isinstance(message, KeyValue) and message.value.HasField("string_value"):
        changed |= _redact_beside_key(message, redact)
    return changed


def _redact_string(message: Message, field: FieldDescriptor, redact: Callable[[str], str]) -> bool:
    if field.is_repeated:
        values = getattr(message, field.name)
        before = list(values)
        after = [redact(text) for text in before]
        values[:] = after
        return after != before
    text = cast("str", getattr(message, field.name))
    redacted = redact(text)
    if redacted != text:
        setattr(message, field.name, redacted)
    return redacted != text


def _redact_bytes(value: AnyValue, redact: Callable[[str], str]) -> bool:
    raw = value.bytes_value
    try:
        encoding = "utf-8"
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        # every byte has a character in latin-1, so what is not redacted comes back unchanged
        encoding = "latin-1"
        text = raw.decode(encoding)
    redacted = redact(text)
    if redacted != text:
        value.bytes_value = redacted.encode(encoding)
    return redacted != text


def _redact_beside_key(pair: KeyValue, redact: Callable[[str], str]) -> bool:
    """Read key and value as one JSON member, the form in which redaction knows key words."""
    member = json.dumps({pair.key: pair.value.string_value}, ensure_ascii=False)
    redacted = redact(member)
    if redacted == member:
        return False
    ((key, text),) = cast("dict[str, str]", json.loads(redacted)).items()
    if (pair.key, pair.value.string_value) == (key, text):
        return False
    pair.key, pair.value.string_value = key, text
    return True
