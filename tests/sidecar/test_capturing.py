"""What is kept of real agents' messages, and that nothing else is."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from sidecar import otlp
from sidecar.capture import JsonObject, JsonValue, Reduction
from sidecar.capturing import capture_file, capture_hook, export_reducer
from sidecar.domain import AgentName, CaptureLevel, Intake
from sidecar.errors import DecodeError
from sidecar.recordings import RecordedRequest
from tests.capture_table import table
from tests.loop.conftest import arrival
from tests.said import TALK, WORK, WRITTEN, plain, played, quoted, sent

METADATA, EVIDENCE, FULL = CaptureLevel.METADATA, CaptureLevel.EVIDENCE, CaptureLevel.FULL
CLAUDE, CLINE = AgentName("claude_code"), AgentName("cline")
BOTH = ("shop", "parcel")
CANARY = "canary-4f1c"


def reduction(level: CaptureLevel) -> Reduction:
    return Reduction(level=level, keyed_hash=lambda _: "0" * 16)


def kept(request: RecordedRequest, level: CaptureLevel) -> str:
    """A recorded request's body as it would be kept; of one that would be refused, nothing."""
    one, body = arrival(request), plain(request)
    agent = AgentName(one.agent or "")
    if one.intake is Intake.HOOK:
        return json.dumps(capture_hook(agent, json.loads(body), reduction(level)), ensure_ascii=False)
    if one.intake is Intake.TRANSCRIPT:
        try:
            part = one.parameters.get("part", "main")
            return capture_file(agent, part, body, reduction(level)).body.decode()
        except DecodeError:
            return ""
    message = otlp.decode_request(otlp.Signal(one.intake.value), body, one.content_type)
    return (
        export_reducer(reduction(level))
        .reduced(type(message), message.SerializeToString())
        .body.decode(errors="replace")
    )


@pytest.mark.parametrize("level", [METADATA, EVIDENCE])
def test_nothing_that_was_said_is_kept(level: CaptureLevel) -> None:
    bodies = "\n".join(kept(request, level) for request in played(*BOTH))
    said = sent(TALK, *BOTH)

    assert len(said) > 50
    assert [text for text in said if text in bodies or quoted(text) in bodies] == []


def test_nothing_that_was_done_is_kept_at_metadata() -> None:
    bodies = "\n".join(kept(request, METADATA) for request in played(*BOTH))
    done = sent(WORK, *BOTH)

    assert len(done) > 50
    assert [text for text in done if quoted(text) in bodies] == []


def test_what_was_done_is_kept_at_evidence() -> None:
    bodies = "\n".join(kept(request, EVIDENCE) for request in played(*BOTH))

    written = sent(WRITTEN, *BOTH)
    assert len(written) > 20
    assert [text for text in written if quoted(text) not in bodies] == []


def with_canaries(value: JsonValue) -> JsonValue:
    """The same with one more member in every object."""
    if isinstance(value, Mapping):
        return {name: with_canaries(inner) for name, inner in value.items()} | {"unheard_of": CANARY, CANARY: [CANARY]}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [with_canaries(inner) for inner in value]
    return value


@pytest.mark.parametrize("level", [METADATA, EVIDENCE])
def test_a_member_that_a_new_version_adds_is_not_kept(level: CaptureLevel) -> None:
    hooks = [request for request in played(*BOTH) if request.target.startswith("/hooks/")]

    bodies: list[str] = []
    for request in hooks:
        sent = cast("JsonObject", with_canaries(json.loads(plain(request))))
        bodies.append(json.dumps(capture_hook(AgentName(arrival(request).agent or ""), sent, reduction(level))))

    assert len(bodies) > 300
    assert [body for body in bodies if CANARY in body] == []


