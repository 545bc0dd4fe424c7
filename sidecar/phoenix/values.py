"""OTLP attributes from our values, and texts as every database behind Phoenix can hold them. Pure."""

import json
from collections.abc import Mapping

from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue

HEAD_CHARACTERS = 24_000
TAIL_CHARACTERS = 8_000
"""A longer text is cut to these two pieces: a test report says most at its end, and a page shows no megabytes."""
LAST_NS = 2**63 - 1
"""The year 2262; a wrong clock must not make a span that no database takes."""

PLAIN = "text/plain"
JSON = "application/json"


def attributes(values: Mapping[str, str | None]) -> list[KeyValue]:
    """Text attributes; those without a value are left out."""
    return [
        KeyValue(key=key, value=AnyValue(string_value=clean(value)))
        for key, value in values.items()
        if value is not None
    ]


def json_text(values: Mapping[str, object]) -> str | None:
    """A JSON object without its empty members; None when nothing is left."""
    known = {key: value for key, value in values.items() if value is not None}
    return json.dumps(known, ensure_ascii=False) if known else None


def clean(text: str) -> str:
    """The text without NUL and halves of surrogate pairs, which neither protobuf nor PostgreSQL takes."""
    if text.isascii() and "\0" not in text:
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")


def shortened(text: str | None) -> str | None:
    """Head and tail of a long text, with the number of characters between them."""
    if text is None or len(text) <= HEAD_CHARACTERS + TAIL_CHARACTERS:
        return text
    left_out = len(text) - HEAD_CHARACTERS - TAIL_CHARACTERS
    return f"{text[:HEAD_CHARACTERS]}\n… {left_out} characters, kept by the sidecar …\n{text[-TAIL_CHARACTERS:]}"


def at(time_ns: int) -> int:
    """A time that OTLP and a calendar can hold."""
    return max(0, min(time_ns, LAST_NS))
