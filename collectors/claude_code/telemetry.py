"""Claude Code's OTLP as Observations: spans and events, joined to the other channels by their ids.

Every pair a user puts into the resource is copied by the agent onto each span and event, so an attribute counts as
measured only where it differs from the resource's; the commit is read nowhere but from the result of a tool call. The
output of a command is never taken from here: for a failing one it holds a placeholder.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from collectors.claude_code.prompts import interruption, prompted
from collectors.claude_code.tools import called
from collectors.payload import Payload, parse_payload, parse_time, storable_time
from sidecar.domain import Channel, LogRecord, Observation, SessionId, Span, StepId, StepKind, StepPart

_SCOPES = ("com.anthropic.claude_code",)
_FULL_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_HIDDEN = "<REDACTED>"
_MAIN_SOURCES = ("sdk", "repl_main_thread", "agent:")
"""Model requests of the session's own work; others make titles and summaries."""
_WORK = frozenset({"user_prompt", "api_request", "assistant_response", "tool_decision", "tool_result"})


def log_observations(record: LogRecord) -> list[Observation]:
    """What one event says."""
    attributes = record.attributes
    session_id = attributes.get("session.id")
    if session_id is None or not record.scope.startswith(_SCOPES):
        return []
    event = attributes.get("event.name") or record.name.removeprefix("claude_code.")
    at_ns = storable_time(record.at_ns) or parse_time(attributes.get("event.timestamp"))
    if at_ns is None:
        return []
    part = _event_part(event, attributes, at_ns)
    # The sequence tells apart what a process sent within one millisecond.
    about = f"{event}/{at_ns}/{attributes.get('event.sequence', '')}"
    envelope = _envelope(session_id, f"log/{about}/{_digest(attributes)}", at_ns, attributes, record.resource)
    source = attributes.get("query_source")
    return [
        replace(
            envelope,
            is_activity=event in _WORK,
            is_headless={"sdk": True, "repl_main_thread": False}.get(source or ""),
            model=_model(event, attributes),
            head_commit=_commit(event, attributes, record.resource),
            branch=_committed_branch(event, attributes, record.resource),
            prompt_id=attributes.get("prompt.id"),
            step=part,
            intervention=interruption() if part is not None and _is_refused(event, attributes) else None,
        )
    ]


def span_observations(span: Span) -> list[Observation]:
    """What one span says."""
    attributes = span.attributes
    session_id = attributes.get("session.id")
    if session_id is None or not span.scope.startswith(_SCOPES) or storable_time(span.end_ns) is None:
        return []
    key = f"span/{span.trace_id}/{span.span_id}"
    envelope = _envelope(session_id, key, span.end_ns, attributes, span.resource)
    part = _span_part(span)
    # An interaction is closed when the process ends, after the end was told.
    return [replace(envelope, is_activity=part is not None, step=part)]


def _envelope(
    session_id: str, key: str, at_ns: int, attributes: Mapping[str, str], resource: Mapping[str, str]
) -> Observation:
    return Observation(
        session_id=SessionId(session_id),
        key=key,
        channel=Channel.OTLP,
        at_ns=at_ns,
        is_timed=True,
        agent_version=resource.get("service.version"),
        remote=_measured("vcs.repository.url.full", attributes, resource),
        user=_measured("user.id", attributes, resource),
    )


def _measured(name: str, attributes: Mapping[str, str], resource: Mapping[str, str]) -> str | None:
    value = attributes.get(name)
    return value if value and value != resource.get(name) else None


def _model(event: str, attributes: Mapping[str, str]) -> str | None:
    """The model of a request of the main agent."""
    is_main = event == "api_request" and attributes.get("query_source", "").startswith(_MAIN_SOURCES)
    return attributes.get("model") if is_main and attributes.get("agent_id") is None else None


def _commit(event: str, attributes: Mapping[str, str], resource: Mapping[str, str]) -> str | None:
    """The commit that this tool call made. Without the repository's own attributes nothing was measured."""
    if event != "tool_result" or attributes.get("tool_name") != "Bash":
        return None
    if _measured("vcs.repository.url.full", attributes, resource) is None:
        return None
    revision = _measured("vcs.ref.head.revision", attributes, resource)
    return revision if revision and _FULL_SHA.fullmatch(revision) else None