def test_a_line_of_an_unknown_kind_is_dropped_and_counted() -> None:
    lines = b'{"type": "new-kind", "text": "x"}\n\n{cut\n{"type": "user", "uuid": "1", "timestamp": "t"}\n'

    captured = capture_file(CLAUDE, "main", lines, reduction(EVIDENCE))

    assert captured.dropped == 2
    assert captured.body == b'{"type":"user","uuid":"1","timestamp":"t","message":{}}\n'.replace(b',"message":{}', b"")


def test_full_keeps_a_piece_byte_for_byte() -> None:
    piece = b'{"type": "new-kind"}\n{cut'

    captured = capture_file(CLAUDE, "main", piece, reduction(FULL))

    assert (captured.body, captured.dropped) == (piece, 0)


def test_a_cut_line_is_refused_below_full_and_a_whole_one_without_its_break_is_not() -> None:
    line = b'{"type": "user", "uuid": "1"}'

    with pytest.raises(DecodeError, match="send up to the last line break"):
        capture_file(CLAUDE, "main", line + b'\n{"type": "us', reduction(EVIDENCE))
    assert capture_file(CLAUDE, "main", line + b"\n" + line, reduction(EVIDENCE)).dropped == 0


@pytest.mark.parametrize("piece", [b'{"messages": [', b"[]", b"1"])
def test_half_a_document_is_refused_below_full(piece: bytes) -> None:
    with pytest.raises(DecodeError, match="send all of it with offset=0"):
        capture_file(CLINE, "messages", piece, reduction(EVIDENCE))


def span_request(service: str, **attributes: str) -> ExportTraceServiceRequest:
    message = ExportTraceServiceRequest()
    group = message.resource_spans.add()
    for name, value in {"service.name": service, "host.name": CANARY}.items():
        pair = group.resource.attributes.add()
        pair.key, pair.value.string_value = name, value
    span = group.scope_spans.add().spans.add(trace_id=b"t" * 16, span_id=b"s" * 8, name="claude_code.tool", kind=1)
    span.start_time_unix_nano, span.end_time_unix_nano = 1, 2
    span.status.message = CANARY
    span.events.add(name=CANARY)
    span.links.add(trace_id=b"u" * 16, span_id=b"v" * 8).attributes.add(key=CANARY)
    for name, value in attributes.items():
        pair = span.attributes.add()
        pair.key, pair.value.string_value = name.replace("__", "."), value
    return message


def test_of_a_span_its_ids_times_and_named_attributes_stay() -> None:
    message = span_request("claude-code", session__id="1", tool_name="Bash", full_command="make", user_prompt=CANARY)

    kept = ExportTraceServiceRequest.FromString(
        export_reducer(reduction(EVIDENCE)).reduced(type(message), message.SerializeToString()).body
    )

    (span,) = kept.resource_spans[0].scope_spans[0].spans
    assert {pair.key: pair.value.string_value for pair in span.attributes} == {
        "session.id": "1",
        "tool_name": "Bash",
        "full_command": "make",
    }
    assert (span.trace_id, span.span_id, span.name) == (b"t" * 16, b"s" * 8, "claude_code.tool")
    assert (span.start_time_unix_nano, span.end_time_unix_nano, len(span.links)) == (1, 2, 1)
    assert CANARY.encode() not in kept.SerializeToString()


def test_of_a_service_that_is_no_known_agent_only_the_frame_stays() -> None:
    message = span_request("shop", url__full=CANARY)

    kept = export_reducer(reduction(EVIDENCE)).reduced(type(message), message.SerializeToString()).body

    assert CANARY.encode() not in kept
    assert b"shop" in kept


def test_full_keeps_a_request_as_it_came() -> None:
    message = span_request("shop")

    kept = export_reducer(reduction(FULL)).reduced(type(message), message.SerializeToString()).body

    assert ExportTraceServiceRequest.FromString(kept) == span_request("shop")


def test_the_table_of_what_is_kept_is_true() -> None:
    written = Path(__file__).parents[2] / "collectors" / "CAPTURE.md"

    assert written.read_text() == table(), "make it anew: python -m tests.capture_table > collectors/CAPTURE.md"
