"""What a request may hold at most, and what it costs to find out."""

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from sidecar.errors import TooLargeError
from sidecar.json_body import MAX_VALUES, decode_json
from sidecar.otlp import MAX_TEXT, Signal, cut_long_texts, decode_request
from sidecar.otlp.counting import MAX_MESSAGES, MAX_RECORDS, UNCOUNTED_BYTES, check_counts

PROTOBUF = "application/x-protobuf"
MIB = 2**20
TRACES = ExportTraceServiceRequest.DESCRIPTOR


def wrapped(field: int, inner: bytes) -> bytes:
    """A length-delimited field."""
    size, head = len(inner), bytearray([field << 3 | 2])
    while size >= 0x80:
        head.append(size & 0x7F | 0x80)
        size >>= 7
    return bytes(head) + bytes([size]) + inner


def empty_records(count: int) -> bytes:
    """A request with that many empty spans, log records or metrics."""
    return wrapped(1, wrapped(2, b"\x12\x00" * count))


@pytest.mark.parametrize("signal", Signal)
def test_more_records_than_a_batch_can_hold_are_refused_before_they_are_parsed(signal: Signal) -> None:
    decode_request(signal, empty_records(1000), PROTOBUF)

    with pytest.raises(TooLargeError, match="send smaller batches"):
        decode_request(signal, empty_records(MAX_RECORDS + 1), PROTOBUF)


@given(st.lists(st.lists(st.integers(0, 5), max_size=4), max_size=4), st.binary(max_size=20))
def test_records_are_counted_as_the_parser_counts_them(groups: list[list[int]], unknown: bytes) -> None:
    message = ExportTraceServiceRequest()
    for scopes in groups:
        group = message.resource_spans.add(schema_url="x" * len(scopes))
        for count in scopes:
            scope = group.scope_spans.add()
            for _ in range(count):
                scope.spans.add(name="n", start_time_unix_nano=1, flags=2).attributes.add(key="k")
    padding = "x" * UNCOUNTED_BYTES
    message.resource_spans.add().schema_url = padding
    # a field of a later version, in front and behind
    body = wrapped(900 % 16, unknown) + message.SerializeToString()

    check_counts(body, TRACES)  # few records in a large body are taken


@pytest.mark.parametrize("size", [UNCOUNTED_BYTES + 1, 2 * MIB])
def test_bytes_that_are_no_protobuf_are_left_to_the_parser(size: int) -> None:
    check_counts(b"\xff" * size, TRACES)
    check_counts(b"\x0a" * size, TRACES)


def in_span(content: bytes) -> bytes:
    """A request with one span that holds these bytes."""
    return wrapped(1, wrapped(2, wrapped(2, content)))


def in_value(content: bytes) -> bytes:
    """A request with one span with one attribute whose value holds these bytes."""
    return in_span(wrapped(9, wrapped(2, content)))


def repeated(field: int, inner: bytes, size: int) -> bytes:
    """As many fields as fit."""
    one = wrapped(field, inner)
    return one * (size // len(one))


PAIR = wrapped(1, b"k") + wrapped(2, b"\x0a\x01v")
BOMBS: Mapping[str, Callable[[int], bytes]] = {
    "records": lambda size: wrapped(1, wrapped(2, repeated(2, b"", size))),
    "empty attributes": lambda size: in_span(repeated(9, b"", size)),
    "attributes of empty values": lambda size: in_span(repeated(9, wrapped(2, b""), size)),
    "attributes": lambda size: in_span(repeated(9, PAIR, size)),
    "attributes of a resource": lambda size: wrapped(1, wrapped(1, repeated(1, b"", size))),
    "resources full of attributes": lambda size: repeated(
        1, wrapped(1, repeated(1, b"", 40)) + b"\x12\x02\x0a\x00", size
    ),
    "values of an array": lambda size: in_value(wrapped(5, repeated(1, b"", size))),
    "arrays of an array": lambda size: in_value(wrapped(5, repeated(1, wrapped(5, b""), size))),
    "pairs of a map": lambda size: in_value(wrapped(6, repeated(1, b"", size))),
    "events": lambda size: in_span(repeated(11, b"", size)),
    "links": lambda size: in_span(repeated(13, b"", size)),
}
"""What takes much more memory once it is parsed than on the wire, by how many bytes it may take there."""


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_before_it_is_parsed(bomb: str) -> None:
    with pytest.raises(TooLargeError, match="send smaller batches"):
        decode_request(Signal.TRACES, BOMBS[bomb](16 * MIB), PROTOBUF)


def test_as_many_attributes_as_are_taken_are_counted_as_the_parser_counts_them() -> None:
    attribute = wrapped(9, PAIR)
    framing = 3  # the resource's group, the scope's group and the span

    check_counts(in_span(attribute * ((MAX_MESSAGES - framing) // 2)), TRACES)
    with pytest.raises(TooLargeError, match="attributes, values and records"):
        check_counts(in_span(attribute * ((MAX_MESSAGES - framing) // 2 + 1)), TRACES)


@pytest.mark.parametrize(
    ("value", "messages"),
    [
        pytest.param(b"\x0a\x01v", 2, id="a string"),
        pytest.param(b"\x0a\x00\x2a\x04\x0a\x00\x0a\x00", 5, id="an array of two behind an empty string"),
        pytest.param(b"\x18\x00\x2a\x04\x0a\x00\x0a\x00", 5, id="an array of two behind a number"),
        pytest.param(b"\x21" + b"\x2a" * 8, 2, id="a fraction that looks like arrays"),
        pytest.param(b"\x32\x02\x0a\x00", 4, id="a map of one pair"),
    ],
)
def test_what_hides_behind_a_value_is_counted(value: bytes, messages: int) -> None:
    attribute = wrapped(9, wrapped(1, b"k" * 20) + wrapped(2, value))
    most = (MAX_MESSAGES - 3) // messages

    check_counts(in_span(attribute * most), TRACES)
    with pytest.raises(TooLargeError):
        check_counts(in_span(attribute * (most + 1)), TRACES)


@pytest.mark.parametrize(
    "body", [b"[" + b"{}," * MAX_VALUES + b"{}]", b"[" * (MAX_VALUES + 1), b"[1" + b",1" * MAX_VALUES]
)
def test_json_of_too_many_values_is_refused(body: bytes) -> None:
    with pytest.raises(TooLargeError, match="smaller pieces"):
        decode_json(body)


def test_long_texts_are_cut_and_counted() -> None:
    traces, logs, metrics = ExportTraceServiceRequest(), ExportLogsServiceRequest(), ExportMetricsServiceRequest()
    span = traces.resource_spans.add().scope_spans.add().spans.add(name="short")
    span.attributes.add(key="long").value.string_value = "é" * (MAX_TEXT + 1)
    span.attributes.add(key="bytes").value.bytes_value = b"x" * (MAX_TEXT + 1)
    span.attributes.add(key="fits").value.string_value = "x" * MAX_TEXT
    logs.resource_logs.add().scope_logs.add().log_records.add().body.string_value = "x" * (3 * MAX_TEXT)
    metrics.resource_metrics.add().scope_metrics.add().metrics.add(description="x" * (MAX_TEXT + 1))

    assert [cut_long_texts(one) for one in (traces, logs, metrics)] == [2, 1, 1]
    assert [cut_long_texts(one) for one in (traces, logs, metrics)] == [0, 0, 0]
    assert span.attributes[0].value.string_value.endswith("é[cut]")
    assert len(span.attributes[0].value.string_value) == MAX_TEXT
    assert span.attributes[2].value.string_value == "x" * MAX_TEXT
