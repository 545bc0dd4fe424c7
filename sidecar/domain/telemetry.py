"""What OTLP sends: Span and LogRecord."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One span as OTLP sends it."""

    trace_id: str
    """32 lower-case hex digits."""
    span_id: str
    """16 lower-case hex digits."""
    name: str
    start_ns: int
    end_ns: int
    is_error: bool
    scope: str
    """Name of the instrumentation scope."""
    attributes: Mapping[str, str]
    """Own attributes as text."""
    resource: Mapping[str, str]
    """Attributes of the resource; the sender's claim about itself, not measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRecord:
    """One log record as OTLP sends it."""

    at_ns: int
    name: str
    """Event name, else the body's text."""
    scope: str
    attributes: Mapping[str, str]
    resource: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanRow:
    """What is kept of a stored span for reading it back."""

    trace_id: str
    span_id: str
    name: str
