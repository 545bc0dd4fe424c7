"""What a request may hold at most, and what it costs to find out."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from sidecar.errors import TooLargeError
from sidecar.json_body import MAX_VALUES, decode_json
from sidecar.otlp import MAX_TEXT, Signal, cut_long_texts, decode_request
from sidecar.otlp.counting import MAX_RECORDS, UNCOUNTED_BYTES, check_record_count

PROTOBUF = "application/x-protobuf"
MIB = 2**20


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

    check_record_count(body)  # few records in a large body are taken


@pytest.mark.parametrize("size", [UNCOUNTED_BYTES + 1, 2 * MIB])
def test_bytes_that_are_no_protobuf_are_left_to_the_parser(size: int) -> None:
    check_record_count(b"\xff" * size)
    check_record_count(b"\x0a" * size)


def test_the_refusal_of_sixteen_megabytes_of_spans_costs_little() -> None:
    """Measured in a process of its own: eight million empty spans."""
    program = (
        "import resource, time\n"
        "from sidecar.otlp import Signal, decode_request\n"
        "from tests.sidecar.test_otlp_bounds import empty_records\n"
        "body = empty_records(8_000_000)\n"
        "before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()\n"
        "try:\n    decode_request(Signal.TRACES, body, 'application/x-protobuf')\n"
        "except Exception as error:\n    print(type(error).__name__)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    name, grown_kib = done.stdout.split()
    assert name == "TooLargeError"
    assert int(grown_kib) < 100 * 1024


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
