"""Answers to export requests: the response message and google.rpc.Status, in the request's own encoding."""

from google.protobuf import json_format
from google.protobuf.message import Message
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from sidecar.otlp.requests import JSON_CONTENT_TYPE, Signal


def response_bytes(signal: Signal, content_type: str, rejected: int = 0, error_message: str = "") -> bytes:
    """The body of a 200: empty on full success, with a partial success when records were rejected or warned of."""
    return _encoded(response_message(signal, rejected, error_message), content_type)


def response_message(signal: Signal, rejected: int = 0, error_message: str = "") -> Message:
    """The Export*ServiceResponse itself, as gRPC answers with; `partial_success` is unset on full success."""
    has_partial = rejected > 0 or error_message != ""
    if signal is Signal.TRACES:
        traces = ExportTraceServiceResponse()
        if has_partial:
            traces.partial_success.rejected_spans = rejected
            traces.partial_success.error_message = error_message
        return traces
    if signal is Signal.LOGS:
        logs = ExportLogsServiceResponse()
        if has_partial:
            logs.partial_success.rejected_log_records = rejected
            logs.partial_success.error_message = error_message
        return logs
    metrics = ExportMetricsServiceResponse()
    if has_partial:
        metrics.partial_success.rejected_data_points = rejected
        metrics.partial_success.error_message = error_message
    return metrics


def status_bytes(content_type: str, code: int, message: str) -> bytes:
    """The body of every 4xx and 5xx: google.rpc.Status.

    Args:
        content_type: Of the request; JSON gets JSON, everything else protobuf.
        code: gRPC status code, such as 3 for INVALID_ARGUMENT.
    """
    return _encoded(Status(code=code, message=message), content_type)


def _encoded(message: Message, content_type: str) -> bytes:
    if content_type.partition(";")[0].strip().lower() == JSON_CONTENT_TYPE:
        return json_format.MessageToJson(message, indent=None).encode()
    return message.SerializeToString()
