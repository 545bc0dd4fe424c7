"""OTLP requests: both encodings give the same message; ids, enums and numbers as the specification writes them."""

import base64
import json
import math
from collections.abc import Callable

import pytest
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import BadRequest
from google.rpc.status_pb2 import Status
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from sidecar.errors import DecodeError
from sidecar.otlp import (
    JSON_CONTENT_TYPE,
    PROTOBUF_CONTENT_TYPE,
    Signal,
    accepted,
    decode_request,
    log_records,
    redact_message,
    response_bytes,
    spans,
    status_bytes,
)

TRACE_ID = "5b8efff798038103d269b633813fc60c"
SPAN_ID = "eee19b7ec3c1b174"


def traces_message(*, trace_id: str = TRACE_ID, count: int = 1) -> ExportTraceServiceRequest:
    message = ExportTraceServiceRequest()
    group = message.resource_spans.add()
    resource = group.resource.attributes.add(key="service.name")
    resource.value.string_value = "claude-code"
    scope = group.scope_spans.add()
    scope.scope.name = "tracer"
    for index in range(count):
        span = scope.spans.add(trace_id=bytes.fromhex(trace_id), span_id=bytes.fromhex(SPAN_ID), name=f"span {index}")
        span.start_time_unix_nano = 1_700_000_000_000_000_001
        span.end_time_unix_nano = 1_700_000_000_000_000_002
        span.kind = span.SPAN_KIND_SERVER
        span.status.code = span.status.STATUS_CODE_ERROR
        tokens = span.attributes.add(key="tokens")
        tokens.value.int_value = 2**53 + 1
    return message


def traces_json(**span: object) -> bytes:
    body: dict[str, object] = {"traceId": TRACE_ID, "spanId": SPAN_ID, "name": "n"}
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [body | span]}]}]}).encode()


def attribute_json(value: object) -> bytes:
    return traces_json(attributes=[{"key": "a", "value": value}])


def decode_json(body: bytes) -> Message:
    return decode_request(Signal.TRACES, body, JSON_CONTENT_TYPE)


def test_json_and_protobuf_give_the_same_message() -> None:
    expected = traces_message()
    span: dict[str, object] = {
        "traceId": TRACE_ID,
        "spanId": SPAN_ID,
        "name": "span 0",
        "kind": 2,
        "startTimeUnixNano": "1700000000000000001",
        "endTimeUnixNano": 1_700_000_000_000_000_002,
        "attributes": [{"key": "tokens", "value": {"intValue": str(2**53 + 1)}}],
        "status": {"code": 2},
    }
    scope: dict[str, object] = {"scope": {"name": "tracer"}, "spans": [span]}
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": "claude-code"}}]}
    body = json.dumps({"resourceSpans": [{"resource": resource, "scopeSpans": [scope]}]}).encode()

    from_json = decode_request(Signal.TRACES, body, "application/json; charset=utf-8")
    from_protobuf = decode_request(Signal.TRACES, expected.SerializeToString(), PROTOBUF_CONTENT_TYPE)

    assert expected == from_protobuf
    assert expected == from_json


@pytest.mark.parametrize("signal", list(Signal))
@pytest.mark.parametrize(
    ("content_type", "body"), [(PROTOBUF_CONTENT_TYPE, b""), (JSON_CONTENT_TYPE, b""), (JSON_CONTENT_TYPE, b"{}")]
)
def test_empty_request_is_accepted(signal: Signal, content_type: str, body: bytes) -> None:
    message = decode_request(signal, body, content_type)

    assert (accepted(message).accepted, accepted(message).rejected, accepted(message).error_message) == (0, 0, "")


@pytest.mark.parametrize("trace_id", [TRACE_ID.upper(), TRACE_ID, "5B8efff798038103d269b633813fc60C"])
def test_json_ids_are_hex_in_any_case(trace_id: str) -> None:
    assert [span.trace_id for span in spans(decode_json(traces_json(traceId=trace_id)))] == [TRACE_ID]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(traces_json(traceId=base64.b64encode(bytes.fromhex(TRACE_ID)).decode()), id="base64 id"),
        pytest.param(traces_json(traceId=TRACE_ID[:-1]), id="odd number of digits"),
        pytest.param(traces_json(traceId="5b 8e"), id="spaces in an id"),
        pytest.param(traces_json(kind="SPAN_KIND_SERVER"), id="name of an enum"),
        pytest.param(traces_json(kind=2**40), id="enum out of range"),
        pytest.param(traces_json(name=7), id="number for a string"),
        pytest.param(traces_json(startTimeUnixNano="soon"), id="words for a number"),
        pytest.param(traces_json(startTimeUnixNano=-1), id="negative time"),
        pytest.param(traces_json(startTimeUnixNano=1.5), id="fraction for an integer"),
        pytest.param(traces_json(attributes={"a": 1}), id="object for an array"),
        pytest.param(traces_json(status=[]), id="array for an object"),
        pytest.param(traces_json(events=[None]), id="null in an array"),
        pytest.param(attribute_json({"boolValue": 1}), id="number for a bool"),
        pytest.param(attribute_json({"bytesValue": "***"}), id="not base64"),
        pytest.param(attribute_json({"doubleValue": "nan"}), id="python's nan"),
        pytest.param(attribute_json({"doubleValue": "1_0"}), id="python's underscore"),
        pytest.param(b'{"resourceSpans": [', id="cut off"),
        pytest.param(b"[]", id="array at the top"),
        pytest.param(b"\xff\xfe", id="not text"),
    ],
)
def test_wrong_json_is_refused(body: bytes) -> None:
    with pytest.raises(DecodeError):
        decode_json(body)


