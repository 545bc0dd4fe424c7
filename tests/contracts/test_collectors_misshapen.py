"""Every member of what agents really send, given another shape: it is read or refused, and nothing breaks.

An agent's next version may turn a name into an object at any place; what comes from a network may be anything.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import cast
from urllib.parse import parse_qs, urlsplit

import pytest

from collectors.collector import HookMessage, SessionFile
from collectors.payload import JsonValue
from collectors.registry import ANY_AGENT, COLLECTORS, collector
from sidecar.capture import FileForm, JsonObject, Reduction
from sidecar.capturing import capture_file, capture_hook
from sidecar.domain import CaptureLevel, SessionId
from sidecar.errors import DecodeError
from sidecar.recordings import RecordedRequest
from tests.recordings.observing import recording, recording_names

SHAPES: tuple[JsonValue, ...] = ({"a": []}, [{}], 7, None)
AGENTS = sorted(agent for agent in COLLECTORS if agent != ANY_AGENT)
REDUCTION = Reduction(level=CaptureLevel.EVIDENCE, keyed_hash=lambda _: "0" * 16)


def requests_of(agent: str, prefix: str) -> Iterator[RecordedRequest]:
    for name in recording_names():
        if recording(name).agent == agent:
            yield from (request for request in recording(name).requests if request.target.startswith(prefix))


def misshapen(value: JsonValue, seen: set[tuple[str, ...]], path: tuple[str, ...] = ()) -> Iterator[JsonValue]:
    """The value with one member of another shape, once for each place that was not seen before."""
    if isinstance(value, dict):
        kind = tuple(word for key in ("type", "role", "say", "ask") if isinstance(word := value.get(key), str))
        for key, inner in value.items():
            place = (*path, *kind, key)
            if place not in seen:
                seen.add(place)
                yield from ({**value, key: shape} for shape in SHAPES)
            yield from ({**value, key: other} for other in misshapen(inner, seen, place))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from ([*value[:at], other, *value[at + 1 :]] for other in misshapen(inner, seen, path))


@pytest.mark.parametrize("agent", AGENTS)
def test_a_hook_with_a_member_of_another_shape_is_read_or_refused(agent: str) -> None:
    seen: set[tuple[str, ...]] = set()
    read = 0

    for request in requests_of(agent, "/hooks/"):
        for body in misshapen(json.loads(request.body), seen):
            kept = capture_hook(collector(agent).name, cast("JsonObject", body), REDUCTION)
            with suppress(DecodeError):
                collector(agent).hook_observations(
                    HookMessage(body=kept, observed_ns=1, is_timed=False, last_observed_ns=1)
                )
                read += 1

    assert read > 0


@pytest.mark.parametrize("agent", AGENTS)
def test_a_session_file_with_a_member_of_another_shape_is_read(agent: str) -> None:
    seen: set[tuple[str, ...]] = set()
    read = 0

    for request in requests_of(agent, "/transcripts/"):
        part = parse_qs(urlsplit(request.target).query)["part"][0]
        is_document = collector(agent).fields.form is FileForm.DOCUMENT
        for line in [request.body] if is_document else request.body.splitlines():
            for value in misshapen(json.loads(line), seen):
                kept = capture_file(collector(agent).name, part, json.dumps(value).encode(), REDUCTION).body.decode()
                collector(agent).file_observations(
                    SessionFile(session_id=SessionId("s"), part=part, text=kept, received_ns=1)
                )
                read += 1

    assert read > 0
