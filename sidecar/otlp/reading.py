"""What a decoded request holds: how many records are good, and the spans and log records themselves."""

import base64
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from google.protobuf.message import Message
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord as WireLogRecord
from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric
from opentelemetry.proto.trace.v1.trace_pb2 import Span as WireSpan
from opentelemetry.proto.trace.v1.trace_pb2 import Status

from sidecar.domain import LogRecord, Span

_TRACE_ID_BYTES = 16
_SPAN_ID_BYTES = 8
_NO_TRACE_ID = bytes(_TRACE_ID_BYTES)
_NO_SPAN_ID = bytes(_SPAN_ID_BYTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """How many records of a request are good; the numbers of a partial success."""

    accepted: int
    """Spans, log records or metric data points that are kept."""
    rejected: int
    """Records of the same unit that are not: spans without valid ids."""
    error_message: str
    """Why records were rejected and what to do; empty when none was."""


class _HasAttributes(Protocol):
    @property
    def attributes(self) -> Iterable[KeyValue]: ...


def accepted(message: Message) -> Acceptance:
    """Counts of a decoded request. Log records and data points are never rejected: their trace ids are optional."""
    if isinstance(message, ExportTraceServiceRequest):
        return _accepted_spans(message)
    if isinstance(message, ExportLogsServiceRequest):
        count = sum(len(scope.log_records) for group in message.resource_logs for scope in group.scope_logs)
    elif isinstance(message, ExportMetricsServiceRequest):
        count = sum(
            _point_count(metric)
            for group in message.resource_metrics
            for scope in group.scope_metrics
            for metric in scope.metrics
        )
    else:
        raise TypeError(f"{message.DESCRIPTOR.full_name} is not an export request")
    return Acceptance(accepted=count, rejected=0, error_message="")


def _accepted_spans(message: ExportTraceServiceRequest) -> Acceptance:
    total, good = _counted(message)
    if good == total:
        return Acceptance(accepted=good, rejected=0, error_message="")
    rejected = total - good
    reason = f"{rejected} of {total} spans have no valid ids; send 16-byte trace ids and 8-byte span ids, not all zero"
    return Acceptance(accepted=good, rejected=rejected, error_message=reason)


def _counted(message: ExportTraceServiceRequest) -> tuple[int, int]:
    """All spans, and those with ids as `_has_ids` wants them; asked in place, as a call for each would take longer."""
    total = good = 0
    for group in message.resource_spans:
        for scope in group.scope_spans:
            for span in scope.spans:
                total += 1
                trace_id, span_id = span.trace_id, span.span_id
                if len(trace_id) != _TRACE_ID_BYTES or len(span_id) != _SPAN_ID_BYTES:
                    continue
                good += trace_id != _NO_TRACE_ID and span_id != _NO_SPAN_ID
    return total, good


def _has_ids(span: WireSpan) -> bool:
    trace_id, span_id = span.trace_id, span.span_id
    return (
        len(trace_id) == _TRACE_ID_BYTES
        and len(span_id) == _SPAN_ID_BYTES
        and trace_id != _NO_TRACE_ID
        and span_id != _NO_SPAN_ID
    )


def _point_count(metric: Metric) -> int:
    kind = metric.WhichOneof("data")
    return 0 if kind is None else len(getattr(metric, kind).data_points)


def _all(_resource: Mapping[str, str]) -> bool:
    return True


def spans(message: Message, is_wanted: Callable[[Mapping[str, str]], bool] = _all) -> list[Span]:
    """The valid spans of a traces request, in its order; none for another signal.

    Args:
        is_wanted: Whether to read the spans of a resource with these attributes.
    """
    if not isinstance(message, ExportTraceServiceRequest):
        return []
    found: list[Span] = []
    for group in message.resource_spans:
        resource = _attributes(group.resource)
        if not is_wanted(resource):
            continue
        for scope in group.scope_spans:
            found += [_span(span, scope.scope.name, resource) for span in scope.spans if _has_ids(span)]
    return found


def _span(span: WireSpan, scope: str, resource: dict[str, str]) -> Span:
    return Span(
        trace_id=span.trace_id.hex(),
        span_id=span.span_id.hex(),
        name=span.name,
        start_ns=span.start_time_unix_nano,
        end_ns=span.end_time_unix_nano,
        is_error=span.status.code == Status.STATUS_CODE_ERROR,
        scope=scope,
        attributes=_attributes(span),
        resource=resource,
    )


def log_records(message: Message) -> list[LogRecord]:
    """The log records of a logs request, in its order; none for another signal."""
    if not isinstance(message, ExportLogsServiceRequest):
        return []
    found: list[LogRecord] = []
    for group in message.resource_logs:
        resource = _attributes(group.resource)
        for scope in group.scope_logs:
            found += [_log_record(record, scope.scope.name, resource) for record in scope.log_records]
    return found


def metric_points(message: Message) -> list[LogRecord]:
    """The data points of a metrics request as records of the metric's name; none for another signal.

    Only counters have points here (`Sum`): tokens and cost are counters, and nothing else is kept of metrics.
    """
    if not isinstance(message, ExportMetricsServiceRequest):
        return []
    found: list[LogRecord] = []
    for group in message.resource_metrics:
        resource = _attributes(group.resource)
        for scope in group.scope_metrics:
            for metric in scope.metrics:
                found += [
                    LogRecord(
                        at_ns=point.time_unix_nano,
                        name=metric.name,
                        scope=scope.scope.name,
                        attributes=_attributes(point),
                        resource=resource,
                    )
                    for point in metric.sum.data_points
                ]
    return found


def _log_record(record: WireLogRecord, scope: str, resource: dict[str, str]) -> LogRecord:
    return LogRecord(
        at_ns=record.time_unix_nano or record.observed_time_unix_nano,
        name=record.event_name or _any_text(record.body),
        scope=scope,
        attributes=_attributes(record),
        resource=resource,
    )


def _attributes(owner: _HasAttributes) -> dict[str, str]:
    """Attributes as text; of a repeated key the last one counts."""
    return {pair.key: _any_text(pair.value) for pair in owner.attributes}


def _any_text(value: AnyValue) -> str:
    """A string as it is; everything else as JSON writes it, bytes as base64."""
    # the two that nearly all attributes are, first
    match value.WhichOneof("value"):
        case "string_value":
            return value.string_value
        case "int_value":
            return str(value.int_value)
        case _:
            plain = _plain(value)
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)


def _plain(value: AnyValue) -> object:
    match value.WhichOneof("value"):
        case "string_value":
            return value.string_value
        case "bool_value":
            return value.bool_value
        case "int_value":
            return value.int_value
        case "double_value":
            return value.double_value
        case "bytes_value":
            return base64.b64encode(value.bytes_value).decode()
        case "array_value":
            return [_plain(item) for item in value.array_value.values]
        case "kvlist_value":
            return {pair.key: _plain(pair.value) for pair in value.kvlist_value.values}
        case _:
            return ""
