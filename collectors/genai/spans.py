"""Spans of agents nobody has measured, as Observations."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from collectors.genai.conventions import (
    Act,
    Message,
    act_of,
    conversation_of,
    input_messages,
    model_of,
    output_text,
    tool_call,
)
from collectors.payload import Payload, parse_payload, storable_time
from sidecar.capture import is_program_text
from sidecar.domain import Channel, Observation, SessionId, Span, StepId, StepKind, StepPart

_WRITERS = re.compile(
    r"(?i)(?:^|_|\b)(?:apply|create|edit|insert|patch|replace|str_replace\w*|update|write)(?:_|\b|[A-Z])"
)
_NEW = ("new_string", "new_str", "new_text", "newString", "content", "file_text", "contents")
_OLD = ("old_string", "old_str", "old_text", "oldString")
_COMMANDS = ("command", "cmd", "script")
_PATHS = ("file_path", "path", "filePath", "filename", "file")
_CODES = (("exit_code",), ("exitCode",), ("returncode",), ("return_code",), ("metadata", "exit"), ("exit",))
_OUTPUTS = ("output", "stdout", "result", "content", "text")
_EXIT_CODE = re.compile(r"(?i)^(?:process |command )?(?:exited with |exit |return ?)code:? (\d{1,3})$", re.MULTILINE)


def span_observations(span: Span) -> list[Observation]:
    """What a span of a model request, a tool or an agent says; none of any other."""
    act, end_ns = act_of(span.attributes), storable_time(span.end_ns)
    start_ns = storable_time(span.start_ns)
    if act is None or end_ns is None or start_ns is None:
        return []
    envelope = Observation(
        session_id=SessionId(conversation_of(span.attributes) or span.trace_id),
        key=f"otlp/{span.trace_id}/{span.span_id}",
        channel=Channel.OTLP,
        at_ns=end_ns,
        is_timed=True,
        is_activity=act is not Act.AGENT,
        end_reason="agent ended" if act is Act.AGENT else None,
        agent_version=span.attributes.get("gen_ai.agent.version") or span.resource.get("service.version"),
        model=model_of(span.attributes) if act is Act.MODEL else None,
        remote=span.attributes.get("vcs.repository.url.full") or span.resource.get("vcs.repository.url.full"),
        branch=span.attributes.get("vcs.ref.head.name") or span.resource.get("vcs.ref.head.name"),
        user=span.attributes.get("user.id") or span.attributes.get("enduser.id"),
    )
    parts = list(_parts(span, act, start_ns, end_ns))
    return [replace(envelope, key=f"{envelope.key}/{n}", step=part) for n, part in enumerate(parts)] or [envelope]


def _parts(span: Span, act: Act, start_ns: int, end_ns: int) -> Iterator[StepPart]:
    attributes = span.attributes
    if act is Act.MODEL:
        yield from prompts(input_messages(attributes), start_ns)
        step_id = attributes.get("gen_ai.response.id") or span.span_id
        answer = StepPart(step_id=StepId(step_id), kind=StepKind.MODEL_CALL, text=output_text(attributes))
        yield replace(answer, started_ns=start_ns, ended_ns=end_ns)
    elif act is Act.TOOL:
        yield replace(_tool_part(attributes, span), started_ns=start_ns, ended_ns=end_ns)


def prompts(messages: list[Message], at_ns: int) -> Iterator[StepPart]:
    """A person's prompts; each request repeats those before it, so one is named by its words."""
    for message in messages:
        if message.role == "user":
            step_id = StepId("prompt/" + Payload(message.text.strip()).digest())
            part = StepPart(step_id=step_id, kind=StepKind.PROMPT, text=message.text, started_ns=at_ns)
            yield replace(part, is_human=not is_program_text(message.text))


def _tool_part(attributes: Mapping[str, str], span: Span) -> StepPart:
    name, given, result = tool_call(attributes)
    new_text = _first(given, _NEW) if name is not None and _WRITERS.search(name) else None
    exit_code, output = _result(result)
    is_success = False if span.is_error or exit_code not in {None, 0} else True if result is not None else None
    return StepPart(
        step_id=StepId(attributes.get("gen_ai.tool.call.id") or attributes.get("tool_call.id") or span.span_id),
        kind=StepKind.TOOL_CALL,
        tool=name,
        command=_first(given, _COMMANDS),
        path=_first(given, _PATHS),
        is_write=new_text is not None,
        old_text=_first(given, _OLD) if new_text is not None else None,
        new_text=new_text,
        output=output,
        exit_code=exit_code,
        is_success=is_success,
    )


def _first(given: Payload, names: tuple[str, ...]) -> str | None:
    return next((text for name in names if (text := given.text(name)) is not None), None)


def _result(result: str | None) -> tuple[int | None, str | None]:
    """Exit code and output, from an object that names them or from the words of the output."""
    if result is None:
        return None, None
    told = parse_payload(result)
    if told is None or not told.is_object():
        named = _EXIT_CODE.search(result)
        return (int(named[1]) if named else None), result
    code = next((code for path in _CODES if (code := told.whole(*path)) is not None), None)
    texts = [text for name in _OUTPUTS if (text := told.string(name)) is not None]
    errors = told.text("stderr")
    output = "\n".join([*texts[:1], *([errors] if errors else [])]) if texts or errors else result
    return code, output
