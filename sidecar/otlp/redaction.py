"""Redaction of a decoded request, in place, over every string it holds."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import cast

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue

_PROBE = "sid=x7Kp2Qz9mW4t"
"""A value that is a secret beside every key that makes values secret, a cookie's key included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Redaction:
    """How one message is redacted; answers are kept while it lasts, since its strings repeat themselves."""

    redact: Callable[[str], str]
    is_secret_key: Callable[[str], bool]


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

    def is_secret_key(key: str) -> bool:
        member = _member(key, _PROBE)
        return redact(member) != member

    redaction = _Redaction(redact=cache(redact), is_secret_key=cache(is_secret_key))
    return _redact_fields(message, redaction) or message.ByteSize() != size


def _redact_fields(message: Message, redaction: _Redaction) -> bool:
    changed = False
    for field, value in message.ListFields():
        if field.message_type is not None:
            children = cast("list[Message]", value if field.is_repeated else [value])
            for child in children:
                changed |= _redact_fields(child, redaction)
        elif field.type == FieldDescriptor.TYPE_STRING:
            changed |= _redact_string(message, field, redaction.redact)
    if isinstance(message, AnyValue) and message.HasField("bytes_value"):
        changed |= _redact_bytes(message, redaction.redact)
    if isinstance(message, KeyValue) and message.value.HasField("string_value"):
        changed |= _redact_beside_key(message, redaction)
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


def _redact_beside_key(pair: KeyValue, redaction: _Redaction) -> bool:
    if not redaction.is_secret_key(pair.key):
        return False
    member = _member(pair.key, pair.value.string_value)
    redacted = redaction.redact(member)
    if redacted == member:
        return False
    ((key, text),) = cast("dict[str, str]", json.loads(redacted)).items()
    if (pair.key, pair.value.string_value) == (key, text):
        return False
    pair.key, pair.value.string_value = key, text
    return True


def _member(key: str, value: str) -> str:
    """One JSON member, the form in which redaction knows key words."""
    return json.dumps({key: value}, ensure_ascii=False)
