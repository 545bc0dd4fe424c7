"""Bounds the texts of a decoded request, in place; run after redaction, as half a secret looks like none."""

from typing import cast

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

MAX_TEXT = 2**20
"""Characters, or bytes of a bytes value, that are kept of one text; a model's longest context is about as long."""
_GAP = "[cut]"


def cut_long_texts(message: Message) -> int:
    """Cut every text over MAX_TEXT, in place; gives how many there were."""
    count = 0
    for field, value in message.ListFields():
        if field.message_type is not None:
            children = cast("list[Message]", value if field.is_repeated else [value])
            count += sum(cut_long_texts(child) for child in children)
        elif not field.is_repeated and _length(field, value) > MAX_TEXT:
            kept = value[: MAX_TEXT - len(_GAP)]
            setattr(message, field.name, kept + (_GAP if isinstance(kept, str) else _GAP.encode()))
            count += 1
    return count


def _length(field: FieldDescriptor, value: object) -> int:
    if field.type not in (FieldDescriptor.TYPE_STRING, FieldDescriptor.TYPE_BYTES):
        return 0
    return len(cast("str | bytes", value))
