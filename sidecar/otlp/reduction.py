"""Reduction of a decoded request to a capture level: names, ids, times and numbers stay, texts are looked at.

What is kept of a span or log record: ids, times, kind, status code, its name where that is a name, and the attributes
that its agent's table names. Events of spans, links' attributes, status messages and free bodies go.
"""

import re
from collections.abc import Callable, Iterable, Mapping, MutableSequence
from dataclasses import dataclass
from typing import Final, Protocol, cast

from google.protobuf.message import Message
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue

from sidecar.capture import Node, Reduction
from sidecar.domain import Matter
from sidecar.otlp.attributes import Table
from sidecar.otlp.thin import thin_message

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_./:-]{0,99}")
"""A name that a program gave, and no sentence; other names are dropped."""
MAX_NAMES = 1000
"""Names remembered while one request is reduced; most have a dozen."""
MAX_TABLES = 100
"""Services of which a table is ready; a Team has a handful."""

FieldsOf = Callable[[str], Mapping[str, Node]]
"""Table of the attributes of the agent with that `service.name`; empty for a service that nobody claims."""


class _Owner(Protocol):
    """A thin message with attributes."""

    @property
    def attributes(self) -> MutableSequence[bytes]: ...


class _Span(_Owner, Protocol):
    name: str


class _Record(_Owner, Protocol):
    event_name: str
    severity_text: str
    body: AnyValue


class _Metric(Protocol):
    name: str

    def WhichOneof(self, name: str, /) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Reduced:
    """What is kept of a request."""

    body: bytes
    """As protobuf."""
    is_derived: bool
    """Whether a text in it is other than it came; else all that is kept came so."""


class _Names:
    """Which names are kept, each looked at once."""

    def __init__(self) -> None:
        self._kept: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        """The name, or nothing of a sentence."""
        kept = self._kept.get(text)
        if kept is None:
            if len(self._kept) >= MAX_NAMES:
                self._kept.clear()
            kept = self._kept[text] = text if _NAME.fullmatch(text) else ""
        return kept


class Reducer:
    """Reduces requests to one level."""

    def __init__(self, fields_of: FieldsOf, reduction: Reduction) -> None:
        """Bind the tables, each of which is read once."""
        self._fields_of = fields_of
        self._reduction = reduction
        self._tables: dict[str, Table] = {}

    @property
    def is_needed(self) -> bool:
        """False at `full`, which keeps requests as they came."""
        return self._reduction.is_needed

    def reduced(self, kind: type[Message], body: bytes) -> Reduced:
        """What the level keeps of a request; unknown fields cannot be judged and go.

        Args:
            kind: The Export*ServiceRequest that `body` decodes as.
        """
        if not self.is_needed:
            return Reduced(body, is_derived=False)
        thin = thin_message(kind, body)
        names = _Names()
        is_derived = False
        for groups, scopes, records, reduce in _SIGNALS:
            for group in _parts(thin, groups):
                resource = cast("_Owner", getattr(group, "resource"))  # noqa: B009 - not known to the type checker
                table = self._table(_service(resource))
                is_derived |= table.reduce(resource.attributes)
                for scope in _parts(group, scopes):
                    is_derived |= reduce(_parts(scope, records), table, names)
        return Reduced(thin.SerializeToString(), is_derived=is_derived)

    def _table(self, service: str) -> Table:
        table = self._tables.get(service)
        if table is None:
            if len(self._tables) >= MAX_TABLES:
                self._tables.clear()
            # what says whose they are stays, also of a service that nobody claims
            nodes = {"service.name": Matter.FRAME, **self._fields_of(service)}
            table = self._tables[service] = Table(nodes, self._reduction)
        return table


def _parts(message: object, name: str) -> Iterable[object]:
    return cast("Iterable[object]", getattr(message, name, ()))


def _service(resource: _Owner) -> str:
    pairs = (KeyValue.FromString(raw) for raw in resource.attributes)
    return next((pair.value.string_value for pair in pairs if pair.key == "service.name"), "")


def _reduce_spans(spans: Iterable[object], table: Table, names: _Names) -> bool:
    is_derived = False
    for span in cast("Iterable[_Span]", spans):
        is_derived |= table.reduce(span.attributes)
        name = span.name
        if (kept := names(name)) != name:
            span.name = kept
    return is_derived


def _reduce_records(records: Iterable[object], table: Table, names: _Names) -> bool:
    is_derived = False
    for record in cast("Iterable[_Record]", records):
        is_derived |= table.reduce(record.attributes)
        record.event_name = names(record.event_name)
        record.severity_text = names(record.severity_text)
        if record.body.WhichOneof("value") != "string_value" or not names(record.body.string_value):
            record.body.Clear()
    return is_derived


def _reduce_metrics(metrics: Iterable[object], table: Table, names: _Names) -> bool:
    is_derived = False
    for metric in cast("Iterable[_Metric]", metrics):
        metric.name = names(metric.name)
        kind = metric.WhichOneof("data")
        if kind is not None:
            for point in cast("Iterable[_Owner]", _parts(getattr(metric, kind), "data_points")):
                is_derived |= table.reduce(point.attributes)
    return is_derived


_SIGNALS: Final = (
    ("resource_spans", "scope_spans", "spans", _reduce_spans),
    ("resource_logs", "scope_logs", "log_records", _reduce_records),
    ("resource_metrics", "scope_metrics", "metrics", _reduce_metrics),
)