def test_refusal_names_the_place_but_not_the_value() -> None:
    with pytest.raises(DecodeError, match=r"\$\.resourceSpans\[0\]\.scopeSpans\[0\]\.spans\[0\]\.name") as caught:
        decode_json(traces_json(name=["hunter2"]))

    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/x-protobuf-lite"])
def test_other_content_types_are_refused(content_type: str) -> None:
    with pytest.raises(DecodeError, match="is not OTLP"):
        decode_request(Signal.LOGS, b"", content_type)


@given(st.binary(max_size=200))
def test_random_bytes_are_decoded_or_refused(body: bytes) -> None:
    for content_type in (PROTOBUF_CONTENT_TYPE, JSON_CONTENT_TYPE):
        try:
            message = decode_request(Signal.TRACES, body, content_type)
        except DecodeError:
            continue
        assert isinstance(spans(message), list)


def test_unknown_and_snake_case_fields_are_ignored() -> None:
    (span,) = spans(decode_json(traces_json(start_time_unix_nano=5, newThing={"deep": [1]}, kind=99)))

    assert span.start_ns == 0


def test_null_is_absent() -> None:
    (span,) = spans(decode_json(traces_json(name=None, attributes=None)))

    assert (span.name, span.attributes) == ("", {})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"stringValue": "x"}, "x"),
        ({"boolValue": True}, "true"),
        ({"intValue": "9007199254740993"}, "9007199254740993"),
        ({"intValue": 7}, "7"),
        ({"doubleValue": 0.5}, "0.5"),
        ({"doubleValue": "0.5"}, "0.5"),
        ({"doubleValue": "Infinity"}, "Infinity"),
        ({"bytesValue": "aGk="}, "aGk="),
        ({"bytesValue": "_-8"}, "/+8="),
        ({"arrayValue": {"values": [{"intValue": 1}, {"stringValue": "b"}]}}, '[1, "b"]'),
        ({"kvlistValue": {"values": [{"key": "k", "value": {"intValue": 1}}]}}, '{"k": 1}'),
        ({}, ""),
    ],
)
def test_attribute_values_become_text(value: object, text: str) -> None:
    (span,) = spans(decode_json(attribute_json(value)))

    assert {"a": text} == span.attributes


def test_nan_is_kept() -> None:
    message = decode_json(attribute_json({"doubleValue": "NaN"}))

    assert isinstance(message, ExportTraceServiceRequest)
    assert math.isnan(message.resource_spans[0].scope_spans[0].spans[0].attributes[0].value.double_value)


def nested_json(depth: int) -> bytes:
    value: object = {"intValue": 1}
    for _ in range(depth):
        value = {"arrayValue": {"values": [value]}}
    return attribute_json(value)


def test_nesting_is_bounded() -> None:
    decode_json(nested_json(20))

    with pytest.raises(DecodeError, match="nested deeper"):
        decode_json(nested_json(200))


def test_spans_carry_what_was_sent() -> None:
    (span,) = spans(traces_message())

    assert (
        span.trace_id,
        span.span_id,
        span.name,
        span.scope,
        span.is_error,
    ) == (TRACE_ID, SPAN_ID, "span 0", "tracer", True)
    assert (span.start_ns, span.end_ns) == (1_700_000_000_000_000_001, 1_700_000_000_000_000_002)
    assert (span.attributes, span.resource) == ({"tokens": "9007199254740993"}, {"service.name": "claude-code"})


def test_spans_without_valid_ids_are_counted_and_left_out() -> None:
    message = traces_message(count=7)
    bad = message.resource_spans[0].scope_spans[0].spans
    bad.add(trace_id=b"abc", span_id=b"12345678")
    bad.add(trace_id=bytes(16), span_id=b"12345678")
    bad.add(trace_id=b"1234567890123456", span_id=b"1234")

    counts = accepted(message)

    assert (counts.accepted, counts.rejected) == (7, 3)
    assert "3 of 10 spans" in counts.error_message
    assert len(spans(message)) == 7


def logs_message() -> ExportLogsServiceRequest:
    message = ExportLogsServiceRequest()
    scope = message.resource_logs.add().scope_logs.add()
    named = scope.log_records.add(event_name="tool_result", observed_time_unix_nano=6)
    named.body.string_value = "body"
    unnamed = scope.log_records.add(time_unix_nano=5, observed_time_unix_nano=6, trace_id=b"short")
    unnamed.body.string_value = "claude_code.user_prompt"
    return message


