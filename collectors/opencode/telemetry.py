"""opencode's OTLP as Observations: of some 1,700 spans a session those of its tools; the rest are its own insides."""

from collectors.opencode.tools import called, returned
from collectors.payload import Payload, parse_payload, storable_time
from sidecar.domain import Channel, Observation, SessionId, Span


def span_observations(span: Span) -> list[Observation]:
    """What the span of a tool call says."""
    attributes = span.attributes
    session_id, call_id = attributes.get("session.id"), attributes.get("ai.toolCall.id")
    if span.name != "ai.toolCall" or not session_id or not call_id:
        return []
    given = parse_payload(attributes.get("ai.toolCall.args", "")) or Payload()
    parts = called(call_id, attributes.get("ai.toolCall.name"), given)
    result = parse_payload(attributes.get("ai.toolCall.result", ""))
    if result is not None:
        parts = returned(parts, result.string("output"), result.at("metadata"), "error" if span.is_error else None)
    return [
        Observation(
            session_id=SessionId(session_id),
            key=f"otlp/{span.trace_id}/{span.span_id}/{number}",
            channel=Channel.OTLP,
            at_ns=storable_time(span.end_ns) or span.start_ns,
            is_timed=True,
            agent_version=span.resource.get("service.version"),
            step=part,
        )
        for number, part in enumerate(parts)
    ]
