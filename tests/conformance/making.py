"""Requests of all three signals, with ids of their own for each test."""

import gzip
import secrets

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

MIB = 1024 * 1024


def new_trace() -> str:
    """32 hex digits that no other test sends."""
    return secrets.token_hex(16)


def traces(trace_id: str, spans: int = 1, *, text: str = "ok") -> ExportTraceServiceRequest:
    """Spans of one trace, each with an attribute of this text."""
    message = ExportTraceServiceRequest()
    scope = message.resource_spans.add().scope_spans.add()
    for number in range(1, spans + 1):
        span = scope.spans.add(trace_id=bytes.fromhex(trace_id), span_id=number.to_bytes(8, "big"), name="work")
        span.attributes.add(key="text").value.string_value = text
    return message


def logs(name: str = "event") -> ExportLogsServiceRequest:
    """One event."""
    message = ExportLogsServiceRequest()
    record = message.resource_logs.add().scope_logs.add().log_records.add(event_name=name, time_unix_nano=1)
    record.body.string_value = secrets.token_hex(8)
    return message


def metrics(name: str = "tokens") -> ExportMetricsServiceRequest:
    """One counter with one point."""
    message = ExportMetricsServiceRequest()
    metric = message.resource_metrics.add().scope_metrics.add().metrics.add(name=name)
    metric.sum.data_points.add(time_unix_nano=secrets.randbelow(10**9)).as_int = 1
    return message


def sized(trace_id: str, size: int) -> bytes:
    """A traces request of nearly this many bytes, which do not compress away."""
    text = secrets.token_bytes(MIB // 2).hex()
    message = traces(trace_id, max(1, size // MIB), text=text)
    body = message.SerializeToString()
    short = size - len(body)
    if short > 16:
        span = message.resource_spans[0].scope_spans[0].spans[0]
        span.attributes[0].value.string_value += "x" * (short - 16)
    return message.SerializeToString()


def bomb(size: int) -> bytes:
    """Gzip of that many zeros: a thousandth of it."""
    return gzip.compress(b"\0" * size, 9)