def test_log_records_are_named_by_event_else_by_body() -> None:
    found = log_records(logs_message())

    assert [(record.name, record.at_ns) for record in found] == [("tool_result", 6), ("claude_code.user_prompt", 5)]


def test_log_records_are_accepted_without_a_trace() -> None:
    assert accepted(logs_message()).accepted == 2


def test_data_points_of_every_kind_are_counted() -> None:
    message = ExportMetricsServiceRequest()
    metrics = message.resource_metrics.add().scope_metrics.add().metrics
    metrics.add(name="a").gauge.data_points.add()
    metrics.add(name="b").sum.data_points.extend(metrics[0].gauge.data_points)
    metrics.add(name="c").histogram.data_points.add()
    metrics.add(name="d").exponential_histogram.data_points.add()
    metrics.add(name="e").summary.data_points.add()
    metrics.add(name="empty")

    assert accepted(message).accepted == 5


@pytest.mark.parametrize("read", [spans, log_records])
def test_reading_another_signal_gives_nothing(read: Callable[[Message], list[object]]) -> None:
    assert read(ExportMetricsServiceRequest()) == []


def hide(text: str) -> str:
    return text.replace("hunter2", "[gone]")


def test_redaction_reaches_every_string() -> None:
    message = traces_message()
    group = message.resource_spans[0]
    group.schema_url = "hunter2"
    span = group.scope_spans[0].spans[0]
    span.name = "run hunter2"
    span.attributes.add(key="hunter2").value.int_value = 1
    span.attributes.add(key="b").value.bytes_value = b"\xffhunter2"
    nested = span.attributes.add(key="n").value.kvlist_value.values.add(key="k")
    nested.value.array_value.values.add().string_value = "hunter2"
    span.events.add(name="hunter2")
    span.links.add(trace_state="hunter2")
    span.status.message = "hunter2"

    changed = redact_message(message, hide)

    assert changed
    assert b"hunter2" not in message.SerializeToString()
    assert [found.trace_id for found in spans(message)] == [TRACE_ID]


def test_redaction_without_a_secret_changes_nothing() -> None:
    message = traces_message()
    before = message.SerializeToString()

    assert not redact_message(message, hide)
    assert before == message.SerializeToString()


def test_redaction_drops_unknown_fields() -> None:
    length_delimited_field_1999 = b"\xfa\x7c\x07hunter2"
    message = decode_request(Signal.TRACES, length_delimited_field_1999, PROTOBUF_CONTENT_TYPE)

    assert redact_message(message, hide)
    assert message.SerializeToString() == b""


def test_value_is_redacted_beside_its_key() -> None:
    message = traces_message()
    pair = message.resource_spans[0].resource.attributes.add(key="db.password")
    pair.value.string_value = 'a "quoted" word'

    changed = redact_message(message, lambda text: '{"db.password": "[gone]"}' if '"db.password": ' in text else text)

    assert changed
    assert (pair.key, pair.value.string_value) == ("db.password", "[gone]")


def test_full_success_leaves_partial_success_unset() -> None:
    assert response_bytes(Signal.TRACES, PROTOBUF_CONTENT_TYPE) == b""
    assert response_bytes(Signal.TRACES, JSON_CONTENT_TYPE) == b"{}"


def test_partial_success_carries_the_exact_count() -> None:
    body = response_bytes(Signal.TRACES, PROTOBUF_CONTENT_TYPE, 3, "three were bad")

    response = ExportTraceServiceResponse.FromString(body)

    assert (response.partial_success.rejected_spans, response.partial_success.error_message) == (3, "three were bad")


@pytest.mark.parametrize(
    ("signal", "name"),
    [
        (Signal.TRACES, "rejectedSpans"),
        (Signal.LOGS, "rejectedLogRecords"),
        (Signal.METRICS, "rejectedDataPoints"),
    ],
)
def test_partial_success_in_json(signal: Signal, name: str) -> None:
    body = json.loads(response_bytes(signal, "application/json; charset=utf-8", 3, "bad"))

    assert {"partialSuccess": {name: "3", "errorMessage": "bad"}} == body


def test_warning_without_rejection_is_a_partial_success() -> None:
    body = json.loads(response_bytes(Signal.LOGS, JSON_CONTENT_TYPE, 0, "an attribute was cut"))

    assert body == {"partialSuccess": {"errorMessage": "an attribute was cut"}}


def test_status_is_in_the_encoding_of_the_request() -> None:
    assert json.loads(status_bytes(JSON_CONTENT_TYPE, 14, "no")) == {"code": 14, "message": "no"}
    assert Status(code=14, message="no") == Status.FromString(status_bytes(PROTOBUF_CONTENT_TYPE, 14, "no"))


def test_bad_data_is_told_to_programs_too() -> None:
    status = Status.FromString(status_bytes(PROTOBUF_CONTENT_TYPE, 3, "field x: a number was expected"))
    told = BadRequest()

    assert status.details[0].Unpack(told)
    assert told.field_violations[0].description == "field x: a number was expected"
    assert json.loads(status_bytes(JSON_CONTENT_TYPE, 3, "no"))["details"][0]["fieldViolations"][0]["field"] == "body"