def _committed_branch(event: str, attributes: Mapping[str, str], resource: Mapping[str, str]) -> str | None:
    if _commit(event, attributes, resource) is None or attributes.get("vcs.ref.head.type", "branch") != "branch":
        return None
    return _measured("vcs.ref.head.name", attributes, resource)


def _event_part(event: str, attributes: Mapping[str, str], at_ns: int) -> StepPart | None:
    match event:
        case "user_prompt":
            return _prompt_part(attributes, at_ns)
        case "api_request" | "assistant_response":
            return _model_part(attributes, attributes.get("query_source", ""))
        case "tool_decision" | "tool_result":
            return _tool_part(event, attributes, at_ns)
        case _:
            return None


def _is_refused(event: str, attributes: Mapping[str, str]) -> bool:
    """Whether a person refused the call; rules and hooks refuse as well, and those are no person."""
    is_by_person = attributes.get("source") in {"user_reject", "user_abort"}
    return event == "tool_decision" and attributes.get("decision") == "reject" and is_by_person


def _prompt_part(attributes: Mapping[str, str], at_ns: int) -> StepPart | None:
    prompt_id = attributes.get("prompt.id")
    if prompt_id is None or attributes.get("command_source") == "builtin":
        return None  # /clear and /exit speak to the program, not to the model
    text = attributes.get("prompt")
    return replace(prompted(prompt_id, None if text == _HIDDEN else text), started_ns=at_ns)


def _model_part(attributes: Mapping[str, str], source: str) -> StepPart | None:
    request_id = attributes.get("request_id")
    if request_id is None or not source.startswith(_MAIN_SOURCES):
        return None
    text = attributes.get("response")
    return StepPart(
        step_id=StepId(request_id),
        kind=StepKind.MODEL_CALL,
        text=None if text == _HIDDEN else text,
        agent_id=attributes.get("agent_id"),
    )


def _tool_part(event: str, attributes: Mapping[str, str], at_ns: int) -> StepPart | None:
    tool_use_id = attributes.get("tool_use_id")
    if tool_use_id is None:
        return None
    given = _tool_input(attributes)
    part = called(tool_use_id, attributes.get("tool_name"), given, agent_id=attributes.get("agent_id"))
    if not given.is_object():
        # Nothing but the tool's name was sent: that it wrote is known, what it wrote is not.
        part = replace(part, old_text=None, new_text=None)
    if event == "tool_decision":
        return replace(part, started_ns=at_ns)
    success = {"true": True, "false": False}.get(attributes.get("success", ""))
    return replace(part, is_success=success, ended_ns=at_ns)


def _tool_input(attributes: Mapping[str, str]) -> Payload:
    given = parse_payload(attributes.get("tool_input", ""))
    if given is not None and given.is_object():
        return given
    parameters = parse_payload(attributes.get("tool_parameters", "")) or Payload()
    command = parameters.text("full_command")
    return Payload({"command": command}) if command else Payload()


def _span_part(span: Span) -> StepPart | None:
    attributes = span.attributes
    match span.name:
        case "claude_code.llm_request":
            part = _model_part(attributes, attributes.get("query_source_safe", ""))
        case "claude_code.tool":
            part = _tool_span_part(attributes)
        case _:
            return None
    return None if part is None else replace(part, started_ns=storable_time(span.start_ns), ended_ns=span.end_ns)


def _tool_span_part(attributes: Mapping[str, str]) -> StepPart | None:
    tool_use_id = attributes.get("tool_use_id")
    if tool_use_id is None:
        return None
    return StepPart(
        step_id=StepId(tool_use_id),
        kind=StepKind.TOOL_CALL,
        tool=attributes.get("tool_name"),
        command=attributes.get("full_command"),
        path=attributes.get("file_path"),
        agent_id=attributes.get("agent_id"),
    )


def _digest(attributes: Mapping[str, str]) -> str:
    return Payload(dict(attributes)).digest()
