"""Gemini CLI's OTLP as Observations: the span of each tool call, the events of a start and of a prompt."""

from collections.abc import Mapping

from collectors.gemini_cli.tools import called, returned, shown_text
from collectors.payload import Payload, parse_payload, parse_time, storable_time
from sidecar.domain import Channel, LogRecord, Observation, SessionId, Span, StepPart

_START = "gemini_cli.config"
_EVENTS = frozenset({_START, "gemini_cli.user_prompt", "gemini_cli.tool_call"})


def span_observations(span: Span) -> list[Observation]:
    """What the span of a tool call says; those of scheduling and of model requests say nothing that it does not."""
    attributes = span.attributes
    session_id = attributes.get("gen_ai.conversation.id") or attributes.get("session.id")
    call_id = attributes.get("gen_ai.tool.call_id") or attributes.get("gen_ai.tool.call.id")
    if span.name != "tool_call" or not session_id or not call_id:
        return []
    at_ns = storable_time(span.end_ns) or span.start_ns
    return [
        Observation(
            session_id=SessionId(session_id),
            key=f"otlp/{span.trace_id}/{span.span_id}",
            channel=Channel.OTLP,
            at_ns=at_ns,
            is_timed=True,
            step=_part(attributes, call_id),
        )
    ]


def _part(attributes: Mapping[str, str], call_id: str) -> StepPart:
    request = parse_payload(attributes.get("gen_ai.input.messages", "")) or Payload()
    answer = parse_payload(attributes.get("gen_ai.output.messages", "")) or Payload()
    part = called(call_id, attributes.get("gen_ai.tool.name"), request.at("args"))
    return returned(part, answer.text("status"), shown_text(answer.at("response", "responseParts")))


def log_observations(record: LogRecord) -> list[Observation]:
    """What an event says of the session: that it began, or was at work, and whether a person sat before it."""
    attributes = record.attributes
    session_id, event = attributes.get("session.id"), attributes.get("event.name") or record.name
    if not session_id or event not in _EVENTS:
        return []
    interactive = attributes.get("interactive", "").lower()
    at_ns = parse_time(attributes.get("event.timestamp")) or record.at_ns
    return [
        Observation(
            session_id=SessionId(session_id),
            key=f"otlp/{event}/{at_ns}/{Payload(dict(attributes)).digest()}",
            channel=Channel.OTLP,
            at_ns=at_ns,
            is_timed=True,
            is_activity=event != _START,
            is_headless={"true": False, "false": True}.get(interactive),
        )
    ]
