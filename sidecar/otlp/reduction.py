"""Reduction of a decoded request to a capture level, in place: names, ids, times and numbers stay, texts are looked at.

What is kept of a span or log record: ids, times, kind, status code, its name where that is a name, and the attributes
that its agent's table names. Events of spans, links' attributes, status messages and free bodies go.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, cast

from google.protobuf.message import Message
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, InstrumentationScope, KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from sidecar.capture import Node, Reduction, reduce_json
from sidecar.domain import Matter

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_./:-]{0,99}")
"""A name that a program gave, and no sentence; other names are dropped."""
FEW = 16
"""So many attributes are taken out one by one; of more, what stays is copied, or each would move all behind it."""
_PLAIN = frozenset({"string_value", "int_value", "double_value", "bool_value"})
"""Values that a frame keeps as they are."""

FieldsOf = Callable[[str], Mapping[str, Node]]
"""Table of the attributes of the agent with that `service.name`; empty for a service that nobody claims."""


class _Attributes(Protocol):
    def __iter__(self) -> "_Attributes": ...
    def __next__(self) -> KeyValue: ...
    def __delitem__(self, key: int | slice) -> None: ...
    def extend(self, elem_seq: list[KeyValue], /) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """The attributes of one resource's agent at one level."""

    nodes: Mapping[str, Node]
    reduction: Reduction

    def reduce(self, attributes: object) -> None:
        """Keep of these attributes what the table keeps."""
        pairs = cast("_Attributes", attributes)
        nodes = self.nodes
        # the common case first and in place: a request has thousands of them, and nearly all stay
        dropped = [
            index
            for index, pair in enumerate(pairs)
            if not (
                ((node := nodes.get(pair.key)) is Matter.FRAME and pair.value.WhichOneof("value") in _PLAIN)
                or (node is not None and self._keeps(pair, node))
            )
        ]
        if len(dropped) <= FEW:
            for index in reversed(dropped):
                del pairs[index]
            return
        gone = frozenset(dropped)
        kept = [pair for index, pair in enumerate(pairs) if index not in gone]
        del pairs[:]
        pairs.extend(kept)

    def _keeps(self, pair: KeyValue, node: Node) -> bool:
        # numbers are of frames only; arrays and maps have no table
        if pair.value.WhichOneof("value") != "string_value":
            return False
        kept = reduce_json(pair.value.string_value, node, self.reduction)
        if isinstance(kept, str):
            pair.value.string_value = kept
        return isinstance(kept, str)


def reduce_message(message: Message, fields_of: FieldsOf, reduction: Reduction) -> None:
    """Take everything out of a request that the level does not keep; nothing happens at `full`.

    Unknown fields cannot be judged and go too.
    """
    if not reduction.is_needed:
        return
    message.DiscardUnknownFields()
    if isinstance(message, ExportTraceServiceRequest):
        _reduce_traces(message, fields_of, reduction)
    elif isinstance(message, ExportLogsServiceRequest):
        _reduce_logs(message, fields_of, reduction)
    elif isinstance(message, ExportMetricsServiceRequest):
        _reduce_metrics(message, fields_of, reduction)


def _reduce_traces(message: ExportTraceServiceRequest, fields_of: FieldsOf, reduction: Reduction) -> None:
    for group in message.resource_spans:
        table = _table(group.resource, fields_of, reduction)
        for scope in group.scope_spans:
            _reduce_scope(scope.scope)
            for span in scope.spans:
                _reduce_span(span, table)


def _reduce_logs(message: ExportLogsServiceRequest, fields_of: FieldsOf, reduction: Reduction) -> None:
    for group in message.resource_logs:
        table = _table(group.resource, fields_of, reduction)
        for scope in group.scope_logs:
            _reduce_scope(scope.scope)
            for record in scope.log_records:
                _reduce_record(record, table)


def _reduce_metrics(message: ExportMetricsServiceRequest, fields_of: FieldsOf, reduction: Reduction) -> None:
    for group in message.resource_metrics:
        table = _table(group.resource, fields_of, reduction)
        for scope in group.scope_metrics:
            _reduce_scope(scope.scope)
            for metric in scope.metrics:
                _reduce_metric(metric, table)


def _table(resource: Resource, fields_of: FieldsOf, reduction: Reduction) -> _Table:
    names = (pair.value.string_value for pair in resource.attributes if pair.key == "service.name")
    # what says whose they are stays, also of a service that nobody claims
    nodes = {"service.name": Matter.FRAME, **fields_of(next(names, ""))}
    table = _Table(nodes=nodes, reduction=reduction)
    table.reduce(resource.attributes)
    return table


def _reduce_scope(scope: InstrumentationScope) -> None:
    del scope.attributes[:]


def _reduce_span(span: Span, table: _Table) -> None:
    table.reduce(span.attributes)
    span.name = _named(span.name)
    if span.events:
        del span.events[:]
    for link in span.links:
        del link.attributes[:]
        link.trace_state = ""
    if span.trace_state:
        span.trace_state = ""
    if span.HasField("status"):
        span.status.message = ""


def _reduce_record(record: LogRecord, table: _Table) -> None:
    table.reduce(record.attributes)
    record.event_name = _named(record.event_name)
    record.severity_text = _named(record.severity_text)
    if record.body.WhichOneof("value") != "string_value" or not _named(record.body.string_value):
        record.body.CopyFrom(AnyValue())


def _reduce_metric(metric: Metric, table: _Table) -> None:
    metric.name = _named(metric.name)
    metric.description = ""
    del metric.metadata[:]
    kind = metric.WhichOneof("data")
    if kind is None:
        return
    for point in getattr(metric, kind).data_points:
        table.reduce(point.attributes)
        if "exemplars" in point.DESCRIPTOR.fields_by_name:
            del point.exemplars[:]


def _named(text: str) -> str:
    return text if _NAME.fullmatch(text) else ""
