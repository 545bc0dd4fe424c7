"""Answers to export requests: the response message and google.rpc.Status, in the request's own encoding."""

from google.protobuf import json_format
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import BadRequest
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from sidecar.otlp.requests import JSON_CONTENT_TYPE, PROTOBUF_CONTENT_TYPE, Signal

_INVALID_ARGUMENT = 3
TOO_LONG_ANSWER = "stored, but the answer is over receive.max_response_bytes"
"""Final in both protocols: sent again, the request would get the same answer."""


def response_bytes(signal: Signal, content_type: str, rejected: int = 0, error_message: str = "") -> bytes:
    """The body of a 200: empty on full success, with a partial success when records were rejected or warned of."""
    if not rejected and not error_message and content_type == PROTOBUF_CONTENT_TYPE:
        return b""
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
    return _encoded(status_message(code, message), content_type)


def status_message(code: int, message: str) -> Status:
    """The Status itself; bad data comes with a BadRequest that says the same for programs."""
    status = Status(code=code, message=message)
    if code == _INVALID_ARGUMENT:
        violation = BadRequest.FieldViolation(field="body", description=message)
        status.details.add().Pack(BadRequest(field_violations=[violation]))
    return status


def _encoded(message: Message, content_type: str) -> bytes:
    if content_type.partition(";")[0].strip().lower() == JSON_CONTENT_TYPE:
        return json_format.MessageToJson(message, indent=None).encode()
    return message.SerializeToString()
