"""What people, models and agents said and did in the recordings, by the members that hold it."""

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import cast

from sidecar.capture import JsonObject, JsonValue
from sidecar.recordings import RecordedRequest
from tests.loop.loop import requests_of

TALK = frozenset({"prompt", "last_assistant_message", "lastPrompt", "response", "outputText", "title"})
"""Members that hold what people and models said, wherever they stand."""
WORK = frozenset({"command", "stdout", "old_string", "new_string", "old_text", "new_text", "full_command"})
"""Members that hold what was run, printed and written."""
WRITTEN = frozenset({"new_string", "new_text"})
LONG = 12
"""Characters from which on a text is nobody's id or state."""


def plain(request: RecordedRequest) -> bytes:
    """A request's body without its compression."""
    is_packed = request.headers.get("content-encoding") == "gzip"
    return gzip.decompress(request.body) if is_packed else request.body


@cache
def played(*repositories: str) -> tuple[RecordedRequest, ...]:
    """Every recorded request of agents; CI's reports are nobody's talk."""
    found = [request for name in repositories for request in requests_of(name)]
    return tuple(request for request in found if not request.target.startswith("/outcomes"))


@cache
def sent(names: frozenset[str], *repositories: str) -> frozenset[str]:
    """Long texts that agents sent in these members."""
    requests = played(*repositories)
    found = (text for request in requests for one in _documents(request) for text in _texts(one, names))
    return frozenset(text for text in found if len(text) >= LONG)


def quoted(text: str) -> str:
    """A text as it stands in JSON."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _documents(request: RecordedRequest) -> Iterator[JsonValue]:
    """The JSON in a hook, a transcript or OTLP's JSON."""
    whole = plain(request).decode(errors="replace")
    for text in (whole, *whole.splitlines()):
        try:
            yield cast("JsonValue", json.loads(text))
        except ValueError:
            continue


def _texts(value: JsonValue, names: frozenset[str]) -> Iterator[str]:
    """Every text below a member of one of these names, attributes of OTLP included."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name in names and isinstance(inner, str):
                yield inner
            yield from _texts(inner, names)
        if value.get("key") in names:
            yield from _texts({str(value["key"]): cast("JsonObject", value["value"]).get("stringValue")}, names)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inner in value:
            yield from _texts(inner, names)
