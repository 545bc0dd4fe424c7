"""Codex's OTLP as Observations: of its logs those of a session's start and of tools; its spans are its own insides."""

from collections.abc import Mapping
from dataclasses import replace

from collectors.codex.rollout import is_headless_originator
from collectors.codex.tools import called, returned
from collectors.payload import Payload, parse_time
from sidecar.domain import (
    Channel,
    CorrectionKind,
    Intervention,
    LogRecord,
    Observation,
    SessionId,
    StepId,
    StepKind,
    StepPart,
)

_STARTS = "codex.conversation_starts"
_EVENTS = frozenset({_STARTS, "codex.user_prompt", "codex.tool_decision", "codex.tool_result"})


def log_observations(record: LogRecord) -> list[Observation]:
    """What an event says; those of single pieces of a stream say nothing."""
    attributes = record.attributes
    session_id, event = attributes.get("conversation.id"), attributes.get("event.name") or record.name
    if not session_id or event not in _EVENTS:
        return []
    # It leaves the time of the record itself at zero.
    at_ns = parse_time(attributes.get("event.timestamp")) or record.at_ns
    envelope = Observation(
        session_id=SessionId(session_id),
        key=f"otlp/{event}/{at_ns}/{Payload(dict(attributes)).digest()}",
        channel=Channel.OTLP,
        at_ns=at_ns,
        is_timed=True,
        is_activity=event != _STARTS,
        start_source="startup" if event == _STARTS else None,
        agent_version=attributes.get("app.version"),
        is_headless=is_headless_originator(attributes["originator"]) if "originator" in attributes else None,
    )
    if event == "codex.tool_decision" and _is_refused(attributes):
        part = StepPart(
            step_id=StepId(attributes["call_id"]), kind=StepKind.TOOL_CALL, tool=attributes.get("tool_name")
        )
        return [replace(envelope, step=part, intervention=Intervention(kind=CorrectionKind.INTERRUPT))]
    parts = _tool_parts(attributes, at_ns) if event == "codex.tool_result" else []
    return [replace(envelope, key=f"{envelope.key}/{n}", step=part) for n, part in enumerate(parts)] or [envelope]


def _is_refused(attributes: Mapping[str, str]) -> bool:
    """Whether a person refused the call; the settings refuse as well."""
    is_by_person = attributes.get("source", "").lower() == "user" and bool(attributes.get("call_id"))
    return is_by_person and attributes.get("decision", "").lower() in {"denied", "abort"}


def _tool_parts(attributes: Mapping[str, str], at_ns: int) -> list[StepPart]:
    call_id, tool = attributes.get("call_id"), attributes.get("tool_name")
    if not call_id:
        return []
    parts = called(call_id, tool, Payload(attributes.get("arguments")))
    if attributes.get("output_truncated") == "true" or "output" not in attributes:
        return parts
    return [replace(part, ended_ns=at_ns) for part in returned(parts, Payload(attributes["output"]))]
