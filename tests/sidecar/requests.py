"""Export requests as senders make them, and the inbox's file as another process sees it."""

import json
import sqlite3
from pathlib import Path

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

TRACE_ID = "0af7651916cd43dd8448eb211c80319c"


def trace_request(*span_ids: str, trace_id: str = TRACE_ID, text: str = "ok") -> ExportTraceServiceRequest:
    """Spans named `work` with one attribute `tool.output`."""
    message = ExportTraceServiceRequest()
    scope = message.resource_spans.add().scope_spans.add()
    for span_id in span_ids:
        span = scope.spans.add()
        span.trace_id, span.span_id, span.name = bytes.fromhex(trace_id), bytes.fromhex(span_id), "work"
        attribute = span.attributes.add()
        attribute.key, attribute.value.string_value = "tool.output", text
    return message


def trace_json(*span_ids: str, trace_id: str = TRACE_ID, text: str = "ok") -> bytes:
    """The same in OTLP's JSON."""
    attribute = {"key": "tool.output", "value": {"stringValue": text}}
    spans = [
        {"traceId": trace_id, "spanId": span_id, "name": "work", "attributes": [attribute]} for span_id in span_ids
    ]
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}).encode()


def log_request(name: str) -> ExportLogsServiceRequest:
    """One event."""
    message = ExportLogsServiceRequest()
    message.resource_logs.add().scope_logs.add().log_records.add().event_name = name
    return message


def metric_request(name: str) -> ExportMetricsServiceRequest:
    """One counter with one point."""
    message = ExportMetricsServiceRequest()
    metric = message.resource_metrics.add().scope_metrics.add().metrics.add()
    metric.name = name
    metric.sum.data_points.add().as_int = 1
    return message


def inbox_rows(data: Path) -> list[tuple[str, str]]:
    """(channel, body hash) of every committed row, read by a connection of its own."""
    with sqlite3.connect(f"file:{data / 'inbox.db'}?mode=ro", uri=True) as connection:
        rows: list[tuple[str, str]] = connection.execute(
            "SELECT channel, body_hash FROM inbox ORDER BY 1, 2"
        ).fetchall()
    connection.close()
    return rows
